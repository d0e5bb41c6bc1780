"""Uploads: how quick against writing to a file, and how much memory a large one takes."""

import asyncio
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tests.benchmarks.calls import Block, Body, Line
from tests.benchmarks.processes import with_children
from tests.benchmarks.row import Row, Scale, ratio_of_pairs, rounded
from tests.benchmarks.scene import Scene

READ_AT_ONCE = 1 << 16


async def speed(scene: Scene, scale: Scale) -> Row:
    """Token, proof, signature, digest, sealing and the record of it, against writing the same bytes down.

    The sender reads a file in blocks as curl and httpx do, and sends them over a bare socket.
    """
    document = scene.stage.home / "document"
    with document.open("wb") as file:
        file.writelines(Body(scale.upload_bytes).blocks())
    hub, bare = [], []
    for upload in await scene.awaited(scale.pairs + 1, scale.upload_bytes):
        head = await upload.head()
        bare.append(await asyncio.to_thread(_megabytes_a_second, scene.yardstick_port, head, document))
        scene.clear()
        hub.append(await asyncio.to_thread(_megabytes_a_second, scene.port, head, document))
        scene.clear()
    hub, bare = hub[1:], bare[1:]  # the first pair warms both
    raw = {"bytes": scale.upload_bytes, "hub_mb_s": rounded(hub), "bare_mb_s": rounded(bare)}
    what = "authenticated, digest-checked, sealed upload against a plain PUT to a file"
    return Row(what, ratio_of_pairs(hub, bare), at_least=0.5, raw=raw)


def _megabytes_a_second(port: int, head: bytes, document: Path) -> float:
    with document.open("rb", buffering=0) as file:
        began = time.perf_counter()
        _send(port, head, iter(partial(file.read, READ_AT_ONCE), b""))
        return document.stat().st_size / 1e6 / (time.perf_counter() - began)


def _send(port: int, head: bytes, blocks: Iterable[Block]) -> None:
    with Line(port) as line:
        line.send(head)
        for block in blocks:
            line.send(block)
        line.answer()


async def memory(scene: Scene, scale: Scale) -> Row:
    """Peak memory of all serving processes during a small and a large upload; the difference."""
    small, large = [], []
    await _peak_during(scene, scale.small_bytes)  # warms the hub
    for _ in range(3):
        small.append(await _peak_during(scene, scale.small_bytes))
        large.append(await _peak_during(scene, scale.large_bytes))
    more = max(large) - min(small)
    raw = {
        "small_bytes": scale.small_bytes,
        "large_bytes": scale.large_bytes,
        "small_peak_mb": rounded(small),
        "large_peak_mb": rounded(large),
    }
    return Row("hub memory, a large upload against a small one, in MB more", more, at_most=10, raw=raw)


async def _peak_during(scene: Scene, length: int) -> float:
    """Megabytes."""
    (upload,) = await scene.awaited(1, length)
    head = await upload.head()
    processes = with_children(scene.stage.pid("serve"))
    for process in processes:
        (process / "clear_refs").write_text("5")  # the peak starts anew
    await asyncio.to_thread(_send, scene.port, head, Body(length).blocks())
    scene.clear()
    return sum(map(_peak_megabytes, processes))


def _peak_megabytes(process: Path) -> float:
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) * 1024 / 1e6
