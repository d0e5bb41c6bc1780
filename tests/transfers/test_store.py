"""A migrated database knows the courts; what an operator changes is there for the application to read."""

from datetime import date

from hub.plumbing.database import Database
from hub.transfers import store
from hub.transfers.courts import entered, from_the_start, given_to

DAY = date(2027, 1, 1)


async def test_a_new_database_has_the_courts_and_territories_of_the_rules(database: Database) -> None:
    expected = from_the_start()
    async with database.transaction() as tx:
        found = await store.directory(tx)
    assert found.courts == expected.courts
    assert set(found.served) == set(expected.served)
    assert len(found.served) == 43


async def test_a_change_is_read_by_everybody(database: Database, owner: Database) -> None:
    async with owner.transaction() as tx:
        known = await store.to_change(tx)
        court = entered(known.court("LV-JEL"), {"email": "b@example.org"}, DAY)
        await store.put_court(tx, court)
        await store.put_served(tx, given_to(known, "LV-041", "LV-JEL", DAY))
    async with database.transaction() as tx:
        found = await store.directory(tx)
    assert found.serving("LV-041", DAY) == court
    assert len([one for one in found.served if one.territory == "LV-041"]) == 2
