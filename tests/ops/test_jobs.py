"""`hub jobs`: the operator sees what waits for a gateway that is down."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.kernel.refusal import Outage
from hub.ops.jobs import app
from hub.plumbing.database import APP_ROLE, Database
from hub.plumbing.promises import promise
from hub.plumbing.worker import Pace, Worker
from tests.conftest import Cluster

PATIENT = Pace(first_retry=timedelta(hours=1), longest_retry=timedelta(hours=1))


class GatewayDown(Outage):
    code = "mail.unavailable"


@pytest.fixture
def url(cluster: Cluster, database_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    url = cluster.url(database_name)
    for name, value in (("HUB_HOME", str(tmp_path)), ("HUB_LANG", "en"), ("HUB_DATABASE_URL", url)):
        monkeypatch.setenv(name, value)
    return url


def jobs(*arguments: str) -> str:
    told = CliRunner().invoke(app, list(arguments))
    assert told.exit_code == 0, told.output
    return told.stdout


def test_where_nothing_failed_and_nothing_waits_it_says_so(url: str) -> None:
    assert url
    assert jobs("list") == "No promise has failed.\n"
    assert jobs("list", "--waiting") == "No promise has to wait.\n"
    assert jobs("list", "--waiting", "--json") == ""


def test_a_promise_that_waits_for_a_gateway_is_shown_with_its_tries(url: str) -> None:
    asyncio.run(_meet_an_outage(url))
    assert jobs("list").splitlines()[1] == "Waiting for something that is down: 1 (hub jobs list --waiting)"
    assert "tests.tell" in jobs("list", "--waiting")
    [waiting] = [json.loads(line) for line in jobs("list", "--waiting", "--json").splitlines()]
    assert (waiting["job"], waiting["payload"], waiting["tries"]) == ("tests.tell", {"n": 1}, 1)
    assert waiting["again_at"] > waiting["promised_at"]


async def _meet_an_outage(url: str) -> None:
    met, worker, database = asyncio.Event(), Worker(url, pace=PATIENT), Database(url, role=APP_ROLE)

    async def tell(_payload: dict[str, Any]) -> None:
        met.set()
        raise GatewayDown

    worker.handle("tests.tell", tell)
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {"n": 1})
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(met.wait(), 20)
    worker.stop()
    await running
    await database.close()
