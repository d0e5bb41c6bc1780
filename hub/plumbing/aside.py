"""Short arithmetic that calls wait for while the event loop goes on: one thread for all of it, in batches.

Why not an executor: it wakes the loop and takes the interpreter from it for every single job, which made a
signed call cost a third more processor time than the signatures themselves do. Here whatever has gathered
while the thread slept is done in one go, and the loop hears of it once.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, TypeVar

R = TypeVar("R")

_AT_ONCE = 32
_Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], object]]
_Outcome = tuple["asyncio.Future[Any]", object, BaseException | None]


async def aside(work: Callable[[], R]) -> R:
    """What `work` returns or raises."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[R] = loop.create_future()
    _jobs().put((loop, future, work))
    return await future


@cache
def _jobs() -> "SimpleQueue[_Job]":
    """The queue of a process, with its thread."""
    jobs: SimpleQueue[_Job] = SimpleQueue()
    Thread(target=_work, args=(jobs,), name="aside", daemon=True).start()
    return jobs


def _work(jobs: "SimpleQueue[_Job]") -> None:
    while True:
        outcomes: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
        for loop, future, work in _gathered(jobs):
            outcomes.setdefault(loop, []).append((future, *_outcome(work)))
        for loop, those in outcomes.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_tell, those)


def _gathered(jobs: "SimpleQueue[_Job]") -> list[_Job]:
    """The next job, when there is one, and those that wait behind it."""
    found = [jobs.get()]
    try:
        while len(found) < _AT_ONCE:
            found.append(jobs.get_nowait())
    except Empty:
        pass
    return found


def _outcome(work: Callable[[], object]) -> tuple[object, BaseException | None]:
    try:
        return work(), None
    except BaseException as trouble:  # noqa: BLE001  # raised where it was asked for
        return None, trouble


def _tell(outcomes: list[_Outcome]) -> None:
    for future, result, trouble in outcomes:
        if future.done():  # who asked has gone
            continue
        if trouble is None:
            future.set_result(result)
        else:
            future.set_exception(trouble)
