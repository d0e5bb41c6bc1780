"""The hub's casework without its doors: centres on a fresh database, statements taken at any moment."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.centres import casework as centres
from hub.centres.enrolment import read_enrolment
from hub.duties import store as duties
from hub.duties.duty import DutyKind, Ending
from hub.exchange.casework.answering import NOTHING
from hub.exchange.casework.case import Desk
from hub.exchange.casework.copies import COPIES, ENGINE, dispatching
from hub.exchange.copy_request import AskedAlready
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.steps import Step
from hub.matters import store as matters
from hub.matters.casework.records import Sent
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from hub.workdays.casework import CalendarShelf
from saikne import CentreKeys, compose, enrolment_file, new_enrolment, wire_bytes
from saikne_schemas.beside import Despite
from saikne_schemas.correction_words import DespiteReason
from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity
from saikne_schemas.manifests import Receipt, RequestForCopies
from saikne_schemas.statements import Statement
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    ExchangeKind,
    ExchangeState,
    LegalBasis,
    PasswordChannel,
    Purpose,
)
from saikne_schemas.wire import WireDocument

CHILD = "AG-7741-B1"
RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC)
DUE = date(2026, 11, 16)
"""Ten working days after Monday 2 November: 3-6, 9-13 and the 16th."""


VERBS = {verb.statement: verb for verb in (*COPIES.verbs, dispatching(NOTHING))}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@dataclass
class Bureau:
    """Whoever calls is believed."""

    database: Database
    owner: Database
    keyring: Keyring
    calendars: CalendarShelf = field(default_factory=CalendarShelf)

    async def admit(self, name: str, number: str, contacts: Contacts) -> CentreId:
        keys, entity = CentreKeys.generate(), LegalEntity(name=name, registration_number=number)
        agreed = Agreement(version="2026-1", signed_on=date(2026, 1, 5))
        enrolment = new_enrolment(keys, name=name, legal_entity=entity, contacts=contacts, agreement=agreed)
        proven = read_enrolment(enrolment_file(enrolment, keys), date(2026, 11, 1))
        tenant = CentreId(enrolment.id)
        async with self.owner.transaction([tenant]) as tx:
            await centres.admit(tx, proven, datetime.fromisoformat("2026-01-05T09:00:00Z"))
        return tenant

    @asynccontextmanager
    async def desk(self, now: datetime, *parties: CentreId) -> AsyncIterator[Desk]:
        async with self.database.transaction(parties) as tx:
            yield Desk(
                tx=tx,
                now=now,
                keyring=self.keyring,
                calendars=self.calendars,
                payload_time=timedelta(days=30),
                preparation_time=timedelta(days=30),
            )

    async def ask(self, now: datetime, request: RequestForCopies) -> ExchangeId:
        """Where the same is asked for already, saying why."""
        try:
            return await self._asked(now, request)
        except AskedAlready as refused:
            already: Any = refused.facts["already"]
            despite = Despite(already=[UUID(one) for one in already], reason=DespiteReason.OTHER_FAMILY)
            return await self._asked(now, request.model_copy(update={"despite": despite}))

    async def _asked(self, now: datetime, request: RequestForCopies) -> ExchangeId:
        caller, holder = CentreId(request.requester), CentreId(request.holder)
        async with self.desk(now, caller, holder, OVERSIGHT) as desk:
            sent = Sent(caller, as_signed(request, now), request)
            accepted = await ENGINE.begin(desk, COPIES.opening, sent)
        return ExchangeId(accepted.exchange)

    async def say(self, now: datetime, caller: CentreId, exchange: ExchangeId, statement: Statement) -> None:
        """Any statement about an exchange; of a dispatch no archive is made."""
        sent = Sent(caller, as_signed(statement, now), statement)
        async with self.desk(now, caller) as desk:
            await ENGINE.advance(desk, VERBS[type(statement)], exchange, sent)


async def left_in(desk: Desk, exchange: ExchangeId, state: ExchangeState, **changes: object) -> None:
    """Where an act would leave the record, without the act."""
    row: Any = await matters.lock(desk.tx, exchange)
    await matters.move(desk.tx, exchange, Step(state), row.content | changes, desk.now)


async def met(desk: Desk, exchange: ExchangeId) -> None:
    """The answer is given, whoever says so."""
    deed = duties.Deed(Ending.MET, desk.now, uuid4())
    await duties.end(desk.tx, exchange, [DutyKind.ANSWER], deed)


def as_signed(statement: WireDocument, now: datetime) -> SignedStatement:
    """A statement as the gatekeeper would hand it on."""
    body = wire_bytes(statement)
    return SignedStatement(
        body=body,
        sha256=hashlib.sha256(body).digest(),
        signature_base=b"base",
        signature=b"signature",
        key_id="key",
        alg="ed25519",
        nonce="nonce",
        created=now,
        expires=now + timedelta(seconds=60),
        public_jwk={},
    )


def request_for_copies(requester: CentreId, holder: CentreId, **changes: Any) -> RequestForCopies:
    fields = {
        "requester": requester,
        "holder": holder,
        "kind": ExchangeKind.CHILD_IAP,
        "children": [CHILD],
        "legal_basis": LegalBasis.METHOD_CHILD_MOVE,
        "purpose": Purpose.CARE_OF_PLACED_CHILD,
        "receipt": Receipt(channel=DeliveryChannel.HUB, password_channel=PasswordChannel.VOICE),
    }
    return compose(RequestForCopies, **{**fields, **changes})
