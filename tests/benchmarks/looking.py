"""Pages of the board at a million exchanges, one centre having fifty thousand, against a thousand.

Both centres are of one installation and look by turns, over HTTP and signed in. As many duties of both are
open; the exchanges are written past the hub (`growing`), all others' beside them.
"""

import asyncio
import math
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from statistics import median

from hub.board.casework.news import OF_A_SESSION
from hub.kernel.ids import CentreId
from hub.ops.database import transaction
from hub.people.casework import sessions
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.people.session import How
from hub.people.store import add
from hub.plumbing.database import OWNER_ROLE
from tests.benchmarks.calls import Caller, Line, NotTaken
from tests.benchmarks.growing import loaded, wait
from tests.benchmarks.row import Row, Scale
from tests.benchmarks.scene import Scene
from tests.people.persons import somebody

FEW = 1_000
_TURNS = 40
_STREAMS = 1_000
_PAGES = {
    "first page": "/",
    "of a kind": "/?kind=answer",
    "by a beginning": "/?reference=AG-",
    "by no beginning": "/?reference=XY-",
    "newest first": "/?order=newest",
    "a week": "/calendar?week=2026-12-01",
}


async def looking(scene: Scene, scale: Scale) -> Row:
    few, many, other, *others = scene.callers[8:]
    await loaded(scene, few, other, FEW)
    await loaded(scene, many, other, scale.of_one_centre)
    for one, its in zip(others, _shares(scale.of_all - scale.of_one_centre, len(others)), strict=True):
        if its:
            await loaded(scene, one, other, its)
    looks = {FEW: await _cookie(scene, few), scale.of_one_centre: await _cookie(scene, many)}
    found: dict[str, float] = {}
    raw: dict[str, object] = {"exchanges": scale.of_all, "of_one_centre": scale.of_one_centre}
    for name, path in _PAGES.items():
        waits: dict[int, list[float]] = {count: [] for count in looks}
        with Line(scene.port) as line:
            for _ in range(max(8, round(_TURNS * scale.reading_seconds / 20))):
                for count, cookie in looks.items():
                    call = _get(scene, path, cookie)
                    waits[count].append(await asyncio.to_thread(wait, line, call))
        of_few, of_many = (median(some) * 1000 for some in waits.values())
        found[name] = of_many / of_few
        raw[name] = {"few_ms": round(of_few, 2), "many_ms": round(of_many, 2), "ratio": round(found[name], 2)}
    what = "the slowest page of the board at a million exchanges against a thousand"
    return Row(what, max(found.values()), at_most=1.5, raw=raw)


async def following(scene: Scene, scale: Scale) -> Row:
    """The first page while a thousand lists are followed, against while none is; all are told what moves."""
    caller = scene.callers[2]
    cookies = [await _cookie(scene, caller) for _ in range(math.ceil(_STREAMS / OF_A_SESSION))]
    turns = max(8, round(_TURNS * scale.reading_seconds / 20))
    call = _get(scene, "/", cookies[0])
    waits: dict[str, list[float]] = {}
    for name, streams in (("warm", 0), ("none", 0), ("followed", _STREAMS)):
        with _followed(scene, cookies, streams), Line(scene.port) as line:
            if streams:
                await scene.awaited(1, 1)
            waits[name] = [await asyncio.to_thread(wait, line, call) for _ in range(turns)]
    none, followed = (median(waits[name]) * 1000 for name in ("none", "followed"))
    raw: dict[str, object] = {
        "streams": _STREAMS,
        "none_ms": round(none, 2),
        "followed_ms": round(followed, 2),
    }
    what = "the first page of the board beside a thousand open streams of news against beside none"
    return Row(what, followed / none, at_most=2, raw=raw)


@contextmanager
def _followed(scene: Scene, cookies: Sequence[str], count: int) -> Iterator[None]:
    """Streams that are open and read nothing: from many addresses, since one may not hold so many."""
    with ExitStack() as opened:
        for number in range(count):
            from_ = (f"127.0.1.{number % 100 + 1}", 0)
            line = opened.enter_context(
                socket.create_connection(("127.0.0.1", scene.port), source_address=from_)
            )
            line.sendall(_get(scene, "/news?since=0", cookies[number // OF_A_SESSION]))
            if b" 200 " not in line.recv(64):
                raise NotTaken("a stream was refused")
        yield


def _shares(rest: int, many: int) -> Iterable[int]:
    return (rest // many for _ in range(many))


async def _cookie(scene: Scene, caller: Caller) -> str:
    """Of a person of that centre who is signed in."""
    centre = CentreId(caller.credentials.centre)
    person = somebody(centre, PersonRole.SOCIAL_WORKER, "lv")
    async with transaction(scene.stage.owner_url, OWNER_ROLE, [centre]) as tx:
        counter = Counter(tx, datetime.now(UTC))
        await add(tx, person, counter.now)
        return await sessions.begin(counter, person, How.PASSKEY)


def _get(scene: Scene, path: str, cookie: str) -> bytes:
    host = scene.stage.url.partition("//")[2]
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: saikne={cookie}\r\n\r\n".encode()
