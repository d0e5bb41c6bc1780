"""What a holder told wrongly is put right, and what it offered is taken back before it was sent."""

import pytest

from hub.exchange.casework.closing import NothingOffered
from hub.exchange.casework.copies import COPIES, ENGINE
from hub.exchange.casework.paper import SameItem
from hub.exchange.steps import StepNotAllowed
from hub.exchange.ways import OtherWay
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.matters.casework.records import Sent
from saikne import compose
from saikne_schemas.correction_words import ItemCorrected, OfferTakenBack
from saikne_schemas.manifests import Receipt
from saikne_schemas.offers import Offer, TakeOfferBack
from saikne_schemas.paper import CorrectItem
from saikne_schemas.vocabulary import DeliveryChannel, ExchangeState, LegalBasis, PasswordChannel
from tests.exchange.bureau import CHILD, RECEIVED, Bureau, as_signed, left_in, noon
from tests.exchange.papers import BY_POST, HANDED, IN_PERSON, TOLD, Desks, handed_over, posted

FIRST, RIGHT, ODD = "RR123456785LV", "RR473124829LV", "LV-77"


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


def right(exchange: ExchangeId, number: str) -> CorrectItem:
    return compose(CorrectItem, exchange=exchange, round=1, item_number=number, reason=ItemCorrected.MISTYPED)


async def test_both_numbers_of_an_item_are_shown_and_its_form_is_looked_at_again(desks: Desks) -> None:
    exchange = await desks.declared(BY_POST)
    await desks.say(posted(exchange, await desks.proof(), HANDED))
    for number in (ODD, RIGHT):
        await desks.say(right(exchange, number))
    answer = (await desks.shown(exchange)).answer
    assert answer is not None
    assert answer.paper is not None
    assert (answer.paper.item_number, answer.paper.item_number_checked) == (RIGHT, True)
    told = [(one.before, one.after, one.corrected_on) for one in answer.paper.items_corrected]
    assert told == [(FIRST, ODD, TOLD), (ODD, RIGHT, TOLD)]
    assert isinstance(await desks.refused(right(exchange, RIGHT)), SameItem)
    assert isinstance(await desks.refused(right(exchange, FIRST), by=desks.requester), StepNotAllowed)


async def test_only_an_item_that_was_posted_has_a_number(desks: Desks) -> None:
    exchange = await desks.declared(IN_PERSON)
    assert isinstance(await desks.refused(right(exchange, RIGHT)), StepNotAllowed)
    await desks.say(handed_over(exchange, await desks.proof(), HANDED))
    assert isinstance(await desks.refused(right(exchange, RIGHT)), OtherWay)


async def offered(desks: Desks) -> ExchangeId:
    said = compose(
        Offer,
        holder=desks.holder,
        receiver=desks.requester,
        child=CHILD,
        legal_basis=LegalBasis.METHOD_CHILD_MOVE,
        receipt=Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.VOICE),
    )
    opening = COPIES.unasked
    assert opening is not None
    async with desks.bureau.desk(RECEIVED, desks.holder, desks.requester, OVERSIGHT) as desk:
        begun = await ENGINE.begin(desk, opening, Sent(desks.holder, as_signed(said, RECEIVED), said))
    return ExchangeId(begun.exchange)


def back(exchange: ExchangeId) -> TakeOfferBack:
    return compose(TakeOfferBack, exchange=exchange, reason=OfferTakenBack.WRONG_CHILD)


async def test_an_offer_is_taken_back_by_who_made_it_and_nobody_owes_it_any_more(desks: Desks) -> None:
    exchange = await offered(desks)
    assert isinstance(await desks.refused(back(exchange), by=desks.requester), StepNotAllowed)
    await desks.say(back(exchange))
    shown = await desks.shown(exchange)
    assert (shown.state, shown.duties) == (ExchangeState.WITHDRAWN, [])


async def test_what_was_sent_is_not_taken_back(desks: Desks) -> None:
    exchange = await offered(desks)
    async with desks.bureau.desk(noon(TOLD), desks.holder, desks.requester, OVERSIGHT) as desk:
        await left_in(desk, exchange, ExchangeState.DISPATCHED)
    assert isinstance(await desks.refused(back(exchange)), StepNotAllowed)


async def test_a_request_is_not_an_offer(desks: Desks) -> None:
    assert isinstance(await desks.refused(back(await desks.ask(IN_PERSON))), NothingOffered)
