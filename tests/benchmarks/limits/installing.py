"""The limits' own schema in the hub's database, and a copy of that database for what is sent to both."""

import asyncpg
from sqlalchemy import make_url

from hub.kernel import clock
from hub.kernel.ids import OVERSIGHT
from hub.ops.database import transaction
from hub.plumbing.database import OWNER_ROLE
from hub.workdays import store as workdays
from tests.benchmarks.limits import asking, showing
from tests.peers.stage import Stage

_COPY = "limits"
_WRITTEN = ("event", "chain_head", "party", "matter", "duty", "statement")
_OF_ONE = {
    "event": ("about_id", "seq, at, prev, hash"),
    "party": ("matter_id", "opened_at, moved_at"),
    "matter": ("matter_id", "opened_at, moved_at"),
    "duty": ("matter_id", "id"),
    "statement": ("matter_id", "received_at, acceptance"),
}
"""Of each table the column that names the exchange, and those that are of the moment or of chance."""


async def make_room(stage: Stage) -> str:
    """Before the hub runs; the address of the copy, for its application."""
    async with transaction(stage.owner_url, OWNER_ROLE, [OVERSIGHT]) as tx:
        calendars = await workdays.load(tx)
    connection = await asyncpg.connect(stage.owner_url)
    await asking.install(connection, calendars, clock.riga_day(clock.now()))
    await connection.execute(showing.SHOW)
    await connection.close()
    original = make_url(stage.owner_url).database
    connection = await asyncpg.connect(_of(stage.owner_url, "template1"))
    await connection.execute(f"CREATE DATABASE {_COPY} TEMPLATE {original}")
    await connection.close()
    assert stage.database_url is not None
    return _of(stage.database_url, _COPY)


async def rows_written(stage: Stage) -> tuple[dict[str, int], dict[str, int]]:
    """How many there are now of all that a request writes: the hub's, and the limit's."""
    return await _rows(stage.owner_url), await _rows(_of(stage.owner_url, _COPY))


def same_rows(
    before: tuple[dict[str, int], dict[str, int]], after: tuple[dict[str, int], dict[str, int]], calls: int
) -> dict[str, float]:
    """How many one call has written, of both alike."""
    hub, limit = (
        {name: (count - was[name]) / calls for name, count in now.items()}
        for was, now in zip(before, after, strict=True)
    )
    if hub != limit:
        raise showing.Otherwise(f"rows a call: {hub}, {limit}")
    return {name: round(count, 3) for name, count in hub.items()}


async def same_request(stage: Stage) -> None:
    """The rows of the request last taken say the same of both."""
    limit = await asyncpg.connect(_of(stage.owner_url, _COPY))
    hub = await asyncpg.connect(stage.owner_url)
    newest = await limit.fetchval("SELECT matter_id FROM hub.statement ORDER BY received_at DESC LIMIT 1")
    for table, (column, but) in _OF_ONE.items():
        rows = (
            f"SELECT array_agg(said ORDER BY said) FROM (SELECT (to_jsonb(one) - '{{{but}}}'::text[])::text"  # noqa: S608  # our own words
            f" AS said FROM hub.{table} AS one WHERE {column} = $1) AS every"
        )
        if (ours := await hub.fetchval(rows, newest)) != (bare := await limit.fetchval(rows, newest)):
            raise showing.Otherwise(f"{table}: {ours}, {bare}")
    await hub.close()
    await limit.close()


async def _rows(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    tables = {**{name: f"hub.{name}" for name in _WRITTEN}, "promise": "queue.pgqueuer"}
    asked = ", ".join(f"(SELECT count(*) FROM {table}) AS {name}" for name, table in tables.items())  # noqa: S608  # our own names
    counts = dict(await connection.fetchrow(f"SELECT {asked}"))  # as above
    await connection.close()
    return counts


def _of(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)
