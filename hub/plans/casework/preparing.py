"""What is to be sent to a family comes to the hub: first where, which is sealed, then the documents.

Nothing is held in the database while bytes flow; an upload that breaks off leaves nothing but the chance to
try again, and a second one of the same document is told that it is there. Another sending of the same plan
takes the place of one that was begun and not sent. Source: method S133; features 2.12.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held
from hub.parcels import casework as parcels
from hub.parcels.store import SegmentRow, row_of, sealed, segment, segments
from hub.passwords import casework as passwords
from hub.passwords.channels import Route
from hub.passwords.handover import ErasedBecause, Handover
from hub.plans import store
from hub.plans.casework.ending import end, handover_of
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.plans.office import PlansOffice
from hub.plans.sending import (
    SENDINGS_AT_MOST,
    SendingReused,
    SendingUnknown,
    TooLargeToMail,
    TooManySendings,
)
from hub.plans.steps import Action
from hub.plumbing.promises import promise
from hub.plumbing.rows import AlreadyThere, Rows, insert
from hub.sealing.archive import SealedSegment, directory, document_name
from hub.sealing.stream import gone_unless_said, seal_document
from hub.signing.signature import SignedHead
from hub.signing.statement import SignedStatement
from saikne_schemas.plan_sendings import PlanDocumentSealed, PlanRecipient, PlanSendingBegun
from saikne_schemas.plans import Plan
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel

ABANDON = "plans.abandon"
RECORDS = Matters(SUPPORT_PLANS)


class LengthMissing(Refusal):
    """The head does not say how long the document is, or that it is empty: it is sealed as it comes."""

    code = "plans.length-missing"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document as the head of its upload announces it."""

    matter: UUID
    sending: UUID
    no: int
    head: SignedHead
    media_type: str
    length: int | None
    """Content-Length in bytes; None when the body is chunked."""


async def begin(
    office: PlansOffice, centre: CentreId, said: PlanRecipient, signed: SignedStatement
) -> PlanSendingBegun:
    """Seal where the plan goes, and make the password that its documents are sealed with."""
    async with office.desk(centre) as desk:
        held = await _open(desk, centre, said.matter)
        there = await store.find_sending(desk.tx, said.matter, said.sending)
        if there is None:
            number = await _begin(desk, held, said, signed, office.preparation_time)
        elif there.recipient_sha256 != signed.sha256:
            raise SendingReused
        else:
            number = there.number
    return PlanSendingBegun(matter=said.matter, sending=said.sending, number=number)


async def _begin(
    desk: Desk, held: Held[Plan], said: PlanRecipient, signed: SignedStatement, patience: timedelta
) -> int:
    matter, (centre,) = held.identity, held.roles
    number = await store.last_number(desk.tx, matter) + 1
    if number > SENDINGS_AT_MOST:
        raise TooManySendings(at_most=SENDINGS_AT_MOST)
    sent = await store.sent_number(desk.tx, matter)
    await end(desk, matter, centre, ErasedBecause.DISCARDED, but=sent)
    row = {
        "matter_id": matter,
        "number": number,
        "id": said.sending,
        "recipient_sha256": signed.sha256,
        "begun_at": desk.now,
    }
    await insert(desk.tx, Rows(store.plan_sending, [row]))
    handover = handover_of(matter, number, centre)
    way = Route(DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.SMS, said.email, said.phone)
    await passwords.prepare(desk.tx, desk.keyring, handover, way)
    await promise(desk.tx, ABANDON, handover.payload(), after=patience)
    facts: dict[str, Fact] = {"sending": number, "key": signed.key_id, "nonce": signed.nonce}
    await record(desk.tx, EventKind.PLAN_RECIPIENT_SEALED, [centre], matter, facts)
    return number


async def receive(
    office: PlansOffice, centre: CentreId, arrival: Arrival, blocks: AsyncIterator[bytes]
) -> PlanDocumentSealed:
    """Seal a document as it comes; the same one again is answered as the first was."""
    if not arrival.length:
        raise LengthMissing
    name = document_name(arrival.no, arrival.media_type)
    wanted = SealedSegment(name, arrival.length, arrival.head.digest)
    async with office.desk(centre) as desk:
        handover = await _prepared(desk, centre, arrival)
        there = await segments(desk.tx, handover)
        if earlier := [one for one in there if one.no == arrival.no]:
            return _sealed(arrival, earlier[0], wanted)
        _check_room(there, wanted, office.bytes_at_most)
        password = await passwords.unwrap_for_sealing(desk.tx, desk.keyring, handover)
        place = parcels.path(handover, arrival.no)
    arrived = await seal_document(
        blocks,
        name=name,
        expected_bytes=arrival.length,
        expected_sha256=arrival.head.digest,
        password=password,
        store=office.blobs,
        path=place,
    )
    try:
        async with gone_unless_said(office.blobs, place) as object_, office.desk(centre) as desk:
            handover = await _prepared(desk, centre, arrival)
            _check_room(await segments(desk.tx, handover), wanted, office.bytes_at_most)
            row = row_of(handover, arrival.no, place, arrived, desk.now)
            await insert(desk.tx, Rows(segment, [row]))
            facts: dict[str, Fact] = {
                "sending": handover.round,
                "no": arrival.no,
                "sha256": arrival.head.digest.hex(),
                "key": arrival.head.key_id,
                "nonce": arrival.head.nonce,
            }
            await record(desk.tx, EventKind.PLAN_DOCUMENT_SEALED, [centre], handover.exchange, facts)
            object_.said()
    except AlreadyThere:
        async with office.desk(centre) as desk:
            there = await segments(desk.tx, handover)
        return _sealed(arrival, next(one for one in there if one.no == arrival.no), wanted)
    return _answer(arrival, wanted)


async def _open(desk: Desk, centre: CentreId, matter: UUID) -> Held[Plan]:
    """The plan, held, where it may be sent now."""
    held = await RECORDS.hold(desk, matter, centre)
    SUPPORT_PLANS.steps.require(held.state, Action.DISPATCH, held.roles[centre])
    return held


async def _prepared(desk: Desk, centre: CentreId, arrival: Arrival) -> Handover:
    await _open(desk, centre, arrival.matter)
    row = await store.find_sending(desk.tx, arrival.matter, arrival.sending)
    if row is None or not store.prepared(row):
        raise SendingUnknown
    return handover_of(arrival.matter, row.number, centre)


def _check_room(there: Sequence[SegmentRow], wanted: SealedSegment, bytes_at_most: int) -> None:
    """Whether the archive would still go as an attachment."""
    parts = [*(sealed(one) for one in there if one.name != wanted.name), wanted]
    if sum(one.segment_bytes for one in parts) + len(directory(parts)) > bytes_at_most:
        raise TooLargeToMail(bytes_at_most=bytes_at_most)


def _sealed(arrival: Arrival, row: SegmentRow, wanted: SealedSegment) -> PlanDocumentSealed:
    if sealed(row) != wanted:
        raise SendingReused(no=arrival.no)
    return _answer(arrival, wanted)


def _answer(arrival: Arrival, wanted: SealedSegment) -> PlanDocumentSealed:
    return PlanDocumentSealed(
        matter=arrival.matter,
        sending=arrival.sending,
        no=arrival.no,
        bytes=wanted.plain_bytes,
        sha256=wanted.sha256.hex(),
    )
