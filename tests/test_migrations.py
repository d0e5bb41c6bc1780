"""The migrations make exactly the tables that the rooms describe, and may be repeated."""

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from hub.evidence.store import STATEMENTS
from hub.migrations import SCHEMA
from hub.ops import schema
from hub.plumbing.database import Database
from hub.tables import metadata
from tests.conftest import Cluster

BY_EXPRESSION = {"only_one_memory"}
"""Indexes over an expression, which the comparison cannot see on the rooms' side."""


@pytest.fixture
def admin_url(cluster: Cluster, database_name: str) -> str:
    return cluster.url(database_name)


def differences(connection: Connection) -> list[Any]:
    options = {
        "include_schemas": True,
        "include_name": lambda name, kind, _parents: kind != "schema" or name == "hub",
        "version_table_schema": SCHEMA,
        "compare_server_default": True,
    }
    found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return [change for change in found if getattr(change[1], "name", "") not in BY_EXPRESSION]


async def test_the_migrated_database_is_what_the_rooms_describe(admin_url: str) -> None:
    engine = create_async_engine(make_url(admin_url).set(drivername="postgresql+asyncpg"))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        await connection.exec_driver_sql("ALTER TABLE hub.duty ADD COLUMN stray text")
        assert [change[0] for change in await connection.run_sync(differences)] == ["remove_column"]
    await engine.dispose()


async def test_the_functions_in_the_database_are_those_of_the_rooms(owner: Database) -> None:
    """`CREATE OR REPLACE` with the room's own text must change nothing that a migration has made."""
    bodies = (
        "SELECT proname, pg_get_functiondef(oid) FROM pg_proc"
        " WHERE pronamespace = 'hub'::regnamespace ORDER BY 1"
    )
    async with owner.transaction() as tx:
        before = (await tx.exec_driver_sql(bodies)).all()
        for statement in STATEMENTS:
            await tx.exec_driver_sql(statement)
        assert (await tx.exec_driver_sql(bodies)).all() == before
        assert len(before) >= 4


async def test_migrating_again_changes_nothing(admin_url: str) -> None:
    before = await schema.version(admin_url)
    await schema.install(admin_url)
    assert await schema.version(admin_url) == before == schema.newest() == "0017"
