"""Requests for copies a second, with all that a request brings, against one insert and commit.

And the bare door's, which writes the same rows.
"""

import asyncio
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.benchmarks.calls import Line
from tests.benchmarks.limits.installing import rows_written, same_request, same_rows
from tests.benchmarks.row import Limit, Row, Scale, ratio_of_pairs, rounded
from tests.benchmarks.scene import Scene

CONNECTIONS = 16


_LIMIT = (
    "kept: the hub's server with as many processes and connections, digest, token, proof of possession"
    " and signature by `cryptography`, the manifest's schema, every question of the rules, the same rows"
    " in the same tables behind the wall, both chains, the signed acceptance; left out: framework, rooms,"
    " pieces of work for another thread, the wake-up of workers, every way to the database but one"
)


async def creating(scene: Scene, scale: Scale) -> Row:
    """All three get the very same bytes."""
    hub, bare, limit = [], [], []
    before = await rows_written(scene.stage)
    for _ in range(scale.pairs + 1):
        calls = await _signed(scene, scale.calls)
        bare.append(await asyncio.to_thread(_calls_a_second, scene.yardstick_port, calls))
        limit.append(await asyncio.to_thread(_calls_a_second, scene.limit_port, calls))
        hub.append(await asyncio.to_thread(_calls_a_second, scene.port, calls))
    await same_request(scene.stage)
    written = same_rows(before, await rows_written(scene.stage), scale.calls * (scale.pairs + 1))
    hub, bare, limit = hub[1:], bare[1:], limit[1:]  # the first turn warms all
    raw = {
        "calls": scale.calls,
        "connections": CONNECTIONS,
        "centres": len(scene.callers),
        "hub_calls_s": rounded(hub),
        "bare_calls_s": rounded(bare),
    }
    best = Limit(
        _LIMIT,
        ratio_of_pairs(limit, bare),
        {"limit_calls_s": rounded(limit), "rows_a_call": written},
    )
    what = "signed create-request calls a second against one insert and commit"
    return Row(what, ratio_of_pairs(hub, bare), at_least=0.25, limit=best, raw=raw)


async def _signed(scene: Scene, count: int) -> list[bytes]:
    """Half of the centres ask, half are asked. Calls that are under way together are of different centres:
    what one centre's chain of evidence holds up is not what is compared.
    """
    asking, asked = scene.callers[::2], scene.callers[1::2]
    calls = []
    for number in range(count):
        turn, place = divmod(number, len(asking))
        requester, holder = asking[place], asked[(place + turn) % len(asked)]
        calls.append(await requester.post("/v1/exchanges", scene.request(requester, holder)))
    return calls


def _calls_a_second(port: int, calls: list[bytes]) -> float:
    waiting = deque(calls)
    start = Barrier(CONNECTIONS + 1)

    def sender() -> None:
        with Line(port) as line:
            start.wait()
            while True:
                try:
                    call = waiting.popleft()
                except IndexError:
                    return
                line.send(call)
                line.answer()

    with ThreadPoolExecutor(CONNECTIONS) as senders:
        done = [senders.submit(sender) for _ in range(CONNECTIONS)]
        start.wait()
        began = time.perf_counter()
        for one in done:
            one.result()
        return len(calls) / (time.perf_counter() - began)
