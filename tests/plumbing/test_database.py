"""A transaction acts as the application's role, for the parties it was opened for."""

import asyncio
from contextlib import nullcontext
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from hub.kernel.ids import CentreId
from hub.plumbing.database import OWNER_ROLE, Database, DatabaseUnavailable, act_for, afterwards
from tests.conftest import Cluster


async def test_the_application_never_acts_as_the_one_who_logged_in(database: Database) -> None:
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql("SELECT current_user")).scalar() == "hub_app"
        await tx.exec_driver_sql("RESET ROLE")
        assert (await tx.exec_driver_sql("SELECT current_user")).scalar() == "hub_app"


async def test_parties_hold_for_the_transaction_only(database: Database) -> None:
    here, there = CentreId(uuid4()), CentreId(uuid4())
    async with database.transaction([here]) as tx:
        assert (await tx.exec_driver_sql("SELECT hub.parties()")).scalar() == [here]
        await act_for(tx, [here, there])
        assert (await tx.exec_driver_sql("SELECT hub.parties()")).scalar() == [here, there]
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql("SELECT hub.parties()")).scalar() == []
    assert await database.alone("SELECT WHERE hub.parties() IS NULL")


@pytest.mark.parametrize("ends_well", [True, False])
async def test_a_setting_left_on_a_connection_does_not_reach_the_next_user(
    cluster: Cluster, database_name: str, *, ends_well: bool
) -> None:
    database = Database(cluster.url(database_name), pool_size=1)

    async def leave_a_setting() -> None:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("SELECT set_config('application_name', 'left', false)")
            if not ends_well:
                raise LookupError

    with nullcontext() if ends_well else pytest.raises(LookupError):
        await leave_a_setting()
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql("SHOW application_name")).scalar() == "saikne-hub"
    await database.close()


async def test_a_connection_lost_while_idle_is_not_handed_out(cluster: Cluster, database_name: str) -> None:
    database = Database(cluster.url(database_name), pool_size=1)
    async with database.transaction() as tx:
        lost = (await tx.exec_driver_sql("SELECT pg_backend_pid()")).scalar()
    ((alone,),) = await database.alone("SELECT pg_backend_pid()")
    server = await asyncpg.connect(cluster.admin_url)
    await server.execute(f"SELECT pg_terminate_backend({lost}, 5000), pg_terminate_backend({alone}, 5000)")
    await server.close()
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql("SELECT pg_backend_pid()")).scalar() != lost
    ((other,),) = await database.alone("SELECT pg_backend_pid()")
    assert other != alone
    await database.close()


async def test_what_waits_for_the_commit_is_done_with_it_and_never_without(database: Database) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            afterwards(tx, "INSERT INTO hub.seen VALUES ('failed', now())")
            raise LookupError

    async with database.transaction() as tx:
        afterwards(tx, "INSERT INTO hub.seen VALUES ('done', now())")
        assert not await database.alone("SELECT FROM hub.seen")
    with pytest.raises(LookupError):
        await fail()
    assert [key for (key,) in await database.alone("SELECT key FROM hub.seen")] == [b"done"]


async def test_a_server_whose_name_is_not_found_is_awaited() -> None:
    nowhere = Database("postgresql://nobody@database.invalid/none?sslmode=disable", pool_size=1)
    for ask in (lambda: nowhere.alone("SELECT 1"), lambda: _begin(nowhere)):
        with pytest.raises(DatabaseUnavailable):
            await ask()
    await nowhere.close()


async def _begin(database: Database) -> None:
    async with database.transaction():
        pass


async def test_whoever_finds_no_connection_free_is_told_to_come_again(
    cluster: Cluster, database_name: str
) -> None:
    narrow = Database(cluster.url(database_name), pool_size=1, patience=timedelta(milliseconds=50))
    async with narrow.transaction():
        with pytest.raises(DatabaseUnavailable):
            async with narrow.transaction():
                pass
    await narrow.close()


async def test_whoever_waits_too_long_for_a_row_is_told_to_come_again(
    cluster: Cluster, database_name: str
) -> None:
    hasty = Database(cluster.url(database_name), role=OWNER_ROLE, patience=timedelta(milliseconds=50))
    held = "LOCK TABLE hub.calendar_edition IN EXCLUSIVE MODE"
    async with hasty.transaction() as first:
        await first.exec_driver_sql(held)
        with pytest.raises(DatabaseUnavailable):
            async with hasty.transaction() as second:
                await second.exec_driver_sql(held)
    await hasty.close()


async def test_of_two_that_wait_for_each_other_one_is_told_to_come_again(owner: Database) -> None:
    both_hold = asyncio.Barrier(2)

    async def hold(mine: int, other: int) -> None:
        async with owner.transaction() as tx:
            await tx.exec_driver_sql("SELECT pg_advisory_xact_lock($1)", (mine,))
            await both_hold.wait()
            await tx.exec_driver_sql("SELECT pg_advisory_xact_lock($1)", (other,))

    ended = await asyncio.gather(hold(1, 2), hold(2, 1), return_exceptions=True)
    assert {type(end) for end in ended} == {type(None), DatabaseUnavailable}
