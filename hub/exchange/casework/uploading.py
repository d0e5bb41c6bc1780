"""One document on its way in: room is made, the bytes are sealed as they come, the deed is written down.

Nothing is held in the database while bytes flow. An upload that breaks off leaves nothing but the chance to
try again; a second one for the same document is told that it is there (features 2.12; method S78).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import store, ways
from hub.exchange.casework.answering import DocumentNotDeclared
from hub.exchange.casework.case import Case, Desk, open_case
from hub.exchange.steps import Action
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.parcels import casework as parcels
from hub.parcels.store import row_of, segment
from hub.passwords import casework as passwords
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Tx
from hub.plumbing.rows import AlreadyThere, Rows, insert
from hub.sealing.archive import SealedSegment, document_name
from hub.sealing.stream import gone_unless_said, seal_document
from hub.signing.signature import SignedHead
from saikne_schemas.views import SentDocument

DeskMaker = Callable[[CentreId], AbstractAsyncContextManager[Desk]]


class NotAsDeclared(Refusal):
    """The upload's head names another digest, length or media type than the manifest."""

    code = "exchange.document-not-as-declared"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An upload as its head announces it."""

    exchange: ExchangeId
    round: int
    no: int
    head: SignedHead
    media_type: str
    length: int | None
    """Content-Length in bytes; None when the body is chunked."""


async def receive(
    desks: DeskMaker, blobs: Blobs, caller: CentreId, arrival: Arrival, blocks: AsyncIterator[bytes]
) -> SentDocument:
    async with desks(caller) as desk:
        case = await open_case(desk.tx, caller, arrival.exchange)
        declared = await _declared(desk.tx, case, arrival.round, arrival.no)
        _check(arrival, declared)
        if declared.sealed_at is not None:
            return await _sent(desk, arrival)
        place = await _make_room(desk, case, declared)
    sealed = await seal_document(
        blocks,
        name=place.name,
        expected_bytes=declared.bytes,
        expected_sha256=declared.sha256,
        password=place.password,
        store=blobs,
        path=place.path,
    )
    try:
        async with gone_unless_said(blobs, place.path) as there, desks(caller) as desk:
            case = await open_case(desk.tx, caller, arrival.exchange)
            signed_by = {"key": arrival.head.key_id, "nonce": arrival.head.nonce}
            await _take(desk, case, place, sealed, signed_by)
            sent = await _sent(desk, arrival)
            there.said()
    except AlreadyThere:
        async with desks(caller) as desk:
            return await _sent(desk, arrival)
    return sent


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a document will lie: known before its first byte is read."""

    declared: store.DeclaredRow
    """The document's row."""
    name: str
    path: str
    password: Secret


async def _declared(tx: Tx, case: Case, round_no: int, no: int) -> store.DeclaredRow:
    """The row of document `no`, while documents are taken."""
    case.require(Action.SEAL)
    case.check_round(round_no)
    for declared in await store.documents(tx, case.identity, round_no):
        if declared.pages is not None:
            raise ways.OtherWay(no=no)
        if declared.no == no:
            return declared
    raise DocumentNotDeclared(no=no)


async def _make_room(desk: Desk, case: Case, declared: store.DeclaredRow) -> _Place:
    password = await passwords.unwrap_for_sealing(desk.tx, desk.keyring, case.handover)
    name = document_name(declared.no, declared.media_type)
    return _Place(declared, name, parcels.path(case.handover, declared.no), password)


async def _take(
    desk: Desk, case: Case, place: _Place, sealed: SealedSegment, signed_by: dict[str, str]
) -> None:
    """The document is whole, as declared, and sealed: say so."""
    declared = place.declared
    case.require(Action.SEAL)
    case.check_round(declared.round)
    row = row_of(case.handover, declared.no, place.path, sealed, desk.now)
    await insert(desk.tx, Rows(segment, [row]))
    facts = {"round": declared.round, "no": declared.no, "sha256": declared.sha256.hex(), **signed_by}
    await record(desk.tx, EventKind.DOCUMENT_SEALED, [case.holder], case.identity, facts)


def _check(arrival: Arrival, declared: store.DeclaredRow) -> None:
    differing = [
        name
        for name, given, wanted in (
            ("sha256", arrival.head.digest, declared.sha256),
            ("media_type", arrival.media_type, declared.media_type),
            ("bytes", arrival.length if arrival.length is not None else declared.bytes, declared.bytes),
        )
        if given != wanted
    ]
    if differing:
        raise NotAsDeclared(no=arrival.no, differing=differing)


async def _sent(desk: Desk, arrival: Arrival) -> SentDocument:
    rows = await store.documents(desk.tx, arrival.exchange, arrival.round)
    this = next(row for row in rows if row.no == arrival.no)
    return SentDocument(
        exchange=arrival.exchange,
        round=arrival.round,
        no=arrival.no,
        bytes=this.bytes,
        sha256=this.sha256.hex(),
        awaited=[row.no for row in rows if row.sealed_at is None],
    )
