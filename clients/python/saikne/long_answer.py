"""A long answer of the hub: received in blocks by a thread, over a connection of its own.

TLS hands over 16 KB at a time. With each such piece an event loop is busy for three times as long as a thread
that waits for it, and longer than the hub that sends it; so the loop hears of whole blocks only.
"""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from typing import Any, ParamSpec, TypeVar

import httpcore
import httpx

from saikne.blocks import BLOCK_BYTES

_LONGEST_SECONDS = 1.0
"""How long a slow line's block grows: progress is seen, and little is lost with the process."""
_PIECE_BYTES = 64 * 1024
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")

P = ParamSpec("P")
T = TypeVar("T")


class LongAnswer:
    """Its head is there; its body comes block by block."""

    def __init__(self, head: httpx.Response, line: "_Line") -> None:
        self.head = head
        self._line = line
        self._blocks = _gathered(_pieces(head))

    async def block(self) -> bytearray | None:
        """`None` at the end. Where the connection breaks, what came before is given first."""
        return await self._line.wait_for(next, self._blocks, None)


@asynccontextmanager
async def long_answer(
    url: str, headers: Mapping[str, str], patience: httpx.Timeout
) -> AsyncIterator[LongAnswer]:
    """Ask for it. The answer to a refusal has been read."""
    line = _Line()
    with ExitStack() as held:

        def asked() -> httpx.Response:
            http = held.enter_context(httpx.Client(timeout=patience))
            extensions = {"trace": line.trace}
            head = held.enter_context(http.stream("GET", url, headers=headers, extensions=extensions))
            if not head.is_success:
                head.read()
            return head

        yield LongAnswer(await line.wait_for(asked), line)


class _Line:
    """The connection; it is cut when nobody waits for it any more, so that no thread does."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self._cut = False

    async def wait_for(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        working = asyncio.ensure_future(asyncio.to_thread(work, *given, **named))
        try:
            return await asyncio.shield(working)
        except asyncio.CancelledError:
            self._cut_off()
            await asyncio.wait({working})
            working.exception()
            raise

    def trace(self, event: str, seen: Mapping[str, Any]) -> None:
        """Told by httpx, in the thread."""
        if event.endswith(_CONNECTED):
            self._socket = seen["return_value"].get_extra_info("socket")
            if self._cut:
                self._cut_off()

    def _cut_off(self) -> None:
        self._cut = True
        if self._socket is not None:
            with suppress(OSError):  # broken already
                self._socket.shutdown(socket.SHUT_RDWR)


def _pieces(head: httpx.Response) -> Iterator[bytes]:
    """Past the parser: it finds nothing in a body of known length, and takes as long as TLS itself."""
    parsed = head.iter_raw()
    if "Content-Length" not in head.headers or "Transfer-Encoding" in head.headers:
        yield from parsed
        return
    first = next(parsed, b"")  # with all that the parser had read
    yield first
    network, left = head.extensions["network_stream"], int(head.headers["Content-Length"]) - len(first)
    patience = head.request.extensions["timeout"]["read"]
    while left:
        piece = network.read(min(left, _PIECE_BYTES), patience)
        if not piece:
            raise httpx.ReadError("the hub broke off")
        yield piece
        left -= len(piece)


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytearray]:
    block, due = bytearray(), time.monotonic() + _LONGEST_SECONDS
    broken: httpx.TransportError | None = None
    try:
        for piece in pieces:
            block += piece
            if len(block) >= BLOCK_BYTES or time.monotonic() > due:
                yield block
                block, due = bytearray(), time.monotonic() + _LONGEST_SECONDS
    except httpx.TransportError as error:
        broken = error
    except (httpcore.NetworkError, httpcore.TimeoutException) as error:
        broken = httpx.ReadError(str(error))
    if block:
        yield block
    if broken is not None:
        raise broken
