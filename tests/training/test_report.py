"""A month's report: the family's centre reports what it paid, the training centre's income stands apart."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from hub.training.report import Known, lines, place_of, sums
from saikne_schemas.training_lists import TrainingRole
from saikne_schemas.training_reports import InReport
from tests.training.contracts import ended

if TYPE_CHECKING:
    from saikne_schemas.training import Training

MAY = date(2026, 5, 1)
DUE = date(2026, 5, 8)
INVOICED: dict[str, Any] = {
    "invoice": "REK-2026/58",
    "invoiced_on": date(2026, 4, 20),
    "participants": 12,
    "own_participants": 2,
    "average_cents": 3846,
    "amount_cents": 7692,
}
PAID = {**INVOICED, "paid_on": date(2026, 4, 28), "reported_month": "2026-04"}


def known(role: TrainingRole, number: int = 1, **said: Any) -> Known:
    content: Training = ended().model_copy(update={"attended_minutes": 360, **said})
    return Known(UUID(int=number), role, UUID(int=99), "Ligzda", content, DUE)


@pytest.mark.parametrize(
    ("role", "said", "place"),
    [
        (TrainingRole.FAMILYS, PAID, InReport.COST),
        (TrainingRole.FAMILYS, {**PAID, "reported_month": "2026-05"}, None),
        (TrainingRole.FAMILYS, {**PAID, "reported_month": "2026-03"}, None),
        (TrainingRole.FAMILYS, INVOICED, InReport.TO_REPORT),
        (TrainingRole.FAMILYS, {**INVOICED, "invoiced_on": MAY}, None),
        (TrainingRole.FAMILYS, {}, None),
        (TrainingRole.TRAINER, PAID, InReport.INCOME),
        (TrainingRole.TRAINER, INVOICED, InReport.INCOME),
        (TrainingRole.TRAINER, {**INVOICED, "invoiced_on": date(2026, 3, 31)}, None),
        (TrainingRole.TRAINER, {**INVOICED, "invoiced_on": MAY}, None),
        (TrainingRole.TRAINER, {}, InReport.TO_INVOICE),
        (TrainingRole.TRAINER, {"ended_on": MAY}, None),
        (TrainingRole.TRAINER, {"ended_on": None}, None),
    ],
)
def test_each_training_has_its_place_in_april_or_none(
    role: TrainingRole, said: dict[str, Any], place: InReport | None
) -> None:
    assert place_of(known(role, **said), "2026-04", MAY) is place


def test_the_training_centre_never_reports_the_familys_cost() -> None:
    """Method S102: it invoices; S103: the family's centre puts the cost into its own report."""
    told = lines([known(TrainingRole.TRAINER, **PAID)], "2026-04", MAY)
    assert [one.place for one in told] == [InReport.INCOME]


def test_a_months_lines_stand_by_their_place_with_participants_sums_and_days() -> None:
    every = [
        known(TrainingRole.TRAINER, 1),
        known(TrainingRole.FAMILYS, 2, **PAID),
        known(TrainingRole.FAMILYS, 3, **{**PAID, "own_participants": 1, "amount_cents": 3846}),
        known(TrainingRole.FAMILYS, 4, **INVOICED),
    ]
    told = lines(every, "2026-04", MAY)
    assert [(one.place.value, one.matter.int, one.due_on) for one in told] == [
        ("cost", 2, None),
        ("cost", 3, None),
        ("to_report", 4, DUE),
        ("to_invoice", 1, DUE),
    ]
    assert [(one.trainings, one.own_participants, one.amount_cents) for one in sums(told)] == [
        (2, 3, 11_538),
        (1, 2, 7692),
        (0, 0, 0),
        (1, 0, 0),
    ]
