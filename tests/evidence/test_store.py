"""The application adds to chains and can do nothing else to them; whoever could is found out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import astuple
from itertools import pairwise
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from hub.evidence import store
from hub.evidence.casework import audit
from hub.evidence.chain import BEFORE_THE_FIRST, Flaw, link_hash, verify
from hub.evidence.event import EventKind
from hub.kernel.ids import CentreId, ExchangeId
from hub.plumbing.database import Database
from tests.conftest import Cluster

LIMIT_SECONDS = 30


def a_centre() -> CentreId:
    return CentreId(uuid4())


async def note(database: Database, *parties: CentreId, times: int = 1) -> None:
    for number in range(times):
        async with database.transaction(parties) as tx:
            exchange = ExchangeId(uuid4())
            await store.record(tx, EventKind.REQUEST_OPENED, parties, exchange, {"number": number})


@pytest.fixture
async def superuser(cluster: Cluster, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who may do everything: the insider of security.md, threat 25."""
    connection = await asyncpg.connect(cluster.url(database_name))
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def test_an_event_is_appended_to_the_chain_of_every_party(database: Database) -> None:
    parties = [a_centre(), a_centre()]
    exchange = ExchangeId(uuid4())
    async with database.transaction(parties) as tx:
        links = await store.record(tx, EventKind.ANSWER_DISPATCHED, parties, exchange, {"round": 1})
        for tenant in parties:
            [event] = await store.page(tx, tenant, 0, 10)
            assert (event.seq, event.hash, event.at) == astuple(links[tenant])
            assert event.body == b'{"round":1}'
            assert (event.kind, event.about) == ("exchange.answer.dispatched", exchange)
            assert event.prev == BEFORE_THE_FIRST
            assert event.hash == link_hash(event)
            assert await store.contains(tx, tenant, 1, links[tenant].hash)
            assert not await store.contains(tx, tenant, 1, bytes(32))
            assert not await store.contains(tx, tenant, 2, links[tenant].hash)


async def test_a_party_named_twice_gets_one_event(database: Database) -> None:
    tenant = a_centre()
    async with database.transaction([tenant]) as tx:
        await store.record(tx, EventKind.KEY_ADMITTED, [tenant, tenant], None, {})
        assert len(await store.page(tx, tenant, 0, 10)) == 1


async def test_an_event_of_a_deed_undone_is_not_there(database: Database) -> None:
    tenant = a_centre()

    async def undone() -> None:
        async with database.transaction([tenant]) as tx:
            await store.record(tx, EventKind.KEY_ADMITTED, [tenant], None, {})
            assert await store.head(tx, tenant) is not None
            raise LookupError

    with pytest.raises(LookupError):
        await undone()
    async with database.transaction([tenant]) as tx:
        assert await store.head(tx, tenant) is None


async def test_an_event_of_nobody_is_our_bug(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="nobody"):
            await store.record(tx, EventKind.KEY_ADMITTED, [], None, {})


async def test_a_centre_that_the_transaction_does_not_act_for_gets_no_event(database: Database) -> None:
    acting, foreign = a_centre(), a_centre()
    await note(database, foreign)
    for strangers in ([foreign], [acting, foreign], [a_centre()]):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with database.transaction([acting]) as tx:
                await store.record(tx, EventKind.KEY_ADMITTED, strangers, None, {})
    async with database.transaction([acting, foreign]) as tx:
        assert await store.head(tx, acting) is None
        assert len(await store.page(tx, foreign, 0, 10)) == 1


async def test_a_foreign_chain_is_not_seen(database: Database) -> None:
    own, foreign = a_centre(), a_centre()
    await note(database, own)
    await note(database, foreign)
    async with database.transaction([own]) as tx:
        assert len(await store.page(tx, own, 0, 10)) == 1
        assert await store.page(tx, foreign, 0, 10) == []
        assert await store.head(tx, foreign) is None
        assert [row.tenant_id for row in await tx.execute(store.events.select())] == [own]


FORBIDDEN = [
    "INSERT INTO hub.event SELECT tenant_id, seq + 1, at, kind, about_id, body, prev, hash FROM hub.event",
    "UPDATE hub.event SET body = '{}'",
    "DELETE FROM hub.event",
    "TRUNCATE hub.event",
    "INSERT INTO hub.chain_head VALUES (gen_random_uuid(), 0, sha256(''))",
    "UPDATE hub.chain_head SET seq = seq + 1",
    "DELETE FROM hub.chain_head",
    "TRUNCATE hub.chain_head",
    "ALTER TABLE hub.event DISABLE TRIGGER ALL",
    "ALTER TABLE hub.event DISABLE ROW LEVEL SECURITY",
    "DROP FUNCTION hub.append_events",
    "SET session_replication_role = replica",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_application_may_not(database: Database, statement: str) -> None:
    tenant = a_centre()
    await note(database, tenant)
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with database.transaction([tenant]) as tx:
            await tx.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE hub.event SET body = '{}'",
        "DELETE FROM hub.event",
        "TRUNCATE hub.event",
        "UPDATE hub.chain_head SET seq = seq - 1",
        "DELETE FROM hub.chain_head",
        "TRUNCATE hub.chain_head",
    ],
)
async def test_not_even_the_owner_of_the_tables_may(
    database: Database, owner: Database, statement: str
) -> None:
    tenant = a_centre()
    await note(database, tenant)
    with pytest.raises(DBAPIError, match="evidence is only added to"):
        async with owner.transaction([tenant]) as tx:
            await tx.exec_driver_sql(statement)


async def test_sixty_four_at_once_make_one_chain_without_a_gap(database: Database) -> None:
    tenant = a_centre()
    async with asyncio.timeout(LIMIT_SECONDS):
        await asyncio.gather(*(note(database, tenant) for _ in range(64)))
    async with database.transaction([tenant]) as tx:
        events = await store.page(tx, tenant, 0, 100)
        end = await store.head(tx, tenant)
    assert [event.seq for event in events] == list(range(1, 65))
    assert verify(events, head=end).holds
    assert all(earlier.at < later.at for earlier, later in pairwise(events))


async def test_appends_to_crossed_pairs_never_wait_for_each_other_in_a_circle(database: Database) -> None:
    left, right, third = a_centre(), a_centre(), a_centre()
    pairs = [(left, right), (right, left), (third, left), (left, third), (right, third), (third, right)]
    async with asyncio.timeout(LIMIT_SECONDS):
        await asyncio.gather(*(note(database, *pair, times=10) for pair in pairs))
    async with database.transaction([left, right, third]) as tx:
        audits = await audit(tx, [left, right, third])
    assert [(one.holds, one.verdict.last.seq) for one in audits] == [(True, 40)] * 3


async def test_both_checks_find_that_untouched_chains_hold(database: Database) -> None:
    first, second, silent = a_centre(), a_centre(), a_centre()
    await note(database, first, second, times=3)
    await note(database, second)
    async with database.transaction([first, second, silent]) as tx:
        found = {one.tenant: one for one in await audit(tx, [first, second, silent])}
    assert {tenant: one.verdict.last.seq for tenant, one in found.items()} == {first: 3, second: 4, silent: 0}
    assert all(one.holds for one in found.values())


_RELINK = """
DO $$
DECLARE e hub.event; h bytea := decode(repeat('00', 32), 'hex');
BEGIN
    FOR e IN SELECT * FROM hub.event ORDER BY seq LOOP
        UPDATE hub.event SET prev = h,
            hash = hub.link_hash(tenant_id, seq, at, kind, about_id, body, h)
        WHERE tenant_id = e.tenant_id AND seq = e.seq RETURNING hash INTO h;
    END LOOP;
    UPDATE hub.chain_head SET hash = h;
END $$
"""

TAMPERING = {
    "a body is edited": (["UPDATE hub.event SET body = '{\"number\":9}' WHERE seq = 3"], Flaw.ALTERED, 3),
    "a moment is edited": (["UPDATE hub.event SET at = at + '1us' WHERE seq = 3"], Flaw.ALTERED, 3),
    "a kind is edited": (["UPDATE hub.event SET kind = 'x' WHERE seq = 1"], Flaw.ALTERED, 1),
    "an exchange is taken away": (["UPDATE hub.event SET about_id = NULL WHERE seq = 2"], Flaw.ALTERED, 2),
    "an event is deleted": (["DELETE FROM hub.event WHERE seq = 3"], Flaw.GAP, 4),
    "the first is deleted": (["DELETE FROM hub.event WHERE seq = 1"], Flaw.GAP, 2),
    "the last is deleted": (["DELETE FROM hub.event WHERE seq = 5"], Flaw.HEAD, 5),
    "all are deleted": (["DELETE FROM hub.event"], Flaw.HEAD, 1),
    "the end is forgotten": (["DELETE FROM hub.chain_head"], Flaw.HEAD, 1),
    "the end is moved back": (["UPDATE hub.chain_head SET seq = 3"], Flaw.HEAD, 4),
    "the end is another": (["UPDATE hub.chain_head SET hash = sha256('')"], Flaw.HEAD, 5),
    "two events change places": (
        [
            "UPDATE hub.event SET seq = seq + 100 WHERE seq IN (2, 3)",
            "UPDATE hub.event SET seq = 105 - seq WHERE seq > 100",
        ],
        Flaw.UNLINKED,
        2,
    ),
    "an edited event is linked anew": (
        [
            "UPDATE hub.event SET body = '{}' WHERE seq = 3",
            "UPDATE hub.event SET hash = hub.link_hash(tenant_id, seq, at, kind, about_id, body, prev)",
        ],
        Flaw.UNLINKED,
        4,
    ),
}


@pytest.mark.parametrize(("deeds", "flaw", "broken_at"), TAMPERING.values(), ids=TAMPERING.keys())
async def test_tampering_is_found_by_both_checks(
    database: Database, superuser: asyncpg.Connection, deeds: list[str], flaw: Flaw, broken_at: int
) -> None:
    tenant, untouched = a_centre(), a_centre()
    await note(database, tenant, times=5)
    for deed in deeds:
        await superuser.execute(deed)
    await note(database, untouched, times=2)
    async with database.transaction([tenant, untouched]) as tx:
        found = {one.tenant: one for one in await audit(tx, [tenant, untouched])}
    assert (found[tenant].verdict.flaw, found[tenant].verdict.broken_at) == (flaw, broken_at)
    assert found[tenant].by_database == (flaw, broken_at)
    assert found[untouched].holds


async def test_a_chain_written_anew_as_a_whole_is_told_by_an_old_receipt(
    database: Database, superuser: asyncpg.Connection
) -> None:
    tenant = a_centre()
    await note(database, tenant, times=4)
    async with database.transaction([tenant]) as tx:
        receipt = (await store.record(tx, EventKind.RECEIPT_CONFIRMED, [tenant], None, {}))[tenant]
    await superuser.execute("UPDATE hub.event SET body = '{\"forged\":1}' WHERE seq = 2")
    await superuser.execute(_RELINK)
    async with database.transaction([tenant]) as tx:
        [only] = await audit(tx, [tenant])
        assert only.holds
        assert not await store.contains(tx, tenant, receipt.seq, receipt.hash)


async def test_a_page_goes_on_after_a_number(database: Database) -> None:
    tenant = a_centre()
    await note(database, tenant, times=5)
    async with database.transaction([tenant]) as tx:
        assert [event.seq for event in await store.page(tx, tenant, 2, 2)] == [3, 4]
        assert await store.page(tx, tenant, 5, 2) == []


async def test_a_long_chain_is_checked_across_the_stretches_it_is_read_in(
    database: Database, superuser: asyncpg.Connection
) -> None:
    tenants = [a_centre(), a_centre()]
    many = (
        "SELECT count(*) FROM generate_series(1, 1300) AS number, LATERAL"
        " hub.append_events($1::uuid[], 'duties.reminder.sent', NULL, convert_to(number::text, 'UTF8'))"
    )
    async with database.transaction(tenants) as tx:
        await tx.exec_driver_sql(many, (tenants,))
        assert [(one.holds, one.verdict.last.seq) for one in await audit(tx, tenants)] == [(True, 1300)] * 2
    await superuser.execute("UPDATE hub.event SET kind = 'x' WHERE seq = 1290 AND tenant_id = $1", tenants[1])
    async with database.transaction(tenants) as tx:
        found = {one.tenant: one.verdict.broken_at for one in await audit(tx, tenants)}
    assert found == {tenants[0]: None, tenants[1]: 1290}
