"""Nothing is ever kept under a key that is gone: who covers and who retires wait for each other."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from hub.kernel.ids import CentreId
from hub.kernel.secret import Secret
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring, Kind
from hub.signing.store import cover, no_new_ones
from hub.tables import WRAPPED, metadata


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


def test_every_column_that_is_wrapped_is_rewrapped_and_counted() -> None:
    wrapped = {
        column
        for table in metadata.tables.values()
        for column in table.c
        if column.name.startswith("wrapped") or "by the keyring" in (column.comment or "")
    }
    assert {kept.column for kept in WRAPPED} == wrapped


async def test_who_retires_a_key_waits_for_what_is_being_covered(
    database: Database, owner: Database, keyring: Keyring
) -> None:
    order = []

    async def retire() -> None:
        async with owner.transaction() as tx:
            await no_new_ones(tx)
            order.append("retired")

    async with database.transaction([CentreId(uuid4())]) as tx:
        await cover(tx, keyring, Secret("a"), b"")
        retiring = asyncio.create_task(retire())
        await _waits(database)
        order.append("kept")
    await retiring
    assert order == ["kept", "retired"]


async def test_who_covers_waits_for_a_key_that_is_being_retired_and_takes_the_newest(
    database: Database, owner: Database, keyring: Keyring, tmp_path: Path
) -> None:
    old, operator = keyring.wrap(Secret("a"), b"")[1:17], Keyring(tmp_path / "keys")

    async def keep() -> bytes:
        async with database.transaction([CentreId(uuid4())]) as tx:
            return await cover(tx, keyring, Secret("b"), b"")

    async with owner.transaction() as tx:
        await no_new_ones(tx)
        covering = asyncio.create_task(keep())
        await _waits(database)
        operator.renew(Kind.WRAPPING)
        operator.retire(
            Kind.WRAPPING, next(key.key_id for key in operator.own() if key.kind is Kind.WRAPPING)
        )
    assert (await covering)[1:17] != old


async def _waits(database: Database) -> None:
    """Until somebody waits for somebody."""
    asked = (
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()"
    )
    for _ in range(2000):
        if (await database.alone(asked))[0][0]:
            return
        await asyncio.sleep(0.005)
    raise TimeoutError
