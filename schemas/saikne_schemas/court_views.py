"""The orphans' courts as the hub lists them: whom a centre tells of a family's move (method S81)."""

from saikne_schemas.wire import Day, View


class TerritoryView(View):
    """A territory over the time in which the court serves it."""

    code: str
    """ISO 3166-2."""
    name: str
    valid_from: Day
    valid_to: Day | None = None
    """The last day; absent while nothing else is known."""


class CourtView(View):
    code: str
    """ISO 3166-2 of the territory in which it sits."""
    name: str
    registration_number: str | None = None
    e_address: str | None = None
    """The official electronic address; absent, as any contact, until the operator has entered it."""
    email: str | None = None
    postal_address: str | None = None
    checked_on: Day | None = None
    """When the operator last entered the court."""
    territories: list[TerritoryView]
