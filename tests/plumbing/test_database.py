"""A transaction acts as the application's role, for the parties it was opened for."""

from uuid import uuid4

from hub.kernel.ids import CentreId
from hub.plumbing.database import Database, act_for


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
    async with database.autocommit() as connection:
        assert (await connection.exec_driver_sql("SELECT hub.parties()")).scalar() is None


async def test_a_setting_left_on_a_connection_does_not_reach_the_next_user(database: Database) -> None:
    leaks = 0
    for _ in range(20):
        async with database.autocommit() as connection:
            leaks += (await connection.exec_driver_sql("SELECT hub.parties()")).scalar() is not None
            left = (f"{{{uuid4()}}}",)
            await connection.exec_driver_sql("SELECT set_config('hub.parties', $1, false)", left)
    assert leaks == 0
