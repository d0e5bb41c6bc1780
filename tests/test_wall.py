"""The tenant wall by the database's own catalogue, and by many tenants at once over few connections."""

import ast
import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table, delete, func, insert, make_url, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from hub import tables
from hub.access.store import revoked_tokens, seen
from hub.kernel.ids import CentreId
from hub.matters.store import party
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database, Tx, act_for, metadata
from hub.plumbing.wall import limits
from hub.proofs.store import proof
from tests.conftest import Cluster

HUB = Path(__file__).parents[1] / "hub"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FORBIDDEN = "42501"
"""SQLSTATE insufficient_privilege: of a missing grant and of a row behind the wall."""
READ_ONLY = (
    "event", "chain_head", "enrolment", "client_key",
    "calendar_edition", "calendar_day", "calendar_year", "court", "court_territory", "register_key",
)  # fmt: skip
ENTITY = "INSERT INTO hub.legal_entity VALUES ('40003521600', 'Biedrība') ON CONFLICT DO NOTHING"
NAMED = """
    INSERT INTO hub.centre (id, registration_number, name, role, state, scopes, calendar, admitted_at,
        agreement_version, agreement_signed_on)
    VALUES ('6f1d2c3b-4a59-4867-9021-3c4d5e6f7a8b', '40003521600', 'Ozols', '{role}', '{state}', '{scopes}',
        'statutory', now(), '1', '2026-01-05')
"""
EVERY_TABLE = """
    SELECT c.relname AS name, c.relrowsecurity AS guarded, c.relforcerowsecurity AS forced,
        pg_get_userbyid(c.relowner) AS owner,
        (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid AND polpermissive) AS policies,
        (SELECT bool_and(polcmd = '*') FROM pg_policy WHERE polrelid = c.oid AND polpermissive) AS whole
    FROM pg_class c WHERE c.relnamespace = 'hub'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1
"""


@pytest.fixture
async def tx(owner: Database) -> AsyncIterator[Tx]:
    async with owner.transaction() as tx:
        yield tx


def tenant_tables() -> list[Table]:
    assert tables
    return [table for table in metadata.sorted_tables if "tenant_id" in table.c]


async def test_every_table_stands_behind_one_forced_policy_and_belongs_to_the_owner(tx: Tx) -> None:
    rows = (await tx.exec_driver_sql(EVERY_TABLE)).all()
    assert {row.name for row in rows} >= {table.name for table in metadata.sorted_tables}
    for row in rows:
        assert (row.guarded, row.forced, row.policies, row.whole, row.owner) == (
            True, True, 1, True, OWNER_ROLE,
        ), row.name  # fmt: skip


async def test_the_tenant_comes_first_in_every_primary_key_of_tenant_rows(tx: Tx) -> None:
    columns = (
        "SELECT a.attname, a.attnotnull FROM pg_index i"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indisprimary AND i.indrelid = ('hub.' || $1)::regclass"
    )
    assert len(tenant_tables()) >= 5
    for table in tenant_tables():
        first = (await tx.exec_driver_sql(columns, (table.name,))).one()
        assert tuple(first) == ("tenant_id", True), table.name


async def test_every_policy_on_tenant_rows_asks_for_the_tenant(tx: Tx) -> None:
    policies = (
        await tx.exec_driver_sql(
            "SELECT tablename, qual, with_check FROM pg_policies"
            " WHERE schemaname = 'hub' AND permissive = 'PERMISSIVE'"
        )
    ).all()
    for table, sees, writes in ([str(part) for part in row] for row in policies):
        assert sees == writes, table
        if table in {one.name for one in tenant_tables()}:
            assert "tenant_id = ANY" in sees
        elif metadata.tables[f"hub.{table}"].info["wall"] in {"matter", "exchange"}:
            assert "party.tenant_id = ANY" in sees
        elif metadata.tables[f"hub.{table}"].info["wall"] == "named":
            assert "parties && " in sees
        else:
            assert sees == "true"


async def test_no_view_looks_with_its_owners_eyes(tx: Tx) -> None:
    views = await tx.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'hub'::regnamespace AND relkind IN ('v', 'm')"
        " AND NOT coalesce(reloptions @> '{security_invoker=true}', false)"
    )
    assert views.all() == []


@pytest.mark.parametrize("role", [APP_ROLE, OWNER_ROLE])
async def test_no_role_of_the_hub_may_pass_the_wall(tx: Tx, role: str) -> None:
    rights = await tx.exec_driver_sql(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = $1", (role,)
    )
    assert tuple(rights.one()) == (False, False, False, False)


async def test_the_application_owns_nothing_and_is_a_member_of_nothing(tx: Tx) -> None:
    for query in (
        "SELECT relname FROM pg_class WHERE relowner = $1::regrole",
        "SELECT proname FROM pg_proc WHERE proowner = $1::regrole",
        "SELECT nspname FROM pg_namespace WHERE nspowner = $1::regrole",
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = $1::regrole",
    ):
        assert (await tx.exec_driver_sql(query.replace("$1", f"'{APP_ROLE}'"))).all() == []


async def test_every_owners_function_that_lends_its_rights_fixes_where_it_looks(tx: Tx) -> None:
    loose = await tx.exec_driver_sql(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'hub'::regnamespace AND prosecdef"
        " AND NOT coalesce(proconfig::text LIKE '%search_path%', false)"
    )
    assert loose.all() == []


async def refused(database: Database, *statements: str) -> str:
    """The SQLSTATE that the last of these statements ends with, said by some centre."""
    *before, last = statements
    async with database.transaction([CentreId(uuid4())]) as tx:
        for statement in before:
            await tx.execute(text(statement))
        with pytest.raises(DBAPIError) as refusal:
            await tx.execute(text(last))
        await tx.rollback()
    return str(getattr(refusal.value.orig, "sqlstate", None))


@pytest.mark.parametrize("table", READ_ONLY)
async def test_the_application_writes_neither_evidence_nor_centres_nor_calendars_nor_keys(
    database: Database, owner: Database, table: str
) -> None:
    async with owner.transaction() as tx:
        there = await tx.scalar(text(f"SELECT to_regclass('hub.{table}') IS NOT NULL"))
    if not there:
        pytest.fail(f"hub.{table} is gone: this test must learn the new name")
    for deed in (
        f"DELETE FROM hub.{table}",  # noqa: S608  # our own names
        f"TRUNCATE hub.{table}",
        f"INSERT INTO hub.{table} DEFAULT VALUES",
    ):
        assert await refused(database, deed) == FORBIDDEN


@pytest.mark.parametrize(
    ("role", "state", "scopes"),
    [
        ("centre", "active", "{}"),
        ("centre", "suspended", "{}"),
        ("oversight", "outside", "{}"),
        ("register", "outside", "{}"),
        ("centre", "outside", "{exchange}"),
    ],
)
async def test_the_application_enters_nobody_who_could_call(
    database: Database, role: str, state: str, scopes: str
) -> None:
    """It may name a centre outside of the hub, which has neither keys nor scopes."""
    assert await refused(database, ENTITY, NAMED.format(role=role, state=state, scopes=scopes)) == FORBIDDEN


async def test_the_application_gives_no_member_other_contacts(database: Database) -> None:
    centre = uuid4()
    contact = (
        f"INSERT INTO hub.contact VALUES ('{centre}', 'a@b.example', NULL, NULL, NULL, NULL, '[]', now())"  # noqa: S608
    )
    assert await refused(database, f"SET LOCAL hub.parties = '{{{centre}}}'", contact) == FORBIDDEN
    for table in ("centre", "legal_entity", "contact", "outside_centre"):
        for deed in (f"DELETE FROM hub.{table}", f"TRUNCATE hub.{table}"):  # noqa: S608
            assert await refused(database, deed) == FORBIDDEN


async def test_the_application_has_only_the_rights_that_its_tables_say(tx: Tx) -> None:
    """A new table or column is declared where its table is: `info` of `Table`, by the words of `wall`."""
    rows = await tx.exec_driver_sql(
        "SELECT table_name::text, privilege_type::text FROM information_schema.role_table_grants"
        " WHERE table_schema = 'hub' AND grantee = $1",
        (APP_ROLE,),
    )
    held: dict[str, set[str]] = {}
    for table, right in ([str(part) for part in row] for row in rows):
        held.setdefault(table, set()).add(right)
    columns = await tx.exec_driver_sql(
        "SELECT table_name::text, privilege_type::text, column_name::text"
        " FROM information_schema.role_column_grants WHERE table_schema = 'hub' AND grantee = $1",
        (APP_ROLE,),
    )
    for table, right, column in ([str(part) for part in row] for row in columns):
        if right not in held.get(table, set()):
            held.setdefault(table, set()).add(f"{right} ({column})")
    said = {
        table.name: {right.strip() for right in table.info["grant"].split(",")}
        | {f"UPDATE ({column})" for column in table.info.get("changes", "").split()}
        for table in metadata.sorted_tables
    }
    differing = {
        name: {
            "in the database only": held.get(name, set()) - rights,
            "declared only": rights - held.get(name, set()),
        }
        for name, rights in said.items()
        if held.get(name, set()) != rights
    }
    assert differing == {}, "declare in Table(info=...) what a migration grants: grant, changes (columns)"


def test_no_table_grants_the_change_of_whole_rows() -> None:
    whole = {table.name for table in metadata.sorted_tables if "UPDATE" in table.info["grant"]}
    assert whole == set(), (
        "name the columns in Table(info={..., 'changes': '...'}) and GRANT UPDATE (columns)"
    )


def words_of(room: Path) -> set[str]:
    """What the code of a room may set: names of arguments, keys of dictionaries, columns in SQL's SET."""
    found: set[str] = set()
    for node in (node for file in room.rglob("*.py") for node in ast.walk(ast.parse(file.read_text()))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") != "Column":
            found |= {word.arg for word in node.keywords if word.arg}
        elif isinstance(node, ast.Dict):
            found |= {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= set(re.findall(r"(\w+) = ", node.value))
    return found


def test_every_column_that_may_be_changed_is_changed_somewhere_in_its_room() -> None:
    """A right that no statement needs any more is taken back with the statement."""
    rooms = {}
    for file in HUB.rglob("*.py"):
        for name in re.findall(r'Table\(\s+"(\w+)",\s+metadata', file.read_text()):
            rooms[name] = HUB / file.relative_to(HUB).parts[0]
    tables_of_ours = {
        table.name: set(table.info.get("changes", "").split()) for table in metadata.sorted_tables
    }
    assert tables_of_ours.keys() == rooms.keys()
    idle = {name: changes - words_of(rooms[name]) for name, changes in tables_of_ours.items()}
    assert {name: columns for name, columns in idle.items() if columns} == {}


async def test_what_narrows_a_deed_is_what_the_tables_say(tx: Tx) -> None:
    """Made anew in the tables' own words, every limit is the one that a migration has made."""
    every = (
        "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'hub' AND permissive = 'RESTRICTIVE' ORDER BY 1, 2"
    )
    before = (await tx.exec_driver_sql(every)).all()
    for table, policy in [(row.tablename, row.policyname) for row in before]:
        await tx.exec_driver_sql(f"DROP POLICY {policy} ON hub.{table}")
    for table in metadata.sorted_tables:
        for policy, rule in limits(table).items():
            await tx.exec_driver_sql(f"CREATE POLICY {policy} ON hub.{table.name} {rule}")
    assert (await tx.exec_driver_sql(every)).all() == before
    assert {row.tablename for row in before} >= {
        "statement",
        "seen",
        "revoked_token",
        "proof",
    }


@pytest.fixture
async def application(cluster: Cluster, database_name: str) -> AsyncIterator[Database]:
    """As an installation connects: the application's role itself logs in, nobody mightier behind it."""
    url = make_url(cluster.url(database_name)).set(username=APP_ROLE)
    database = Database(url.render_as_string(hide_password=False), pool_size=1)
    yield database
    await database.close()


@pytest.mark.parametrize(
    "statement",
    [
        f"SET LOCAL ROLE {OWNER_ROLE}",
        "ALTER TABLE hub.party DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE hub.party NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY wall ON hub.party",
        "CREATE TABLE hub.loot ()",
        "CREATE VIEW hub.window AS SELECT * FROM hub.party",
        "TRUNCATE hub.party",
        "DELETE FROM hub.party",
        "DELETE FROM hub.statement",
        "UPDATE hub.statement SET body = ''",
        "UPDATE hub.event SET body = ''",
        "UPDATE hub.seen SET expires_at = now()",
        "UPDATE hub.revoked_token SET expires_at = now()",
        "UPDATE hub.memory SET whole_since = now()",
        "TRUNCATE hub.seen",
        "TRUNCATE hub.revoked_token",
        "DELETE FROM hub.memory",
        "DELETE FROM hub.duty",
        "DELETE FROM hub.matter",
        "DELETE FROM hub.segment",
        "DELETE FROM hub.registration",
        "UPDATE hub.matter SET workflow = 'x'",
        "UPDATE hub.answer SET statement_id = NULL",
        "UPDATE hub.duty SET owner_id = tenant_id",
        "UPDATE hub.duty SET starts_on = now()",
        "UPDATE hub.matter SET parties = '{}'",
        "UPDATE hub.party SET role = 'new'",
        "UPDATE hub.proof SET sha256 = ''",
        "UPDATE hub.password SET fingerprint = ''",
        "UPDATE hub.password SET password_address = ''",
        "UPDATE hub.registration SET parties = '{}'",
        "UPDATE hub.registration_attempt SET claimant = NULL",
        "UPDATE hub.registration_sealed SET facts = ''",
        "UPDATE hub.register_page SET sha256 = ''",
        "UPDATE hub.register_difference SET centre_id = NULL",
        "ALTER POLICY author ON hub.statement WITH CHECK (true)",
        "DROP POLICY removal ON hub.seen",
        "COPY hub.party TO '/tmp/loot'",
        "COPY hub.party FROM PROGRAM 'true'",
    ],
)
async def test_the_application_cannot_take_the_wall_down(application: Database, statement: str) -> None:
    assert await refused(application, statement) == FORBIDDEN


def row_of(tenant: CentreId) -> dict[str, Any]:
    return {
        "tenant_id": tenant,
        "matter_id": uuid4(),
        "role": "holder",
        "workflow": "copies",
        "kind": "child_iap",
        "state": "requested",
        "parties": [uuid4(), tenant],
        "opened_at": NOW,
        "moved_at": NOW,
    }


async def add_parties(database: Database, tenants: list[CentreId], each: int) -> None:
    """Rows of parties only: the check that a matter belongs to them is deferred, and left out here."""
    async with database.transaction(tenants) as tx:
        await tx.exec_driver_sql("ALTER TABLE hub.party DROP CONSTRAINT fk_party_matter_id")
        await tx.execute(insert(party), [row_of(tenant) for tenant in tenants for _ in range(each)])


async def test_300_transactions_over_5_connections_each_see_their_own(
    cluster: Cluster, database_name: str, owner: Database
) -> None:
    """However long the last of them waits for its connection on a busy machine."""
    patient = timedelta(minutes=5)
    database = Database(cluster.url(database_name), role=APP_ROLE, pool_size=5, patience=patient)
    tenants = [CentreId(uuid4()) for _ in range(30)]
    await add_parties(owner, tenants, 7)

    async def look(number: int) -> None:
        tenant = tenants[number % len(tenants)]
        async with database.transaction([tenant]) as tx:
            seen = (await tx.scalars(select(party.c.tenant_id))).all()
            assert set(seen) == {tenant}
            assert len(seen) == 7
            injected = await tx.exec_driver_sql("SELECT count(*) FROM hub.party WHERE role = 'x' OR 1 = 1")
            assert injected.scalar() == 7

    async def look_without_a_party() -> None:
        async with database.transaction() as tx:
            assert await tx.scalar(select(func.count()).select_from(party)) == 0

    looks = [look(number) if number % 10 else look_without_a_party() for number in range(300)]
    await asyncio.gather(*looks)
    await database.close()


async def test_nothing_is_changed_added_or_moved_across_the_wall(database: Database, owner: Database) -> None:
    ours, theirs = CentreId(uuid4()), CentreId(uuid4())
    await add_parties(owner, [ours, theirs], 1)
    async with database.transaction([ours]) as tx:
        touched = await tx.execute(update(party).values(state="loot").where(party.c.tenant_id == theirs))
        assert touched.rowcount == 0
        assert (await tx.execute(update(party).values(state="moved"))).rowcount == 1
    for smuggle in (insert(party).values(row_of(theirs)), update(party).values(tenant_id=theirs)):
        with pytest.raises(DBAPIError) as refusal:
            async with database.transaction([ours]) as tx:
                await tx.execute(smuggle)
        assert getattr(refusal.value.orig, "sqlstate", None) == FORBIDDEN
    async with database.transaction([theirs]) as tx:
        assert (await tx.scalars(select(party.c.state))).all() == ["requested"]


async def test_looking_past_the_wall_is_an_error_and_not_a_silence(database: Database) -> None:
    assert await refused(database, "SET LOCAL row_security = off", "SELECT FROM hub.party") == FORBIDDEN


async def test_the_owner_is_behind_the_wall_too(owner: Database) -> None:
    ours = CentreId(uuid4())
    await add_parties(owner, [ours], 1)
    async with owner.transaction() as tx:
        assert (await tx.execute(select(party))).all() == []
        assert (await tx.execute(delete(party))).rowcount == 0
        await act_for(tx, [ours])
        assert len((await tx.execute(select(party))).all()) == 1


def every_kind(table: Table, **known: Any) -> dict[str, Any]:
    """A row of any table: something of the right type in every column that must have it."""
    of_type = {
        "UUID": uuid4(), "TEXT": "x", "BYTEA": b"x" * 32, "JSONB": {}, "JSON": {}, "SMALLINT": 1,
        "INTEGER": 1, "TIMESTAMP WITH TIME ZONE": NOW, "TEXT[]": [], "UUID[]": [], "BOOLEAN": False,
    }  # fmt: skip
    needed = {
        column.name: of_type[column.type.compile(postgresql.dialect())]  # type: ignore[no-untyped-call]
        for column in table.columns
        if not column.nullable
    }
    return {**needed, **known}


STATEMENTS = [table for table in metadata.sorted_tables if "signature_base" in table.c]


@pytest.mark.parametrize("table", STATEMENTS, ids=lambda table: table.name)
async def test_a_statement_is_written_only_for_a_tenant_of_the_transaction(
    database: Database, owner: Database, table: Table
) -> None:
    """The row itself may be reached; whose word it is makes the difference."""
    ours, theirs, about = CentreId(uuid4()), CentreId(uuid4()), uuid4()
    keys = {"matter_id"} & set(table.c.keys())
    async with owner.transaction([ours]) as tx:
        if keys:
            await tx.exec_driver_sql("ALTER TABLE hub.party DROP CONSTRAINT fk_party_matter_id")
            await tx.execute(insert(party), row_of(ours) | {"matter_id": about})
    known = dict.fromkeys(keys, about) | ({"tenant_id": ours} if "tenant_id" in table.c else {})
    async with database.transaction([ours]) as tx:
        await tx.execute(insert(table), every_kind(table, **known, author_id=ours))
    with pytest.raises(DBAPIError) as refusal:
        async with database.transaction([ours]) as tx:
            await tx.execute(insert(table), every_kind(table, **known, author_id=theirs))
    assert getattr(refusal.value.orig, "sqlstate", None) == FORBIDDEN


def test_every_table_of_statements_says_who_writes_there() -> None:
    assert len(STATEMENTS) >= 3
    assert [table.name for table in STATEMENTS if table.info.get("written_by") != "author_id"] == []


@pytest.mark.parametrize("table", [seen, revoked_tokens], ids=lambda table: table.name)
async def test_nobody_empties_the_memory_of_what_was_used(database: Database, table: Table) -> None:
    now = datetime.now(UTC)
    (key,) = (column for column in table.primary_key)
    names = (b"over", b"new") if table is seen else ("over", "new")
    rows = [
        {key.name: name, "expires_at": now + timedelta(minutes=minutes)}
        for name, minutes in zip(names, (-1, 1), strict=True)
    ]
    async with database.transaction() as tx:
        await tx.execute(insert(table), rows)
        assert (await tx.execute(delete(table))).rowcount == 1
        assert (await tx.scalars(select(key))).all() == [names[1]]


async def test_a_proof_that_was_named_can_be_neither_deleted_nor_unnamed(database: Database) -> None:
    ours, matter = CentreId(uuid4()), uuid4()
    named = every_kind(proof, tenant_id=ours, concerns=matter, named_at=NOW)
    unnamed = every_kind(proof, tenant_id=ours, id=uuid4())
    async with database.transaction([ours]) as tx:
        await tx.execute(insert(proof), [named])
        await tx.execute(insert(proof), [unnamed])
        assert (await tx.execute(delete(proof))).rowcount == 1
        assert (await tx.scalars(select(proof.c.id))).all() == [named["id"]]
    with pytest.raises(DBAPIError) as refusal:
        async with database.transaction([ours]) as tx:
            await tx.execute(update(proof).values(concerns=None, named_at=None))
    assert getattr(refusal.value.orig, "sqlstate", None) == FORBIDDEN
