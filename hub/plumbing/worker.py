"""The worker keeps what was promised: at least once, tried again through outages, never lost.

Source: design.md 7. Over PgQueuer on a connection of its own, for as long as it takes: a database that goes
away is waited for. A job whose worker was killed shows no sign of life and is taken up by another. A handler
that meets an Outage is asked again later, however long that takes (`waiting`); after a day that is a person's
matter too, and the job goes on being tried. One that meets anything else leaves its job in the queue, marked
as failed, for a person (`broken`, `try_again`). What is told of a failure is its kind, never its words.
"""

import asyncio
import contextlib
import json
import secrets
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.types import JobId
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job, Schedule
from pgqueuer.queries import Queries
from sqlalchemy import Row

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal
from hub.plumbing.database import APP_ROLE, Tx
from hub.plumbing.measures import OUTCOMES, PROMISES, ending
from hub.plumbing.postgres import reach
from hub.plumbing.promises import SCHEMA, Overtaken, payload_of, queries

log = structlog.get_logger(__name__)

Handler = Callable[[JsonObject], Awaitable[None]]
"""Keeps one promise; gets the payload it was made with, and may get it twice. Where there is nothing left to
keep it says so (`Overtaken`): no handler just returns."""
Recurring = Callable[[], Awaitable[object]]

LOG_KEPT_DAYS = 30
_TIDY = f"DELETE FROM {SCHEMA}.pgqueuer_log WHERE created < now() - interval '{LOG_KEPT_DAYS} days'"  # noqa: S608  # constants
_BROKEN = f"""
    SELECT job.id, job.entrypoint, job.payload, job.created,
        (SELECT log.traceback->>'exception_message' FROM {SCHEMA}.pgqueuer_log AS log
         WHERE log.job_id = job.id AND log.status = 'failed' ORDER BY log.id DESC LIMIT 1) AS why
    FROM {SCHEMA}.pgqueuer AS job WHERE job.status = 'failed' ORDER BY job.id LIMIT $1
"""  # noqa: S608  # as above
A_PERSONS_AFTER = timedelta(days=1)
"""What an outage has kept waiting for longer is not left to the machines alone."""
NOT_TAKEN_UP = "not-taken-up"
"""Instead of the kind of an outage: no worker has tried it, for none runs or none has what it takes."""
TAKEN_UP_SECONDS = 60
"""A worker that keeps promises of a kind takes up every one of them sooner."""
_UNTRIED_SINCE = "CASE WHEN job.attempts = 0 THEN job.execute_after ELSE job.updated END"
_WAITING = f"""
    SELECT job.id, job.entrypoint, job.payload, job.created, job.attempts, job.execute_after,
        coalesce(met.since, {_UNTRIED_SINCE}) AS since,
        CASE WHEN job.attempts = 0 THEN '{NOT_TAKEN_UP}' ELSE coalesce(met.why, '') END AS why,
        coalesce(met.since, {_UNTRIED_SINCE}) <= now() - $1::interval AS for_a_person
    FROM {SCHEMA}.pgqueuer AS job CROSS JOIN LATERAL (
        SELECT min(log.created) AS since,
            (array_agg(log.traceback->'additional_context'->>'reason' ORDER BY log.id DESC))[1] AS why
        FROM {SCHEMA}.pgqueuer_log AS log
        WHERE log.job_id = job.id AND log.status = 'queued' AND log.traceback IS NOT NULL) AS met
    WHERE job.status IN ('queued', 'picked') AND job.attempts > 0
        OR job.status = 'queued' AND job.execute_after <= now() - interval '{TAKEN_UP_SECONDS} seconds'
    ORDER BY since, job.id LIMIT $2
"""  # noqa: S608  # as above
_SOONER = f"""
    UPDATE {SCHEMA}.pgqueuer SET execute_after = now(), updated = now()
    WHERE id = ANY($1::bigint[]) AND status = 'queued' AND attempts > 0
"""  # noqa: S608  # as above


class PromiseBroken(Exception):  # noqa: N818  # says what happened
    """A handler failed for good. Carries the kind of the failure only: it is written beside the job."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient and how quick a worker is."""

    sign_of_life: timedelta = timedelta(seconds=20)
    """A job without a sign of life for this long is taken up by another worker."""
    look: timedelta = timedelta(seconds=10)
    """How often the queue is looked at without being told of anything new."""
    first_retry: timedelta = timedelta(seconds=1)
    longest_retry: timedelta = timedelta(minutes=10)
    longest_reconnect: timedelta = timedelta(seconds=15)
    at_once: int = 20

    def pause(self, attempts: int) -> timedelta:
        """Twice as long after every try, up to the longest, and not all at the same moment."""
        longest = min(self.first_retry * (1 << min(attempts, 16)), self.longest_retry)
        return longest * (0.5 + secrets.randbelow(500) / 1000)


LOST = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server went away in the middle of a word
)
"""What a connection may end with: the worker makes another."""


class Worker:
    """Runs until it is told to stop; then it finishes what it has in hand and takes up nothing new."""

    def __init__(self, url: str, *, role: str = APP_ROLE, pace: Pace | None = None) -> None:
        self._where = reach(url)
        self._role = role
        self._pace = pace or Pace()
        self._handlers: dict[str, Handler] = {}
        self._timetable: dict[tuple[str, str], Recurring] = {}
        self._stopping = asyncio.Event()

    def handle(self, name: str, keep: Handler) -> None:
        """Let `keep` keep every promise of this name."""
        if name in self._handlers:
            raise ValueError(f"{name} is kept by somebody already")
        self._handlers[name] = keep
        for outcome in OUTCOMES:
            PROMISES.labels(name, outcome)

    @property
    def names(self) -> set[str]:
        """The promises that this worker keeps."""
        return set(self._handlers)

    def recur(self, name: str, when: str, work: Recurring) -> None:
        """Do `work` by a cron expression in UTC (a sixth field counts seconds).

        Once a tick, however many workers there are; once when a worker comes back after missed ticks.
        """
        self._timetable[name, when] = work

    def stop(self) -> None:
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """From here SIGTERM and SIGINT stop the worker in good order."""
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, self.stop)

    async def run(self) -> None:
        """Keep promises until stopped; wait for the database whenever and as long as it is away."""
        lost = 0
        while not self._stopping.is_set():
            try:
                async with self._connected() as driver:
                    lost = 0
                    await self._serve(driver)
            except LOST as trouble:
                log.warning("database lost", cause=trouble)
            if self._stopping.is_set():
                log.info("worker stopped")
            else:
                lost += 1
                await self._rest(min(0.25 * 2 ** min(lost, 10), self._pace.longest_reconnect.total_seconds()))

    async def _rest(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncpgDriver]:
        connection = await asyncpg.connect(
            self._where.dsn,
            ssl=self._where.tls,
            timeout=10,
            command_timeout=30,
            server_settings={"role": self._role, "application_name": "saikne-worker", "timezone": "UTC"},
        )
        try:
            yield AsyncpgDriver(connection)
        finally:
            with contextlib.suppress(*LOST):
                await connection.close(timeout=5)

    async def _serve(self, driver: AsyncpgDriver) -> None:
        """One connection's life: ends when the worker is stopped or the connection is lost."""
        queue = self._queue(queries(driver))
        timetable = self._scheduler(queries(driver), driver)

        def end(*_: object) -> None:
            queue.shutdown.set()
            timetable.shutdown.set()

        driver._connection.add_termination_listener(end)  # noqa: SLF001  # the driver has no other door
        stopped = asyncio.create_task(self._stopping.wait())
        stopped.add_done_callback(end)
        at_work = [
            asyncio.create_task(
                queue.run(
                    dequeue_timeout=self._pace.look,
                    batch_size=self._pace.at_once // 2,
                    max_concurrent_tasks=self._pace.at_once,
                    heartbeat_timeout=self._pace.sign_of_life,
                )
            ),
            asyncio.create_task(timetable.run()),
        ]
        log.info("worker started", jobs=sorted(self._handlers), recurring=len(self._timetable))
        try:
            await asyncio.wait(at_work, return_when=asyncio.FIRST_COMPLETED)
        finally:
            end()
            stopped.cancel()
            ended = await asyncio.gather(*at_work, return_exceptions=True)
        for trouble in ended:
            if isinstance(trouble, BaseException):
                raise trouble
        if not self._stopping.is_set():
            log.warning("database lost", cause="its connection ended")

    def _queue(self, jobs: Queries) -> QueueManager:
        queue = QueueManager(jobs)
        for name, keep in self._handlers.items():
            queue.entrypoint(name, accepts_context=False, on_failure="hold")(self._kept(keep))
        return queue

    def _kept(self, keep: Handler) -> Callable[[Job], Awaitable[None]]:
        async def kept(job: Job) -> None:
            try:
                with ending(PROMISES, job.entrypoint):
                    await keep(payload_of(job))
            except Outage as outage:
                pause = self._pace.pause(job.attempts)
                log.warning(
                    "promise waits", job=job.entrypoint, id=job.id, code=outage.kind, tries=job.attempts + 1
                )
                raise RetryRequested(pause, outage.kind) from None
            except Overtaken as overtaken:
                log.info("promise overtaken", job=job.entrypoint, id=job.id, by=overtaken.by)
            except asyncio.CancelledError:  # PgQueuer would forget a job that was cut short
                raise RetryRequested(reason="cut short") from None
            except Exception as failure:
                log.exception("promise broken", job=job.entrypoint, id=job.id, exc_info=failure)
                raise PromiseBroken(_kind(failure)) from None

        return kept

    def _scheduler(self, jobs: Queries, driver: AsyncpgDriver) -> SchedulerManager:
        async def tidy() -> None:
            await driver.execute(_TIDY)

        scheduler = SchedulerManager(jobs)
        for (name, when), work in {**self._timetable, ("queue.tidy", "17 3 * * *"): tidy}.items():
            scheduler.schedule(name, when, accepts_context=False)(_done(name, work))
        return scheduler


def _done(name: str, work: Recurring) -> Callable[[Schedule], Awaitable[None]]:
    async def done(_: Schedule) -> None:
        try:
            await work()
        except Outage as outage:
            log.warning("recurring work waits for its next time", work=name, code=outage.code)
        except Exception as failure:
            log.exception("recurring work failed", work=name, exc_info=failure)

    return done


def _kind(failure: Exception) -> str:
    return failure.code if isinstance(failure, Refusal) else type(failure).__name__


@dataclass(frozen=True, slots=True)
class Unkept:
    """A promise that was tried and still stands."""

    number: int
    name: str
    payload: JsonObject
    promised_at: datetime


@dataclass(frozen=True, slots=True)
class Broken(Unkept):
    """Nobody keeps it until a person has looked."""

    why: str


@dataclass(frozen=True, slots=True)
class Waiting(Unkept):
    """It met an outage and is tried again by itself."""

    tries: int
    again_at: datetime
    since: datetime
    """When it met one first."""
    why: str
    """The kind of the last one."""
    for_a_person: bool
    """It has waited for too long to be left to the machines alone."""


async def waiting(tx: Tx, limit: int = 100) -> list[Waiting]:
    """The promises that wait, for something which is down or for a worker, those first that wait longest."""
    rows = await tx.exec_driver_sql(_WAITING, (A_PERSONS_AFTER, limit))
    return [
        Waiting(*_unkept(row), row.attempts, row.execute_after, row.since, row.why, row.for_a_person)
        for row in rows
    ]


async def broken(tx: Tx, limit: int = 100) -> list[Broken]:
    """The promises that failed for good, oldest first, each with the kind of its failure."""
    rows = await tx.exec_driver_sql(_BROKEN, (limit,))
    return [Broken(*_unkept(row), row.why or "") for row in rows]


def _unkept(row: Row[Any]) -> tuple[int, str, JsonObject, datetime]:
    return row.id, row.entrypoint, json.loads(row.payload or b"{}"), row.created


async def try_again(tx: Tx, numbers: Iterable[int]) -> None:
    """A person has removed the cause: failed promises start anew, and waiting ones need not wait longer."""
    raw = (await tx.get_raw_connection()).driver_connection
    assert raw is not None  # noqa: S101  # an open transaction has a connection
    meant = [JobId(number) for number in numbers]
    await queries(AsyncpgDriver(raw)).requeue_jobs(meant)
    await tx.exec_driver_sql(_SOONER, (meant,))
