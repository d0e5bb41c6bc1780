"""Debian's Firefox as it is, spoken to by WebDriver BiDi (W3C) over its own socket: no driver in between.

Only what the tests of pages need. Clicks and keys go the way of a hand: through the browser's own input.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

_LISTENS = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
_SECONDS = 60
_PREFERENCES: Mapping[str, object] = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.download.alwaysOpenPanel": False,
    "browser.download.folderList": 2,
    "datareporting.policy.dataSubmissionEnabled": False,
    "intl.accept_languages": "lv",
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Refused(Exception):  # noqa: N818  # says what happened
    """The browser could not do a command."""


@dataclass
class Firefox:
    """One window. Elements are named by CSS selectors."""

    downloads: Path
    _line: aiohttp.ClientWebSocketResponse
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _window: str = ""

    async def begin(self) -> None:
        await self._do("session.new", capabilities={})
        tree = await self._do("browsingContext.getTree")
        self._window = tree["contexts"][0]["context"]

    async def visit(self, address: str) -> None:
        await self._do("browsingContext.navigate", context=self._window, url=address, wait="complete")

    async def find(self, selector: str) -> dict[str, Any]:
        """The first element that fits, once there is one."""
        locator = {"type": "css", "value": selector}
        async with asyncio.timeout(_SECONDS):
            while True:
                with suppress(Refused):  # a page that is going away
                    found = await self._do(
                        "browsingContext.locateNodes", context=self._window, locator=locator
                    )
                    if found["nodes"]:
                        return {"sharedId": found["nodes"][0]["sharedId"]}
                await asyncio.sleep(0.1)

    async def press(self, selector: str) -> None:
        """As a hand does."""
        element = await self.find(selector)
        await self._call("element => element.scrollIntoView({block: 'center'})", element)
        origin = {"type": "element", "element": element}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "hand", "actions": steps})

    async def type(self, selector: str, text: str) -> None:
        await self.press(selector)
        strokes = [{"type": kind, "value": one} for one in text for kind in ("keyDown", "keyUp")]
        await self._act({"type": "key", "id": "keys", "actions": strokes})

    async def text(self, selector: str) -> str:
        """What stands in an element for people."""
        said = await self._call("element => element.innerText", await self.find(selector))
        return str(said["result"]["value"])

    async def says(self, selector: str, text: str) -> None:
        """Wait until it stands there: the page before may have such an element too."""
        async with asyncio.timeout(_SECONDS):
            while True:
                with suppress(Refused):
                    if text in await self.text(selector):
                        return
                await asyncio.sleep(0.1)

    async def downloaded(self, pattern: str) -> bytes:
        """A file that the browser has saved whole."""
        async with asyncio.timeout(_SECONDS):
            while True:
                found = [*self.downloads.glob(pattern)]
                if found and not [*self.downloads.glob("*.part")] and (content := found[0].read_bytes()):
                    return content
                await asyncio.sleep(0.1)

    async def _call(self, function: str, element: dict[str, Any]) -> dict[str, Any]:
        return await self._do(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=False,
            target={"context": self._window},
            arguments=[element],
        )

    async def _act(self, actions: dict[str, Any]) -> None:
        await self._do("input.performActions", context=self._window, actions=[actions])

    async def _do(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        await self._line.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(_SECONDS):
            while True:
                said: dict[str, Any] = await self._line.receive_json()
                if said.get("id") == number:
                    break
        if said["type"] == "error":
            raise Refused(f"{method}: {said['error']}: {said['message']}")
        result: dict[str, Any] = said["result"]
        return result


@asynccontextmanager
async def firefox(program: str, home: Path) -> AsyncIterator[Firefox]:
    """A browser with a profile of its own, closed at the end whatever it does."""
    profile, downloads = home / "profile", home / "downloads"
    for folder in (profile, downloads):
        folder.mkdir()
    wished = {**_PREFERENCES, "browser.download.dir": str(downloads)}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in wished.items()]
    (profile / "user.js").write_text("\n".join(lines))
    process = await asyncio.create_subprocess_exec(
        program,
        *("--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", str(profile)),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        address = await asyncio.wait_for(_address(process.stderr), _SECONDS)
        rest = asyncio.create_task(process.stderr.read())
        async with aiohttp.ClientSession() as http, http.ws_connect(f"{address}/session") as line:
            browser = Firefox(downloads, line)
            await browser.begin()
            yield browser
    finally:
        process.kill()
        await process.wait()
    await rest


async def _address(said: asyncio.StreamReader) -> str:
    while line := await said.readline():
        if found := _LISTENS.search(line):
            return found[1].decode()
    raise Refused("Firefox ended without listening")
