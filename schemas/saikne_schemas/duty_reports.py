"""A month's duties in figures, of one centre or of all, as a view: no matter, no family, no person.

Source: method S17; features N15. What is too small to be told is absent, and so is what would betray it.
"""

from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.wire import Id, Moment, Month, View


class DutyFigures(View):
    """Duties whose term ended in the month; those that were dropped are not counted.

    What is absent is untold: too small, or something small could be computed from it.
    """

    due: int | None = None
    in_time: int | None = None
    """Done by their day."""
    late: int | None = None
    """Not done by their day: done later, or not yet."""
    overdue: int | None = None
    """Of the late ones: not done yet. Only a centre's own."""
    open: int | None = None
    """Not done, and their day is not over. Only a centre's own."""
    in_time_percent: int | None = None
    """Of those that were in time or late."""
    median_working_days: int | None = None
    """From what the term is counted from to what met it: half of those that are done took at most so many."""


class KindFigures(DutyFigures):
    kind: DutyKind
    by_method: bool
    """The method names the term; else it is the hub's own."""


class CentreDuties(DutyFigures):
    centre: Id
    name: str
    kinds: list[KindFigures]


class DutyReport(View):
    """A centre's own month as it stands; for oversight that of every centre, as it stood when it ended."""

    month: Month
    as_of: Moment
    at_least: int | None = None
    """The smallest figure that is told; absent where nothing is untold."""
    total: DutyFigures
    kinds: list[KindFigures]
    """Of all these centres together."""
    centres: list[CentreDuties]
