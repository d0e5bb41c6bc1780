"""Copies with a wrong recipient: all stops, the hub forgets, both centres and oversight hear of it."""

from typing import Any

import pytest
from sqlalchemy import select, text

from hub.evidence.event import EventKind
from hub.evidence.store import events
from hub.exchange.casework import reading
from hub.exchange.casework.reading import NoReceiptYet
from hub.exchange.steps import StepNotAllowed
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.passwords import casework as passwords
from hub.passwords.handover import Handover, HandoverState
from saikne import compose
from saikne_schemas.manifests import Discard, Dispute, Withdrawal
from saikne_schemas.paper import PaperReceipt, Resolve, WrongRecipient
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    ExchangeState,
    FormType,
    ResolveReason,
    SupplementReason,
    WithdrawReason,
)
from tests.exchange.bureau import DUE, Bureau, left_in, noon
from tests.exchange.papers import HANDED, IN_PERSON, TOLD, Desks, handed_over, paper, paper_answer
from tests.exchange.test_departing import archive
from tests.terms import term_of


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


async def handed(desks: Desks) -> ExchangeId:
    exchange = await desks.declared(IN_PERSON)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))
    return exchange


def wrong(exchange: ExchangeId, round_no: int = 1) -> WrongRecipient:
    return compose(WrongRecipient, exchange=exchange, round=round_no)


def received(exchange: ExchangeId, round_no: int = 1) -> PaperReceipt:
    return compose(
        PaperReceipt, exchange=exchange, round=round_no, arrived=True, readable=True, complete=True
    )


@pytest.mark.parametrize("side", ["requester", "holder"])
async def test_either_side_may_say_so_and_the_answer_is_owed_again(desks: Desks, side: str) -> None:
    exchange = await handed(desks)
    await desks.say(wrong(exchange), by=getattr(desks, side))
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).met_at, term_of(view).due_on) == ("frozen", None, DUE)
    assert await desks.late() == [DUE]


async def test_a_confirmed_exchange_loses_its_receipt(desks: Desks) -> None:
    exchange = await handed(desks)
    await desks.say(received(exchange), by=desks.requester)
    assert await desks.receipt(exchange)
    await desks.say(wrong(exchange), by=desks.requester)
    async with desks.bureau.desk(noon(TOLD), desks.requester) as desk:
        with pytest.raises(NoReceiptYet):
            await reading.receipt(desk, desks.holder, exchange)


async def test_an_answer_after_a_supplement_leaves_the_receipt_before_it(desks: Desks) -> None:
    exchange, form = await handed(desks), FormType.OTHER_CHILD
    await desks.say(received(exchange), by=desks.requester)
    first = await desks.receipt(exchange)
    more = compose(Supplement, exchange=exchange, forms=[form], reason=SupplementReason.FOUND_MISSING)
    await desks.say(more, by=desks.requester)
    await desks.say(paper_answer(exchange, DeliveryChannel.IN_PERSON, documents=[paper(form)]))
    await desks.say(handed_over(exchange, await desks.proof(), TOLD, round=2))
    await desks.say(received(exchange, 2), by=desks.requester)
    assert await desks.receipt(exchange) != first
    await desks.say(wrong(exchange, 2), by=desks.requester)
    assert await desks.receipt(exchange) == first


async def test_nothing_moves_until_the_holder_says_what_became_of_them(desks: Desks) -> None:
    exchange = await handed(desks)
    await desks.say(wrong(exchange))
    common: dict[str, Any] = {"exchange": exchange, "round": 1}
    attempts: list[tuple[Any, CentreId]] = [
        (wrong(exchange), desks.requester),
        (compose(Discard, **common), desks.holder),
        (paper_answer(exchange, DeliveryChannel.IN_PERSON), desks.holder),
        (compose(Dispute, reason=DisputeReason.INCOMPLETE, **common), desks.requester),
        (
            compose(Withdrawal, exchange=exchange, reason=WithdrawReason.DUPLICATE),
            desks.requester,
        ),
        (
            compose(Resolve, reason=ResolveReason.RECOVERED, **common),
            desks.requester,
        ),
    ]
    for statement, by in attempts:
        assert (await desks.refused(statement, by=by)).code == StepNotAllowed.code


@pytest.mark.parametrize("reason", list(ResolveReason))
async def test_a_resolved_one_is_open_again_by_its_first_date(desks: Desks, reason: ResolveReason) -> None:
    exchange = await handed(desks)
    await desks.say(wrong(exchange))
    await desks.say(compose(Resolve, exchange=exchange, round=1, reason=reason))
    view = await desks.shown(exchange)
    assert (view.state, term_of(view).due_on, term_of(view).met_at) == ("disputed", DUE, None)
    await desks.say(paper_answer(exchange, DeliveryChannel.IN_PERSON))
    assert (await desks.shown(exchange)).state == "preparing"


async def test_the_password_of_an_archive_is_erased_at_once(desks: Desks, asked: ExchangeId) -> None:
    await desks.say(archive(asked))
    handover = Handover(asked, 1, desks.requester, desks.holder)
    async with desks.bureau.desk(noon(TOLD), desks.holder, desks.requester, OVERSIGHT) as desk:
        await left_in(desk, asked, ExchangeState.DISPATCHED)
    await desks.say(wrong(asked))
    async with desks.bureau.desk(noon(TOLD), desks.requester, desks.holder) as desk:
        assert (await passwords.kept(desk.tx, handover)).state is HandoverState.ERASED
        promised = await desk.tx.execute(
            text("SELECT count(*) FROM queue.pgqueuer WHERE entrypoint = 'exchange.erase_payload'")
        )
        assert promised.scalar_one() == 1


async def test_oversight_has_it_in_its_own_chain(desks: Desks) -> None:
    exchange = await handed(desks)
    await desks.say(wrong(exchange))
    await desks.say(compose(Resolve, exchange=exchange, round=1, reason=ResolveReason.RECOVERED))
    wanted = [EventKind.RECIPIENT_WRONG, EventKind.RECIPIENT_RESOLVED]
    for tenant in (desks.requester, desks.holder, OVERSIGHT):
        async with desks.bureau.desk(noon(TOLD), tenant) as desk:
            found = await desk.tx.execute(
                select(events.c.kind).where(events.c.tenant_id == tenant).order_by(events.c.seq)
            )
            kinds = list(found.scalars())
        assert [kind for kind in kinds if kind in wanted] == wanted
