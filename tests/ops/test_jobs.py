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
from saikne_schemas.command_line import Exit
from tests.client.command_line import assert_promised
from tests.conftest import Cluster

PATIENT = Pace(first_retry=timedelta(hours=1), longest_retry=timedelta(hours=1))


class GatewayDown(Outage):
    code = "mail.unavailable"


@pytest.fixture
def url(cluster: Cluster, database_name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    url = cluster.url(database_name)
    for name, value in (("HUB_HOME", str(tmp_path)), ("HUB_LANG", "en"), ("HUB_DATABASE_URL", url)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_SMTP_URL", "smtps://mail.example")
    monkeypatch.setenv("HUB_SMS_URL", "https://sms.example")
    return url


def jobs(*arguments: str) -> str:
    told = CliRunner().invoke(app, list(arguments))
    assert told.exit_code == 0, told.output
    return told.stdout


def listed(*options: str) -> list[dict[str, Any]]:
    """What a program is told, each line as it is published."""
    lines = [json.loads(line) for line in jobs("list", "--json", *options).splitlines()]
    for line in lines:
        assert_promised("hub", ["jobs", "list"], line)
    return lines


def test_where_nothing_failed_and_nothing_waits_it_says_so(url: str) -> None:
    assert url
    assert jobs("list") == "No promise has failed.\n"
    assert jobs("list", "--waiting") == "No promise has to wait.\n"
    assert listed() == listed("--waiting") == []


def test_a_promise_that_waits_for_a_gateway_is_shown_with_its_tries(url: str) -> None:
    asyncio.run(_meet_an_outage(url))
    assert jobs("list") == "1 promise waits for something that is down (hub jobs list --waiting)\n"
    assert jobs("list", "--waiting").endswith("  n=1 to=a\n")
    [waiting] = listed("--waiting")
    assert (waiting["job"], waiting["payload"], waiting["tries"]) == ("tests.tell", {"n": 1, "to": "a"}, 1)
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
    lines = listed()
    assert [(line["job"], line["why"], line["for_a_person"]) for line in lines] == (
        [("tests.tell", "mail.unavailable", True)] if shown else []
    )
    told = jobs("list")
    assert ("mail.unavailable" in told) is shown
    assert ("hub jobs list --waiting" in told) is not shown
    assert len(listed("--waiting")) == 1


@pytest.mark.parametrize(("setting", "way"), [("HUB_SMTP_URL", "mail"), ("HUB_SMS_URL", "sms")])
@pytest.mark.parametrize("options", [(), ("--waiting",)])
def test_a_way_out_that_is_not_set_is_named_to_people_and_to_programs(
    url: str, monkeypatch: pytest.MonkeyPatch, setting: str, way: str, options: tuple[str, ...]
) -> None:
    assert url
    monkeypatch.delenv(setting)
    (missing, _rest) = jobs("list", *options).splitlines()
    for said in (setting, way, "for this command", "Where the workers have none either"):
        assert said.lower() in missing.lower()
    assert listed(*options) == [{"state": "no-way-out", "way": way, "setting": setting}]


def test_what_no_worker_takes_up_is_listed_with_its_age_the_oldest_first(url: str) -> None:
    """A worker without mail leaves the promise of a letter where it lies."""
    ages = [timedelta(minutes=5), timedelta(days=2, hours=3, minutes=4), timedelta(seconds=20)]
    asyncio.run(_leave_lying(url, ages))
    lines = listed()
    assert [(line["payload"], line["why"], line["tries"]) for line in lines] == [
        ({"n": 1}, "not-taken-up", 0),
        ({"n": 0}, "not-taken-up", 0),
    ]
    assert [line["for_a_person"] for line in lines] == [True, False]
    told = jobs("list").splitlines()
    assert "2 d 3:04" in told[0]
    assert "0:05" in told[1]
    assert len(told) == 2
    assert len(jobs("list", "--waiting").splitlines()) == 2


async def _leave_lying(url: str, ages: list[timedelta]) -> None:
    worker, database = Worker(url), Database(url, role=APP_ROLE)
    async with database.transaction() as tx:
        for number, age in enumerate(ages):
            await promise(tx, "tests.by-mail", {"n": number}, after=-age)
    kept = asyncio.Event()

    async def keep(_payload: dict[str, Any]) -> None:
        kept.set()

    worker.handle("tests.kept", keep)
    async with database.transaction() as tx:
        await promise(tx, "tests.kept", {})
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(kept.wait(), 20)
    worker.stop()
    await running
    await database.close()


def test_a_person_need_not_wait_for_the_next_try(url: str) -> None:
    asyncio.run(_meet_an_outage(url))
    [waiting] = listed("--waiting")
    jobs("retry", str(waiting["number"]))
    [sooner] = listed("--waiting")
    assert sooner["again_at"] < waiting["again_at"]
    assert (sooner["since"], sooner["tries"]) == (waiting["since"], waiting["tries"])


def test_what_failed_for_good_is_told_in_words_and_as_it_is_published(url: str) -> None:
    asyncio.run(_broken(url))
    [broken] = listed()
    assert (broken["state"], broken["why"], broken["payload"]) == (
        "failed",
        "ValueError",
        {"n": 1, "to": "a"},
    )
    assert jobs("list").endswith("  ValueError  n=1 to=a\n")


def test_only_what_is_tried_again_is_counted_and_every_other_number_is_named(url: str) -> None:
    """Kept, not tried yet, or never there: nothing is there to be repeated."""
    asyncio.run(_broken(url))
    asyncio.run(_leave_lying(url, [timedelta(minutes=5)]))
    (untried,) = (line["number"] for line in listed() if line["state"] == "waiting")
    (failed,) = (line["number"] for line in listed() if line["state"] == "failed")
    kept = untried + 1
    ended = CliRunner().invoke(app, ["retry", "99999", str(failed), str(untried), str(kept), str(failed)])
    assert (ended.exit_code, ended.stdout) == (Exit.BAD_INPUT, "1 promise is back in the queue.\n")
    assert f": {untried}, {kept}, 99999." in ended.stderr
    again = CliRunner().invoke(app, ["retry", "99999"])
    assert (again.exit_code, again.stdout) == (Exit.BAD_INPUT, "")
    assert ": 99999." in again.stderr
    assert [line["state"] for line in listed()] == ["waiting"]  # the failed one is in the queue again


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "one"])
def test_what_can_be_no_number_of_a_promise_is_refused(url: str, number: str) -> None:
    assert url
    assert CliRunner().invoke(app, ["retry", "--", number]).exit_code == Exit.BAD_INPUT


async def _wait(url: str, waited: timedelta) -> None:
    """Everything was written so much earlier."""
    database = Database(url, role=APP_ROLE)
    async with database.transaction() as tx:
        await tx.exec_driver_sql("UPDATE queue.pgqueuer_log SET created = created - $1::interval", (waited,))
    await database.close()


async def _meet_an_outage(url: str) -> None:
    await _meet(url, GatewayDown())


async def _broken(url: str) -> None:
    await _meet(url, ValueError())


async def _meet(url: str, trouble: Exception) -> None:
    met, worker, database = asyncio.Event(), Worker(url, pace=PATIENT), Database(url, role=APP_ROLE)

    async def tell(_payload: dict[str, Any]) -> None:
        met.set()
        raise trouble

    worker.handle("tests.tell", tell)
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {"n": 1, "to": "a"})
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(met.wait(), 20)
    worker.stop()
    await running
    await database.close()
