"""The chains as the database keeps them: the application may add to them and nobody may change them.

Two tables behind the tenant wall, and one function that appends. The function takes the ends of all chains
concerned in the order of their tenants, so that two transactions never wait for each other in a circle, and
reads the clock when it holds them. `chain` says what a link is made of; here is the same in SQL.
Source: security.md 3 (chain per tenant), 4 (definer functions stay behind a forced wall).
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from itertools import groupby
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    select,
    text,
)

from hub.evidence.by_whom import naming
from hub.evidence.chain import Event, Flaw, Head, Link
from hub.evidence.event import EventKind, Fact, canonical
from hub.kernel.ids import CentreId
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Tx, metadata
from hub.plumbing.rows import Rows, insert_and_ask

_READ_ONLY = {"wall": "tenant", "grant": "SELECT"}

events = Table(
    "event",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("kind", Text, nullable=False),
    Column("about_id", Uuid),
    Column("body", LargeBinary, nullable=False, comment="the exact bytes that the link binds"),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("seq > 0 AND octet_length(prev) = 32 AND octet_length(hash) = 32", name="link"),
    info=_READ_ONLY,
)

heads = Table(
    "chain_head",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    info=_READ_ONLY,
)

_LINK_HASH = r"""
CREATE OR REPLACE FUNCTION hub.link_hash(
    tenant uuid, seq bigint, at timestamptz, kind text, about uuid, body bytea, prev bytea
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
RETURN sha256(
    '\x02'::bytea || uuid_send(tenant) || int8send(seq)
    || int8send((extract(epoch FROM at) * 1000000)::bigint)
    || int4send(octet_length(convert_to(kind, 'UTF8'))) || convert_to(kind, 'UTF8')
    || CASE WHEN about IS NULL THEN decode(repeat('00', 17), 'hex')
            ELSE '\x01'::bytea || uuid_send(about) END
    || sha256(body) || prev
)
"""

_APPEND = """
CREATE OR REPLACE FUNCTION hub.append_events(tenants uuid[], kind text, about uuid, body bytea)
RETURNS TABLE (tenant_id uuid, seq bigint, hash bytea, at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    party uuid;
    moment timestamptz;
BEGIN
    FOR party IN SELECT DISTINCT given FROM unnest(tenants) AS given ORDER BY given LOOP
        PERFORM FROM hub.chain_head AS head WHERE head.tenant_id = party FOR UPDATE;
        IF NOT FOUND THEN
            INSERT INTO hub.chain_head VALUES (party, 0, decode(repeat('00', 32), 'hex'))
            ON CONFLICT DO NOTHING;
            PERFORM FROM hub.chain_head AS head WHERE head.tenant_id = party FOR UPDATE;
        END IF;
    END LOOP;
    moment := clock_timestamp();
    RETURN QUERY
    WITH link AS MATERIALIZED (
        SELECT head.tenant_id, head.seq + 1 AS seq, head.hash AS prev,
            hub.link_hash(head.tenant_id, head.seq + 1, moment, $2, $3, $4, head.hash) AS hash
        FROM hub.chain_head AS head WHERE head.tenant_id = ANY (tenants)
    ), kept AS (
        INSERT INTO hub.event (tenant_id, seq, at, kind, about_id, body, prev, hash)
        SELECT link.tenant_id, link.seq, moment, $2, $3, $4, link.prev, link.hash FROM link
    ), moved AS (
        UPDATE hub.chain_head AS head SET seq = link.seq, hash = link.hash
        FROM link WHERE head.tenant_id = link.tenant_id
    )
    SELECT link.tenant_id, link.seq, link.hash, moment FROM link;
END $$
"""

_REFUSE = """
CREATE OR REPLACE FUNCTION hub.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence is only added to' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""

_ONLY_ADDED = """
CREATE OR REPLACE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON hub.event
FOR EACH STATEMENT EXECUTE FUNCTION hub.refuse_change()
"""

_NEVER_REMOVED = """
CREATE OR REPLACE TRIGGER never_removed BEFORE DELETE OR TRUNCATE ON hub.chain_head
FOR EACH STATEMENT EXECUTE FUNCTION hub.refuse_change()
"""

_ONLY_FORWARD = """
CREATE OR REPLACE TRIGGER only_forward BEFORE UPDATE ON hub.chain_head
FOR EACH ROW WHEN (NEW.tenant_id <> OLD.tenant_id OR NEW.seq <> OLD.seq + 1)
EXECUTE FUNCTION hub.refuse_change()
"""

STATEMENTS: tuple[str, ...] = (
    _LINK_HASH,
    _APPEND,
    _REFUSE,
    f"ALTER FUNCTION hub.append_events(uuid[], text, uuid, bytea) OWNER TO {OWNER_ROLE}",
    "REVOKE ALL ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION hub.append_events(uuid[], text, uuid, bytea) TO {APP_ROLE}",
    _ONLY_ADDED,
    _NEVER_REMOVED,
    _ONLY_FORWARD,
)
"""What the migration runs after the tables are there."""


async def record(
    tx: Tx,
    kind: EventKind,
    parties: Iterable[CentreId],
    about: UUID | None,
    facts: Mapping[str, Fact],
    *beside: Rows,
) -> dict[CentreId, Link]:
    """Append one event to the chain of every party, and what is `beside`, in one statement on the wire.

    It names the person too in whose name a call was let in, if one was (`by_whom`).
    The transaction must act for all parties. Their chains stay taken until it ends: call this last.
    """
    tenants = list(parties)
    if not tenants:
        raise ValueError("an event of nobody")
    rows = await insert_and_ask(
        tx,
        beside,
        "SELECT tenant_id, seq, hash, at FROM hub.append_events($1, $2, $3, $4)",
        tenants,
        kind.value,
        about,
        canonical(naming(facts)),
    )
    return {CentreId(tenant): Link(seq, digest, at) for tenant, seq, digest, at in rows}


async def page(tx: Tx, tenant: CentreId, after: int, limit: int, *, until: int | None = None) -> list[Event]:
    """Events of one chain, in order, that come after a number, and no later than `until`."""
    asked = select(events).where(events.c.tenant_id == tenant, events.c.seq > after)
    if until is not None:
        asked = asked.where(events.c.seq <= until)
    return [_event(row) for row in await tx.execute(asked.order_by(events.c.seq).limit(limit))]


async def head(tx: Tx, tenant: CentreId) -> Head | None:
    """Where a chain ends; None where nothing has happened yet."""
    row = (await tx.execute(select(heads.c.seq, heads.c.hash).where(heads.c.tenant_id == tenant))).first()
    return Head(row.seq, row.hash) if row else None


async def contains(tx: Tx, tenant: CentreId, seq: int, digest: bytes) -> bool:
    """Whether the chain holds the link that a receipt named."""
    asked = select(events.c.hash).where(events.c.tenant_id == tenant, events.c.seq == seq)
    return bool(await tx.scalar(asked) == digest)


_MOVED = text("""
SELECT asked.tenant, asked.since, count(DISTINCT event.about_id) AS moved
FROM unnest(CAST(:tenants AS uuid[]), CAST(:since AS bigint[])) AS asked(tenant, since)
JOIN hub.chain_head AS head ON head.tenant_id = asked.tenant AND head.seq > asked.since
JOIN hub.event ON event.tenant_id = asked.tenant AND event.seq > asked.since
WHERE event.about_id IS NOT NULL AND event.kind NOT LIKE 'people.%'
GROUP BY asked.tenant, asked.since
""")


async def moved_since(tx: Tx, asked: Iterable[tuple[CentreId, int]]) -> dict[tuple[CentreId, int], int]:
    """About how many things a chain says something after a number; nothing of a chain that says no more."""
    pairs = list(asked)
    given = {"tenants": [tenant for tenant, _ in pairs], "since": [since for _, since in pairs]}
    rows = await tx.execute(_MOVED, given)
    return {(CentreId(row.tenant), row.since): row.moved for row in rows}


_STRETCH = 1000

_CHAINS = text("""
SELECT chain.id, head.seq AS head_seq, head.hash AS head_hash, event.*
FROM unnest(CAST(:tenants AS uuid[])) AS chain(id)
LEFT JOIN hub.chain_head AS head ON head.tenant_id = chain.id
LEFT JOIN hub.event ON event.tenant_id = chain.id
ORDER BY chain.id, event.seq
""")


async def chains(
    tx: Tx, tenants: Iterable[CentreId]
) -> AsyncIterator[tuple[CentreId, Head | None, list[Event]]]:
    """Every chain in order, a thousand events at most at a time, streamed from one snapshot.

    With each stretch comes the chain's noted end. A chain without events gives one empty stretch.
    """
    asked = {"tenants": list(set(tenants))}
    rows = await tx.stream(_CHAINS, asked, execution_options={"yield_per": _STRETCH})
    async for stretch in rows.partitions():
        for tenant, of_one in groupby(stretch, key=lambda row: (row.id, row.head_seq, row.head_hash)):
            end = None if tenant[1] is None else Head(*tenant[1:])
            yield CentreId(tenant[0]), end, [_event(row) for row in of_one if row.seq is not None]


_VERIFY = text("""
WITH link AS (
    SELECT event.*, lag(seq, 1, 0::bigint) OVER chain AS last_seq,
        lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS last_hash
    FROM hub.event WHERE tenant_id = ANY (:tenants) WINDOW chain AS (PARTITION BY tenant_id ORDER BY seq)
), flaw AS (
    SELECT tenant_id, 1 AS turn, seq, CASE
        WHEN seq <> last_seq + 1 THEN 'gap'
        WHEN prev <> last_hash THEN 'unlinked'
        WHEN hash <> hub.link_hash(tenant_id, seq, at, kind, about_id, body, prev) THEN 'altered'
        END AS flaw
    FROM link
    UNION ALL
    SELECT tenant_id, 2, CASE
        WHEN coalesce(head.seq, 0) = coalesce(final.seq, 0) THEN coalesce(head.seq, 0)
        ELSE least(coalesce(head.seq, 0), coalesce(final.seq, 0)) + 1 END, 'head'
    FROM (SELECT * FROM hub.chain_head WHERE tenant_id = ANY (:tenants)) AS head
    FULL JOIN (SELECT DISTINCT ON (tenant_id) tenant_id, seq, hash FROM hub.event
               WHERE tenant_id = ANY (:tenants) ORDER BY tenant_id, seq DESC) AS final USING (tenant_id)
    WHERE coalesce(head.seq, 0) <> coalesce(final.seq, 0)
        OR coalesce(head.hash, decode(repeat('00', 32), 'hex'))
            <> coalesce(final.hash, decode(repeat('00', 32), 'hex'))
)
SELECT DISTINCT ON (tenant_id) tenant_id, seq, flaw FROM flaw WHERE flaw IS NOT NULL
ORDER BY tenant_id, turn, seq
""")


async def flaws(tx: Tx, tenants: Iterable[CentreId]) -> dict[CentreId, tuple[Flaw, int]]:
    """The first flaw of every chain that has one, found by the database itself in one query."""
    rows = await tx.execute(_VERIFY, {"tenants": list(tenants)})
    return {CentreId(row.tenant_id): (Flaw(row.flaw), row.seq) for row in rows}


def _event(row: Row[tuple[object, ...]]) -> Event:
    return Event(
        CentreId(row.tenant_id), row.seq, row.at, row.kind, row.about_id, row.body, row.prev, row.hash
    )
