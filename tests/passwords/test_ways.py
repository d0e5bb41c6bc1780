"""A password whose way a worker lacks is left to one that has it: untried, and not by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub import timetable
from hub.parts import assemble
from hub.passwords.casework import HAND_OVER, HAND_OVER_BEFORE
from hub.passwords.channels import Route
from hub.plumbing.database import Database
from hub.plumbing.promises import promise
from hub.plumbing.worker import Pace, Worker
from hub.settings import Settings
from saikne_demo.mailboxes import Mailbox
from saikne_demo.phone import Phone
from saikne_schemas.vocabulary import PasswordChannel
from tests.conftest import Cluster
from tests.passwords.conftest import MAIL, NUMBER, SMS, Errands

Dispatch = Callable[[Route], Awaitable[str]]
WAYS = {
    PasswordChannel.EMAIL: {"smtp_url": "smtp://127.0.0.1:1"},
    PasswordChannel.SMS: {"sms_url": "http://127.0.0.1:1/messages"},
}
QUICK = Pace(look=timedelta(seconds=0.3))


@pytest.mark.parametrize("ways", [[], [PasswordChannel.EMAIL], [PasswordChannel.SMS], list(WAYS)])
async def test_a_worker_takes_what_it_has_a_way_for(
    cluster: Cluster, database_name: str, tmp_path: Path, ways: list[PasswordChannel]
) -> None:
    worker = hubs_own(cluster.url(database_name), tmp_path, ways)
    assert worker.names & {*HAND_OVER.values(), HAND_OVER_BEFORE} == {
        HAND_OVER_BEFORE,  # promised before ways had names of their own
        *(HAND_OVER[way] for way in ways),
    }


@pytest.mark.parametrize(("route", "other"), [(SMS, PasswordChannel.EMAIL), (MAIL, PasswordChannel.SMS)])
async def test_it_leaves_the_rest_untried_and_another_brings_it_at_once(  # noqa: PLR0917  # fixtures
    cluster: Cluster,
    database_name: str,
    database: Database,
    tmp_path: Path,
    dispatched: Dispatch,
    errands: Errands,
    phone: Phone,
    mailbox: Mailbox,
    route: Route,
    other: PasswordChannel,
) -> None:
    password = await dispatched(route)
    async with database.transaction() as tx:
        await promise(tx, "tests.later", {})
    later, without = asyncio.Event(), hubs_own(cluster.url(database_name), tmp_path, [other])

    async def keep(_payload: dict[str, Any]) -> None:
        later.set()

    without.handle("tests.later", keep)
    await run_until(without, later.wait())
    async with database.transaction() as tx:
        (left,) = await tx.exec_driver_sql(
            "SELECT attempts, status::text FROM queue.pgqueuer WHERE entrypoint = ANY($1)",
            (list(HAND_OVER.values()),),
        )
    assert tuple(left) == (0, "queued")

    having = Worker(cluster.url(database_name), pace=QUICK)
    having.handle(HAND_OVER[route.password_channel], errands.courier.hand_over)
    if route is SMS:
        arrived = asyncio.to_thread(phone.wait_for, lambda it: len(it.inbox(NUMBER)) == 1)
    else:
        arrived = asyncio.to_thread(mailbox.wait_for, lambda it: bool(it.inbox(MAIL.password_address)))
    await run_until(having, arrived)
    told = phone.inbox(NUMBER) if route is SMS else mailbox.inbox(MAIL.password_address)
    assert password in told[0].text


def hubs_own(url: str, home: Path, ways: list[PasswordChannel]) -> Worker:
    """As `hub worker` puts it together."""
    set_up: dict[str, Any] = {name: value for way in ways for name, value in WAYS[way].items()}
    return timetable.worker(assemble(Settings(home=home, database_url=url, **set_up)))


def test_what_an_older_version_promised_is_kept(cluster: Cluster, database_name: str, tmp_path: Path) -> None:
    names = hubs_own(cluster.url(database_name), tmp_path, [PasswordChannel.EMAIL]).names
    assert names >= {"exchange.tell", "exchange.lapse", "matters.remind"}


async def run_until(worker: Worker, done: Awaitable[Any]) -> None:
    running = asyncio.create_task(worker.run())
    assert await asyncio.wait_for(done, 60)
    worker.stop()
    await running
