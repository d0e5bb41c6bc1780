"""Whose turn it is: how many calls of one centre are in work in this process at once, and how many wait.

What a centre has in work shares event loop, threads and connections with all others, so one that sends from
many threads would slow everybody. It waits for its own turn instead, behind nobody but itself. A turn begins
when a call is proved and whole, and ends with the first byte of its answer: neither a slow body nor a slow
reader holds one.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.ids import CentreId
from hub.kernel.refusal import TooMuch

LONGEST_WAIT = timedelta(seconds=10)
_AGAIN = timedelta(seconds=1)
_ENDS = "saikne.turn_ends"


class TooManyAtOnce(TooMuch):
    code = "limits.at-once"


class _Queue:
    def __init__(self, at_once: int) -> None:
        self.turns = asyncio.Semaphore(at_once)
        self.here = 0
        """In work or waiting."""


class Turns:
    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once, self._here_at_most = at_once, at_once + waiting
        self._queues: dict[CentreId, _Queue] = {}

    async def take(self, centre: CentreId) -> Callable[[], None]:
        """Wait for a turn; what ends it."""
        queue = self._queues.setdefault(centre, _Queue(self._at_once))
        if queue.here >= self._here_at_most:
            raise TooManyAtOnce(_AGAIN)
        queue.here += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await queue.turns.acquire()
        except BaseException as gone:
            self._leave(centre, queue)
            if isinstance(gone, TimeoutError):
                raise TooManyAtOnce(_AGAIN) from gone
            raise

        def end() -> None:
            queue.turns.release()
            self._leave(centre, queue)

        return end

    def _leave(self, centre: CentreId, queue: _Queue) -> None:
        queue.here -= 1
        if not queue.here:
            del self._queues[centre]


async def take_turn(turns: Turns, scope: Scope, centre: CentreId) -> None:
    """For the rest of a call until its answer begins; once, however often it is asked for."""
    ends: ExitStack | None = cast("dict[str, Any]", scope).pop(_ENDS, None)
    if ends is not None:
        ends.callback(await turns.take(centre))


def in_turn(app: ASGIApp) -> ASGIApp:
    """The application, whose calls may take turns."""

    async def until_answered(scope: Scope, receive: Receive, send: Send) -> None:
        with ExitStack() as ends:
            cast("dict[str, Any]", scope)[_ENDS] = ends

            async def say(message: Message) -> None:
                ends.close()
                await send(message)

            await app(scope, receive, say)

    return until_answered
