"""One document on its way in: room is made, the bytes are sealed as they come, the deed is written down.

Nothing is held in the database while bytes flow. An upload that breaks off leaves nothing but the chance to
try again; a second one for the same document is told that it is there (features 2.12; method S78).
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from hub.exchange import store
from hub.exchange.casework.answering import Place, make_room, take_document
from hub.exchange.casework.statements import Desk, open_case
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.plumbing.blobs import Blobs
from hub.sealing.stream import seal_document
from hub.signing.signature import SignedHead
from saikne_schemas.views import SentDocument

DeskMaker = Callable[[CentreId], AbstractAsyncContextManager[Desk]]


class NotAsDeclared(Refusal):
    """The upload's head names another digest, length or media type than the manifest."""

    code = "exchange.document-not-as-declared"


class UploadBrokenOff(Refusal):
    """The sender hung up before the document was whole."""

    code = "exchange.upload-broken-off"


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
        place = await make_room(desk, case, arrival.round, arrival.no)
        declared = await store.documents(desk.tx, arrival.exchange, arrival.round)
    if place is None:
        return _sent(arrival, declared)
    _check(arrival, place)
    sealed = await seal_document(
        blocks,
        name=place.name,
        expected_bytes=place.declared.bytes,
        expected_sha256=place.declared.sha256,
        password=place.password,
        store=blobs,
        path=place.path,
    )
    try:
        async with desks(caller) as desk:
            case = await open_case(desk.tx, caller, arrival.exchange)
            signed_by = {"key": arrival.head.key_id, "nonce": arrival.head.nonce}
            await take_document(desk, case, place, sealed, signed_by)
    except store.AlreadyThere:
        await blobs.delete([place.path])
    except BaseException:
        await blobs.delete([place.path])
        raise
    async with desks(caller) as desk:
        return _sent(arrival, await store.documents(desk.tx, arrival.exchange, arrival.round))


def _check(arrival: Arrival, place: Place) -> None:
    declared = place.declared
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


def _sent(arrival: Arrival, declared: object) -> SentDocument:
    rows = list(declared)  # type: ignore[call-overload]
    this = next(row for row in rows if row.no == arrival.no)
    return SentDocument(
        exchange=arrival.exchange,
        round=arrival.round,
        no=arrival.no,
        bytes=this.bytes,
        sha256=this.sha256.hex(),
        awaited=[row.no for row in rows if row.sealed_at is None],
    )
