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
    assert waiting["again_at"] > waiting["since"] > waiting["promised_at"]
    assert (waiting["why"], waiting["for_a_person"]) == ("mail.unavailable", False)


@pytest.mark.parametrize(
    ("waited", "shown"), [(timedelta(hours=23, minutes=59), False), (timedelta(hours=24), True)]
)
def test_what_waits_for_a_day_is_for_a_person_and_goes_on_being_tried(
    url: str, waited: timedelta, *, shown: bool
) -> None:
    asyncio.run(_meet_an_outage(url))
    asyncio.run(_wait(url, waited))
    lines = [json.loads(line) for line in jobs("list", "--json").splitlines()]
    assert [(line["job"], line["why"], line["for_a_person"]) for line in lines] == (
        [("tests.tell", "mail.unavailable", True)] if shown else []
    )
    told = jobs("list")
    assert ("mail.unavailable" in told) is shown
    assert ("No promise has failed." in told) is not shown
    assert len(jobs("list", "--waiting", "--json").splitlines()) == 1


def test_a_person_need_not_wait_for_the_next_try(url: str) -> None:
    asyncio.run(_meet_an_outage(url))
    [waiting] = [json.loads(line) for line in jobs("list", "--waiting", "--json").splitlines()]
    jobs("retry", str(waiting["number"]))
    [sooner] = [json.loads(line) for line in jobs("list", "--waiting", "--json").splitlines()]
    assert sooner["again_at"] < waiting["again_at"]
    assert (sooner["since"], sooner["tries"]) == (waiting["since"], waiting["tries"])


async def _wait(url: str, waited: timedelta) -> None:
    """Everything was written so much earlier."""
    database = Database(url, role=APP_ROLE)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE queue.pgqueuer_log SET created = created - $1::interval", (waited,))
    await database.close()


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
