"""What the hub sends is what was sealed for this family; somebody owes what follows."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from hub.duties.duty import Basis
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Extension, Outcome, Owed
from hub.passwords.handover import ErasedBecause
from hub.plans.activities import NothingToAgree
from hub.plans.agreeing import AFTER_LAPSE, NotAnArchive, confirmed, sent
from hub.plans.sending import (
    DocumentsDiffer,
    Going,
    OtherSending,
    Prepared,
    RecipientDiffers,
    again,
    dispatched,
    lapsed,
    mailed,
    prolonged,
    undelivered,
)
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.plan_lists import PlanUndelivered
from saikne_schemas.plan_sendings import PlanDispatch, PlanPasswordAgain, PlanProlong
from saikne_schemas.plans import Plan, PlanConfirmed, PlanSent
from saikne_schemas.vocabulary import DutyKind
from tests.plans.papers import CENTRE, TODAY, agreed, new, of, scene, supplemented

ARCHIVE = b"\xa7" * 32
DUTY = UUID(int=9)
SAID: Any = EXAMPLES[PlanDispatch]
MORE = (2, "dok-02.pdf", 1, b"")
UNTIL = date(2026, 12, 4)
"""Ten working days after 20 November 2026."""


def sealed(**changes: Any) -> Prepared:
    (one,) = SAID["documents"]
    held = {
        "no": 1,
        "name": "dok-01.pdf",
        "bytes": one["bytes"],
        "sha256": bytes.fromhex(one["sha256"]),
        **changes,
    }
    return Prepared(1, bytes.fromhex(SAID["recipient_sha256"]), [tuple(held.values())])


def sending(plan: Plan, prepared: Prepared | None = None, **changes: Any) -> Outcome[Plan, Going]:
    return dispatched(ARCHIVE, plan, of(PlanDispatch, **changes), scene(), prepared or sealed())


def under_way() -> Plan:
    return sending(new()).content


def test_a_dispatched_plan_is_recorded_in_column_10_and_awaits_its_family() -> None:
    outcome = sending(new())
    assert outcome.meets == (DutyKind.SEND_PLAN,)
    assert outcome.opens == (Owed(DutyKind.CONFIRM_PLAN, CENTRE, TODAY, Basis.PLAN_SENT),)
    assert outcome.beside == (Going(1, UNTIL),)
    content = outcome.content
    assert {one.sent_on for one in content.activities} == {TODAY}
    assert (content.sent_on, content.archive_sha256, content.address) == (TODAY, ARCHIVE.hex(), None)
    assert content.sending is not None
    assert (content.sending.answer_by, content.sending.mailed_on) == (UNTIL, None)


def test_only_what_is_yet_to_be_agreed_is_recorded_as_sent() -> None:
    assert [one.sent_on for one in sending(supplemented()).content.activities][2] == TODAY
    assert [one.sent_on for one in sending(supplemented()).content.activities][:2] == [date(2026, 3, 3)] * 2


@pytest.mark.parametrize(
    ("prepared", "changes", "refusal"),
    [
        (sealed(), {"recipient_sha256": "00" * 32}, RecipientDiffers),
        (sealed(sha256=b"\0" * 32), {}, DocumentsDiffer),
        (sealed(bytes=1), {}, DocumentsDiffer),
        (sealed(name="dok-01.png"), {}, DocumentsDiffer),
        (Prepared(1, sealed().recipient_sha256, []), {}, DocumentsDiffer),
        (
            Prepared(1, sealed().recipient_sha256, [*sealed().sealed, MORE]),
            {},
            DocumentsDiffer,
        ),
    ],
)
def test_nothing_goes_that_was_not_sealed_for_this_family(
    prepared: Prepared, changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        sending(new(), prepared, **changes)


def test_an_agreed_plan_is_not_sent() -> None:
    with pytest.raises(NothingToAgree):
        sending(agreed())


def test_what_is_mailed_says_when() -> None:
    told = mailed(under_way(), scene()).content.sending
    assert told is not None
    assert told.mailed_on == TODAY


@pytest.mark.parametrize("what", PlanUndelivered)
def test_what_did_not_arrive_was_not_sent_and_comes_back_to_the_centre(what: PlanUndelivered) -> None:
    outcome = undelivered(what, under_way(), scene())
    assert {one.sent_on for one in outcome.content.activities} == {None}
    assert outcome.content.sent_on is None
    assert outcome.opens == (Owed(DutyKind.SEND_PLAN, CENTRE, TODAY, Basis.PLAN_UNDELIVERED, working_days=3),)
    assert (outcome.drops, outcome.meets) == ((DutyKind.SEND_PLAN, DutyKind.CONFIRM_PLAN), ())
    assert outcome.tells == ((CENTRE, "undelivered"),)
    assert outcome.content.sending is not None
    assert outcome.content.sending.undelivered is what


def test_a_lapsed_plan_was_sent_and_is_sent_again() -> None:
    outcome = lapsed(under_way(), scene())
    assert {one.sent_on for one in outcome.content.activities} == {TODAY}
    assert outcome.opens == (Owed(DutyKind.SEND_PLAN, CENTRE, TODAY, Basis.PASSWORD_LAPSED, working_days=3),)
    assert outcome.tells == ((CENTRE, "lapsed"),)


def test_more_time_is_counted_from_where_it_ends() -> None:
    outcome = prolonged(under_way(), of(PlanProlong), scene(), DUTY)
    longer = date(2026, 12, 18)
    assert (outcome.extends, outcome.beside) == (Extension(DUTY, longer), (longer,))
    assert outcome.content.sending is not None
    assert (outcome.content.sending.answer_by, outcome.content.sending.prolonged) == (longer, 1)


@pytest.mark.parametrize("plan", [under_way(), sent(new(), of(PlanSent), scene()).content])
def test_only_the_hubs_last_sending_is_prolonged_or_its_password_sent_again(plan: Plan) -> None:
    other = 2 if plan.sending else 1
    for rule in (
        partial(prolonged, plan, of(PlanProlong, number=other), scene(), None),
        partial(again, plan, of(PlanPasswordAgain, number=other), scene()),
    ):
        with pytest.raises(OtherSending) as refused:
            rule()
        assert refused.value.facts == {"newest": 1 if plan.sending else 0}


def test_an_answer_ends_the_sending_whatever_it_says() -> None:
    yes = of(PlanConfirmed, confirmed_on=TODAY)
    no = of(PlanConfirmed, confirmed_on=TODAY, corrections_needed=True, agreed=False)
    assert confirmed(under_way(), yes, scene()).beside == (ErasedBecause.CONFIRMED,)
    assert confirmed(under_way(), no, scene()).beside == (ErasedBecause.DISPUTED,)


def test_an_answer_after_the_lapse_is_taken_with_a_warning() -> None:
    plan = under_way()
    assert plan.sending is not None
    early = plan.sending.model_copy(update={"answer_by": TODAY - timedelta(days=1)})
    late = plan.model_copy(update={"sending": early})
    answer = of(PlanConfirmed, confirmed_on=TODAY)
    assert confirmed(late, answer, scene()).warnings == (AFTER_LAPSE,)
    assert confirmed(plan, answer, scene()).warnings == ()


def test_the_plans_own_file_is_no_archive() -> None:
    said = of(PlanSent)
    with pytest.raises(NotAnArchive):
        sent(new(), of(PlanSent, archive_sha256=said.plan_sha256), scene())


def test_what_the_centre_sends_itself_takes_the_place_of_the_hubs_sending() -> None:
    outcome = sent(under_way(), of(PlanSent), scene())
    assert (outcome.content.sending, outcome.beside) == (None, (ErasedBecause.DISCARDED,))
