"""An archive in place of paper: to addresses that are notified by now, under the same rules as any other."""

from typing import Any
from uuid import UUID

import pytest

from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.passwords import casework as passwords
from hub.passwords.handover import Handover
from saikne import compose
from saikne_demo.stage import ZEMGALE
from saikne_schemas.manifests import AnswerManifest, Receipt
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DepartureReason,
    Derivative,
    FormType,
    MediaType,
    Original,
    PasswordChannel,
)
from tests.exchange.bureau import CHILD, Bureau, noon
from tests.exchange.papers import IN_PERSON, TOLD, Desks

BECAUSE = DepartureReason.ASKED_BY_REQUESTER
HUB_SMS = Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.SMS)


@pytest.fixture
def desks(bureau: Bureau, requester: CentreId, holder: CentreId) -> Desks:
    return Desks(bureau, requester, holder)


def archive(exchange: UUID, **changes: Any) -> AnswerManifest:
    document = {
        "no": 1,
        "form": FormType.IAP,
        "subject": CHILD,
        "media_type": MediaType.ASICE,
        "bytes": 100,
        "sha256": "0" * 64,
        "original": Original.ELECTRONIC,
        "derivative": Derivative.ORIGINAL,
    }
    return compose(AnswerManifest, **{"exchange": exchange, "documents": [document], **changes})


async def test_an_archive_in_place_of_paper_goes_to_the_notified_addresses(desks: Desks) -> None:
    exchange = await desks.ask(IN_PERSON)
    await desks.say(archive(exchange, way=HUB_SMS, departure=BECAUSE))
    view = await desks.shown(exchange)
    assert view.answer is not None
    assert (view.receipt, view.answer.way, view.answer.departure) == (IN_PERSON, "hub", BECAUSE)
    assert view.answer.password is not None
    assert view.answer.password.channel == "sms"


async def test_an_archive_in_place_of_paper_is_bound_to_the_addresses_of_its_declaration(
    desks: Desks,
) -> None:
    exchange = await desks.ask(IN_PERSON)
    await desks.say(archive(exchange, way=HUB_SMS, departure=BECAUSE))
    async with desks.bureau.desk(noon(TOLD), desks.requester, desks.holder) as desk:
        handover = Handover(exchange, 1, desks.requester, desks.holder)
        kept = await passwords.kept(desk.tx, handover)
    assert (kept.archive_address, kept.address) == (ZEMGALE.notices, ZEMGALE.password_phone)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, "exchange.departs-from-wish"),
        ({"departure": BECAUSE}, "exchange.departs-from-wish"),
        ({"way": HUB_SMS}, "exchange.departs-from-wish"),
        (
            {"way": HUB_SMS, "departure": DepartureReason.NOT_KEPT_ELECTRONICALLY},
            "exchange.departure-does-not-fit",
        ),
        (
            {"way": Receipt(channel=DeliveryChannel.REGISTERED_POST), "departure": BECAUSE},
            "passwords.channel-not-offered",
        ),
        (
            {
                "way": Receipt(
                    channel=DeliveryChannel.EMAIL_TWO_STEP, password_channel=PasswordChannel.EMAIL
                ),
                "departure": BECAUSE,
            },
            "passwords.same-channel",
        ),
    ],
)
async def test_an_archive_in_place_of_paper_follows_the_rules_of_archives(
    desks: Desks, changes: dict[str, Any], code: str
) -> None:
    exchange = await desks.ask(IN_PERSON)
    assert (await desks.refused(archive(exchange, **changes))).code == code


async def test_an_archive_needs_an_address_that_paper_did_not(bureau: Bureau, holder: CentreId) -> None:
    silent = ZEMGALE.model_copy(update={"password_phone": None})
    desks = Desks(bureau, await bureau.admit("Zemgale", "50008021661", silent), holder)
    exchange = await desks.ask(IN_PERSON)
    said = archive(exchange, way=HUB_SMS, departure=BECAUSE)
    assert (await desks.refused(said)).code == "passwords.no-contact"


async def test_no_archive_takes_the_place_of_another(desks: Desks, asked: ExchangeId) -> None:
    other = archive(asked, way=HUB_SMS, departure=BECAUSE)
    assert (await desks.refused(other)).code == "exchange.departure-does-not-fit"
    with pytest.raises(Refusal) as refused:
        await desks.say(archive(asked, departure=BECAUSE))
    assert refused.value.code == "exchange.departure-does-not-fit"
