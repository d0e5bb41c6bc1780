"""A stop signal at whatever moment ends in `KeyboardInterrupt`, with the event loop closed."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from saikne_demo.interruption import Interruption


@pytest.fixture
def interruption() -> Iterator[Interruption]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield Interruption()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_outside_the_loop_it_comes_at_once(interruption: Interruption, number: signal.Signals) -> None:
    assert interruption is not None
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_inside_the_loop_what_runs_is_cancelled_and_may_clean_up(
    interruption: Interruption, number: signal.Signals
) -> None:
    seen: list[str] = []

    async def story() -> None:
        asyncio.get_running_loop().call_later(0.01, os.kill, os.getpid(), number)
        try:
            await asyncio.sleep(60)
        finally:
            seen.append("cleaned up")

    with pytest.raises(KeyboardInterrupt):
        interruption.run(story)
    assert seen == ["cleaned up"]


def test_a_signal_while_the_loop_is_being_made_waits_until_it_stands(interruption: Interruption) -> None:
    loops: list[asyncio.AbstractEventLoop] = []

    class Policy(asyncio.DefaultEventLoopPolicy):
        def new_event_loop(self) -> asyncio.AbstractEventLoop:
            signal.raise_signal(signal.SIGTERM)
            loops.append(super().new_event_loop())
            return loops[0]

    async def never() -> None:
        raise AssertionError("the story began")

    asyncio.set_event_loop_policy(Policy())
    try:
        with pytest.raises(KeyboardInterrupt):
            interruption.run(never)
    finally:
        asyncio.set_event_loop_policy(None)
    assert loops[0].is_closed()


def test_what_ends_by_itself_ends_so(interruption: Interruption) -> None:
    async def story() -> None:
        await asyncio.sleep(0)

    interruption.run(story)


def test_a_cancellation_of_its_own_is_not_taken_for_a_signal(interruption: Interruption) -> None:
    async def story() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        interruption.run(story)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_does_not_break_off_the_stopping(
    interruption: Interruption, number: signal.Signals
) -> None:
    assert interruption is not None
    stopped = False
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  # the stopping is what is looked at
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(number)
            stopped = True
    assert stopped
