"""What a small read costs the hub: processor time of its processes, at the pace of people who look."""

import asyncio
import time
from collections.abc import Awaitable

from tests.benchmarks.calls import Line
from tests.benchmarks.processes import processor_seconds
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene

_A_SECOND = 20
_ASKED_FOR = 20


async def showing(scene: Scene, scale: Scale) -> Row:
    (known,) = await scene.awaited(1, 1)
    return await _costs(scene, scale, "one exchange", known.path.partition("/rounds")[0])


async def listing(scene: Scene, scale: Scale) -> Row:
    for _ in range(_ASKED_FOR):
        await scene.awaited(1, 1)
    return await _costs(scene, scale, "a list of twenty", f"/v1/exchanges?limit={_ASKED_FOR}")


async def _costs(scene: Scene, scale: Scale, what: str, path: str) -> Row:
    """Reads at their pace, less what the hub does meanwhile when nobody calls; and as quick as it answers."""
    await _read(scene, path, _A_SECOND * 2, paced=False)  # plans are kept from the sixth time on
    idle = await _spent(scene, asyncio.sleep(scale.reading_seconds))
    count = round(scale.reading_seconds * _A_SECOND)
    paced = await _spent(scene, _read(scene, path, count, paced=True)) - idle
    at_once = await _spent(scene, _read(scene, path, count, paced=False))
    raw: dict[str, object] = {
        "calls": count,
        "paced_ms": round(paced / count * 1000, 2),
        "at_once_ms": round(at_once / count * 1000, 2),
        "idle_ms_a_second": round(idle / scale.reading_seconds * 1000, 2),
    }
    return Row(f"processor milliseconds of the hub for {what}", paced / count * 1000, at_most=3, raw=raw)


async def _read(scene: Scene, path: str, count: int, *, paced: bool) -> None:
    """One after another on a connection that stays open; each is signed when it is its turn."""
    with Line(scene.port) as line:
        begin = time.monotonic()
        for number in range(count):
            call = await scene.callers[1].get(path)
            if paced:
                await asyncio.sleep(max(0.0, begin + number / _A_SECOND - time.monotonic()))
            line.send(call)
            await asyncio.to_thread(line.answer)


async def _spent(scene: Scene, work: Awaitable[None]) -> float:
    serving = scene.stage.pid("serve")
    before = processor_seconds(serving)
    await work
    return processor_seconds(serving) - before
