"""No state of an exchange without somebody who owes the next step by a day.

What the table of archives leads to is played over HTTP (`journeys.test_matrix`); here the rest, and the days.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.duties import store as duties
from hub.duties.casework import remind
from hub.duties.duty import BY_METHOD, DutyKind, Ending
from hub.exchange import store
from hub.exchange.casework import reading
from hub.exchange.casework.again import Again, again, spoke_late
from hub.exchange.casework.case import find_case
from hub.exchange.casework.copies import COPIES, ENGINE
from hub.exchange.casework.ownerless import begin_missing
from hub.exchange.casework.time_passing import lapse
from hub.exchange.owed import EVERYTHING, NEXT_STEP, missing
from hub.exchange.steps import STEPS, Action
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, MatterId
from hub.matters.casework.records import Sent
from hub.matters.workflow import Moment
from hub.passwords.handover import Handover
from saikne import compose
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension
from saikne_schemas.manifests import Dispute, Receipt, Withdrawal
from saikne_schemas.offers import Offer
from saikne_schemas.paper import PaperReceipt, PostOutcome, Resolve, WrongRecipient
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    ExchangeKind,
    ExtensionReason,
    LegalBasis,
    PasswordChannel,
    PostalOutcome,
    ResolveReason,
    WithdrawReason,
)
from saikne_schemas.vocabulary import ExchangeState as State
from tests.exchange.bureau import CHILD, DUE, RECEIVED, Bureau, as_signed, left_in, noon
from tests.exchange.papers import BY_POST, HANDED, IN_PERSON, Desks, handed_over, posted

MOVED_ON_BY_NOBODY = (
    *(Action.COLLECT, Action.SUPPLEMENT, Action.TELL_WRONG_RECIPIENT),
    *(Action.DISPUTE_REFUSAL, Action.ACCEPT_REFUSAL),
)
"""What may still be said of an exchange that is at its end."""


def is_final(state: State) -> bool:
    """Derived from the table: nothing that the next answer needs leads out of it."""
    leading = {action for (before, action) in STEPS.listed if before is state}
    return leading <= set(MOVED_ON_BY_NOBODY)


def test_every_state_that_is_not_an_end_says_whose_the_next_step_is() -> None:
    assert {state for state in State if not is_final(state)} == set(NEXT_STEP)


@pytest.mark.parametrize("kind", list(ExchangeKind))
@pytest.mark.parametrize("way", [None, *DeliveryChannel])
def test_what_is_begun_where_nobody_owes_anything_is_a_next_step_of_its_state(
    kind: ExchangeKind, way: DeliveryChannel | None
) -> None:
    begun = {state: missing(state, kind, way) for state in State}
    assert {state for state, one in begun.items() if one is None} == set(State) - set(NEXT_STEP)
    assert {state for state, one in begun.items() if one and one not in NEXT_STEP[state]} == set()


def test_only_the_answers_term_is_the_methods() -> None:
    assert set(EVERYTHING) & set(BY_METHOD) == {DutyKind.ANSWER}


THAT_DAY = date(2026, 11, 12)
"""A Thursday; 16 and 17 November are worked, 18 November is not."""


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


async def owed(desks: Desks, exchange: ExchangeId) -> dict[str, tuple[str, date]]:
    """What is owed now: by whom, and until when, as the requester is shown it."""
    async with desks.bureau.desk(noon(THAT_DAY), desks.requester) as desk:
        view = await reading.show(desk, desks.requester, exchange)
        wish = reading.Wish(role=None, states=(), cursor=None, limit=9)
        (line,) = [
            one for one in (await reading.page(desk, desks.requester, wish)).items if one.id == exchange
        ]
    shown = {one.kind.value: (one.stake, one.due_on) for one in view.duties}
    assert all(one.by_method is (one.kind is DutyKind.ANSWER) for one in view.duties)
    assert (line.next in shown) is bool(shown)
    assert line.next_by_method is (line.next == DutyKind.ANSWER if line.next else None)
    assert view.state not in NEXT_STEP or NEXT_STEP[view.state] & shown.keys()
    return shown


async def sent_by_post(desks: Desks) -> ExchangeId:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED), THAT_DAY)
    return exchange


def outcome(exchange: ExchangeId, how: PostalOutcome) -> PostOutcome:
    return compose(PostOutcome, exchange=exchange, round=1, outcome=how, on=HANDED)


async def test_papers_handed_over_are_the_requesters_to_confirm(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE)}
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    assert await owed(desks, exchange) == {"confirm_copies": ("owes", date(2026, 11, 17))}
    received = compose(PaperReceipt, exchange=exchange, round=1, arrived=True, readable=True, complete=True)
    await desks.say(received, THAT_DAY, by=desks.requester)
    assert await owed(desks, exchange) == {}


async def test_an_item_under_way_is_its_senders_until_the_post_has_delivered_it(desks: Desks) -> None:
    exchange = await sent_by_post(desks)
    assert await owed(desks, exchange) == {"tell_post_outcome": ("awaits", date(2026, 11, 27))}
    await desks.say(outcome(exchange, PostalOutcome.DELIVERED), THAT_DAY)
    assert await owed(desks, exchange) == {"confirm_copies": ("owes", date(2026, 11, 17))}


async def test_an_item_that_came_back_is_owed_by_the_first_date(desks: Desks) -> None:
    exchange = await sent_by_post(desks)
    await desks.say(outcome(exchange, PostalOutcome.RETURNED), THAT_DAY)
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE)}


@pytest.mark.parametrize("answer", [AcceptExtension, DeclineExtension])
async def test_a_proposed_day_is_the_requesters_to_decide(desks: Desks, answer: Any) -> None:
    exchange = await desks.ask(IN_PERSON)
    until = date(2026, 11, 30)
    said = compose(ProposeExtension, exchange=exchange, until=until, reason=ExtensionReason.VOLUME)
    await desks.say(said, THAT_DAY)
    decide = {"decide_extension": ("owes", date(2026, 11, 16))}
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE), **decide}
    await desks.say(compose(answer, exchange=exchange, proposal=said.id), THAT_DAY, by=desks.requester)
    assert (await owed(desks, exchange)).keys() == {"answer"}


async def test_whatever_ends_a_proposal_ends_the_decision(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    for day in (date(2026, 11, 27), date(2026, 11, 30)):
        said = compose(ProposeExtension, exchange=exchange, until=day, reason=ExtensionReason.VOLUME)
        await desks.say(said, THAT_DAY)
    assert (await owed(desks, exchange)).keys() == {"answer", "decide_extension"}
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    assert (await owed(desks, exchange)).keys() == {"confirm_copies"}


async def test_what_went_astray_is_the_holders_to_resolve(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    await desks.say(compose(WrongRecipient, exchange=exchange, round=1), THAT_DAY, by=desks.requester)
    astray = {"resolve_astray": ("awaits", date(2026, 11, 13))}
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE), **astray}
    resolved = compose(Resolve, exchange=exchange, round=1, reason=ResolveReason.RECOVERED)
    await desks.say(resolved, THAT_DAY)
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE)}


async def test_a_dispute_is_the_holders_by_the_first_date(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    said = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.INCOMPLETE)
    await desks.say(said, THAT_DAY, by=desks.requester)
    assert await owed(desks, exchange) == {"answer": ("awaits", DUE)}
    gone = compose(Withdrawal, exchange=exchange, reason=WithdrawReason.DUPLICATE)
    await desks.say(gone, THAT_DAY, by=desks.requester)
    assert await owed(desks, exchange) == {}


async def lapsed(desks: Desks, exchange: ExchangeId) -> None:
    """As an archive was dispatched and nobody confirmed it."""
    parties = desks.requester, desks.holder
    async with desks.bureau.desk(noon(THAT_DAY), *parties, OVERSIGHT) as desk:
        await left_in(desk, exchange, State.DISPATCHED, round=1)
        deed = duties.Deed(Ending.MET, desk.now, uuid4())
        await duties.end(desk.tx, exchange, [DutyKind.ANSWER], deed)
        await lapse(desk, Handover(exchange, 1, *parties))


async def test_what_lapsed_is_the_holders_to_send_again_and_its_first_term_stays_met(
    desks: Desks, asked: ExchangeId
) -> None:
    await lapsed(desks, asked)
    assert await owed(desks, asked) == {"send_again": ("awaits", date(2026, 11, 17))}
    async with desks.bureau.desk(noon(THAT_DAY), desks.holder) as desk:
        answer = await duties.of_exchange(desk.tx, desks.holder, asked)
    assert answer is not None
    assert answer.ending == Ending.MET


async def test_a_dispute_after_the_lapse_leaves_both_days_as_they_are(
    desks: Desks, asked: ExchangeId
) -> None:
    await lapsed(desks, asked)
    async with desks.bureau.desk(noon(THAT_DAY), *(desks.requester, desks.holder)) as desk:
        case = await find_case(desk.tx, desks.requester, asked)
        assert await spoke_late(desk, desks.requester, case)
        moment = Moment(now=desk.now, today=THAT_DAY, author=desks.requester, roles=case.roles)
    assert again(case, moment, late=True) == Again(reopens=(), opens=(), moot=())


async def test_what_was_offered_is_the_holders_to_send(desks: Desks) -> None:
    said = compose(
        Offer, holder=desks.holder, receiver=desks.requester, child=CHILD,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.VOICE),
    )  # fmt: skip
    opening = COPIES.unasked
    assert opening is not None
    async with desks.bureau.desk(RECEIVED, desks.holder, desks.requester, OVERSIGHT) as desk:
        begun = await ENGINE.begin(desk, opening, Sent(desks.holder, as_signed(said, RECEIVED), said))
    exchange = ExchangeId(begun.exchange)
    assert await owed(desks, exchange) == {"send_offered": ("awaits", date(2026, 11, 9))}


@pytest.mark.parametrize("state", sorted(NEXT_STEP))
async def test_what_an_older_hub_left_without_an_owner_gets_one_once(
    desks: Desks, asked: ExchangeId, state: State
) -> None:
    sides = desks.requester, desks.holder, OVERSIGHT
    async with desks.bureau.desk(noon(THAT_DAY), *sides) as desk:
        await left_in(desk, asked, state)
        await duties.end(desk.tx, asked, [DutyKind.ANSWER], duties.Deed(Ending.MET, desk.now, uuid4()))
    async with desks.bureau.desk(noon(THAT_DAY), OVERSIGHT) as desk:
        found = await store.ownerless(desk.tx, OVERSIGHT, UUID(int=0), 9)
        assert [one.matter_id for one in found] == [asked]
    for begun in (True, False):
        async with desks.bureau.desk(noon(THAT_DAY), *sides) as desk:
            assert await begin_missing(desk, MatterId(asked)) is begun
    async with desks.bureau.desk(noon(THAT_DAY), OVERSIGHT) as desk:
        assert await store.ownerless(desk.tx, OVERSIGHT, UUID(int=0), 9) == []
    assert NEXT_STEP[state] & (await owed(desks, asked)).keys()


async def test_nobody_is_reminded_on_the_day_on_which_it_begins(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED), THAT_DAY)
    reminded = []
    for day in (12, 13, 16, 17, 19):
        async with desks.bureau.desk(noon(date(2026, 11, day)), desks.requester) as desk:
            calendars = await desks.bureau.calendars.current(desk.tx)
            reminded.append(await remind(desk.tx, desks.requester, calendars, desk.now))
    assert reminded == [0, 0, 1, 1, 1]
