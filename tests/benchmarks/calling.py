"""What a small read costs the hub: processor time of its processes, at the pace of people who look.

And the bare door, which answers the same. What the database spends on either is told beside.
"""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass

from tests.benchmarks.calls import Line
from tests.benchmarks.limits.showing import TWENTY, same
from tests.benchmarks.processes import processor_seconds
from tests.benchmarks.row import Limit, Row, Scale
from tests.benchmarks.scene import Scene

_A_SECOND = 20
_LIMIT = (
    "kept: the hub's server, token and proof of possession by `cryptography`, the proof used up and the"
    " caller looked at, the same answer out of the same tables behind the wall; left out: framework,"
    " rooms, views, every way to the database but one, whose JSON is sent as it comes"
)


async def showing(scene: Scene, scale: Scale) -> Row:
    (known,) = await scene.awaited(1, 1)
    return await _costs(scene, scale, "one exchange", known.path.partition("/rounds")[0])


async def listing(scene: Scene, scale: Scale) -> Row:
    for _ in range(TWENTY):
        await scene.awaited(1, 1)
    return await _costs(scene, scale, "a list of twenty", f"/v1/exchanges?limit={TWENTY}")


@dataclass(frozen=True)
class _Server:
    port: int
    pid: int


async def _costs(scene: Scene, scale: Scale, what: str, path: str) -> Row:
    servers = _Server(scene.port, scene.stage.pid("serve")), _Server(scene.limit_port, scene.limit_pid)
    same(
        *[await _read(scene, one, path, _A_SECOND * 2, paced=False) for one in servers]
    )  # and plans are kept
    (figure, raw), (of_limit, limit_raw) = [await _cost(scene, scale, one, path) for one in servers]
    limit = Limit(_LIMIT, of_limit, limit_raw)
    return Row(f"processor milliseconds of the hub for {what}", figure, at_most=3, limit=limit, raw=raw)


async def _cost(scene: Scene, scale: Scale, server: _Server, path: str) -> tuple[float, dict[str, object]]:
    """Reads at their pace, less what the server does meanwhile when nobody calls; and as quick as may be."""
    idle = await _spent(scene, server, asyncio.sleep(scale.reading_seconds))
    count = round(scale.reading_seconds * _A_SECOND)
    paced = await _spent(scene, server, _read(scene, server, path, count, paced=True))
    at_once = await _spent(scene, server, _read(scene, server, path, count, paced=False))
    figure = paced.server - idle.server
    return figure / count * 1000, {
        "calls": count,
        "paced_ms": round(figure / count * 1000, 2),
        "at_once_ms": round(at_once.server / count * 1000, 2),
        "idle_ms_a_second": round(idle.server / scale.reading_seconds * 1000, 2),
        "database_ms": round((paced.database - idle.database) / count * 1000, 2),
    }


async def _read(scene: Scene, server: _Server, path: str, count: int, *, paced: bool) -> bytes:
    """One after another on a connection that stays open, each signed when it is its turn; the last answer."""
    told = b""
    with Line(server.port) as line:
        begin = time.monotonic()
        for number in range(count):
            call = await scene.callers[1].get(path)
            if paced:
                await asyncio.sleep(max(0.0, begin + number / _A_SECOND - time.monotonic()))
            line.send(call)
            told = await asyncio.to_thread(line.answer)
    return told


@dataclass(frozen=True)
class _Spent:
    """Processor seconds."""

    server: float
    database: float


async def _spent(scene: Scene, server: _Server, work: Awaitable[object]) -> _Spent:
    def now() -> tuple[float, float]:
        return processor_seconds(server.pid), processor_seconds(database)

    database = int((scene.stage.home / "postgres" / "postmaster.pid").read_text().split()[0])
    before = now()
    await work
    return _Spent(*(after - was for after, was in zip(now(), before, strict=True)))
