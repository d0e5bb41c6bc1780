"""A quiet centre's calls while a noisy one sends from twelve threads, against the same calls alone."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests.benchmarks.calls import Caller, Line
from tests.benchmarks.reading import _in, warm
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene

THREADS = 12
TURNS = 5
_QUIET_A_SECOND = 10
_SETTLING_SECONDS = 1.0


async def neighbouring(scene: Scene, scale: Scale) -> Row:
    """Turns alone and turns beside the noisy one; in each the quiet centre reads and states by turns."""
    quiet, noisy, other = scene.callers[:3]
    alone: list[float] = []
    beside: list[float] = []
    sent, answers = 0, {"taken": 0, "not now": 0}
    async with warm(1, 1) as (reader, sender):
        for _ in range(TURNS):
            calls = await _calls(scene, quiet, other, scale.neighbour_calls)
            alone += await _in(reader, paced, scene.port, calls)
            calls = await _calls(scene, quiet, other, scale.neighbour_calls)
            seconds = len(calls) / _QUIET_A_SECOND + 2 * _SETTLING_SECONDS
            storm = await _calls(scene, noisy, other, round(scale.noisy_calls_a_second * seconds))
            flood = asyncio.create_task(_in(sender, flooding, scene.port, storm, seconds))
            await asyncio.sleep(_SETTLING_SECONDS)
            beside += await _in(reader, paced, scene.port, calls)
            for outcome, count in (await flood).items():
                answers[outcome] += count
                sent += count
    raw: dict[str, object] = {
        "threads": THREADS,
        "quiet_calls": len(beside),
        "noisy_calls": sent,
        **{f"noisy_{outcome.replace(' ', '_')}": count for outcome, count in answers.items()},
        "alone_ms": round(median(alone) * 1000, 1),
        "beside_ms": round(median(beside) * 1000, 1),
    }
    what = "median of a quiet centre's calls beside a noisy one's twelve threads against alone"
    return Row(what, median(beside) / median(alone), at_most=2, raw=raw)


async def _calls(scene: Scene, caller: Caller, other: Caller, count: int) -> list[bytes]:
    """A list read and a request stated, and so on; signed anew, so the same bytes are never sent twice."""
    calls = []
    for number in range(count):
        if number % 2:
            calls.append(await caller.post("/v1/exchanges", scene.request(caller, other)))
        else:
            calls.append(await caller.get("/v1/exchanges?limit=20"))
    return calls


def paced(port: int, calls: Sequence[bytes]) -> list[float]:
    """Send each at its moment; how many seconds each took."""
    waits = []
    begin = time.monotonic()
    with Line(port) as line:
        for number, call in enumerate(calls):
            time.sleep(max(0.0, begin + number / _QUIET_A_SECOND - time.monotonic()))
            sent = time.monotonic()
            line.send(call)
            line.answer()
            waits.append(time.monotonic() - sent)
    return waits


def flooding(port: int, calls: list[bytes], seconds: float) -> dict[str, int]:
    """As fast as twelve threads can, each waiting only for its answer; what they were told."""
    until = time.monotonic() + seconds

    def thread(first: int) -> dict[str, int]:
        told = {"taken": 0, "not now": 0}
        with Line(port) as line:
            for number in range(first, len(calls), THREADS):
                if time.monotonic() > until:
                    return told
                line.send(calls[number])
                told["taken" if line.status() < 300 else "not now"] += 1
        return told

    with ThreadPoolExecutor(THREADS) as threads:
        parts = list(threads.map(thread, range(THREADS)))
    return {outcome: sum(part[outcome] for part in parts) for outcome in ("taken", "not now")}
