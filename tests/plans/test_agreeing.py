"""A family agrees to its plan: in three parts, by e-signature, or in person beside each activity."""

from datetime import date
from typing import Any

import pytest

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause
from hub.matters.workflow import Owed
from hub.plans.activities import ActivityUnknown, NothingToAgree, pending
from hub.plans.agreeing import (
    ActivityNotSigned,
    ConfirmationContradictory,
    ProofMissing,
    SameChannel,
    confirmed,
    sent,
    wants_corrections,
)
from saikne_schemas.plan_lists import AgreedHow, ConfirmedHow
from saikne_schemas.plans import PlanConfirmed, PlanSent
from saikne_schemas.vocabulary import DutyKind
from tests.plans.papers import CENTRE, agreed, new, of, scene, supplemented

PROOF = {"id": "b2e1d3c4-2c3d-4e4f-9a51-6b7c8d9e0f07", "sha256": "aa" * 32}
SIGNED = {
    "how": "in_person",
    "received": None,
    "corrections_needed": None,
    "agreed": None,
    "signed": [{"no": 1, "on": "2026-03-02"}, {"no": 2, "on": "2026-03-04"}],
}


def test_a_sent_plan_awaits_the_familys_confirmation() -> None:
    outcome = sent(new(), of(PlanSent), scene())
    assert outcome.opens == (Owed(DutyKind.CONFIRM_PLAN, CENTRE, date(2026, 3, 3), Basis.PLAN_SENT),)
    assert (outcome.content.address, outcome.content.password_channel) == ("z***@e***.lv", "sms")


def test_the_password_never_goes_with_the_archive() -> None:
    with pytest.raises(SameChannel):
        sent(new(), of(PlanSent, password_channel="email"), scene())
    sent(new(), of(PlanSent, password_channel="separate_email"), scene())


def test_there_is_nothing_to_send_or_sign_where_all_is_agreed() -> None:
    with pytest.raises(NothingToAgree):
        sent(agreed(), of(PlanSent), scene())
    with pytest.raises(NothingToAgree):
        confirmed(agreed(), of(PlanConfirmed, **SIGNED), scene())


def test_a_plan_is_not_sent_before_what_it_holds_was_added() -> None:
    with pytest.raises(DateBeforeCause) as early:
        sent(supplemented(), of(PlanSent, sent_on="2026-06-10"), scene())
    assert early.value.facts == {"day": "2026-06-10", "not_before": "2026-06-11"}
    again = sent(supplemented(), of(PlanSent, sent_on="2026-06-11"), scene()).content
    with pytest.raises(DateBeforeCause) as early:
        confirmed(again, of(PlanConfirmed, confirmed_on="2026-06-10"), scene())
    assert early.value.facts == {"day": "2026-06-10", "not_before": "2026-06-11"}


def test_a_confirmation_in_three_parts_agrees_to_every_activity() -> None:
    assert {(one.agreed_on, one.agreed_how) for one in agreed().activities} == {
        (date(2026, 3, 6), AgreedHow.ELECTRONIC)
    }


@pytest.mark.parametrize(("corrections", "yes"), [(True, False), (False, False)])
def test_a_family_that_wants_corrections_or_does_not_agree_has_agreed_to_nothing(
    corrections: bool,  # noqa: FBT001
    yes: bool,  # noqa: FBT001
) -> None:
    answer = of(PlanConfirmed, corrections_needed=corrections, agreed=yes)
    assert wants_corrections(answer)
    outcome = confirmed(sent(new(), of(PlanSent), scene()).content, answer, scene())
    assert len(pending(outcome.content)) == 2
    assert outcome.meets == (DutyKind.CONFIRM_PLAN,)


def test_nobody_agrees_to_what_is_to_be_corrected() -> None:
    with pytest.raises(ConfirmationContradictory):
        confirmed(new(), of(PlanConfirmed, corrections_needed=True), scene())


def test_an_e_signature_is_stated_with_its_proof() -> None:
    parts = {"received": None, "corrections_needed": None, "agreed": None}
    waiting = sent(new(), of(PlanSent), scene()).content
    with pytest.raises(ProofMissing):
        confirmed(waiting, of(PlanConfirmed, how="e_signed", **parts), scene())
    content = confirmed(waiting, of(PlanConfirmed, how="e_signed", **parts, proofs=[PROOF]), scene()).content
    assert (pending(content), content.confirmed_how) == ([], ConfirmedHow.E_SIGNED)


def test_in_person_each_activity_is_signed_with_its_day() -> None:
    content = confirmed(new(), of(PlanConfirmed, **SIGNED), scene()).content
    assert [(one.agreed_on, one.agreed_how) for one in content.activities] == [
        (date(2026, 3, 2), AgreedHow.IN_PERSON_COLUMN_10),
        (date(2026, 3, 4), AgreedHow.IN_PERSON_COLUMN_10),
    ]


def signing(*signed: tuple[int, str]) -> PlanConfirmed:
    rows = [{"no": number, "on": on} for number, on in signed]
    statement: PlanConfirmed = of(PlanConfirmed, **{**SIGNED, "signed": rows})
    return statement


@pytest.mark.parametrize(
    ("signed", "refusal", "facts"),
    [
        ([(1, "2026-03-02")], ActivityNotSigned, {"unsigned": [2]}),
        ([(1, "2026-03-02"), (2, "2026-03-02"), (3, "2026-03-02")], ActivityUnknown, {"given": 3}),
        (
            [(1, "2026-03-01"), (2, "2026-03-02")],
            DateBeforeCause,
            {"day": "2026-03-01", "not_before": "2026-03-02"},
        ),
    ],
)
def test_a_signature_that_is_missing_or_too_early_is_refused_by_name(
    signed: list[tuple[int, str]], refusal: type[Any], facts: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as refused:
        confirmed(new(), signing(*signed), scene())
    assert refused.value.facts == facts


def test_a_supplement_is_agreed_without_signing_the_rest_again() -> None:
    content = confirmed(supplemented(), signing((3, "2026-06-11")), scene()).content
    assert [one.agreed_on for one in content.activities] == [
        date(2026, 3, 6),
        date(2026, 3, 6),
        date(2026, 6, 11),
    ]
