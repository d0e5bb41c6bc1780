"""A promise exists exactly when the deed that made it does, and holds identifiers only."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.plumbing.promises import promise


async def waiting(database: Database) -> list[tuple[str, dict[str, object]]]:
    async with database.transaction() as tx:
        rows = await tx.exec_driver_sql("SELECT entrypoint, payload FROM queue.pgqueuer ORDER BY id")
        return [(row.entrypoint, json.loads(row.payload)) for row in rows]


async def test_a_promise_made_in_a_deed_that_holds_waits_to_be_kept(database: Database) -> None:
    async with database.transaction([CentreId(uuid4())]) as tx:
        await promise(tx, "tests.tell", {"exchange": "e", "round": 1})
    assert await waiting(database) == [("tests.tell", {"exchange": "e", "round": 1})]


async def test_a_promise_made_in_a_deed_that_fails_was_never_made(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await promise(tx, "tests.tell", {"exchange": "e"})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert await waiting(database) == []


async def test_the_same_promise_waits_once(database: Database) -> None:
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {"n": 1}, once="one")
        await promise(tx, "tests.tell", {"n": 2}, once="one")
        await promise(tx, "tests.tell", {"n": 3}, once="two")
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {"n": 4}, once="one")
    assert [payload["n"] for _, payload in await waiting(database)] == [1, 3]


async def test_a_promise_can_be_for_later(database: Database) -> None:
    async with database.transaction() as tx:
        await promise(tx, "tests.tell", {}, after=timedelta(hours=72))
        after = await tx.exec_driver_sql("SELECT execute_after - now() FROM queue.pgqueuer")
        assert after.scalar() == timedelta(hours=72)
