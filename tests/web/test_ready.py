"""A hub is ready with its database, its keys, its objects and a worker, or names what is missing."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import structlog

from hub.kernel.refusal import Outage
from hub.plumbing.database import Database
from hub.plumbing.promises import promise
from hub.web import readiness
from hub.web.readiness import Ground, Readiness
from hub.web.routes import GroundName
from tests.conftest import Cluster
from tests.web.conftest import hub_on


@pytest.fixture
async def hub(cluster: Cluster, database_name: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with hub_on(cluster.url(database_name), tmp_path) as client:
        yield client


async def ask(client: httpx.AsyncClient, *exclude: str) -> tuple[int, list[str]]:
    answer = await client.get("/v1/ready", params={"exclude": exclude} if exclude else {})
    said: dict[str, Any] = answer.json()
    if answer.status_code == 503:
        assert said["code"] == "hub.not-ready"
        assert int(answer.headers["retry-after"]) > 0
        assert set(said) == {"type", "title", "status", "code", "detail", "instance", "not_ready"}
    return answer.status_code, said.get("not_ready", [])


async def test_a_whole_hub_is_ready(hub: httpx.AsyncClient) -> None:
    assert await ask(hub) == (200, [])
    assert (await hub.get("/v1/live")).json() == {"status": "ok"}


async def test_a_hub_without_its_database_says_so_and_still_lives(web_alone: httpx.AsyncClient) -> None:
    assert await ask(web_alone) == (503, ["database", "promises"])
    assert await ask(web_alone, "database", "promises") == (200, [])
    assert (await web_alone.get("/v1/live")).status_code == 200


async def test_the_log_says_why_the_database_is_not_ready(
    web_alone: httpx.AsyncClient,
) -> None:
    with structlog.testing.capture_logs() as told:
        await ask(web_alone)
    causes = {line["what"]: line["cause"] for line in told if line["event"] == "not ready"}
    assert isinstance(causes["database"].__cause__, ConnectionRefusedError)
    assert "cause" not in next(line for line in told if line["event"] == "outage")


async def test_a_hub_whose_objects_are_gone_says_so(hub: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "objects").rmdir()
    assert await ask(hub) == (503, ["objects"])


@pytest.mark.parametrize("kind", ["token", "receipt", "wrapping"])
async def test_a_hub_that_misses_a_key_says_so(hub: httpx.AsyncClient, tmp_path: Path, kind: str) -> None:
    (key,) = (tmp_path / "keys").glob(f"{kind}-*.json")
    key.unlink()
    assert await ask(hub) == (503, ["keys"])


async def test_a_hub_whose_keys_are_gone_says_so(hub: httpx.AsyncClient, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "keys")
    assert await ask(hub) == (503, ["keys"])


@pytest.mark.parametrize(
    ("age", "missing"), [(timedelta(minutes=55), []), (timedelta(minutes=65), ["promises"])]
)
async def test_a_promise_that_nobody_keeps_makes_the_hub_not_ready(
    hub: httpx.AsyncClient, database: Database, age: timedelta, missing: list[str]
) -> None:
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {}, after=-age)
        await promise(tx, "tests.later", {}, after=timedelta(days=3))
    assert (await ask(hub))[1] == missing
    assert await ask(hub, "promises") == (200, [])


def test_every_ground_can_be_left_out() -> None:
    assert set(get_args(GroundName)) == {ground.value for ground in Ground}


async def test_what_is_no_ground_is_not_taken(hub: httpx.AsyncClient) -> None:
    assert (await hub.get("/v1/ready", params={"exclude": "everything"})).status_code == 400


async def test_many_who_ask_at_once_make_the_hub_look_once() -> None:
    looked = 0

    async def look() -> None:
        nonlocal looked
        looked += 1
        await asyncio.sleep(0)
        raise Down

    shared = Readiness({Ground.OBJECTS: look})
    assert await asyncio.gather(*(shared.missing() for _ in range(50))) == [[Ground.OBJECTS]] * 50
    assert looked == 1


async def test_what_does_not_answer_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "PATIENCE_SECONDS", 0.01)
    never = asyncio.Event()

    async def hang() -> None:
        await never.wait()

    async def answer() -> None: ...

    assert await Readiness({Ground.KEYS: answer, Ground.OBJECTS: hang}).missing() == [Ground.OBJECTS]


class Down(Outage):
    code = "blobs.unavailable"
