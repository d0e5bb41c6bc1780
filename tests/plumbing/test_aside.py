"""Work beside the event loop: its result, its trouble, its order, and a loop that goes on meanwhile."""

import asyncio
import threading
import time
from functools import partial

import pytest

from hub.kernel.refusal import Refusal
from hub.plumbing.aside import aside


class Refused(Refusal):
    code = "test.refused"


async def test_what_the_work_returns_comes_back_from_another_thread() -> None:
    there = await aside(threading.get_ident)
    assert there != threading.get_ident()
    assert there == await aside(threading.get_ident)


async def test_what_the_work_raises_is_raised_where_it_was_asked_for() -> None:
    def refuse() -> None:
        raise Refused

    with pytest.raises(Refused):
        await aside(refuse)
    assert await aside(lambda: 1) == 1


async def test_many_are_done_in_the_order_they_were_asked_for() -> None:
    done: list[int] = []

    def work(number: int) -> int:
        done.append(number)
        return number

    answers = await asyncio.gather(*(aside(partial(work, number)) for number in range(200)))
    assert answers == done == list(range(200))


async def test_one_that_was_given_up_does_not_hold_the_others() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        go_on.wait(30)

    given_up = asyncio.create_task(aside(wait))
    await asyncio.sleep(0)
    assert await asyncio.to_thread(begun.wait, 30)
    given_up.cancel()
    after = asyncio.create_task(aside(time.time))
    await asyncio.sleep(0)
    go_on.set()
    assert await after > 0
    with pytest.raises(asyncio.CancelledError):
        await given_up


def test_a_loop_that_is_gone_does_not_stop_the_thread() -> None:
    go_on = threading.Event()

    async def ask_and_go() -> None:
        task = asyncio.create_task(aside(lambda: go_on.wait(30)))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(ask_and_go())
    go_on.set()

    async def again() -> int:
        return await aside(lambda: 2)

    assert asyncio.run(again()) == 2
