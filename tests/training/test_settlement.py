"""What follows from a training: certificate and invoice in any order, the payment, and who reports it."""

from datetime import date
from typing import Any

import pytest

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.matters.workflow import Owed
from hub.training.clauses import OverCeiling
from hub.training.contract import informed
from hub.training.settlement import (
    AmountDoesNotFit,
    CharacteristicNotAgreed,
    certified,
    held,
    invoiced,
    paid,
)
from saikne_schemas.training import CertificateIssued, InformedFamily, InvoicePaid, Training, TrainingHeld
from saikne_schemas.training_lists import IncomeAccount, IncomeUse, TrainingRole
from saikne_schemas.vocabulary import DutyKind
from tests.training.contracts import FAMILYS, TODAY, TRAINER, agreed, an_invoice, ended, of, scene


def test_a_training_that_is_over_opens_certificate_and_invoice_for_the_training_centre() -> None:
    content = agreed().model_copy(update={"informed_on": date(2026, 3, 10)})
    outcome = held(content, of(TrainingHeld), scene())
    assert outcome.opens == (
        Owed(DutyKind.CERTIFICATE, TRAINER, date(2026, 3, 21), Basis.TRAINING_ENDED, (FAMILYS,)),
        Owed(DutyKind.INVOICE, TRAINER, date(2026, 3, 21), Basis.TRAINING_ENDED, (FAMILYS,)),
    )
    assert (outcome.content.ended_on, outcome.content.attended_minutes) == (date(2026, 3, 21), 360)
    assert outcome.warnings == ()


def test_an_uninformed_family_that_attended_less_is_taken_with_warnings() -> None:
    outcome = held(agreed(), of(TrainingHeld, attended_minutes=300), scene())
    assert outcome.warnings == ("training.family-not-informed", "training.attended-less")


@pytest.mark.parametrize(
    ("ended_on", "refusal"),
    [("2026-03-13", DateBeforeCause), ("2026-04-11", DateInTheFuture)],
)
def test_a_training_ends_between_its_first_session_and_today(ended_on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        held(agreed(), of(TrainingHeld, ended_on=ended_on), scene())


def test_nobody_was_informed_tomorrow() -> None:
    with pytest.raises(DateInTheFuture):
        informed(agreed(), of(InformedFamily, informed_on="2026-04-11"), scene(FAMILYS))


def test_a_certificate_follows_the_end_and_meets_its_duty() -> None:
    outcome = certified(ended(), of(CertificateIssued), scene())
    assert (outcome.meets, outcome.warnings) == ((DutyKind.CERTIFICATE,), ())
    assert (outcome.content.certificate, outcome.content.characteristic) == ("APL-2026/41", True)
    with pytest.raises(DateBeforeCause) as early:
        certified(ended(), of(CertificateIssued, issued_on="2026-03-20"), scene())
    assert early.value.facts == {"day": "2026-03-20", "not_before": "2026-03-21"}


def test_a_characteristic_goes_with_it_only_if_agreed() -> None:
    without = ended(characteristic_agreed=False)
    with pytest.raises(CharacteristicNotAgreed):
        certified(without, of(CertificateIssued), scene())
    assert certified(without, of(CertificateIssued, characteristic=False), scene()).warnings == ()
    lacking = certified(ended(), of(CertificateIssued, characteristic=False), scene())
    assert lacking.warnings == ("training.characteristic-missing",)


def test_an_invoice_says_what_is_charged_who_reports_it_and_where_the_income_goes() -> None:
    outcome = invoiced(ended(), an_invoice(), scene())
    content = outcome.content
    assert [line.covered_cents for line in content.costs] == [6000, 1359, 333]
    assert (content.average_cents, content.amount_cents) == (3846, 7692)
    assert content.reported_by is TrainingRole.FAMILYS
    assert content.income_account is IncomeAccount.STATE_BUDGET
    assert content.income_use is IncomeUse.TRAINING_COSTS_ONLY
    assert outcome.meets == (DutyKind.INVOICE,)
    assert outcome.opens == (Owed(DutyKind.REPORT_COST, FAMILYS, TODAY, Basis.INVOICED, (TRAINER,)),)


def test_an_invoice_before_the_end_of_the_training_is_refused() -> None:
    with pytest.raises(DateBeforeCause):
        invoiced(ended(), an_invoice(issued_on="2026-03-20"), scene())


def test_an_amount_above_the_ceiling_is_refused_with_the_figures() -> None:
    dear = {"costs": [{"kind": "lecturer", "amount_cents": 60_000}], "average_cents": 5000}
    with pytest.raises(OverCeiling) as refused:
        invoiced(ended(), an_invoice(**dear, amount_cents=10_000), scene())
    assert refused.value.facts == {"amount_cents": 10_000, "most_cents": 9000, "average_cents": 5000}
    at_ceiling = invoiced(ended(), an_invoice(**dear, amount_cents=9000), scene())
    assert (at_ceiling.content.average_cents, at_ceiling.content.amount_cents) == (5000, 9000)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 7691},
        {"amount_cents": 7693},
        {"average_cents": 3845},
        {"own_participants": 1, "amount_cents": 3845},
    ],
)
def test_an_amount_that_does_not_follow_from_the_costs_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(AmountDoesNotFit) as refused:
        invoiced(ended(), an_invoice(**changes), scene())
    own = changes.get("own_participants", 2)
    assert refused.value.facts["average_cents"] == 3846
    assert refused.value.facts["amount_cents"] == 3846 * own


def charged() -> Training:
    return ended().model_copy(update={"invoiced_on": date(2026, 3, 25)})


def test_a_payment_meets_the_duty_to_report() -> None:
    outcome = paid(charged(), of(InvoicePaid), scene(FAMILYS))
    assert outcome.meets == (DutyKind.REPORT_COST,)
    assert (outcome.content.paid_on, outcome.content.reported_month) == (date(2026, 4, 2), "2026-04")


def test_a_cost_is_not_reported_for_a_month_to_come() -> None:
    with pytest.raises(DateInTheFuture) as refused:
        paid(charged(), of(InvoicePaid, reported_month="2026-05"), scene(FAMILYS))
    assert refused.value.facts == {"day": "2026-05", "today": "2026-04-10"}


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        ({"paid_on": "2026-03-24"}, {"day": "2026-03-24", "not_before": "2026-03-25"}),
        ({"reported_month": "2026-02"}, {"day": "2026-02", "not_before": "2026-03"}),
    ],
)
def test_nothing_is_paid_or_reported_before_it_is_invoiced(
    changes: dict[str, Any], facts: dict[str, str]
) -> None:
    with pytest.raises(DateBeforeCause) as refused:
        paid(charged(), of(InvoicePaid, **changes), scene(FAMILYS))
    assert refused.value.facts == facts
