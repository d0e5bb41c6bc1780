"""Extracts of the register as they come in, differences for those concerned, and who decided what.

All behind the tenant wall: an extract is its sender's, and a difference has a row for the centre concerned
and one for the register's side. What an extract says is kept until it is compared; from then on its digest.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    BindParameter,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    insert,
    literal,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from hub.kernel.ids import REGISTRY, CentreId
from hub.kernel.steps import Step
from hub.matters.store import as_signed
from hub.plumbing.database import Tx, fetch, metadata
from hub.plumbing.reading import TableRow
from saikne_schemas.reconciliation import DifferenceState

_MOMENT = DateTime(timezone=True)

extract = Table(
    "register_extract",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("taken_at", _MOMENT, primary_key=True),
    Column("last_page", SmallInteger),
    Column("compared_at", _MOMENT),
    Column("sha256", LargeBinary, comment="of the pages' digests in their order"),
    Column("entries", Integer),
    Column("found", Integer, comment="new differences"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "last_page compared_at sha256 entries found",
    },
)

page = Table(
    "register_page",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("taken_at", _MOMENT, primary_key=True),
    Column("page", SmallInteger, primary_key=True),
    Column("last", Boolean, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("key_id", Text, nullable=False, comment="of the signature"),
    Column("nonce", Text, nullable=False),
    Column("content", LargeBinary, comment="the exact bytes that were signed, until the extract is compared"),
    Column("answer", JSON, nullable=False, comment="as first given"),
    Column("received_at", _MOMENT, nullable=False),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "changes": "content"},
)

difference = Table(
    "register_difference",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("sides", Uuid, nullable=False, comment="names what both sides say"),
    Column("nth", SmallInteger, nullable=False, comment="how often these sides were found, gone between"),
    Column("centre_id", Uuid, nullable=False, comment="whom it concerns, and who decides"),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("key", Uuid),
    Column("matter_id", Uuid),
    Column("hub_side", JSON, comment="as it was compared, never searched"),
    Column("register_side", JSON, comment="as it was compared, never searched"),
    Column("found_at", _MOMENT, nullable=False),
    Column("seen_at", _MOMENT, nullable=False, comment="when the newest extract that shows it was taken"),
    Column("how", Text),
    Column("resolved_by", JSONB, comment="a person at work"),
    Column("closed_at", _MOMENT),
    UniqueConstraint("tenant_id", "sides", "nth"),
    CheckConstraint(f"tenant_id IN (centre_id, '{REGISTRY}')", name="whose"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
    Index("ix_register_difference_found", "tenant_id", "found_at", "id"),
    Index(
        "ix_register_difference_open", "tenant_id", "found_at", "id", postgresql_where=text("state = 'open'")
    ),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "state seen_at how resolved_by closed_at",
    },
)

decision = Table(
    "register_decision",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("difference_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    *as_signed(),
    Column("state", Text, nullable=False),
    UniqueConstraint("tenant_id", "id"),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "written_by": "author_id"},
)


class PageRow(TableRow, of=page):
    page: int
    last: bool
    sha256: bytes
    answer: object


class DifferenceRow(TableRow, of=difference):
    id: UUID
    sides: UUID
    nth: int
    centre_id: CentreId
    kind: str
    state: str
    key: UUID | None
    matter_id: UUID | None
    hub_side: object
    register_side: object
    found_at: datetime
    seen_at: datetime
    how: str | None
    resolved_by: object
    closed_at: datetime | None


class DecisionRow(TableRow, of=decision):
    difference_id: UUID
    body: bytes
    sha256: bytes
    acceptance: str


async def last_page(tx: Tx, tenant: CentreId, taken_at: datetime) -> int | None:
    """Of the extract, which is begun where it is not there; None until it has come."""
    new = postgresql_insert(extract).values(tenant_id=tenant, taken_at=taken_at)
    await tx.execute(new.on_conflict_do_nothing())
    found = select(extract.c.last_page).where(extract.c.tenant_id == tenant, extract.c.taken_at == taken_at)
    last: int | None = (await tx.execute(found)).scalar_one()
    return last


async def compared_last(tx: Tx, tenant: CentreId) -> datetime | None:
    newest = select(func.max(extract.c.taken_at)).where(
        extract.c.tenant_id == tenant, extract.c.sha256.is_not(None)
    )
    found: datetime | None = await tx.scalar(newest)
    return found


async def pages(tx: Tx, tenant: CentreId, taken_at: datetime) -> Sequence[PageRow]:
    """What is there of an extract, without its content."""
    known = select(page.c.page, page.c.last, page.c.sha256, page.c.answer)
    found = known.where(page.c.tenant_id == tenant, page.c.taken_at == taken_at).order_by(page.c.page)
    return await PageRow.every(tx, found)


async def contents(tx: Tx, tenant: CentreId, taken_at: datetime) -> dict[int, bytes]:
    """By the number of the page."""
    found = select(page.c.page, page.c.content)
    rows = await tx.execute(found.where(page.c.tenant_id == tenant, page.c.taken_at == taken_at))
    return {row.page: row.content for row in rows}


async def keep_page(tx: Tx, values: Mapping[str, object]) -> None:
    await tx.execute(insert(page).values(values))


async def set_last(tx: Tx, tenant: CentreId, taken_at: datetime, last: int) -> None:
    await tx.execute(
        update(extract)
        .where(extract.c.tenant_id == tenant, extract.c.taken_at == taken_at)
        .values(last_page=last)
    )


async def close_extract(tx: Tx, tenant: CentreId, taken_at: datetime, **values: object) -> None:
    """It is compared: what it says goes, its digest and counts stay. Earlier ones never become whole now."""
    said = (page.c.tenant_id == tenant, page.c.taken_at <= taken_at, page.c.content.is_not(None))
    await tx.execute(update(page).where(*said).values(content=None))
    await tx.execute(
        update(extract).where(extract.c.tenant_id == tenant, extract.c.taken_at == taken_at).values(values)
    )


_BY_MACHINE = """
    SELECT one.key, one.matter_id, one.centre_id, one.revision, one.operation, one.state,
        one.effective_on, one.registered_on, one.register_id, one.changed_at, other.state AS replacing
    FROM hub.registration AS one LEFT JOIN hub.registration AS other
        ON other.matter_id = one.matter_id AND other.replaces = one.key AND other.state <> 'withdrawn'
        AND one.revision <= coalesce(other.replaces_revision, one.revision)
    WHERE one.centre_id = ANY ($1)
"""
_BY_HAND = """
    SELECT matter.matter_id, party.tenant_id AS centre_id, matter.moved_at AS changed_at,
        (matter.content->>'effective_on')::date AS effective_on,
        (matter.content->'registered'->>'registered_on')::date AS registered_on,
        matter.content->'registered'->>'register_id' AS register_id
    FROM hub.party JOIN hub.matter USING (matter_id)
    WHERE party.tenant_id = ANY ($1) AND party.workflow = 'family_move' AND party.role = 'new'
        AND party.state <> 'cancelled' AND matter.content->'registered'->>'registered_on' IS NOT NULL
        AND matter.content->'registered'->>'registration' IS NULL
"""


class ByHand(TypedDict):
    """What was entered in the register, however."""

    matter_id: UUID
    centre_id: CentreId
    changed_at: datetime
    effective_on: date
    registered_on: date | None
    register_id: str | None


class ByMachine(ByHand):
    key: UUID
    revision: int
    operation: str
    state: str
    replacing: str | None


async def registered_by_machine(tx: Tx, centres: Collection[CentreId]) -> Sequence[ByMachine]:
    """Every registration that these centres ever prepared, and how the one stands that takes its place."""
    return await fetch(tx, _BY_MACHINE, list(centres))


async def registered_by_hand(tx: Tx, centres: Collection[CentreId]) -> Sequence[ByHand]:
    """What these centres have recorded as entered by a person, as new centres of moves."""
    return await fetch(tx, _BY_HAND, list(centres))


async def one_extract_at_a_time(tx: Tx) -> None:
    """Two extracts may name the same differences; whoever comes second sees what the first has written."""
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('hub.register_extract'))"))


async def newest(tx: Tx, centres: Collection[CentreId], sides: Collection[UUID]) -> Sequence[DifferenceRow]:
    """Of these centres: what is open, and the newest of each of these sides."""
    return await DifferenceRow.every(
        tx,
        select(
            difference.c.centre_id,
            difference.c.id,
            difference.c.sides,
            difference.c.nth,
            difference.c.state,
            difference.c.matter_id,
            difference.c.how,
            difference.c.closed_at,
            difference.c.seen_at,
        )
        .where(difference.c.tenant_id == func.any(_uuids(centres)))
        .where((difference.c.state == "open") | (difference.c.sides == func.any(_uuids(sides))))
        .order_by(difference.c.sides, difference.c.nth),
    )


def _uuids(values: Collection[UUID]) -> BindParameter[list[UUID]]:
    return literal(list(values), ARRAY(Uuid))


_ADD = """
    INSERT INTO hub.register_difference
    SELECT * FROM json_populate_recordset(NULL::hub.register_difference, $1)
"""


async def add(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Any number of differences in one statement, a row for the centre and one for the register's side."""
    both = [{**row, "tenant_id": tenant} for row in rows for tenant in (row["centre_id"], REGISTRY)]
    await fetch(tx, _ADD, json.dumps(both, default=str))


async def seen_again(tx: Tx, ids: Collection[UUID], taken_at: datetime) -> None:
    seen = func.greatest(difference.c.seen_at, taken_at)
    await tx.execute(update(difference).where(difference.c.id == func.any(_uuids(ids))).values(seen_at=seen))


async def close(tx: Tx, ids: Collection[UUID], step: Step[DifferenceState], **values: object) -> None:
    """On every side's row; for a transaction that acts for all of them."""
    closed = {**values, "state": step.state.value}
    await tx.execute(update(difference).where(difference.c.id == func.any(_uuids(ids))).values(closed))


async def lock(tx: Tx, centre: CentreId, identity: UUID) -> DifferenceRow | None:
    """A centre's own row, held until the transaction ends."""
    found = select(difference).where(difference.c.tenant_id == centre, difference.c.id == identity)
    return await DifferenceRow.first(tx, found.with_for_update())


async def earlier_decision(tx: Tx, centre: CentreId, identity: UUID) -> DecisionRow | None:
    found = select(decision).where(decision.c.tenant_id == centre, decision.c.id == identity)
    return await DecisionRow.first(tx, found)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of a list is asked for."""

    state: str | None
    before: tuple[datetime, UUID] | None
    limit: int


async def listed(tx: Tx, tenant: CentreId, wish: Wish) -> Sequence[DifferenceRow]:
    """A tenant's differences, the last found first."""
    query = select(difference).where(difference.c.tenant_id == tenant)
    if wish.state is not None:
        query = query.where(difference.c.state == wish.state)
    if wish.before is not None:
        query = query.where(tuple_(difference.c.found_at, difference.c.id) < wish.before)
    ordered = query.order_by(difference.c.found_at.desc(), difference.c.id.desc())
    return await DifferenceRow.every(tx, ordered.limit(wish.limit))


_DUE = """
    SELECT owner_id, matter_id, due_on, ending, ended_at, done_on FROM hub.duty
    WHERE tenant_id = ANY ($1) AND kind = 'register' AND stake = 'owes' AND due_on >= $2 AND due_on < $3
    ORDER BY due_on, matter_id, ended_at IS NULL, ended_at
"""
_MACHINE = """
    SELECT matter_id, state, revision, replaces FROM hub.registration WHERE matter_id = ANY ($1)
"""
_FOUND = """
    SELECT centre_id, state, how, count(*) AS many FROM hub.register_difference
    WHERE tenant_id = ANY ($1) AND found_at >= $2 AND found_at < $3 GROUP BY 1, 2, 3
"""


class Owed(TypedDict):
    owner_id: CentreId
    matter_id: UUID
    due_on: date
    ending: str | None
    ended_at: datetime | None
    done_on: date | None


class Registered(TypedDict):
    matter_id: UUID
    state: str
    revision: int
    replaces: UUID | None


class Counted(TypedDict):
    centre_id: CentreId
    state: str
    how: str | None
    many: int


async def due_between(tx: Tx, centres: Collection[CentreId], first: date, after: date) -> Sequence[Owed]:
    """Registrations owed by a day of a time, of these centres; of one move the last owed comes last."""
    return await fetch(tx, _DUE, list(centres), first, after)


async def by_machine(tx: Tx, matters: Collection[UUID]) -> Sequence[Registered]:
    return await fetch(tx, _MACHINE, list(matters))


async def found_between(
    tx: Tx, centres: Collection[CentreId], first: datetime, after: datetime
) -> Sequence[Counted]:
    """How many differences of these centres were found in a time, by how they stand."""
    return await fetch(tx, _FOUND, list(centres), first, after)
