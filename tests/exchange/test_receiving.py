"""The term of a centre outside of the hub runs from the day on which the letter came to it, once told."""

from datetime import date
from uuid import uuid4

import pytest

from hub.centres.casework import name_outside
from hub.exchange.casework import reading
from hub.exchange.casework.receiving import ReceivedInTheHub
from hub.kernel.days import DateBeforeCause
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from saikne import compose
from saikne_schemas.enrolment import LegalEntity
from saikne_schemas.extensions import AcceptExtension, ProposeExtension
from saikne_schemas.manifests import Receipt
from saikne_schemas.outside import NameOutsideCentre, RequestReceived
from saikne_schemas.statements import CameBy, ForOutside
from saikne_schemas.views import TermView
from saikne_schemas.vocabulary import DeliveryChannel, ExtensionReason
from tests.exchange.bureau import DUE, RECEIVED, Bureau, noon, request_for_copies
from tests.exchange.papers import proof
from tests.terms import term_of

BY_POST = Receipt(channel=DeliveryChannel.REGISTERED_POST)
CAME, TOLD = date(2026, 11, 5), date(2026, 11, 9)
LATER = date(2026, 11, 20)
"""Ten working days after Thursday 5 November; the 18th is the proclamation's day."""


@pytest.fixture
async def outside(bureau: Bureau, requester: CentreId) -> CentreId:
    said = compose(
        NameOutsideCentre,
        id=uuid4(),
        name="Ozols",
        legal_entity=LegalEntity(name="Biedrība Ozola zars", registration_number="40008321003"),
        postal_address="Skolas iela 3, Alūksne, LV-4301",
        email="birojs@ozols.example",
    )
    centre = CentreId(said.id)
    async with bureau.owner.transaction([requester, OVERSIGHT, centre]) as tx:
        named = await name_outside(tx, requester, said, b"0" * 32, RECEIVED)
    return CentreId(named.centre.id)


@pytest.fixture
async def letter(bureau: Bureau, requester: CentreId, outside: CentreId) -> ExchangeId:
    return await bureau.ask(RECEIVED, request_for_copies(requester, outside, receipt=BY_POST))


async def told(
    bureau: Bureau, requester: CentreId, outside: CentreId, exchange: ExchangeId, on: date = CAME
) -> None:
    word = ForOutside(
        centre=outside,
        on=on,
        came_by=CameBy.REGISTERED_POST,
        proofs=[await proof(bureau, requester, TOLD)],
    )
    said = compose(RequestReceived, exchange=exchange, for_outside=word)
    await bureau.say(noon(TOLD), requester, exchange, said)


async def term(bureau: Bureau, tenant: CentreId, exchange: ExchangeId) -> TermView:
    async with bureau.desk(noon(TOLD), tenant) as desk:
        return term_of(await reading.show(desk, tenant, exchange))


async def test_until_it_is_told_the_term_is_counted_from_the_asking(
    bureau: Bureau, requester: CentreId, outside: CentreId, letter: ExchangeId
) -> None:
    before = await term(bureau, requester, letter)
    assert (before.starts_on, before.due_on, before.basis) == (RECEIVED.date(), DUE, "request_made")
    await told(bureau, requester, outside, letter)
    after = await term(bureau, requester, letter)
    assert (after.starts_on, after.due_on, after.basis) == (CAME, LATER, "request_received")
    async with bureau.desk(noon(TOLD), requester) as desk:
        (owed,) = (await reading.show(desk, requester, letter)).duties
    assert (owed.kind, owed.due_on) == ("answer", LATER)


async def test_what_was_told_wrongly_is_told_again(
    bureau: Bureau, requester: CentreId, outside: CentreId, letter: ExchangeId
) -> None:
    await told(bureau, requester, outside, letter)
    await told(bureau, requester, outside, letter, date(2026, 11, 3))
    assert (await term(bureau, requester, letter)).starts_on == date(2026, 11, 3)
    with pytest.raises(DateBeforeCause):
        await told(bureau, requester, outside, letter, date(2026, 10, 30))


async def test_a_day_that_was_agreed_stays(
    bureau: Bureau, requester: CentreId, outside: CentreId, letter: ExchangeId
) -> None:
    until, proofs = date(2026, 12, 1), [await proof(bureau, requester, TOLD)]
    word = ForOutside(centre=outside, on=CAME, came_by=CameBy.EMAIL, proofs=proofs)
    later = compose(
        ProposeExtension, exchange=letter, until=until, reason=ExtensionReason.VOLUME, for_outside=word
    )
    await bureau.say(noon(TOLD), requester, letter, later)
    await bureau.say(
        noon(TOLD), requester, letter, compose(AcceptExtension, exchange=letter, proposal=later.id)
    )
    await told(bureau, requester, outside, letter)
    assert (await term(bureau, requester, letter)).due_on == until


async def test_a_member_has_it_when_it_is_made(bureau: Bureau, holder: CentreId, asked: ExchangeId) -> None:
    with pytest.raises(ReceivedInTheHub):
        await bureau.say(noon(TOLD), holder, asked, compose(RequestReceived, exchange=asked))
    assert (await term(bureau, holder, asked)).basis == "request_received"
