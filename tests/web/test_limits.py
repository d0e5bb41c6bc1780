"""What one caller may take of a process: a turn, a rate, and no part of anybody else's."""

import asyncio
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.types import ASGIApp, Scope
from structlog.testing import capture_logs

from hub.kernel.ids import CentreId
from hub.web import limits, turns
from hub.web.limits import Window
from hub.web.problems import HANDLERS
from hub.web.strangers import address_of, bounding_strangers, prove_known
from hub.web.turns import TooManyAtOnce, Turns, give_turn_back, in_turn, take_turn
from tests.web.conftest import URL

OURS, THEIRS = CentreId(uuid4()), CentreId(uuid4())


def test_each_is_counted_for_itself_and_told_when_the_window_ends() -> None:
    window = Window(2)
    for _ in range(3):
        window.count(OURS)
    pause = window.pause_of(OURS)
    assert pause is not None
    assert 0 < pause.total_seconds() <= limits.WINDOW.total_seconds()
    window.count(THEIRS)
    assert window.pause_of(THEIRS) is None


async def test_a_new_window_begins_with_nothing_counted() -> None:
    window = Window(1, timedelta(milliseconds=20))
    for _ in range(2):
        window.count(OURS)
    await asyncio.sleep(0.03)
    assert window.pause_of(OURS) is None
    assert not window._counts


async def test_a_centre_waits_behind_nobody_but_itself() -> None:
    queue = Turns(at_once=1, waiting=2)
    end = await queue.take(OURS)
    waiting = [asyncio.create_task(queue.take(OURS)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyAtOnce):
        await queue.take(OURS)
    (await queue.take(THEIRS))()
    end()
    (await waiting[0])()
    (await waiting[1])()
    assert not queue._queues


async def test_a_busy_centre_gives_way_to_a_quiet_one_and_not_for_ever() -> None:
    queue, order = Turns(at_once=2, waiting=9), list[str]()

    async def call(centre: CentreId, name: str, pauses: int) -> None:
        end = await queue.take(centre)
        for _ in range(pauses):
            await asyncio.sleep(0)
        order.append(name)
        end()

    quiet = asyncio.create_task(call(THEIRS, "quiet", 50))
    await asyncio.sleep(0)
    await asyncio.gather(quiet, *(call(OURS, "busy", 1) for _ in range(3)))
    assert order == ["busy", "quiet", "busy", "busy"]  # the first of them came while it was the only one
    held = await queue.take(THEIRS)
    await asyncio.gather(*(call(OURS, "busy beside it", 1) for _ in range(2)))
    held()
    assert order[4:] == ["busy beside it"] * 2
    assert not queue._queues


async def test_a_caller_that_goes_while_it_waits_leaves_its_place() -> None:
    queue = Turns(at_once=1, waiting=1)
    end = await queue.take(OURS)
    waiting = asyncio.create_task(queue.take(OURS))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    end()
    (await queue.take(OURS))()
    assert not queue._queues


async def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_WAIT", timedelta(milliseconds=10))
    queue = Turns(at_once=1, waiting=1)
    end = await queue.take(OURS)
    with pytest.raises(TooManyAtOnce):
        await queue.take(OURS)
    end()
    assert not queue._queues


async def test_a_turn_ends_when_the_answer_begins_and_when_there_is_none() -> None:
    queue = Turns(at_once=1, waiting=0)
    begun: list[int] = []

    async def answering(scope: Any, _receive: Any, send: Any) -> None:
        for _ in range(2):
            await take_turn(queue, scope, OURS)
        assert queue._queues[OURS].here == 1
        if scope["path"] == "/broken":
            raise ConnectionError
        await send({"type": "http.response.start"})

    async def send(_message: Any) -> None:
        begun.append(len(queue._queues))

    for path in ("/", "/broken"):
        app: Any = in_turn(answering)
        await asyncio.gather(app({"path": path}, None, send), return_exceptions=True)
        assert not queue._queues
    assert begun == [0]


async def test_a_turn_is_given_back_while_a_body_is_waited_for() -> None:
    queue = Turns(at_once=1, waiting=0)
    here: list[int] = []

    async def answering(scope: Any, _receive: Any, _send: Any) -> None:
        for begins_or_ends in (take_turn(queue, scope, OURS), None, take_turn(queue, scope, OURS)):
            if begins_or_ends is None:
                give_turn_back(scope)
            else:
                await begins_or_ends
            here.append(len(queue._queues))

    app: Any = in_turn(answering)
    await app({}, None, None)
    assert here == [1, 0, 1]
    assert not queue._queues


@get("/v1/known")
async def known(request: Request[Any, Any, Any]) -> None:
    prove_known(request.scope)
    raise LookupError


@post("/oauth/token", status_code=200)
async def token() -> dict[str, str]:
    return {}


def guarded(at_most: int) -> ASGIApp:
    app = Litestar(
        [known, token], exception_handlers={**HANDLERS, LookupError: _forbidden}, openapi_config=None
    )
    app.asgi_handler = bounding_strangers(app.asgi_handler, at_most)
    return app


def _forbidden(*_: Any) -> Any:
    return Response({}, status_code=403)


def client(app: ASGIApp, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=(address, 5))  # type: ignore[arg-type]  # as above
    return httpx.AsyncClient(transport=transport, base_url=URL)


async def test_a_stranger_is_bounded_by_its_address_and_nobody_else_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "HELD_BACK_SECONDS", 0)
    monkeypatch.setattr(limits, "STRANGER_HELD_BACK_SECONDS", 0)
    app = guarded(3)
    async with client(app, "192.0.2.7") as stranger, client(app, "192.0.2.8") as other:
        told = [(await stranger.get("/nowhere")).status_code for _ in range(5)]
        assert told == [404, 404, 404, 429, 429]
        for path in ("/oauth/token", "//oauth/token", "/oauth//token/", "/oauth/%74oken"):
            answer = await stranger.post(f"{URL}{path}")
            assert (answer.status_code, answer.json()["code"]) == (429, "limits.strangers"), path
        assert 0 < int(answer.headers["retry-after"]) <= limits.WINDOW.total_seconds()
        assert (await stranger.get("/v1/known")).status_code == 403
        assert (await other.post("/oauth/token")).status_code == 200
        assert (await other.get("/nowhere")).status_code == 404


async def test_a_stranger_over_its_share_waits_for_its_answer_and_is_not_logged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thousands of its connections would else come again at once, and fill the log."""
    paused: list[float] = []

    async def pause(seconds: float) -> None:
        paused.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", pause)
    app = guarded(2)
    async with client(app, "192.0.2.7") as stranger:
        with capture_logs() as logged:
            told = [await stranger.post("/oauth/token") for _ in range(2)]
            told = [await stranger.get("/nowhere") for _ in range(12)]
    over = [answer for answer in told if answer.status_code == 429]
    assert len(over) == len(paused) == 10
    assert all(0.2 <= seconds / limits.STRANGER_HELD_BACK_SECONDS <= 1 for seconds in paused)
    assert len(set(paused)) > 1
    assert not [line for line in logged if line.get("code") == "limits.strangers"]
    waits = {int(answer.headers["retry-after"]) for answer in over}
    assert min(waits) >= 1
    assert max(waits) <= limits.WINDOW.total_seconds()


async def test_what_is_refused_of_a_proved_caller_counts_for_no_stranger() -> None:
    app = guarded(3)
    async with client(app, "192.0.2.7") as caller:
        told = [(await caller.get("/v1/known")).status_code for _ in range(9)]
        assert told == [403] * 9
        assert (await caller.post("/oauth/token")).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
def test_a_network_of_one_customer_is_one_address(one: str, other: str, same: bool) -> None:  # noqa: FBT001
    first, second = (address_of(cast("Scope", {"client": (address, 1)})) for address in (one, other))
    assert (first == second) is same
