"""A database of the last version, with everything open in it, is carried over, and what was begun there ends.

The older shape is made from a journey of today: what is known of a matter is laid out as that version kept
it. Then it is migrated, compared row by row with what it was made from, and the journey goes on upon it.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import asyncpg
import pytest

from hub.ops import schema
from saikne import HubRefusal, Patience, compose
from saikne_schemas.agreements import AcceptAgreement
from saikne_schemas.extensions import AcceptExtension, ProposeExtension
from saikne_schemas.paper import WrongRecipient
from saikne_schemas.supplements import Supplement
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, ExtensionReason, SupplementReason
from tests.conftest import Cluster
from tests.journeys import family_moves
from tests.journeys.conftest import playing
from tests.journeys.play import Play, chain_of
from tests.journeys.test_agreements import HEAD, proposed
from tests.peers.stage import Stage
from tests.terms import term_of
from tests.test_migrations import migrated_to

FAMILY_CASE, OTHER = ExchangeKind.FAMILY_CASE, "AG-7741-B2"
LAST_VERSION = "0020"
_CONTENT = "content->>'{0}' AS {0}"
_TEXTS = "ARRAY(SELECT json_array_elements_text(content->'{0}')) AS {0}"
_RECORD = ", ".join(
    [
        "matter_id AS exchange_id, parties[1] AS requester_id, parties[2] AS holder_id, state",
        *map(_CONTENT.format, ("kind", "family", "legal_basis", "purpose", "archive_address")),
        *map(_CONTENT.format, ("password_address", "signatures")),
        *map(_TEXTS.format, ("children", "more_children", "more_forms")),
        "content->'receipt'->>'channel' AS channel",
        "content->'receipt'->>'password_channel' AS password_channel",
        "(content->>'round')::smallint AS round, (content->>'answered_before')::boolean AS answered_before",
        "opened_at AS requested_at, moved_at, (content->'proposal'->>'proposal')::uuid AS proposal_id",
        "(content->'proposal'->>'until')::date AS proposed_until",
        "content->'proposal'->>'reason' AS proposal_reason",
        "(SELECT max(receipt) FROM hub.answer WHERE exchange_id = matter_id) AS receipt",
    ]
)
_SIDE = """
    tenant_id, matter_id AS exchange_id, role, state, kind, parties[1] AS requester_id,
    parties[2] AS holder_id, opened_at AS requested_at, moved_at, NULL::date AS due_on
"""
AS_IT_WAS = {
    "exchange": f"SELECT {_RECORD} FROM hub.matter WHERE workflow = 'copies'",  # noqa: S608  # our own words
    "side": f"SELECT {_SIDE} FROM hub.party WHERE workflow = 'copies'",  # noqa: S608  # as above
    "statement": "SELECT matter_id AS exchange_id, * FROM hub.statement WHERE workflow = 'copies'",
    "matter": "SELECT * FROM hub.matter WHERE workflow <> 'copies'",
    "party": "SELECT * FROM hub.party WHERE workflow <> 'copies'",
    "matter_statement": "SELECT * FROM hub.statement WHERE workflow <> 'copies'",
    "duty": "SELECT matter_id AS exchange_id, * FROM hub.duty",
    "event": "SELECT about_id AS exchange_id, * FROM hub.event",
}
"""Every table that was another one: its rows, by the names of its columns."""


UNKNOWN_THEN = (
    "DELETE FROM hub.client_key WHERE use = 'encryption'",
    "UPDATE hub.proof SET verdict = NULL, signers = NULL",
    "UPDATE hub.matter SET content = (content::jsonb - 'despite')::json",
)
"""What a hub of that version could not have: no older column keeps it."""


async def columns(database: asyncpg.Connection, schema_name: str) -> dict[str, list[str]]:
    found = await database.fetch(
        "SELECT table_name, array_agg(column_name::text) AS names FROM information_schema.columns"
        " JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = $1 AND table_type = 'BASE TABLE' GROUP BY 1",
        schema_name,
    )
    return {row["table_name"]: row["names"] for row in found}


async def pour(newer: asyncpg.Connection, older: asyncpg.Connection) -> None:
    """Fill a database of the last version with what one of today holds."""
    await older.execute("SET session_replication_role = replica")
    for schema_name in ("hub", "queue"):
        for table, names in (await columns(older, schema_name)).items():
            whole = AS_IT_WAS.get(table, f"SELECT * FROM {schema_name}.{table}")  # noqa: S608  # as above
            listed, rows = ", ".join(f'was."{name}"' for name in names), BytesIO()
            query = f"SELECT {listed} FROM ({whole}) AS was"  # noqa: S608  # as above
            await newer.copy_from_query(query, output=rows, format="binary")
            rows.seek(0)
            await older.execute(f"DELETE FROM {schema_name}.{table}")  # noqa: S608  # as above
            await older.copy_to_table(
                table, source=rows, schema_name=schema_name, columns=names, format="binary"
            )
    counters = "SELECT format('%I.%I', schemaname, sequencename) AS name, last_value FROM pg_sequences"
    for counter in await newer.fetch(f"{counters} WHERE last_value IS NOT NULL"):
        await older.execute(f"SELECT setval('{counter['name']}', {counter['last_value']})")
    await older.execute(
        "UPDATE hub.answer SET receipt = NULL FROM hub.exchange WHERE exchange.state = 'confirmed'"
        " AND (exchange.exchange_id, exchange.round) = (answer.exchange_id, answer.round)"  # it lay there
    )


async def held(database: asyncpg.Connection) -> dict[str, list[str]]:
    """Every row of every table of the hub, in one order, whatever the order of its columns.

    What is null or empty is as if it were not there: a version may know of more than the one before.
    """
    found = {}
    for table in sorted(await columns(database, "hub")):
        rows = await database.fetch(f"SELECT to_jsonb(t)::text FROM hub.{table} AS t")  # noqa: S608  # as above
        found[table] = sorted(json.dumps(said(json.loads(row[0])), sort_keys=True) for row in rows)
    return found


def said(value: Any) -> Any:
    """Without what is null or empty, in whatever depth."""
    if isinstance(value, dict):
        return {name: said(one) for name, one in value.items() if one is not None and one != []}
    return [said(one) for one in value] if isinstance(value, list) else value


@pytest.fixture
async def travelling(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Play]:
    """An installation that changes its database."""
    name = await cluster.create(template)
    stage = Stage(tmp_path_factory.mktemp("travelling"), database_url=cluster.url(name))
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start)
    async with playing(stage, tmp_path_factory.mktemp("travelling-play"), Patience(attempts=6)) as play:
        yield play
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


async def carried_over(play: Play, cluster: Cluster) -> str:
    """Take the installation to a database of the last version, migrated; what does not fit fails."""
    stage, name = play.stage, await cluster.create()
    stage.kill("serve")
    stage.kill("worker")
    await migrated_to(cluster.url(name), LAST_VERSION)
    newer, older = await asyncpg.connect(stage.owner_url), await asyncpg.connect(cluster.url(name))
    for unknown in UNKNOWN_THEN:
        await newer.execute(unknown)
    await pour(newer, older)
    assert await older.fetchval("SELECT count(*) FROM hub.exchange") > 0
    await schema.install(cluster.url(name))
    for table, rows in (was := await held(newer)).items():
        assert (await held(older))[table] == rows, table
    assert all(
        was[table] for table in ("matter", "party", "statement", "answer", "duty", "event", "password")
    )
    await newer.close()
    await older.close()
    stage.database_url = stage.owner_url = cluster.url(name)
    await asyncio.to_thread(stage.start)
    return name


async def test_what_was_begun_before_the_migration_ends_after_it(travelling: Play, cluster: Cluster) -> None:
    play = travelling
    # 1. an exchange in every kind of state
    asked, extended = await play.ask(), await play.ask(kind=FAMILY_CASE)
    until = term_of(await play.holder.exchange(extended)).due_on + timedelta(days=7)
    later = compose(ProposeExtension, exchange=extended, until=until, reason=ExtensionReason.VOLUME)
    await play.holder.tell(later)
    prepared = await play.prepare(asked)
    await play.send(prepared)
    sent = await play.answer(await play.ask())
    confirmed, grown, strayed = [await play.answer(await play.ask(kind=FAMILY_CASE)) for _ in range(3)]
    for one in (confirmed, grown, strayed):
        await play.finish(one)
    receipts = [await play.requester.receipt(one.exchange) for one in (confirmed, grown)]
    more = compose(
        Supplement, exchange=grown.exchange, children=[OTHER], reason=SupplementReason.CHILD_PLACED_SINCE
    )
    await play.requester.tell(more)
    await play.holder.tell(compose(WrongRecipient, exchange=strayed.exchange, round=1))
    # 2. matters beside them, one with what the register is to hear
    agreement, move = await proposed(play), await family_moves.dated(play)
    shown = [await play.holder.exchange(one) for one in (asked, extended, sent.exchange, strayed.exchange)]
    views = [one.model_copy(update={"despite": None}) for one in shown]  # no older hub knew why

    carried = await carried_over(play, cluster)
    # 3. all is as it was, and goes on
    assert [await play.holder.exchange(one.id) for one in views] == views
    assert [await play.requester.receipt(one.exchange) for one in (confirmed, grown)] == receipts
    assert [line.due_on async for line in play.holder.inbox() if line.id == extended] == [
        until - timedelta(days=7)
    ]
    await play.requester.tell(compose(AcceptExtension, exchange=extended, proposal=later.id))
    assert term_of(await play.holder.exchange(extended)).due_on == until
    assert await play.holder.tell(prepared.manifest) == await play.holder.tell(prepared.manifest)
    await play.dispatch(prepared)
    for one in (prepared, sent):
        assert (await play.finish(one)).state is ExchangeState.CONFIRMED
    with pytest.raises(HubRefusal, match=r"exchange\.no-receipt-yet"):
        await play.requester.receipt(strayed.exchange)
    assert (
        await play.holder.tell(compose(AcceptAgreement, matter=agreement, signed_by=HEAD))
    ).state == "in_force"
    assert (await family_moves.done(play, move, date(2026, 9, 1)))[-1] == "closed"
    for hub in (play.requester, play.holder):
        assert (await chain_of(hub))[1].holds
    play.stage.kill("serve")
    play.stage.kill("worker")
    await cluster.drop(carried)
