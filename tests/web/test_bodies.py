"""A body that never comes, drips or is too long holds no call for ever: at every address that takes one."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from hub.web.connections import HEAD_BYTES
from saikne_schemas.manifests import MANIFEST_BYTES
from tests.access.centre_system import CentreSystem, digest_of, sign
from tests.conftest import Cluster
from tests.journeys.conftest import playing
from tests.peers.stage import Stage

SHORT = {"HUB_BODY_SILENCE": "PT1S", "HUB_UPLOAD_SILENCE": "PT1S"}
SECONDS_AT_MOST = 120
"""Only that a test ends: the hub itself waits a second or two."""
ROOT = Path(__file__).parents[2]
DESCRIBED = ROOT / "schemas" / "json" / "openapi.json"
IDENTITY = "3f9d2c71-5a84-4e0b-9c36-7d1e8b2a4f60"
LENGTHS = {"never": 1000, "dripping": 1000, "larger than any": 10**12}


@dataclass(frozen=True)
class Address:
    method: str
    path: str
    media_type: str
    open: bool
    """Whether a stranger may call it."""


@dataclass(frozen=True)
class Hub:
    stage: Stage
    addresses: list[Address]
    centre: CentreSystem
    token: str


@pytest.fixture(scope="module")
async def hub(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Hub]:
    name = await cluster.create(template)
    stage = Stage(tmp_path_factory.mktemp("hub"), database_url=cluster.url(name), environment=SHORT)
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start, "serve")
    async with playing(stage, tmp_path_factory.mktemp("play")) as play:
        hands = await play.by_hand(play.holder)
        yield Hub(stage, addresses(json.loads(DESCRIBED.read_text())), hands.system, hands.token)
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


def addresses(described: dict[str, Any]) -> list[Address]:
    found = []
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if "requestBody" in operation:
                media_type = next(iter(operation["requestBody"]["content"]))
                at = path
                for parameter in operation["parameters"]:
                    value = "1" if parameter.get("schema", {}).get("type") == "integer" else IDENTITY
                    at = at.replace("{" + parameter.get("name", "") + "}", value)
                found.append(Address(method.upper(), at, media_type, open=not operation["security"]))
    assert len(found) > 80
    return found


class Line:
    """One connection, on which nothing is sent but what is written here."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, stage: Stage) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", stage.port))

    def head(self, address: Address, length: int, **more: str) -> None:
        fields = {"Host": "hub", "Content-Type": address.media_type, "Content-Length": str(length), **more}
        lines = [f"{address.method} {address.path} HTTP/1.1", *(f"{k}: {v}" for k, v in fields.items())]
        self.writer.write("\r\n".join((*lines, "", "")).encode())

    async def answer(self) -> tuple[int, str]:
        """Status and code of what is said next."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split()[1])
        if status == 100:
            return status, ""
        length = int(head.partition("content-length: ")[2].split()[0])
        told = json.loads(await self.reader.readexactly(length))
        return status, told.get("code") or told.get("error")

    async def drip(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            self.writer.write(b"x")

    async def close(self) -> None:
        self.writer.transport.abort()


async def call(hub: Hub, address: Address, kind: str, **more: str) -> tuple[int, str]:
    line = await Line.to(hub.stage)
    line.head(address, LENGTHS[kind], **more)
    dripping = asyncio.create_task(line.drip()) if kind == "dripping" else None
    try:
        async with asyncio.timeout(SECONDS_AT_MOST):
            return await line.answer()
    finally:
        if dripping:
            dripping.cancel()
        await line.close()


def signed_by_gateway() -> dict[str, str]:
    return {"Webhook-Id": "a", "Webhook-Timestamp": "1", "Webhook-Signature": "v1,AAAA"}


def signed_by_centre(hub: Hub, address: Address) -> dict[str, str]:
    uri = hub.stage.url + address.path
    shown = hub.centre.bearing(hub.token, address.method, uri)
    said = {"Content-Type": address.media_type, "Content-Digest": digest_of(b"another")}
    return sign(address.method, uri, {**shown, **said}, hub.centre.signing)


@pytest.mark.parametrize("kind", LENGTHS)
async def test_a_strangers_body_is_given_up_at_every_address(hub: Hub, kind: str) -> None:
    gateway = signed_by_gateway()
    answers = await asyncio.gather(*(call(hub, address, kind, **gateway) for address in hub.addresses))
    waited_for = {
        address.path: answer
        for address, answer in zip(hub.addresses, answers, strict=True)
        if answer != (401, "access.token-missing")
    }
    late = {"never": (408, "http.body-too-slow"), "dripping": (408, "http.body-too-slow")}
    at_oauth = late.get(kind, (400, "invalid_request"))
    too_large = {address.path: (413, "manifest.too-large") for address in hub.addresses if not address.open}
    assert waited_for == {
        "/oauth/token": at_oauth,
        "/oauth/par": at_oauth,
        "/oauth/introspect": at_oauth,
        "/oauth/revoke": at_oauth,
        "/v1/gateway/sms/reports": late.get(kind, (413, "http.too-large")),
        **({} if kind in late else {path: told for path, told in too_large.items() if path in waited_for}),
    }


@pytest.mark.parametrize("kind", ["never", "dripping"])
async def test_the_body_of_a_centre_that_was_let_in_is_given_up_at_every_address(hub: Hub, kind: str) -> None:
    signed = [address for address in hub.addresses if not address.open]
    answers = await asyncio.gather(
        *(call(hub, address, kind, **signed_by_centre(hub, address)) for address in signed)
    )
    told = {address.path: answer for address, answer in zip(signed, answers, strict=True)}
    late = {path for path, answer in told.items() if answer == (408, "http.body-too-slow")}
    others = {path: answer for path, answer in told.items() if path not in late}
    assert len(late) > 70
    assert others == {
        f"/v1/proofs/{IDENTITY}": (400, "exchange.upload-broken-off"),
        f"/v1/exchanges/{IDENTITY}/rounds/1/documents/1": (404, "exchange.not-found"),
        f"/v1/support-plans/{IDENTITY}/sendings/{IDENTITY}/documents/1": (404, "matters.not-found"),
        "/v1/registrations/claims": (403, "access.scope-missing"),
        "/v1/registrations/outcomes": (403, "access.scope-missing"),
    }


async def test_who_waits_to_be_asked_for_a_body_that_is_refused_is_not_asked(hub: Hub) -> None:
    refused = [address for address in hub.addresses if not address.open]
    answers = [await call(hub, one, "never", Expect="100-continue") for one in refused]
    assert set(answers) == {(401, "access.token-missing")}
    larger = [await call(hub, one, "larger than any", Expect="100-continue") for one in hub.addresses]
    assert {status for status, _ in larger} <= {400, 401, 413}
    signed = Address("POST", "/v1/exchanges", "application/json", open=False)
    too_large = await Line.to(hub.stage)
    too_large.head(signed, MANIFEST_BYTES + 1, **signed_by_centre(hub, signed), Expect="100-continue")
    assert await too_large.answer() == (413, "manifest.too-large")
    await too_large.close()
    form = Address("POST", "/oauth/token", "text/plain", open=True)
    assert await call(hub, form, "never", Expect="100-continue") == (400, "invalid_request")


async def test_who_waits_to_be_asked_for_a_body_that_is_taken_is_asked(hub: Hub) -> None:
    line = await Line.to(hub.stage)
    body = b"grant_type=password"
    line.head(hub.addresses[0], len(body), Expect="100-continue")
    assert hub.addresses[0].open
    assert await line.answer() == (100, "")
    line.writer.write(body)
    assert (await line.answer())[0] in {400, 401}
    await line.close()


async def test_a_body_in_crumbs_is_given_up_long_before_it_is_whole(hub: Hub) -> None:
    line = await Line.to(hub.stage)
    head = f"POST /oauth/token HTTP/1.1\r\nHost: hub\r\nContent-Type: {hub.addresses[0].media_type}\r\n"
    line.writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + b"1\r\nx\r\n" * 2000)
    assert await line.answer() == (408, "http.body-too-slow")
    await line.close()


async def test_a_body_that_comes_slowly_but_in_time_is_taken(hub: Hub) -> None:
    line = await Line.to(hub.stage)
    line.head(hub.addresses[0], 3)
    for _ in range(3):
        await asyncio.sleep(0.05)
        line.writer.write(b"x")
    assert await line.answer() != (408, "http.body-too-slow")
    await line.close()


@pytest.mark.parametrize("path", ["/v1/health", "/oauth/jwks", "/v1/exchanges", "/nowhere"])
@pytest.mark.parametrize("fields", [1, 60])
async def test_a_head_is_taken_up_to_its_bound(hub: Hub, path: str, fields: int) -> None:
    async def status(of_bytes: int) -> tuple[int, str]:
        headers = {f"x-{number}": "a" * (of_bytes // fields) for number in range(fields)}
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"{hub.stage.url}{path}", headers=headers)
        return answer.status_code, "" if answer.is_success else answer.json()["code"]

    assert (await status(HEAD_BYTES - 2000))[0] in {200, 401, 404}
    assert await status(HEAD_BYTES) == (431, "http.head-too-large")


@pytest.mark.parametrize("hosts", ["", "Host: hub\r\nHost: hub\r\n"])
async def test_a_head_without_one_host_is_refused(hub: Hub, hosts: str) -> None:
    line = await Line.to(hub.stage)
    line.writer.write(f"GET /v1/health HTTP/1.1\r\n{hosts}\r\n".encode())
    assert await line.answer() == (400, "http.head-unclear")
    await line.close()


def test_no_room_reads_a_body_by_itself() -> None:
    readers = ("request.stream(", "request.body(", "request.json(", "request.form(")
    modules = {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / "hub").rglob("*.py")}
    found = {name for name, text in modules.items() if any(reader in text for reader in readers)}
    assert found == {"hub/web/bodies.py"}
