"""A long answer of the hub: received in blocks by a thread, over a connection of its own.

TLS hands over 16 KB at a time. With each such piece an event loop is busy for three times as long as a thread
that waits for it, and longer than the hub that sends it; so the loop hears of whole blocks only. The thread
receives into the same memory again and again.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, suppress
from itertools import cycle
from typing import Any, ParamSpec, TypeVar

import httpx

from saikne.blocks import BLOCK_BYTES

_LONGEST_SECONDS = 1.0
"""How long a slow line's block grows: progress is seen, and little is lost with the process."""
_CONNECTED = ("connect_tcp.complete", "start_tls.complete")

P = ParamSpec("P")
T = TypeVar("T")


class LongAnswer:
    """Its head is there; its body comes block by block."""

    def __init__(self, head: httpx.Response, line: "_Line") -> None:
        self.head = head
        self._line = line
        self._blocks = _blocks(head)

    async def block(self) -> memoryview | None:
        """`None` at the end. Where the connection breaks, what came before is given first.

        A block is there until the next but one is asked for.
        """
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


class _Body:
    """What comes, put where it is wanted.

    Past the parser where that can be: it finds nothing in a body of known length, and takes as long as TLS.
    """

    def __init__(self, head: httpx.Response) -> None:
        self._parsed = head.iter_raw()
        self._piece = memoryview(b"")
        self._socket: socket.socket | None = None
        network = head.extensions["network_stream"]
        of_known_length = "Content-Length" in head.headers and "Transfer-Encoding" not in head.headers
        if of_known_length and not isinstance(network.get_extra_info("ssl_object"), ssl.SSLObject):
            self._piece = memoryview(next(self._parsed, b""))  # with all that the parser had read
            self._left = int(head.headers["Content-Length"]) - len(self._piece)
            self._socket = network.get_extra_info("socket")
            self._socket.settimeout(head.request.extensions["timeout"]["read"])

    def receive(self, room: memoryview) -> int:
        """How many bytes; 0 at the end."""
        if not self._piece and self._socket is not None:
            return self._straight(self._socket, room[: self._left])
        self._piece = self._piece or memoryview(next(self._parsed, b""))
        part, self._piece = self._piece[: len(room)], self._piece[len(room) :]
        room[: len(part)] = part
        return len(part)

    def _straight(self, connection: socket.socket, room: memoryview) -> int:
        try:
            received = connection.recv_into(room) if room else 0
        except OSError as error:
            raise httpx.ReadError(str(error)) from error
        if room and not received:
            raise httpx.ReadError("the hub broke off")
        self._left -= received
        return received


def _blocks(head: httpx.Response) -> Iterator[memoryview]:
    body, received = _Body(head), 1
    broken: httpx.TransportError | None = None
    for memory in cycle([bytearray(BLOCK_BYTES), bytearray(BLOCK_BYTES)]):
        block, filled, due = memoryview(memory), 0, time.monotonic() + _LONGEST_SECONDS
        try:
            while filled < len(block) and received and time.monotonic() < due:
                received = body.receive(block[filled:])
                filled += received
        except httpx.TransportError as error:
            broken = error
        if filled:
            yield block[:filled]
        if broken is not None:
            raise broken
        if not received:
            return
