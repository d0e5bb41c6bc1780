"""Small reads while four uploads run, against the same reads while none does."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from statistics import quantiles
from typing import ParamSpec, TypeVar

from tests.benchmarks.calls import Body, Line, NotTaken
from tests.benchmarks.row import Limit, Row, Scale
from tests.benchmarks.scene import Scene

READS_A_SECOND = 20
CONNECTIONS = 4
UPLOADS = 4
"""At once, each from a process of its own, each as quick as the hub takes it."""
TURNS = 3
_DOCUMENTS_EACH = 10
_SETTLING_SECONDS = 3.0
_IMPORTED_WITHIN_SECONDS = 60
_HEAD_START_SECONDS = 1.0
"""Between the first bytes of the uploads and the first read."""

P = ParamSpec("P")
T = TypeVar("T")


_LIMIT = (
    "kept: the hub's server, every byte hashed, enciphered, authenticated and on the disk when answered,"
    " reads as of the rows `show` and `list`, all of the senders; left out: framework, rooms, and of what"
    " an upload asks and writes down in the database all but its proof"
)


async def reading(scene: Scene, scale: Scale) -> Row:
    """Turns without uploads and with them, of the hub and of the bare door; the reads are paced alike."""
    hub, bare = Waits(), Waits()
    async with warm(1, UPLOADS) as (reader, senders):
        for _ in range(TURNS):
            for port, waits in ((scene.port, hub), (scene.limit_port, bare)):
                await _turn(scene, scale, _Stand(port, reader, senders), waits)
    limit = Limit(_LIMIT, bare.ratio, bare.as_json(scale))
    slowest = Row(
        "milliseconds of the slowest small read during four uploads",
        max(hub.busy) * 1000,
        at_most=100,
        limit=Limit(_LIMIT, max(bare.busy) * 1000),
    )
    what = "p99 of small reads during four uploads against during none"
    return Row(what, hub.ratio, at_most=3, limit=limit, also=slowest, raw=hub.as_json(scale))


@dataclass
class Waits:
    """Seconds that reads took, without uploads and with them; what was uploaded meanwhile."""

    quiet: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    sent_bytes: int = 0

    @property
    def ratio(self) -> float:
        return quantiles(self.busy, n=100)[98] / quantiles(self.quiet, n=100)[98]

    def as_json(self, scale: Scale) -> dict[str, object]:
        seconds = TURNS * (_HEAD_START_SECONDS + scale.reading_seconds)
        return {
            "reads": len(self.busy),
            "reads_a_second": READS_A_SECOND,
            "quiet_ms": _milliseconds(self.quiet),
            "busy_ms": _milliseconds(self.busy),
            "uploads_mb_s": round(self.sent_bytes / 1e6 / seconds),
        }


@dataclass(frozen=True)
class _Stand:
    """Which server is asked, and by which processes."""

    port: int
    reader: Executor
    senders: Executor


async def _turn(scene: Scene, scale: Scale, stand: _Stand, waits: Waits) -> None:
    await asyncio.to_thread(os.sync)  # what the disk still owes the last turn is none of this one's
    await asyncio.sleep(_SETTLING_SECONDS)
    calls = await _reads(scene, scale)
    waits.quiet += await _in(stand.reader, read, stand.port, calls, time.monotonic() + _HEAD_START_SECONDS)
    heads = [await _heads(scene, scale) for _ in range(UPLOADS)]
    calls = await _reads(scene, scale)
    begin = time.monotonic() + _HEAD_START_SECONDS
    until = begin + scale.reading_seconds
    sending = [
        asyncio.create_task(_in(stand.senders, send, stand.port, some, scale.upload_bytes, until))
        for some in heads
    ]
    waits.busy += await _in(stand.reader, read, stand.port, calls, begin)
    waits.sent_bytes += sum(await asyncio.gather(*sending))
    scene.clear()


@asynccontextmanager
async def warm(*counts: int) -> AsyncIterator[list[Executor]]:
    """Pools of so many processes each; all have imported the project before one of them is used."""
    spawn = multiprocessing.get_context("spawn")
    imported = spawn.Barrier(sum(counts))
    with ExitStack() as held:
        pools: list[Executor] = [
            held.enter_context(ProcessPoolExecutor(count, spawn, _meet, (imported,))) for count in counts
        ]
        each = [pool for pool, count in zip(pools, counts, strict=True) for _ in range(count)]
        await asyncio.gather(*(_in(pool, os.getpid) for pool in each))
        yield pools


def _meet(imported: Barrier) -> None:
    """Wait here, where this module and so the project is imported, until the other processes are here too."""
    imported.wait(_IMPORTED_WITHIN_SECONDS)


async def _in(executor: Executor, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    return await asyncio.wrap_future(executor.submit(work, *given, **named))


async def _reads(scene: Scene, scale: Scale) -> list[bytes]:
    """One exchange, the caller's list, and so on in turn."""
    caller = scene.callers[1]
    (known,) = await scene.awaited(1, 1)
    paths = (known.path.partition("/rounds")[0], "/v1/exchanges?limit=20")
    count = round(scale.reading_seconds * READS_A_SECOND)
    return [await caller.get(paths[number % 2]) for number in range(count)]


async def _heads(scene: Scene, scale: Scale) -> list[bytes]:
    return [await upload.head() for upload in await scene.awaited(_DOCUMENTS_EACH, scale.upload_bytes)]


def read(port: int, calls: Sequence[bytes], begin: float) -> list[float]:
    """Send each call at its moment; how many seconds each took.

    A call that could not be sent in time because the answer before it was late has waited since its moment.
    """

    def reader(first: int) -> list[float]:
        waits = []
        with Line(port) as line:
            for number in range(first, len(calls), CONNECTIONS):
                due = begin + number / READS_A_SECOND
                ahead = due - time.monotonic()
                if ahead > 0:
                    time.sleep(ahead)
                    due = time.monotonic()
                line.send(calls[number])
                line.answer()
                waits.append(time.monotonic() - due)
        return waits

    with ThreadPoolExecutor(CONNECTIONS) as readers:
        return [wait for waits in readers.map(reader, range(CONNECTIONS)) for wait in waits]


def send(port: int, heads: Sequence[bytes], length: int, until: float) -> int:
    """Upload documents one after another, break the last one off when it is time; the bytes sent."""
    sent = 0
    with Line(port) as line:
        for head in heads:
            line.send(head)
            for block in Body(length).blocks():
                if time.monotonic() > until:
                    return sent
                line.send(block)
                sent += len(block)
            line.answer()
    raise NotTaken("more documents should have been declared")


def _milliseconds(waits: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(waits, n=100)
    found = {"median": cuts[49], "p95": cuts[94], "p99": cuts[98], "most": max(waits)}
    return {name: round(wait * 1000, 1) for name, wait in found.items()}
