"""A centre's month of training between centres, as its report to the State's side wants it.

Source: method S65, S102-S104: the family's centre reports the cost that it paid; the training centre does not
report these families, what it was paid is other income. Money is whole cents; no family is named but by
reference. Computed from trainings as they stand, never kept.
"""

from enum import StrEnum

from saikne_schemas.training_lists import TrainingKind, TrainingRole
from saikne_schemas.wire import Day, Id, Moment, Month, Stated, View


class InReport(StrEnum):
    """What a training is to the centre's report of the month."""

    COST = "cost"
    """Paid, and its cost stands in this month's report (method S103)."""
    TO_REPORT = "to_report"
    """Invoiced by the month's end and neither paid nor reported yet: a duty with its day."""
    INCOME = "income"
    """Invoiced to another centre in this month: not in the report, other income (method S102, S104)."""
    TO_INVOICE = "to_invoice"
    """Held by the month's end for another centre's family, and not invoiced yet: a duty with its day."""


class TrainingLine(View):
    matter: Id
    place: InReport
    role: TrainingRole
    other: Id
    other_name: str
    reference: Stated
    """Of the contract between the centres."""
    family: Stated
    kind: TrainingKind
    ended_on: Day
    attended_minutes: int
    participants: int | None = None
    """Of the whole training; unknown until it is invoiced, as what follows."""
    own_participants: int | None = None
    """Of the family."""
    average_cents: int | None = None
    amount_cents: int | None = None
    invoice: Stated | None = None
    invoiced_on: Day | None = None
    paid_on: Day | None = None
    due_on: Day | None = None
    """By when it is owed what is still to be done."""


class TrainingSum(View):
    """Of the lines of one place in the report."""

    place: InReport
    trainings: int
    own_participants: int
    amount_cents: int


class TrainingReport(View):
    month: Month
    as_of: Moment
    centre: Id
    lines: list[TrainingLine]
    """By place, then by the day of the invoice or of the training's end."""
    sums: list[TrainingSum]
    """Of every place, also where there is nothing."""
