"""A promise is a job written in the transaction of the deed that made it.

Committed together or not at all; the worker keeps it at least once. A payload holds identifiers only:
never an address, a password or anything a person wrote. Source: design.md 7.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment, QueryQueueBuilder, QuerySchedulerBuilder
from pgqueuer.db import AsyncpgDriver
from pgqueuer.domain.settings import DBSettings
from pgqueuer.models import Job
from pgqueuer.queries import Queries
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from hub.kernel.documents import JsonObject
from hub.plumbing.database import Database, Tx, afterwards, fetch
from hub.plumbing.rows import Rows

SCHEMA = "queue"
_SETTINGS = DBSettings(db_schema=SCHEMA)
_PROMISE = f"""
    INSERT INTO {SCHEMA}.{_SETTINGS.queue_table}
        (priority, entrypoint, payload, execute_after, dedupe_key, status)
    VALUES (0, $1, $2, now() + $3, $4, 'queued') ON CONFLICT DO NOTHING
"""  # noqa: S608  # constants
"""What PgQueuer's own words come to for one job, without an entry in its log, at a third of the cost."""
_QUEUE = Table(
    _SETTINGS.queue_table,
    MetaData(schema=SCHEMA),
    Column("priority", Integer),
    Column("entrypoint", Text),
    Column("payload", LargeBinary),
    Column("status", Text),
)
_TELL = f"""
    SELECT pg_notify('{_SETTINGS.channel}', json_build_object(
        'channel', '{_SETTINGS.channel}', 'type', 'table_changed_event', 'operation', 'insert',
        'table', '{_SETTINGS.queue_table}', 'sent_at', now())::text)
"""
"""Wakes the workers. Said after the commit: told inside of transactions, PostgreSQL lets only one of them
commit at a time, in the whole database. Where it is not said at all, a worker looks by itself soon."""

DUE_SINCE = "CASE WHEN job.attempts = 0 THEN job.execute_after ELSE job.created END"
"""When a promise could first be kept. After a try the queue no longer knows of a pause at the beginning."""
_LONGEST_DUE = f"""
    SELECT coalesce(max(now() - {DUE_SINCE}), interval '0') AS age
    FROM {SCHEMA}.{_SETTINGS.queue_table} AS job
    WHERE job.status = 'queued' AND {DUE_SINCE} <= now()
"""  # noqa: S608  # constants

_TRIED = f"""
    SELECT job.id FROM {SCHEMA}.{_SETTINGS.queue_table} AS job
    WHERE job.id = ANY($1::bigint[]) AND (job.status = 'failed' OR job.status = 'queued' AND job.attempts > 0)
    FOR UPDATE
"""  # noqa: S608  # constants

AGES = ("minute", "hour", "day", "longer")
"""Up to which age a promise is, from the youngest on."""
_BY_AGE = f"""
    SELECT job.entrypoint,
        width_bucket(extract(epoch FROM now() - {DUE_SINCE}), ARRAY[60, 3600, 86400]) AS age,
        count(*) FILTER (WHERE job.status = 'queued') AS due,
        count(*) FILTER (WHERE job.status = 'failed') AS broken
    FROM {SCHEMA}.{_SETTINGS.queue_table} AS job
    WHERE job.status = 'failed' OR (job.status = 'queued' AND {DUE_SINCE} <= now())
    GROUP BY 1, 2
"""  # noqa: S608  # constants


class Overtaken(Exception):  # noqa: N818  # no error: what was promised has no reason any more
    """What a handler finds where nothing is left to keep of a promise; `by` names what came before it.

    The promise ends well, and the log says by what. What is late and untold is no such thing: that is a
    Refusal, and waits for a person.
    """

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


def queries(driver: AsyncpgDriver) -> Queries:
    """PgQueuer on its own schema of the hub's database."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(_SETTINGS),
        qbq=QueryQueueBuilder(_SETTINGS),
        qbs=QuerySchedulerBuilder(_SETTINGS),
    )


async def promise(
    tx: Tx,
    job: str,
    payload: dict[str, str | int],
    *,
    after: timedelta | None = None,
    once: str | None = None,
) -> None:
    """Enqueue `job` in this transaction. `once`: while a job of this name waits, no second one is added."""
    await fetch(tx, _PROMISE, job, json.dumps(payload).encode(), after or timedelta(), once)
    afterwards(tx, _TELL)


def promised(tx: Tx, job: str, payload: dict[str, str | int]) -> Rows:
    """`job` as a row for this transaction to write beside others: one statement less."""
    afterwards(tx, _TELL)
    content = json.dumps(payload).encode()
    return Rows(_QUEUE, [{"priority": 0, "entrypoint": job, "payload": content, "status": "queued"}])


async def longest_due(database: Database) -> timedelta:
    """The age of the oldest promise that could be kept and is not."""
    (row,) = await database.alone(_LONGEST_DUE)
    age: timedelta = row["age"]
    return age


@dataclass(frozen=True, slots=True)
class Standing:
    """How many promises of one name and one age are not kept."""

    job: str
    age: str
    due: int
    broken: int


async def by_age(database: Database) -> list[Standing]:
    rows = await database.alone(_BY_AGE)
    return [Standing(row["entrypoint"], AGES[row["age"]], row["due"], row["broken"]) for row in rows]


async def tried(tx: Tx, numbers: Iterable[int]) -> set[int]:
    """Those of the numbers under which a promise failed, or waits after a try.

    No worker takes one of them up before this transaction ends.
    """
    return {row["id"] for row in await fetch(tx, _TRIED, list(numbers))}


def payload_of(job: Job) -> JsonObject:
    loaded: JsonObject = json.loads(job.payload or b"{}")
    return loaded


def installation(app_role: str) -> str:
    """The script that installs the queue in its schema and lets the application use it."""
    return f"""
        {QueryBuilderEnvironment(_SETTINGS).build_install_query(create_schema=False)};
        CREATE OR REPLACE TRIGGER tg_pgqueuer_changed AFTER UPDATE OR DELETE OR TRUNCATE
            ON {SCHEMA}.pgqueuer EXECUTE FUNCTION {SCHEMA}.fn_pgqueuer_changed();
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {SCHEMA} TO {app_role};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {SCHEMA} TO {app_role};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {SCHEMA} TO {app_role};
    """
