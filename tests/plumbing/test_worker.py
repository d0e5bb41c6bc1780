"""The worker keeps what was promised: through outages, kills and restarts, once a tick, and loses nothing."""

import ast
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from hub import timetable
from hub.kernel.refusal import Outage, Refusal
from hub.plumbing import promises
from hub.plumbing.database import APP_ROLE, Database
from hub.plumbing.promises import Overtaken, promise
from hub.plumbing.wall import ROLES
from hub.plumbing.worker import _TIDY, LOST, Pace, Worker, broken, try_again
from tests.conftest import Cluster
from tests.test_architecture import ROOT, called, imported

CANARY = "K7QPM2X9D4TW8RNH"
QUICK = Pace(
    sign_of_life=timedelta(seconds=1),
    look=timedelta(seconds=0.3),
    first_retry=timedelta(milliseconds=100),
    longest_retry=timedelta(milliseconds=400),
    longest_reconnect=timedelta(seconds=0.5),
)
PROGRAM = """
import asyncio, sys
from datetime import timedelta
from hub.plumbing.logs import configure
from hub.plumbing.worker import Pace, Worker

configure()
url, seconds = sys.argv[1], float(sys.argv[2])

async def keep(payload):
    print("began", payload["n"], flush=True)
    await asyncio.sleep(seconds)
    print("kept", payload["n"], flush=True)

async def main():
    worker = Worker(url, pace=Pace(sign_of_life=timedelta(seconds=1), at_once=2))
    worker.handle("tests.keep", keep)
    worker.stop_on_signals()
    await worker.run()

asyncio.run(main())
"""


class NotNow(Outage):
    code = "tests.not-now"


class Never(Refusal):
    code = "tests.never"


class Book:
    """Notes what a worker did, and lets a test wait for the next entry."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self._entries: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def keep(self, payload: dict[str, Any]) -> None:
        self.kept.append(payload)
        await self._entries.put(payload)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            return await self._entries.get()


@pytest.fixture
def url(cluster: Cluster, database_name: str) -> str:
    return cluster.url(database_name)


@asynccontextmanager
async def running(*workers: Worker) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield
    finally:
        for worker in workers:
            worker.stop()
        await asyncio.gather(*tasks)


async def promised(database: Database, name: str, *numbers: int) -> None:
    async with database.transaction() as tx:
        for number in numbers:
            await promise(tx, name, {"n": number})


async def left(database: Database) -> int:
    async with database.transaction() as tx:
        return int((await tx.exec_driver_sql("SELECT count(*) FROM queue.pgqueuer")).scalar_one())


async def program(url: str, seconds: float) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
    """A worker in a process of its own, and what it says: `began 1`, `kept 1`."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, url, str(seconds), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    return process, process.stdout


def start_server(folder: Path) -> str:
    """In a process of its own, so that nothing remembers the server when it is gone."""
    starting = """
import sys
from pathlib import Path
from hub.plumbing.embedded import start
print(start(Path(sys.argv[1]), keep_running=True).admin_url)
"""
    started = subprocess.run(
        [sys.executable, "-c", starting, str(folder)], check=True, capture_output=True, text=True
    )
    return started.stdout.strip()


def stop_server(folder: Path) -> None:
    note = folder / "postmaster.pid"
    os.kill(int(note.read_text().split()[0]), signal.SIGINT)
    while note.exists():
        time.sleep(0.05)


async def test_every_promise_is_kept_with_its_payload(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)
    worker.handle("tests.keep", book.keep)
    await promised(database, "tests.keep", 1)
    async with running(worker):
        assert await book.next() == {"n": 1}
        await promised(database, "tests.keep", 2)
        assert await book.next() == {"n": 2}
    assert await left(database) == 0


async def test_a_promise_nobody_here_keeps_waits_for_who_does(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)
    worker.handle("tests.keep", book.keep)
    await promised(database, "tests.other", 1)
    await promised(database, "tests.keep", 2)
    async with running(worker):
        assert await book.next() == {"n": 2}
    assert await left(database) == 1


async def test_an_outage_lets_the_promise_live(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)

    async def keep(payload: dict[str, Any]) -> None:
        await book.keep(payload)
        if len(book.kept) < 4:
            raise NotNow

    worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1)
    async with running(worker):
        for _ in range(4):
            await book.next()
    assert await left(database) == 0


def test_pauses_double_to_the_longest_and_differ() -> None:
    pace = Pace()
    longest = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]
    for tries, seconds in enumerate(longest):
        pauses = {pace.pause(tries).total_seconds() for _ in range(50)}
        assert seconds / 2 <= min(pauses) < max(pauses) <= seconds
    assert pace.pause(10**6) <= timedelta(minutes=10)


async def test_a_promise_that_breaks_is_kept_for_a_person(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)

    async def keep(payload: dict[str, Any]) -> None:
        await book.keep(payload)
        if payload["n"] == 1:
            raise Never(password=CANARY)
        if payload["n"] == 2:
            raise ValueError(CANARY)

    worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1, 2, 3)
    async with running(worker):
        for _ in range(3):
            await book.next()
    async with database.transaction() as tx:
        held = await broken(tx)
    assert [(one.name, one.payload, one.why) for one in held] == [
        ("tests.keep", {"n": 1}, "tests.never"),
        ("tests.keep", {"n": 2}, "ValueError"),
    ]


async def test_what_a_failure_said_is_not_written_beside_its_job(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)

    async def keep(payload: dict[str, Any]) -> None:
        await book.keep(payload)
        raise NotNow(password=CANARY) if len(book.kept) == 1 else KeyError(CANARY)

    worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1)
    async with running(worker):
        await book.next()
        await book.next()
    async with database.transaction() as tx:
        written = await tx.exec_driver_sql("SELECT string_agg(log::text, ' ') FROM queue.pgqueuer_log log")
        told = str(written.scalar())
    assert "tests.not-now" in told
    assert "KeyError" in told
    assert CANARY not in told


async def test_a_person_can_have_a_broken_promise_tried_again(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)

    async def keep(payload: dict[str, Any]) -> None:
        await book.keep(payload)
        if len(book.kept) == 1:
            raise Never

    worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1)
    async with running(worker):
        await book.next()
    async with database.transaction() as tx:
        await try_again(tx, [one.number for one in await broken(tx)])
    again = Worker(url, pace=QUICK)
    again.handle("tests.keep", keep)
    async with running(again):
        await book.next()
    assert await left(database) == 0


async def test_what_a_killed_worker_had_in_hand_is_done_by_the_next(url: str, database: Database) -> None:
    await promised(database, "tests.keep", 1)
    killed, says = await program(url, 3600)
    assert await says.readline() == b"began 1\n"
    killed.send_signal(signal.SIGKILL)
    assert await killed.wait() == -signal.SIGKILL

    book, worker = Book(), Worker(url, pace=QUICK)
    worker.handle("tests.keep", book.keep)
    async with running(worker):
        assert await book.next() == {"n": 1}
    assert await left(database) == 0


async def test_a_job_that_takes_long_is_not_taken_from_a_living_worker(url: str, database: Database) -> None:
    book = Book()

    async def keep(payload: dict[str, Any]) -> None:
        await asyncio.sleep(QUICK.sign_of_life.total_seconds() * 2.5)
        await book.keep(payload)

    workers = [Worker(url, pace=QUICK), Worker(url, pace=QUICK)]
    for worker in workers:
        worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1)
    async with running(*workers):
        await book.next()
    assert book.kept == [{"n": 1}]


async def test_a_promise_that_was_overtaken_ends_and_the_log_says_by_what(
    url: str, database: Database
) -> None:
    worker, told = Worker(url, pace=QUICK), Book()

    async def keep(_: dict[str, Any]) -> None:
        raise Overtaken("withdrawn")

    worker.handle("tests.keep", keep)
    worker.handle("tests.next", told.keep)
    await promised(database, "tests.keep", 1)
    await promised(database, "tests.next", 2)
    with capture_logs() as said:
        async with running(worker):
            await told.next()
    assert [(line["job"], line["by"]) for line in said if line["event"] == "promise overtaken"] == [
        ("tests.keep", "withdrawn")
    ]
    assert await left(database) == 0


KEEPERS = [
    module
    for name in sorted(imported(Path(str(timetable.__file__))))
    if {"casework", "courier"} & set(name.split("."))
    and (module := ROOT / f"{name.replace('.', '/')}.py").exists()
]
"""The modules whose functions keep promises."""


@pytest.mark.parametrize("module", KEEPERS, ids=called)
def test_no_handler_ends_early_without_a_word(module: Path) -> None:
    tree = ast.parse(module.read_text())
    silent = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Return) and node.value is None]
    assert not silent


async def test_a_worker_told_to_stop_finishes_what_it_has_in_hand(url: str, database: Database) -> None:
    await promised(database, "tests.keep", 1)
    stopped, says = await program(url, 0.5)
    assert await says.readline() == b"began 1\n"
    stopped.send_signal(signal.SIGTERM)
    await promised(database, "tests.keep", 2)
    assert await says.read() == b"kept 1\n"
    assert await stopped.wait() == 0
    assert await left(database) == 1


async def test_a_worker_that_is_cut_short_gives_its_jobs_back(url: str, database: Database) -> None:
    began = asyncio.Event()

    async def keep(_: dict[str, Any]) -> None:
        began.set()
        await asyncio.Event().wait()

    worker = Worker(url, pace=QUICK)
    worker.handle("tests.keep", keep)
    await promised(database, "tests.keep", 1)
    task = asyncio.create_task(worker.run())
    await began.wait()
    worker.stop()
    while not task.done():
        task.cancel()
        await asyncio.sleep(0.05)
    assert await left(database) == 1
    book, next_worker = Book(), Worker(url, pace=QUICK)
    next_worker.handle("tests.keep", book.keep)
    async with running(next_worker):
        assert await book.next() == {"n": 1}


async def test_a_connection_that_is_cut_is_made_again(url: str, database: Database) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)
    worker.handle("tests.keep", book.keep)
    await promised(database, "tests.keep", 1)
    async with running(worker):
        await book.next()
        admin = await asyncpg.connect(url)
        cut = await admin.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'saikne-worker' AND datname = current_database()"
        )
        await admin.close()
        assert cut == 1
        await promised(database, "tests.keep", 2)
        assert await book.next() == {"n": 2}


@pytest.fixture
def other_server() -> Iterator[tuple[Path, str]]:
    """A server that a test may stop and start: its folder and its address."""
    with tempfile.TemporaryDirectory(prefix="saikne-tests-") as home:
        Path(home).chmod(0o755)
        folder = Path(home) / "postgres"
        yield folder, start_server(folder)
        stop_server(folder)


async def test_a_database_that_restarts_is_waited_for(other_server: tuple[Path, str]) -> None:
    folder, url = other_server
    admin = await asyncpg.connect(url)
    await admin.execute(ROLES)
    await admin.execute(f"CREATE SCHEMA queue; GRANT USAGE ON SCHEMA queue TO {APP_ROLE}")
    await admin.execute(promises.installation(APP_ROLE))
    await admin.close()
    book, worker, database = Book(), Worker(url, pace=QUICK), Database(url)
    worker.handle("tests.keep", book.keep)
    async with running(worker):
        await asyncio.to_thread(stop_server, folder)
        await asyncio.to_thread(start_server, folder)
        await promised(database, "tests.keep", 2)
        assert await book.next() == {"n": 2}
    await database.close()


@pytest.mark.parametrize(
    "ended", [asyncpg.InternalClientError, asyncpg.AdminShutdownError, ConnectionResetError]
)
def test_however_a_connection_ends_another_is_made(ended: type[Exception]) -> None:
    """As a server that restarts ends it; which of these it is, is a matter of milliseconds."""
    assert issubclass(ended, LOST)


async def test_recurring_work_is_done_once_a_tick_by_all_workers_together(url: str) -> None:
    ticks: asyncio.Queue[datetime] = asyncio.Queue()

    async def work() -> None:
        await ticks.put(datetime.now().astimezone())

    workers = [Worker(url, pace=QUICK) for _ in range(3)]
    for worker in workers:
        worker.recur("tests.tick", "* * * * * *", work)
    async with running(*workers), asyncio.timeout(30):
        done = [int((await ticks.get()).timestamp()) for _ in range(6)]
    assert len(done) <= done[-1] - done[0] + 2  # the first may have been late: it was another second's


async def test_recurring_work_that_fails_is_done_at_its_next_time(url: str) -> None:
    book, worker = Book(), Worker(url, pace=QUICK)

    async def work() -> None:
        await book.keep({})
        raise ValueError

    worker.recur("tests.tick", "* * * * * *", work)
    async with running(worker):
        await book.next()
        await book.next()


async def test_the_queues_own_log_is_forgotten_after_a_month(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.exec_driver_sql(
            "INSERT INTO queue.pgqueuer_log (job_id, status, priority, entrypoint, created) VALUES"
            " (1, 'successful', 0, 'tests.keep', now() - interval '31 days'),"
            " (2, 'successful', 0, 'tests.keep', now() - interval '29 days')"
        )
        await tx.exec_driver_sql(_TIDY)
        rest = await tx.exec_driver_sql("SELECT job_id FROM queue.pgqueuer_log")
        assert rest.scalars().all() == [2]


def test_a_promise_has_one_keeper(url: str) -> None:
    worker = Worker(url)
    worker.handle("tests.keep", Book().keep)
    with pytest.raises(ValueError, match="somebody already"):
        worker.handle("tests.keep", Book().keep)
