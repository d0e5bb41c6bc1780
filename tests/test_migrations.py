"""The migrations make exactly the tables that the rooms describe, and may be repeated."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, make_url
from sqlalchemy.ext.asyncio import create_async_engine

from hub.evidence import store as evidence
from hub.kernel.ids import OVERSIGHT
from hub.migrations import SCHEMA
from hub.ops import schema
from hub.people import key_functions
from hub.plumbing.database import OWNER_ROLE, Database
from hub.plumbing.wall import ROLES, SCHEMAS
from hub.tables import metadata
from hub.workdays import store as workdays
from tests.conftest import Cluster

BY_EXPRESSION = {"ix_party_about", "ix_party_open", "only_one_memory", "uq_statement_id"}
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
        for statement in (*evidence.STATEMENTS, *key_functions.STATEMENTS):
            await tx.exec_driver_sql(statement)
        assert (await tx.exec_driver_sql(bodies)).all() == before
        assert len(before) >= 4


async def test_migrating_again_changes_nothing(admin_url: str) -> None:
    before = await schema.version(admin_url)
    await schema.install(admin_url)
    assert await schema.version(admin_url) == before == schema.newest() == "0046"


async def migrated_to(admin_url: str, revision: str) -> None:
    """As a release left it whose last step this was."""

    def upgrade(connection: Connection) -> None:
        config = schema.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine(make_url(admin_url).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as tx:
        for statement in (ROLES, SCHEMAS, f"SET LOCAL ROLE {OWNER_ROLE}"):
            await tx.exec_driver_sql(statement)
        await tx.run_sync(upgrade)
    await engine.dispose()


async def test_a_year_to_come_that_was_confirmed_for_moved_days_alone_has_to_be_confirmed_again(
    cluster: Cluster,
) -> None:
    name = await cluster.create()
    await migrated_to(cluster.url(name), "0018")
    to_come = date.today().year + 1  # noqa: DTZ011  # as the database's own clock, give or take a day
    engine = create_async_engine(make_url(cluster.url(name)).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as tx:
        await tx.exec_driver_sql("INSERT INTO hub.calendar_edition VALUES (1, now(), 'hub', 'seed')")
        for year, confirmed in ((2025, True), (to_come, True), (to_come + 1, False)):
            await tx.exec_driver_sql("INSERT INTO hub.calendar_year VALUES ($1, 1, $2)", (year, confirmed))
    await engine.dispose()

    await schema.install(cluster.url(name))
    owner = Database(cluster.url(name), role=OWNER_ROLE)
    async with owner.transaction() as tx:
        known, changes = await workdays.load(tx), await workdays.history(tx)
    await owner.close()
    await cluster.drop(name)
    assert known.moved.years == {2025: True, to_come: False, to_come + 1: False}
    assert changes[1].years == ((to_come, False),)
    assert not known.statutory.is_worked(date(2028, 7, 10))


async def test_a_family_with_a_plan_of_an_older_hub_is_in_its_centres_care(cluster: Cluster) -> None:
    """Its newest plan counts, the open one first, unless the cooperation has ended with it."""
    name = await cluster.create()
    await migrated_to(cluster.url(name), "0032")
    plans = (
        ("AG-1", "2024-02-29", "2025-03-01", "year_over"),
        ("AG-1", "2025-03-04", None, None),
        ("AG-2", "2025-05-05", "2026-05-01", "year_over"),
        ("AG-3", "2025-06-06", "2026-01-09", "cooperation_ended"),
    )
    connection = await asyncpg.connect(cluster.url(name))
    for family, talk_on, closed_on, because in plans:
        said = {"family": family, "talk_on": talk_on, "closed_on": closed_on, "closed_because": because}
        await connection.execute(
            "INSERT INTO hub.matter VALUES (gen_random_uuid(), 'support_plan', 'closed',"
            " ARRAY['00000000-0000-4000-8000-000000000001'::uuid], '{centre}', $1, now(), now())",
            json.dumps(said),
        )

    await schema.install(cluster.url(name))
    rows = await connection.fetch("SELECT family, talk_on, talk_by FROM hub.family_care ORDER BY family")
    await connection.close()
    await cluster.drop(name)
    assert [tuple(row) for row in rows] == [
        ("AG-1", date(2025, 3, 4), date(2026, 3, 4)),
        ("AG-2", date(2025, 5, 5), date(2026, 5, 5)),
    ]


async def test_a_morning_of_an_older_hub_was_a_letter(cluster: Cluster) -> None:
    name = await cluster.create()
    await migrated_to(cluster.url(name), "0044")
    connection = await asyncpg.connect(cluster.url(name))
    centre, who = uuid4(), uuid4()
    await connection.execute(
        "INSERT INTO hub.person (tenant_id, person_id, name, position, email, role, acts, state, language,"
        " made_at) VALUES ($1, $2, 'x', 'x', 'x', 'coordinator', '{}', 'active', 'lv', now())",
        *(centre, who),
    )
    day = date(2026, 11, 30)
    await connection.execute("INSERT INTO hub.morning VALUES ($1, $2, $3, 1, now())", centre, who, day)

    await schema.install(cluster.url(name))
    by_push = "INSERT INTO hub.morning (tenant_id, person_id, day, way) VALUES ($1, $2, $3, 'push')"
    await connection.execute(by_push, centre, who, day)
    rows = await connection.fetch("SELECT way, named FROM hub.morning ORDER BY way")
    await connection.close()
    await cluster.drop(name)
    assert [tuple(row) for row in rows] == [("letter", 1), ("push", None)]


async def test_an_open_move_of_an_older_hub_waits_for_its_copies_too(cluster: Cluster) -> None:
    name = await cluster.create()
    await migrated_to(cluster.url(name), "0024")
    left = {"agreed": ["talk", "archive_case"], "dated": ["archive_case"], "closed": [], "cancelled": []}
    connection = await asyncpg.connect(cluster.url(name))
    for state, remaining in left.items():
        await connection.execute(
            "INSERT INTO hub.matter"
            " VALUES (gen_random_uuid(), 'family_move', $1, '{}', '{}', $2, now(), now())",
            state,
            json.dumps({"family": "AG-1", "remaining": remaining}),
        )

    await schema.install(cluster.url(name))
    rows = await connection.fetch("SELECT state, content FROM hub.matter")
    await connection.close()
    await cluster.drop(name)
    now = {row["state"]: json.loads(row["content"])["remaining"] for row in rows}
    assert now == {state: [*kinds, "receive_copies"] if kinds else [] for state, kinds in left.items()}


async def test_a_second_request_or_move_is_noticed_where_an_older_hub_has_the_first(cluster: Cluster) -> None:
    name = await cluster.create()
    await migrated_to(cluster.url(name), "0034")
    case = {"family": "AG-1", "children": ["AG-1-B1"]}
    lay: list[tuple[str, str | None, dict[str, Any], str | None]] = [
        ("copies", "family_case", case, "AG-1"),
        ("copies", "child_iap", {"family": None, "children": ["AG-1-B2"]}, "AG-1-B2"),
        ("copies", "child_information", {"family": None, "children": ["AG-1-B3"]}, None),
        ("family_move", None, case, "AG-1"),
        ("child_move", None, {"child": "AG-1-B4"}, "AG-1-B4"),
        ("training", None, {"family": "AG-1"}, None),
    ]
    connection = await asyncpg.connect(cluster.url(name))
    one, other, overseer = uuid4(), uuid4(), OVERSIGHT
    for workflow, kind, content, _ in lay:
        matter, parties = uuid4(), [one, other]
        await connection.execute(
            "INSERT INTO hub.matter VALUES ($1, $2, 'open', $3, '{}', $4, now(), now())",
            *(matter, workflow, parties, json.dumps(content)),
        )
        for tenant, role in ((one, "requester"), (other, "holder"), (overseer, "oversight")):
            await connection.execute(
                "INSERT INTO hub.party (tenant_id, matter_id, role, workflow, kind, state, parties,"
                " opened_at, moved_at) VALUES ($1, $2, $3, $4, $5, 'open', $6, now(), now())",
                *(tenant, matter, role, workflow, kind, parties),
            )

    await schema.install(cluster.url(name))
    rows = await connection.fetch("SELECT workflow, kind, role, about FROM hub.party")
    await connection.close()
    await cluster.drop(name)
    found = {(row["workflow"], row["kind"], row["role"]): row["about"] for row in rows}
    wanted = {
        (workflow, kind, role): None if role == "oversight" else about
        for workflow, kind, _, about in lay
        for role in ("requester", "holder", "oversight")
    }
    assert found == wanted
