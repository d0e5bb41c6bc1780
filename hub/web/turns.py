"""Whose turn it is: how many calls of one centre are in work in this process at once, and how many wait.

What a centre has in work shares event loop, threads and connections with all others, so one that sends from
many threads would slow everybody. Its calls wait for each other instead, and while more of them are here it
gives way for a moment to centres that have one. A turn begins when it is proved whose call it is, before the
database is asked anything, and ends with the first byte of its answer. While the call waits for its body it
has none: neither a slow body nor a slow reader holds one.
"""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from hub.kernel.ids import CentreId
from hub.kernel.refusal import TooMuch
from hub.web.calls import open_scope

LONGEST_WAIT = timedelta(seconds=10)
_AGAIN = timedelta(seconds=1)
GIVES_WAY = timedelta(milliseconds=100)
"""At most, at each turn: a busy centre goes on beside any number of quiet ones."""
_TURN = "saikne.turn"


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

    async def turn(self) -> None:
        """A clock is set only for who has to wait."""
        if not self.turns.locked():
            await self.turns.acquire()
            return
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await self.turns.acquire()
        except TimeoutError as late:
            raise TooManyAtOnce(_AGAIN) from late


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
            await queue.turn()
            undo.callback(queue.turns.release)
            if queue.here > 1:
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


class _Turn:
    """Of one call."""

    def __init__(self) -> None:
        self._end: Callable[[], None] | None = None

    async def take(self, turns: Turns, centre: CentreId) -> None:
        if self._end is None:
            self._end = await turns.take(centre)

    def end(self) -> None:
        end, self._end = self._end, None
        if end is not None:
            end()


async def take_turn(turns: Turns, scope: Scope, centre: CentreId) -> None:
    """Until it is given back, or the answer begins; once, however often it is asked for."""
    if (turn := _turn(scope)) is not None:
        await turn.take(turns, centre)


def give_turn_back(scope: Scope) -> None:
    """While the call waits for its own body."""
    if (turn := _turn(scope)) is not None:
        turn.end()


def _turn(scope: Scope) -> _Turn | None:
    """Absent where an application stands without `in_turn`."""
    return open_scope(scope).get(_TURN)


def in_turn(app: ASGIApp) -> ASGIApp:
    """The application, whose calls may take turns."""

    async def until_answered(scope: Scope, receive: Receive, send: Send) -> None:
        turn = open_scope(scope)[_TURN] = _Turn()

        async def say(message: Message) -> None:
            turn.end()
            await send(message)

        try:
            await app(scope, receive, say)
        finally:
            turn.end()

    return until_answered
