"""How long a health call and a signed statement take while thousands of connections are held open.

The three kinds that cost a stranger nothing: that says nothing, that sends a head without end, that sends a
body byte by byte. What the hub cuts is opened again at once. From many addresses, and all from one.
"""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from multiprocessing.synchronize import Event

from tests.benchmarks.calls import Line
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene

CONNECTIONS = 5_000
MANY = [f"127.0.0.{number}" for number in range(10, 60)]
ONE = ["127.0.0.1"]
"""Where the health calls and the statements come from too."""
_DRIP_SECONDS = 2.0
_PROBES = 20
_SETTLING_SECONDS = 10.0
"""After the last has been opened: thousands of calls that begin at once are another matter, told beside."""
_BETWEEN_PROBES_SECONDS = 0.5
_OPENING_SECONDS = 60
_HEAD = b"POST /oauth/token HTTP/1.1\r\nHost: hub\r\n"
_BODY = _HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n"
KINDS = ((b"", b""), (_HEAD, b"X-More: of it\r\n"), (_BODY, b"x"))
"""What is sent at first, and then again and again."""


async def holding(scene: Scene, scale: Scale) -> Row:
    del scale
    raw: dict[str, object] = {"connections": CONNECTIONS}
    worst = 0.0
    for name, addresses in (("many_addresses", MANY), ("one_address", ONE)):
        with _held(scene.port, addresses):
            storm, _ = await _probes(scene, 1)
            await asyncio.sleep(_SETTLING_SECONDS)
            health, statements = await _probes(scene, _PROBES)
        raw[name] = {
            "opening_health_s": round(storm[0], 3),
            "health_s": _told(health),
            "statement_s": _told(statements),
        }
        worst = max(worst, *health, *statements)
    what = "seconds of the slowest health call or statement while 5,000 connections are held open"
    return Row(what, worst, at_most=1, raw=raw)


async def _probes(scene: Scene, count: int) -> tuple[list[float], list[float]]:
    """Each on a connection of its own."""
    health, statements = [], []
    asking, asked = scene.callers[:2]
    for _ in range(count):
        call = b"GET /v1/health HTTP/1.1\r\nHost: hub\r\n\r\n"
        health.append(await asyncio.to_thread(_seconds, scene.port, call))
        call = await asking.post("/v1/exchanges", scene.request(asking, asked))
        statements.append(await asyncio.to_thread(_seconds, scene.port, call))
        await asyncio.sleep(_BETWEEN_PROBES_SECONDS)
    return health, statements


def _seconds(port: int, call: bytes) -> float:
    began = time.monotonic()
    with Line(port) as line:
        line.send(call)
        line.answer()
    return time.monotonic() - began


def _told(waits: Sequence[float]) -> dict[str, float]:
    return {"median": round(sorted(waits)[len(waits) // 2], 3), "most": round(max(waits), 3)}


@contextmanager
def _held(port: int, addresses: Sequence[str]) -> Iterator[None]:
    """A process of its own holds them, so that holding costs the calls as little as it can."""
    spawn = multiprocessing.get_context("spawn")
    there = spawn.Event()
    process = spawn.Process(target=hold, args=(port, addresses, there), daemon=True)
    process.start()
    try:
        if not there.wait(_OPENING_SECONDS):
            raise TimeoutError("so many connections could not be opened")
        yield
    finally:
        process.kill()
        process.join()


def hold(port: int, addresses: Sequence[str], there: Event) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_hold(port, addresses, there))


async def _hold(port: int, addresses: Sequence[str], there: Event) -> None:
    opened = 0

    async def one(address: str, first: bytes, again: bytes) -> None:
        nonlocal opened
        counted = False
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            except OSError:
                await asyncio.sleep(_DRIP_SECONDS)
                continue
            opened += not counted
            counted = True
            if opened == CONNECTIONS:
                there.set()
            await _drip(reader, writer, first, again)

    kinds, places = cycle(KINDS), cycle(addresses)
    await asyncio.gather(*(one(next(places), *next(kinds)) for _ in range(CONNECTIONS)))


async def _drip(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes, again: bytes
) -> None:
    """Until the hub ends it."""
    try:
        writer.write(first)
        while not reader.at_eof():
            try:
                async with asyncio.timeout(_DRIP_SECONDS):
                    await reader.read(1 << 16)
            except TimeoutError:
                writer.write(again)
    except OSError:
        return
    finally:
        writer.transport.abort()
