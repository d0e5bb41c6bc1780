"""A password's whole life leaves its value on the telephone and in the mailbox, and nowhere else."""

import asyncio
import base64
import io
import logging
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog

from hub.kernel.secret import Secret
from hub.passwords import casework
from hub.passwords.channels import Route
from hub.passwords.phrase import dictated
from hub.plumbing.logs import configure
from hub.plumbing.worker import Pace, Worker
from saikne_demo.mailboxes import Mailbox
from saikne_demo.phone import Phone
from saikne_schemas.manifests import AuthorisedPerson
from tests.conftest import Cluster
from tests.passwords.conftest import MAIL, NOW, NUMBER, SMS, VOICE, Errands

Dispatch = Callable[[Route], Awaitable[str]]
Dump = Callable[[], Awaitable[str]]
QUICK = Pace(first_retry=timedelta(milliseconds=50), look=timedelta(seconds=0.3))


def forms(password: str) -> list[str]:
    """Every spelling in which a value could lie about."""
    spoken = dictated(Secret(password)).reveal()
    written = [password, password.lower(), spoken, spoken.lower(), spoken.replace("-", " ")]
    return [
        *written,
        password.encode().hex(),
        base64.b64encode(password.encode()).decode().rstrip("="),
        base64.urlsafe_b64encode(password.encode()).decode().rstrip("="),
        password[:12],
    ]


@pytest.fixture
def dump(cluster: Cluster, database_name: str) -> Dump:
    """Every row of every table of the database, as the superuser sees it."""

    async def dump() -> str:
        connection = await asyncpg.connect(cluster.url(database_name))
        tables = await connection.fetch(
            "SELECT format('SELECT t::text FROM %I.%I AS t', table_schema, table_name)"
            " FROM information_schema.tables"
            " WHERE table_schema IN ('hub', 'queue') AND table_type = 'BASE TABLE'"
        )
        rows = [row[0] for (query,) in tables for row in await connection.fetch(query)]
        await connection.close()
        return "\n".join(rows)

    return dump


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the hub and its libraries say at any level; the mail server's log is not the hub's."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    quiet = {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "pgqueuer", "asyncio")}
    stream = io.StringIO()
    configure(stream, level=logging.DEBUG)
    for name in quiet:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


async def carried(worker: Worker, arrived: Callable[[], Any]) -> None:
    running = asyncio.create_task(worker.run())
    assert await asyncio.to_thread(arrived)
    worker.stop()
    await running


@pytest.fixture
def worker(cluster: Cluster, database_name: str, errands: Errands) -> Worker:
    worker = Worker(cluster.url(database_name), pace=QUICK)
    for name in casework.HAND_OVER.values():
        worker.handle(name, errands.courier.hand_over)
    return worker


async def nowhere(password: str, *places: str) -> None:
    for place in places:
        assert place
        assert [form for form in forms(password) if form in place] == []


async def test_a_password_sent_by_sms_through_a_stumbling_gateway_lies_nowhere(
    dump: Dump,
    dispatched: Dispatch,
    worker: Worker,
    phone: Phone,
    log: io.StringIO,
) -> None:
    phone.fail_next(2, status=503)
    password = await dispatched(SMS)
    await carried(worker, lambda: phone.wait_for(lambda it: len(it.inbox(NUMBER)) == 1))
    assert password in phone.inbox(NUMBER)[0].text
    assert "promise waits" in log.getvalue()
    await nowhere(password, await dump(), log.getvalue())


async def test_a_password_sent_by_mail_through_a_stumbling_server_lies_nowhere(
    dump: Dump,
    dispatched: Dispatch,
    worker: Worker,
    mailbox: Mailbox,
    log: io.StringIO,
) -> None:
    mailbox.reject_next(2, status=451)
    password = await dispatched(MAIL)
    await carried(worker, lambda: mailbox.wait_for(lambda it: bool(it.inbox(MAIL.password_address))))
    assert password in mailbox.inbox(MAIL.password_address)[0].text
    assert "promise waits" in log.getvalue()
    await nowhere(password, await dump(), log.getvalue())


async def test_a_password_that_was_read_out_lies_nowhere(
    dump: Dump,
    dispatched: Dispatch,
    errands: Errands,
    tmp_path: Path,
) -> None:
    password = await dispatched(VOICE)
    anna = AuthorisedPerson(name="Anna Ozola", position="vadītāja")
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        await casework.reveal(
            tx, errands.courier.safe, errands.handover, spoken_by=anna, authorised=[anna], now=NOW
        )
    keys = "".join(file.read_text() for file in (tmp_path / "keys").glob("*.json"))
    await nowhere(password, await dump(), keys)


async def test_a_value_that_did_lie_about_would_be_found(
    dump: Dump, dispatched: Dispatch, errands: Errands
) -> None:
    password = await dispatched(SMS)
    async with errands.courier.database.transaction(errands.handover.parties) as tx:
        await tx.exec_driver_sql("UPDATE hub.password SET provider_id = $1", (password,))
    with pytest.raises(AssertionError):
        await nowhere(password, await dump())
