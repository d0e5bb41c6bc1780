"""How any body is taken in: its sender is waited for so long and no longer, and it has a bound.

Every read passes here, whoever reads, the framework among them: the door (`web.door`) puts an `Intake`
before whatever the server hands over. Only waiting for the sender counts: a hub that is slow itself cuts
nobody off.
"""

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import cast

from litestar.exceptions import InternalServerException
from litestar.types import HTTPReceiveMessage, Receive, Scope

from hub.kernel.refusal import Refusal
from hub.web.calls import Http, open_scope
from hub.web.connections import Call

INTAKE = "hub.intake"
"""Where the scope of a call keeps it."""

_DIGITS = 18
_DICE = random.Random()  # noqa: S311  # nothing secret
_PIECES = 256
_PIECE_BYTES = 256
"""A body may come in so many pieces, and in one more for each so many bytes: each costs the hub some work."""


class BodyTooSlow(Refusal):
    """It did not come, or came drop by drop."""

    code = "http.body-too-slow"


class BodyTooLarge(Refusal):
    code = "http.too-large"


class BodyBrokenOff(Refusal):
    """The sender hung up before its body was whole; nobody hears it."""

    code = "http.body-broken-off"


@dataclass(frozen=True, slots=True)
class Wait:
    """A sender is waited for `silence` at a time and in all, and a second more for each `bytes_a_second`."""

    silence: timedelta
    bytes_a_second: int


class Intake:
    """The body of one call, as the application reads it."""

    def __init__(self, receive: Receive, wait: Wait, call: Call) -> None:
        self.wait = wait
        self._call = call
        self._receive = receive
        self._waited_seconds = 0.0
        self._bytes = self._pieces = 0
        self._over = self._late = False

    async def __call__(self) -> HTTPReceiveMessage:
        if self._late:
            return {"type": "http.disconnect"}
        if self._over:  # what may still come is that the caller hangs up
            return cast("HTTPReceiveMessage", await self._receive())
        began, self._call.waits = monotonic(), True
        try:
            async with asyncio.timeout(self._patience_seconds()):
                event = cast("HTTPReceiveMessage", await self._receive())
        except TimeoutError:
            event = None
        finally:
            self._call.waits = False
        self._pieces += 1
        if event is None or self._pieces > _PIECES + self._bytes // _PIECE_BYTES:
            self._late = True
            raise BodyTooSlow
        self._waited_seconds += monotonic() - began
        self._over = event["type"] == "http.disconnect" or not event.get("more_body", False)
        if event["type"] == "http.request":
            self._bytes += len(event["body"])
        return event

    def _patience_seconds(self) -> float:
        """Somewhat shorter by chance: of thousands that began together not all are given up at once."""
        silence = self.wait.silence.total_seconds() * _DICE.uniform(0.75, 1)
        in_all = silence + self._bytes / self.wait.bytes_a_second
        return min(silence, max(in_all - self._waited_seconds, 0.0))


def wait_longer(request: Http, wait: Wait) -> None:
    """Wait otherwise for the rest of a body. For callers who have been let in."""
    intake = open_scope(request.scope).get(INTAKE)
    if intake is not None:  # absent where an application stands without its door
        intake.wait = wait


def keep(scope: Scope, intake: Intake) -> None:
    open_scope(scope)[INTAKE] = intake


def announced_length(request: Http) -> int | None:
    """Content-Length in bytes; None when the body is chunked."""
    length = request.headers.get("content-length")
    if length is None or not (length.isascii() and length.isdecimal()):  # the server lets no other in
        return None
    return int(length) if len(length) <= _DIGITS else sys.maxsize


async def blocks(request: Http) -> AsyncIterator[bytes]:
    """The body as it comes."""
    try:
        async for block in request.stream():
            yield block
    except InternalServerException as gone:  # the framework's word for a sender that went away
        raise BodyBrokenOff from gone


async def whole(request: Http, at_most: int) -> bytes:
    """All of the body. What is announced as larger is not waited for (RFC 9110, 10.1.1)."""
    if (announced_length(request) or 0) > at_most:
        raise BodyTooLarge
    body = bytearray()
    async for block in blocks(request):
        body += block
        if len(body) > at_most:
            raise BodyTooLarge
    return bytes(body)
