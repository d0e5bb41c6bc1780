"""A family has one open plan at its centre: the row that says so is held by whoever looks at it."""

from uuid import uuid4

from sqlalchemy import select

from hub.kernel.ids import CentreId
from hub.plans.store import open_plan, release, take
from hub.plumbing.database import Database

CENTRE, FAMILY = CentreId(uuid4()), "AG-7741"
FIRST, SECOND = uuid4(), uuid4()


async def begun(database: Database) -> None:
    async with database.transaction({CENTRE}) as tx:
        assert await take(tx, CENTRE, FAMILY, FIRST) is None


async def test_the_place_is_the_firsts_until_it_is_given_back(database: Database) -> None:
    await begun(database)
    async with database.transaction({CENTRE}) as tx:
        assert await take(tx, CENTRE, FAMILY, SECOND) == FIRST
        assert await take(tx, CENTRE, FAMILY, FIRST) is None
        assert await take(tx, CENTRE, "AG-7742", SECOND) is None
        await release(tx, CENTRE, FAMILY, FIRST)
        assert await take(tx, CENTRE, FAMILY, SECOND) is None


async def test_nobody_gives_back_the_place_of_another(database: Database) -> None:
    await begun(database)
    async with database.transaction({CENTRE}) as tx:
        await release(tx, CENTRE, FAMILY, SECOND)
        assert await take(tx, CENTRE, FAMILY, SECOND) == FIRST


async def test_a_place_that_was_found_taken_is_not_given_back_before_the_answer(database: Database) -> None:
    await begun(database)
    there = select(open_plan).where(open_plan.c.family == FAMILY).with_for_update(skip_locked=True)
    async with database.transaction({CENTRE}) as asking, database.transaction({CENTRE}) as closing:
        assert await take(asking, CENTRE, FAMILY, SECOND) == FIRST
        assert (await closing.execute(there)).all() == []
    async with database.transaction({CENTRE}) as closing:
        assert len((await closing.execute(there)).all()) == 1
