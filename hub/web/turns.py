"""Whose turn it is: how many calls of one centre are in work in this process at once, and how many wait.

What a centre has in work shares event loop, threads and connections with all others, so one that sends from
many threads would slow everybody. Its calls wait for each other instead, and while more of them are here it
gives way for a moment to centres that have one. A turn begins when a call is proved and whole, and ends with
the first byte of its answer: neither a slow body nor a slow reader holds one.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any, cast

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.ids import CentreId
from hub.kernel.refusal import TooMuch

LONGEST_WAIT = timedelta(seconds=10)
_AGAIN = timedelta(seconds=1)
GIVES_WAY = timedelta(milliseconds=100)
"""At most, at each turn: a busy centre goes on beside any number of quiet ones."""
_ENDS = "saikne.turn_ends"


class TooManyAtOnce(TooMuch):
    code = "limits.at-once"


class _Queue:
    """The calls of one centre."""

    def __init__(self, at_once: int) -> None:
        self.turns = asyncio.Semaphore(at_once)
        self.in_work = 0
        self.here = 0
        """In work or waiting."""

    @property
    def is_quiet(self) -> bool:
        return self.here == self.in_work == 1


class Turns:
    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once, self._here_at_most = at_once, at_once + waiting
        self._queues: dict[CentreId, _Queue] = {}
        self._one_ended = asyncio.Event()

    async def take(self, centre: CentreId) -> Callable[[], None]:
        """Wait for a turn; what ends it."""
        queue = self._queues.setdefault(centre, _Queue(self._at_once))
        if queue.here >= self._here_at_most:
            raise TooManyAtOnce(_AGAIN)
        with ExitStack() as undo:
            queue.here += 1
            undo.callback(self._leave, centre, queue)
            try:
                async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                    await queue.turns.acquire()
            except TimeoutError as late:
                raise TooManyAtOnce(_AGAIN) from late
            undo.callback(queue.turns.release)
            await self._give_way(queue)
            queue.in_work += 1
            undo.callback(self._end, queue)
            return undo.pop_all().close

    async def _give_way(self, queue: _Queue) -> None:
        """Let the calls of quiet centres that are in work be answered first."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GIVES_WAY.total_seconds()):
                while queue.here > 1 and any(other.is_quiet for other in self._queues.values()):
                    await self._one_ended.wait()

    def _end(self, queue: _Queue) -> None:
        queue.in_work -= 1
        self._one_ended.set()
        self._one_ended = asyncio.Event()

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
