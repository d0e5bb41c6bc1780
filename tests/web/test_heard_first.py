"""A stranger's call costs the framework nothing until its body is there, unless its head is refused."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hub.access.routes import HEADS
from hub.kernel.secret import Secret
from hub.passwords.routes import REPORTS, heads
from hub.web.bodies import BodyTooSlow
from hub.web.heard_first import BYTES_AT_MOST, hearing_first

DESCRIBED = Path(__file__).parents[2] / "schemas" / "json" / "openapi.json"
FORM = {"content-type": "Application/X-WWW-Form-Urlencoded; Charset=UTF-8"}
SIGNED = {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
WITH_SECRET = {**HEADS, **heads(Secret("whsec_AAAA"))}
GOOD = [(path, SIGNED if path == REPORTS else FORM) for path in WITH_SECRET]
Event = dict[str, Any]


class Call:
    """One call, whose body comes as it is told to."""

    def __init__(self, path: str, headers: dict[str, str], method: str = "POST") -> None:
        self.comes = asyncio.Queue[Event | Exception]()
        self.entered = asyncio.Event()
        self.heard, self.said = list[Event](), list[Event]()
        written = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "headers": written,
        }
        app: Any = hearing_first(self._application, WITH_SECRET)
        self.served = asyncio.create_task(app({**scope, "query_string": b""}, self._receive, self._send))

    async def _application(self, _scope: Any, receive: Any, _send: Any) -> None:
        self.entered.set()
        while not self.heard or self.heard[-1].get("more_body"):
            self.heard.append(await receive())

    async def _receive(self) -> Event:
        event = await self.comes.get()
        if isinstance(event, Exception):
            raise event
        return event

    async def _send(self, message: Any) -> None:
        self.said.append(message)

    def piece(self, body: bytes, *, more: bool) -> None:
        self.comes.put_nowait({"type": "http.request", "body": body, "more_body": more})

    async def settled(self) -> bool:
        """Whether the framework was entered, when all that came has been looked at."""
        for _ in range(9):
            await asyncio.sleep(0)
        return self.entered.is_set()

    async def end(self) -> None:
        self.served.cancel()
        await asyncio.gather(self.served, return_exceptions=True)


def test_every_address_that_takes_a_strangers_body_is_among_them() -> None:
    paths = json.loads(DESCRIBED.read_text())["paths"]
    bodies = {
        (method, path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if "requestBody" in operation and not operation["security"]
    }
    assert bodies == {("post", path) for path in WITH_SECRET}
    assert REPORTS not in heads(Secret(""))


@pytest.mark.parametrize(("path", "headers"), GOOD)
@pytest.mark.parametrize("spelled", ["{}", "/{}", "{}/"])
async def test_the_framework_is_entered_with_the_whole_body_only(
    path: str, headers: dict[str, str], spelled: str
) -> None:
    call = Call(spelled.format(path), headers)
    assert not await call.settled()
    call.piece(b"a=", more=True)
    call.piece(b"", more=True)
    assert not await call.settled()
    call.piece(b"b", more=False)
    assert await call.settled()
    assert call.heard == [{"type": "http.request", "body": b"a=b", "more_body": False}]


@pytest.mark.parametrize(("path", "headers"), GOOD)
async def test_a_body_that_never_comes_is_refused_without_it(path: str, headers: dict[str, str]) -> None:
    call = Call(path, headers)
    call.piece(b"a", more=True)
    call.comes.put_nowait(BodyTooSlow())
    assert not await call.settled()
    assert call.said[0]["status"] == 408
    assert json.loads(call.said[1]["body"])["code"] == "http.body-too-slow"


@pytest.mark.parametrize(("path", "headers"), GOOD)
async def test_for_who_hangs_up_the_framework_is_not_entered(path: str, headers: dict[str, str]) -> None:
    call = Call(path, headers)
    call.piece(b"a", more=True)
    call.comes.put_nowait({"type": "http.disconnect"})
    assert not await call.settled()
    assert json.loads(call.said[1]["body"])["code"] == "http.body-broken-off"


@pytest.mark.parametrize(("path", "headers"), GOOD)
async def test_what_is_too_long_is_not_waited_for(path: str, headers: dict[str, str]) -> None:
    chunked = Call(path, headers)
    chunked.piece(b"x" * BYTES_AT_MOST, more=True)
    assert not await chunked.settled()
    chunked.piece(b"x", more=True)
    assert await chunked.settled()
    await chunked.end()
    assert len(chunked.heard[0]["body"]) == BYTES_AT_MOST + 1
    announced = Call(path, headers | {"content-length": str(BYTES_AT_MOST + 1)})
    assert await announced.settled()
    await announced.end()


@pytest.mark.parametrize(
    ("path", "headers", "method"),
    [
        ("/oauth/token", {}, "POST"),
        ("/oauth/revoke", {"content-type": "text/plain"}, "POST"),
        ("/oauth/introspect", {"content-type": f"{FORM['content-type']}; charset=utf-16"}, "PUT"),
        (REPORTS, {"webhook-id": "a"}, "POST"),
        ("/v1/exchanges", FORM | SIGNED, "POST"),
    ],
)
async def test_where_the_head_is_refused_nothing_is_waited_for(
    path: str, headers: dict[str, str], method: str
) -> None:
    call = Call(path, headers, method)
    assert await call.settled()
    await call.end()
