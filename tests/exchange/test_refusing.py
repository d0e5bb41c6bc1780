"""The holder's no: it says why, meets the term, and can be disputed; what was sent once is not refused."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from hub.evidence.event import EventKind
from hub.evidence.store import events
from hub.exchange.casework.refusing import NotAnsweredThere, OtherRefusal, SentBefore
from hub.exchange.steps import StepNotAllowed
from hub.kernel.days import DateInTheFuture, DateOutOfRange
from hub.kernel.ids import CentreId, ExchangeId
from saikne import compose
from saikne_schemas.extensions import ProposeExtension
from saikne_schemas.manifests import Dispute, Withdrawal
from saikne_schemas.paper import PaperReceipt
from saikne_schemas.refusals import AcceptRefusal, DisputeRefusal, Refuse
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import (
    DisputeReason,
    ExtensionReason,
    FormType,
    RefusalDispute,
    RefuseReason,
    SupplementReason,
    WithdrawReason,
)
from tests.exchange.bureau import DUE, Bureau, noon
from tests.exchange.papers import HANDED, IN_PERSON, Desks, handed_over
from tests.terms import term_of

THAT_DAY = date(2026, 11, 12)
MUCH_LATER = date(2026, 12, 1)
TO_DECIDE = ("decide_refusal", "awaits", False)
"""What the requester owes after a refusal, as the holder sees it."""


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


def no(exchange: ExchangeId, reason: RefuseReason = RefuseReason.NOT_OUR_FAMILY, **more: Any) -> Refuse:
    return compose(Refuse, exchange=exchange, reason=reason, **more)


def wrong(exchange: ExchangeId, refusal: UUID) -> DisputeRefusal:
    return compose(DisputeRefusal, exchange=exchange, refusal=refusal, reason=RefusalDispute.IS_YOURS)


async def refused(desks: Desks) -> tuple[ExchangeId, Refuse]:
    exchange = await desks.ask(IN_PERSON)
    said = no(exchange)
    await desks.say(said, THAT_DAY)
    return exchange, said


async def sent(desks: Desks) -> ExchangeId:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    return exchange


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        (RefuseReason.NOT_OUR_FAMILY, {}),
        (RefuseReason.NO_LONGER_OURS, {"since": date(2026, 10, 1)}),
        (RefuseReason.NO_GROUND, {}),
        (RefuseReason.CANNOT_BE_IDENTIFIED, {}),
    ],
)
async def test_a_reasoned_refusal_meets_the_term_and_both_see_why(
    desks: Desks, reason: RefuseReason, more: dict[str, Any]
) -> None:
    exchange = await desks.ask(IN_PERSON)
    said = no(exchange, reason, **more)
    await desks.say(said, THAT_DAY)
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_on) == ("refused", THAT_DAY)
    assert [(one.kind, one.stake, one.by_method) for one in view.duties] == [TO_DECIDE]
    assert view.refusal is not None
    assert (view.refusal.refusal, view.refusal.reason) == (said.id, reason)
    assert (view.refusal.since, view.refusal.disputed) == (more.get("since"), None)


async def test_what_was_sent_elsewhere_is_named(desks: Desks) -> None:
    before, exchange = await sent(desks), await desks.ask(IN_PERSON)
    await desks.say(no(exchange, RefuseReason.ALREADY_ANSWERED, answered_in=before), THAT_DAY)
    view = await desks.shown(exchange)
    assert view.refusal is not None
    assert (view.state, view.refusal.answered_in) == ("refused", before)


async def test_what_was_not_sent_there_is_no_reason(desks: Desks) -> None:
    open_one, exchange = await desks.ask(IN_PERSON), await desks.ask(IN_PERSON)
    for there in (open_one, exchange, uuid4()):
        said = no(exchange, RefuseReason.ALREADY_ANSWERED, answered_in=there)
        assert (await desks.refused(said)).code == NotAnsweredThere.code


@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2026, 11, 19), DateInTheFuture.code), (date(2018, 6, 30), DateOutOfRange.code)],
)
async def test_a_family_is_gone_since_a_day_that_there_was(desks: Desks, day: date, code: str) -> None:
    exchange = await desks.ask(IN_PERSON)
    assert (await desks.refused(no(exchange, RefuseReason.NO_LONGER_OURS, since=day))).code == code


async def test_what_is_being_prepared_goes_and_a_proposed_day_with_it(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    until = date(2026, 11, 27)
    later = compose(ProposeExtension, exchange=exchange, until=until, reason=ExtensionReason.VOLUME)
    await desks.say(later, THAT_DAY)
    await desks.say(no(exchange), THAT_DAY)
    view = await desks.shown(exchange)
    assert (view.state, view.extension, len(view.duties)) == ("refused", None, 1)


async def test_a_disputed_refusal_is_owed_by_the_first_date(desks: Desks) -> None:
    exchange, said = await refused(desks)
    await desks.say(wrong(exchange, said.id), by=desks.requester)
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_at, term_of(view).due_on) == ("disputed", None, DUE)
    assert view.refusal is not None
    assert view.refusal.disputed is RefusalDispute.IS_YOURS
    assert [one.kind for one in view.duties] == ["answer"]
    assert await desks.late() == [DUE]


@pytest.mark.parametrize("accepted", [False, True])
async def test_who_disputes_a_refusal_after_its_own_day_makes_nobody_late(
    desks: Desks, *, accepted: bool
) -> None:
    exchange, said = await refused(desks)
    if accepted:
        await desks.say(compose(AcceptRefusal, exchange=exchange, refusal=said.id), by=desks.requester)
    await desks.say(wrong(exchange, said.id), MUCH_LATER, by=desks.requester)
    view = await desks.shown(exchange, MUCH_LATER)
    assert (view.state, term_of(view).met_on) == ("disputed", THAT_DAY)
    (owed,) = view.duties
    assert (owed.kind, owed.due_on, owed.by_method) == ("send_again", date(2026, 12, 4), False)
    assert await desks.late() == []
    await desks.say(no(exchange), MUCH_LATER)
    assert [one.kind for one in (await desks.shown(exchange, MUCH_LATER)).duties] == ["decide_refusal"]


async def test_so_it_is_with_copies_on_paper_that_nobody_confirmed(desks: Desks) -> None:
    exchange = await sent(desks)
    said = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.INCOMPLETE)
    await desks.say(said, MUCH_LATER, by=desks.requester)
    view = await desks.shown(exchange, MUCH_LATER)
    assert (view.state, term_of(view).met_on) == ("disputed", HANDED)
    assert [(one.kind, one.due_on) for one in view.duties] == [("send_again", date(2026, 12, 4))]


async def test_a_refusal_that_is_accepted_leaves_nothing_to_decide(desks: Desks) -> None:
    exchange, said = await refused(desks)
    accepting = compose(AcceptRefusal, exchange=exchange, refusal=said.id)
    assert (await desks.refused(accepting)).code == StepNotAllowed.code
    other = compose(AcceptRefusal, exchange=exchange, refusal=uuid4())
    assert (await desks.refused(other, by=desks.requester)).code == OtherRefusal.code
    await desks.say(accepting, by=desks.requester)
    view = await desks.shown(exchange)
    assert view.refusal is not None
    assert (view.state, view.refusal.accepted, view.duties) == ("refused", True, [])
    await desks.say(wrong(exchange, said.id), by=desks.requester)
    view = await desks.shown(exchange)
    assert view.refusal is not None
    assert (view.state, view.refusal.accepted) == ("disputed", False)


async def test_a_disputed_refusal_is_answered_or_refused_anew_or_taken_back(desks: Desks) -> None:
    exchange, said = await refused(desks)
    await desks.say(wrong(exchange, said.id), by=desks.requester)
    again = no(exchange, RefuseReason.NO_GROUND)
    await desks.say(again)
    assert (await desks.refused(wrong(exchange, said.id), by=desks.requester)).code == OtherRefusal.code
    await desks.say(wrong(exchange, again.id), by=desks.requester)
    gone = compose(Withdrawal, exchange=exchange, reason=WithdrawReason.WRONG_HOLDER)
    await desks.say(gone, by=desks.requester)
    assert (await desks.shown(exchange)).state == "withdrawn"


async def test_what_was_sent_once_is_mended_and_not_refused(desks: Desks) -> None:
    exchange = await sent(desks)
    assert (await desks.refused(no(exchange))).code == StepNotAllowed.code
    bad = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.INCOMPLETE)
    await desks.say(bad, by=desks.requester)
    assert (await desks.refused(no(exchange))).code == SentBefore.code


async def test_what_is_asked_beside_may_be_refused_and_the_receipt_stays(desks: Desks) -> None:
    exchange = await sent(desks)
    received = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    await desks.say(received, by=desks.requester)
    first = await desks.receipt(exchange)
    reason = SupplementReason.FOUND_MISSING
    more = compose(Supplement, exchange=exchange, forms=[FormType.OTHER_CHILD], reason=reason)
    await desks.say(more, by=desks.requester)
    await desks.say(no(exchange, RefuseReason.NO_GROUND))
    assert (await desks.shown(exchange)).state == "refused"
    assert await desks.receipt(exchange) == first


async def test_the_requester_cannot_refuse_nor_the_holder_dispute_its_own_no(desks: Desks) -> None:
    exchange = await desks.ask(IN_PERSON)
    assert (await desks.refused(no(exchange), by=desks.requester)).code == StepNotAllowed.code
    said = no(exchange)
    await desks.say(said, THAT_DAY)
    assert (await desks.refused(wrong(exchange, said.id))).code == StepNotAllowed.code


async def test_the_no_stands_in_both_chains_with_its_reason(desks: Desks) -> None:
    exchange, _ = await refused(desks)
    wanted = select(events.c.kind, events.c.body).where(
        events.c.about_id == exchange, events.c.kind == EventKind.REQUEST_REFUSED
    )
    for side in (desks.requester, desks.holder):
        async with desks.bureau.desk(noon(THAT_DAY), side) as desk:
            ((_, body),) = (await desk.tx.execute(wanted)).all()
        assert b'"reason":"not_our_family"' in bytes(body)
