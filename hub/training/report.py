"""Which of a centre's trainings stand in its report of a month, as what, and what they come to.

Source: method S65, S102-S104. A cost stands in the month that its centre named as it paid; an invoice is the
training centre's income in the month that it bears. What is still to be paid or invoiced stands in every
month from then on until it is done, with its day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saikne_schemas.training import Training
from saikne_schemas.training_lists import TrainingRole
from saikne_schemas.training_reports import InReport, TrainingLine, TrainingSum


@dataclass(frozen=True, slots=True)
class Known:
    """One training as its centre has it."""

    matter: UUID
    role: TrainingRole
    other: UUID
    other_name: str
    content: Training
    due_on: date | None
    """Of what this centre still owes: the invoice, or the report of the cost."""


def place_of(known: Known, month: str, after: date) -> InReport | None:
    """`after`: the first day of the next month. None where the month has nothing of it."""
    said = known.content
    if said.ended_on is None or said.ended_on >= after:
        return None
    if known.role is TrainingRole.FAMILYS:
        if said.reported_month is not None:
            return InReport.COST if said.reported_month == month else None
        invoiced = said.invoiced_on is not None and said.invoiced_on < after
        return InReport.TO_REPORT if invoiced else None
    if said.invoiced_on is None:
        return InReport.TO_INVOICE
    return InReport.INCOME if f"{said.invoiced_on:%Y-%m}" == month else None


def lines(every: Iterable[Known], month: str, after: date) -> list[TrainingLine]:
    found = [_line(one, place) for one in every if (place := place_of(one, month, after)) is not None]
    order = list(InReport)
    return sorted(
        found, key=lambda one: (order.index(one.place), one.invoiced_on or one.ended_on, str(one.matter))
    )


def sums(of: Iterable[TrainingLine]) -> list[TrainingSum]:
    counted = list(of)
    return [
        TrainingSum(
            place=place,
            trainings=len(those),
            own_participants=sum(one.own_participants or 0 for one in those),
            amount_cents=sum(one.amount_cents or 0 for one in those),
        )
        for place in InReport
        for those in [[one for one in counted if one.place is place]]
    ]


_SAID = frozenset(TrainingLine.model_fields) & frozenset(Training.model_fields)


def _line(known: Known, place: InReport) -> TrainingLine:
    owed = place in {InReport.TO_REPORT, InReport.TO_INVOICE}
    return TrainingLine.model_validate(
        {
            **known.content.model_dump(include=set(_SAID)),
            "matter": known.matter,
            "place": place,
            "role": known.role,
            "other": known.other,
            "other_name": known.other_name,
            "due_on": known.due_on if owed else None,
        }
    )
