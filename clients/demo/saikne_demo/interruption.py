"""A demo that is told to stop: at once outside the event loop, by cancelling what runs inside it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from types import FrameType


class Interruption:
    """SIGINT and SIGTERM from its making on; either one ends what runs as `KeyboardInterrupt`.

    An exception out of nowhere would leave an event loop that is being made or closed half open; so while
    `run` goes on the signal cancels its task, and the exception comes when the loop is gone.
    """

    def __init__(self) -> None:
        self._came = False
        self._in_loop = False
        self._task: asyncio.Task[None] | None = None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._take)

    def run(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run `main` in an event loop of its own; raises `KeyboardInterrupt` when a signal came meanwhile."""
        self._in_loop = True
        try:
            asyncio.run(self._cancellable(main))
        except asyncio.CancelledError:
            if not self._came:
                raise
        finally:
            self._in_loop = False
            self._task = None
        if self._came:
            raise KeyboardInterrupt

    async def _cancellable(self, main: Callable[[], Awaitable[None]]) -> None:
        self._task = asyncio.current_task()
        if not self._came:
            await main()

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        """The first one counts: what is being stopped is stopped in order, and that takes no longer."""
        if self._came:
            return
        self._came = True
        if not self._in_loop:
            raise KeyboardInterrupt
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
