"""How a document becomes a segment while it arrives: whole, as declared, sealed once, or not at all.

Source: `security` 6; `house` habit 10. Blocks are copied on the event loop into trays. A tray is hashed, then
enciphered in place, then authenticated, each on whichever bench is free, and a clerk carries it to the
object store. All of that runs at once, a fixed number of trays is under way, and clear bytes exist nowhere
but in those trays.

The digest is compared before the object store is told that the object is complete. Any refusal, outage or
cancellation before that leaves nothing behind.
"""

import asyncio
import hashlib
import hmac
import os
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from queue import SimpleQueue
from weakref import finalize

import numpy as np

from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.plumbing.blobs import Blobs
from hub.sealing.ae2 import AuthenticationCode, Keystream, derive_keys
from hub.sealing.archive import SALT_BYTES, SealedSegment, local_header
from hub.sealing.bench import BENCHES, CLERKS, Turns

TRAY_BYTES = 1 << 20
TRAYS_UNDER_WAY = 12


class DocumentTooLong(Refusal):
    code = "sealing.document-too-long"


class DocumentTruncated(Refusal):
    code = "sealing.document-truncated"


class DigestMismatch(Refusal):
    code = "sealing.digest-mismatch"


async def seal_document(
    blocks: AsyncIterable[bytes],
    *,
    name: str,
    expected_bytes: int,
    expected_sha256: bytes,
    password: Secret,
    store: Blobs,
    path: str,
) -> SealedSegment:
    """Seal what arrives into a new object at `path`, which no other document may use.

    Refuses a document that is longer, shorter or other than declared. Raises the store's outages.
    """
    segment = SealedSegment(name, expected_bytes, expected_sha256)
    line = _Line(segment, password, store, path)
    try:
        async for block in blocks:
            await line.take(block)
        await line.finish()
    except BaseException:
        await line.abandon()
        raise
    return segment


async def seal_bytes(
    content: bytes, *, name: str, password: Secret, store: Blobs, path: str
) -> SealedSegment:
    """Seal a small entry of the hub's own making: a manifest, its signature, the certification's words."""
    return await seal_document(
        _one_block(content),
        name=name,
        expected_bytes=len(content),
        expected_sha256=hashlib.sha256(content).digest(),
        password=password,
        store=store,
        path=path,
    )


class There:
    """A sealed object of which nobody was told yet."""

    def __init__(self) -> None:
        self.perhaps_said = False

    def said(self) -> None:
        """Right before the commit, which decides; its answer may be lost, and then the sweep looks."""
        self.perhaps_said = True


@asynccontextmanager
async def gone_unless_said(store: Blobs, path: str) -> AsyncIterator[There]:
    """What was sealed at `path` is deleted again where nobody came to say that it is there."""
    there = There()
    try:
        yield there
    finally:
        if not there.perhaps_said:
            await store.delete([path])


async def _one_block(content: bytes) -> AsyncIterator[bytes]:
    yield content


class _Abandoned(Exception):  # noqa: N818  # said by us to the clerk, who stops; nobody else hears it
    pass


class _Trays:
    """Memory that is used again as soon as the store has let go of it.

    The store keeps what it was handed by reference until it is written, and says nothing when it is done;
    but then nobody holds the tray any more, and its memory comes back. So a tray that went to the store is
    never touched again, and a large document does not ask the system for as much memory as it is long.
    """

    def __init__(self, tray_bytes: int) -> None:
        self._tray_bytes = tray_bytes
        self._spare: list[np.ndarray[tuple[int], np.dtype[np.uint8]]] = []

    def fetch(self) -> memoryview:
        memory = self._spare.pop() if self._spare else np.empty(self._tray_bytes, dtype=np.uint8)
        tray = memory.data
        finalize(tray, self._spare.append, memory).atexit = False
        return tray


class _Line:
    """One document on its way from the sender to the store."""

    def __init__(self, segment: SealedSegment, password: Secret, store: Blobs, path: str) -> None:
        self._segment, self._store, self._path = segment, store, path
        self._loop = asyncio.get_running_loop()
        self._places = asyncio.Semaphore(TRAYS_UNDER_WAY)
        self._tray_bytes = max(1, min(TRAY_BYTES, segment.plain_bytes))
        self._trays = _Trays(self._tray_bytes)
        self._tray, self._filled, self._taken = memoryview(b""), 0, 0
        self._ready: SimpleQueue[memoryview | BaseException | None] = SimpleQueue()
        self._abandoned = False
        self._hashing = Turns(BENCHES, self._ready.put)
        self._enciphering = Turns(BENCHES, self._ready.put)
        self._authenticating = Turns(BENCHES, self._ready.put)
        self._digest = hashlib.sha256()
        self._enciphering.then(partial(self._open, password))
        self._stored = self._loop.run_in_executor(CLERKS, self._carry)
        self._stored.add_done_callback(self._wake)

    # On the event loop.

    async def take(self, block: bytes) -> None:
        """Copy a block into trays; waits while too many are under way."""
        self._taken += len(block)
        if self._taken > self._segment.plain_bytes:
            raise DocumentTooLong(declared_bytes=self._segment.plain_bytes)
        rest = memoryview(block)
        while rest:
            if self._filled == len(self._tray):
                await self._fetch_tray()
            fits = min(len(rest), len(self._tray) - self._filled)
            self._tray[self._filled : self._filled + fits] = rest[:fits]
            self._filled += fits
            rest = rest[fits:]
            if self._filled == len(self._tray):
                self._hashing.then(partial(self._hash, self._tray))

    async def finish(self) -> None:
        """Close the segment and wait until the store holds it."""
        if self._taken < self._segment.plain_bytes:
            raise DocumentTruncated(declared_bytes=self._segment.plain_bytes, arrived_bytes=self._taken)
        if self._filled < len(self._tray):
            self._hashing.then(partial(self._hash, self._tray[: self._filled]))
        self._hashing.then(self._compare)
        await asyncio.shield(self._stored)

    async def abandon(self) -> None:
        """Stop every thread at this document and leave nothing of it in the store."""
        self._abandoned = True
        self._ready.put(_Abandoned())
        await asyncio.wait({self._stored})
        if self._stored.exception() is None:
            await self._store.delete([self._path])

    def _wake(self, stored: asyncio.Future[None]) -> None:
        """Let a sender who waits for a place hear that the store has ended, well or badly."""
        stored.exception()  # seen, even if the sender is gone before it can be told
        self._places.release()

    async def _fetch_tray(self) -> None:
        await self._places.acquire()
        if self._stored.done():  # before the end: it failed
            self._stored.result()
        self._tray, self._filled = self._trays.fetch(), 0

    # On a bench, one step of each kind at a time, in order.

    def _open(self, password: Secret) -> None:
        keys = derive_keys(password, os.urandom(SALT_BYTES))
        self._keystream = Keystream(keys, self._tray_bytes)
        self._code = AuthenticationCode(keys)
        self._ready.put(memoryview(local_header(self._segment) + keys.salt + keys.verifier))

    def _hash(self, tray: memoryview) -> None:
        if not self._abandoned:
            self._digest.update(tray)
            self._enciphering.then(partial(self._encipher, tray))

    def _encipher(self, tray: memoryview) -> None:
        if not self._abandoned:
            self._keystream.encipher(tray)
            self._authenticating.then(partial(self._authenticate, tray))

    def _authenticate(self, tray: memoryview) -> None:
        if not self._abandoned:
            self._code.add(tray)
            self._ready.put(tray)

    def _compare(self) -> None:
        if not hmac.compare_digest(self._digest.digest(), self._segment.sha256):
            raise DigestMismatch
        self._enciphering.then(partial(self._authenticating.then, self._close))

    def _close(self) -> None:
        self._ready.put(memoryview(self._code.finish()))
        self._ready.put(None)

    # With the clerk.

    def _carry(self) -> None:
        self._store.put_pieces(self._path, self._pieces(), size_bytes=self._segment.segment_bytes)

    def _pieces(self) -> Iterator[memoryview]:
        while (piece := self._ready.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece
            del piece  # the tray's memory waits for nobody but the store
            self._loop.call_soon_threadsafe(self._places.release)
