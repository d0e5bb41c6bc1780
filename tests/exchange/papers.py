"""What is said of copies on paper, in the words of the bureau's centres."""

import base64
import json
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.exchange.casework import reading
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.proofs import store as proofs
from saikne import compose
from saikne_schemas.manifests import AuthorisedPerson, Certification, Receipt
from saikne_schemas.paper import HandedOver, PaperAnswer, PaperDocument, Posted
from saikne_schemas.proofs import ProofRef
from saikne_schemas.views import ExchangeView
from saikne_schemas.vocabulary import (
    Authority,
    CertificationWords,
    DeliveryChannel,
    Derivative,
    FormType,
    Original,
)
from tests.exchange.bureau import CHILD, RECEIVED, Bureau, noon, request_for_copies

IN_PERSON = Receipt(channel=DeliveryChannel.IN_PERSON)
BY_POST = Receipt(channel=DeliveryChannel.REGISTERED_POST)
ILZE = AuthorisedPerson(name="Ilze Kalniņa", position="vadītāja")
CERTIFIED = Certification(
    words=CertificationWords.KOPIJA_PAREIZA,
    officer="Solvita Krēsliņa",
    position="vadītāja",
    organisation="Biedrība „Ligzda”",
    on=date(2026, 11, 9),
)


def paper(form: FormType = FormType.IAP, subject: str = CHILD, **changes: Any) -> PaperDocument:
    fields = {
        "no": 1,
        "form": form,
        "subject": subject,
        "pages": 12,
        "original": Original.PAPER,
        "derivative": Derivative.COPY,
    }
    return PaperDocument.model_validate({**fields, **changes})


def paper_answer(exchange: UUID, way: DeliveryChannel, **changes: Any) -> PaperAnswer:
    fields = {"exchange": exchange, "way": way, "certification": CERTIFIED, "documents": [paper()]}
    return compose(PaperAnswer, **{**fields, **changes})


async def proof(bureau: Bureau, owner: CentreId, day: date) -> ProofRef:
    """A signed sheet or a receipt that the centre has sent before."""
    identity, digest = uuid4(), bytes(32)
    row = {
        "tenant_id": owner,
        "id": identity,
        "media_type": "image/jpeg",
        "bytes": 1,
        "sha256": digest,
        "path": f"proofs/{identity}",
        "segment_bytes": 1,
        "archive_sha256": digest,
        "wrapped": b"wrapped",
        "sealed_at": noon(day),
    }
    async with bureau.desk(noon(day), owner) as desk:
        assert await proofs.keep(desk.tx, row)
    return ProofRef(id=identity, sha256=digest.hex())


def handed_over(exchange: ExchangeId, sheet: ProofRef, day: date, **changes: Any) -> HandedOver:
    fields = {
        "exchange": exchange,
        "round": 1,
        "to": ILZE,
        "authority": Authority.LISTED_REPRESENTATIVE,
        "handed_over_on": day,
        "proofs": [sheet],
    }
    return compose(HandedOver, **{**fields, **changes})


def posted(exchange: ExchangeId, receipt: ProofRef, day: date, **changes: Any) -> Posted:
    fields = {
        "exchange": exchange,
        "round": 1,
        "item_number": "RR123456785LV",
        "posted_on": day,
        "proofs": [receipt],
    }
    return compose(Posted, **{**fields, **changes})


HANDED, TOLD = date(2026, 11, 12), date(2026, 11, 18)
"""Handed over in time, told of after the due date."""


class Desks:
    """Both centres, and one exchange between them."""

    def __init__(self, bureau: Bureau, requester: CentreId, holder: CentreId) -> None:
        self.bureau, self.requester, self.holder = bureau, requester, holder

    async def ask(self, wish: Receipt, **changes: Any) -> ExchangeId:
        request = request_for_copies(self.requester, self.holder, receipt=wish, **changes)
        return await self.bureau.ask(RECEIVED, request)

    async def declared(self, wish: Receipt, **changes: Any) -> ExchangeId:
        exchange = await self.ask(wish)
        await self.say(paper_answer(exchange, wish.channel, **changes))
        return exchange

    async def say(self, statement: Any, day: date = TOLD, *, by: CentreId | None = None) -> None:
        exchange = ExchangeId(statement.exchange)
        await self.bureau.say(noon(day), by or self.holder, exchange, statement)

    async def refused(self, statement: Any, *, by: CentreId | None = None) -> Refusal:
        before = await self.shown(ExchangeId(statement.exchange))
        with pytest.raises(Refusal) as refusal:
            await self.say(statement, by=by)
        assert await self.shown(ExchangeId(statement.exchange)) == before
        return refusal.value

    async def shown(self, exchange: ExchangeId, day: date = TOLD) -> ExchangeView:
        async with self.bureau.desk(noon(day), self.holder) as desk:
            return await reading.show(desk, self.holder, exchange)

    async def late(self, day: date = TOLD) -> list[date]:
        async with self.bureau.desk(noon(day), OVERSIGHT) as desk:
            calendars = await self.bureau.calendars.current(desk.tx)
            page = await reading.overdue(desk.tx, calendars, day, tenant=OVERSIGHT, after=None, limit=9)
        return [item.due_on for item in page.items]

    async def proof(self) -> Any:
        return await proof(self.bureau, self.holder, TOLD)

    async def receipt(self, exchange: ExchangeId) -> Any:
        async with self.bureau.desk(noon(TOLD), self.requester) as desk:
            told = await reading.receipt(desk, self.holder, exchange)
        payload = told.receipt.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
