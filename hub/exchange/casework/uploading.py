"""One document on its way in: room is made, the bytes are sealed as they come, the deed is written down.

Nothing is held in the database while bytes flow. An upload that breaks off leaves nothing but the chance to
try again; a second one for the same document is told that it is there (features 2.12; method S78).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from hub.exchange import store
from hub.exchange.casework.answering import declared_document, make_room, take_document
from hub.exchange.casework.statements import Desk, open_case
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.plumbing.blobs import Blobs
from hub.plumbing.rows import AlreadyThere
from hub.sealing.stream import seal_document
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
        declared = await declared_document(desk.tx, case, arrival.round, arrival.no)
        _check(arrival, declared)
        if declared.sealed_at is not None:
            return await _sent(desk, arrival)
        place = await make_room(desk, case, declared)
    sealed = await seal_document(
        blocks,
        name=place.name,
        expected_bytes=declared.bytes,
        expected_sha256=declared.sha256,
        password=place.password,
        store=blobs,
        path=place.path,
    )
    perhaps_said = False
    try:
        async with desks(caller) as desk:
            case = await open_case(desk.tx, caller, arrival.exchange)
            signed_by = {"key": arrival.head.key_id, "nonce": arrival.head.nonce}
            await take_document(desk, case, place, sealed, signed_by)
            sent = await _sent(desk, arrival)
            perhaps_said = True  # the commit decides, and its answer may be lost: then the sweep looks
    except BaseException as trouble:
        if not perhaps_said:
            await blobs.delete([place.path])
        if not isinstance(trouble, AlreadyThere):
            raise
        async with desks(caller) as desk:
            return await _sent(desk, arrival)
    return sent


def _check(arrival: Arrival, declared: Any) -> None:
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
