"""Matters: the common record, a row for each party, and the statements that moved them.

An exchange is a matter as well, whose workflow is copies. Lists read only a tenant's own party rows; the
record is reached by key through a policy that asks whether the tenant is a party. A party's row names all
parties and is bound to the record by that list, so that nobody becomes a party to what was begun without it
(design.md 4).
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId, StatementId
from hub.kernel.steps import Step
from hub.plumbing.database import Row, Tx, fetch, metadata
from hub.plumbing.reading import TableRow
from saikne_schemas.vocabulary import Workflow

_MOMENT = DateTime(timezone=True)
OVERSEES = "oversight"
COPIES, _OTHERS = (f"workflow {sign} '{Workflow.COPIES}'" for sign in ("=", "<>"))
"""Copies and all else are listed apart, under paths of their own."""

matter = Table(
    "matter",
    metadata,
    Column("matter_id", Uuid, primary_key=True),
    Column("workflow", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("roles", ARRAY(Text), nullable=False, comment="of the parties, in their order"),
    Column("content", JSON, nullable=False, comment="the projection for reading, never searched"),
    Column("opened_at", _MOMENT, nullable=False),
    Column("moved_at", _MOMENT, nullable=False),
    UniqueConstraint("matter_id", "parties"),
    info={
        "wall": "matter",
        "grant": "SELECT, INSERT",
        "changes": "state content moved_at",
    },
)

party = Table(
    "party",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("matter_id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("kind", Text, comment="what is asked for, where its workflow is one for several things"),
    Column("about", Text, comment="the family or child that a request or a move is about, for its centres"),
    Column("state", Text, nullable=False),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("opened_at", _MOMENT, nullable=False),
    Column("moved_at", _MOMENT, nullable=False),
    ForeignKeyConstraint(
        ["matter_id", "parties"],
        [matter.c.matter_id, matter.c.parties],
        name="fk_party_matter_id",
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint(
        f"CASE WHEN role = '{OVERSEES}' THEN tenant_id = '{OVERSIGHT}'::uuid WHEN {COPIES} THEN tenant_id"
        " IS NOT DISTINCT FROM CASE role WHEN 'requester' THEN parties[1] WHEN 'holder' THEN parties[2] END"
        " ELSE tenant_id = ANY (parties) END",
        name="whose",
    ),
    Index("ix_party_workflow", "tenant_id", "workflow", "state", postgresql_where=text(_OTHERS)),
    Index("ix_party_moved", "tenant_id", "moved_at", "matter_id", postgresql_where=text(_OTHERS)),
    Index("ix_party_matter", "matter_id"),
    Index(
        "ix_party_about",
        *("tenant_id", text('about COLLATE "C"'), "matter_id"),
        postgresql_where=text("about IS NOT NULL"),
    ),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "state moved_at",
    },
)


def as_signed() -> tuple[Column[Any], ...]:
    """What every table of statements holds of one as it was signed and answered: `keeping.keep` fills it."""
    return (
        Column("kind", Text, nullable=False),
        Column("body", LargeBinary, nullable=False, comment="the exact bytes that were signed"),
        Column("sha256", LargeBinary, nullable=False),
        Column("signature_base", LargeBinary, nullable=False),
        Column("signature", LargeBinary, nullable=False),
        Column("alg", Text, nullable=False),
        Column("public_key", JSONB, nullable=False),
        Column("received_at", _MOMENT, nullable=False),
        Column("acceptance", Text, nullable=False, comment="the hub's answer, a compact JWS"),
    )


statement = Table(
    "statement",
    metadata,
    Column("matter_id", Uuid, primary_key=True),
    Column("author_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("workflow", Text, nullable=False),
    *as_signed(),
    Column("state", Text, nullable=False, comment="of the matter, after this statement"),
    Column("warnings", ARRAY(Text), nullable=False),
    Index("uq_statement_id", "author_id", "id", text(f"({COPIES})"), unique=True),
    info={"wall": "matter", "grant": "SELECT, INSERT", "written_by": "author_id"},
)


class MatterRow(TableRow, of=matter):
    matter_id: MatterId
    workflow: str
    state: str
    parties: list[CentreId]
    roles: list[str]
    content: JsonObject
    opened_at: datetime
    moved_at: datetime


class PartyRow(TableRow, of=party):
    tenant_id: CentreId
    matter_id: MatterId
    role: str
    workflow: str
    kind: str | None
    about: str | None
    state: str
    parties: list[CentreId]
    opened_at: datetime
    moved_at: datetime


class StatementRow(TableRow, of=statement):
    matter_id: MatterId
    author_id: CentreId
    id: UUID
    workflow: str
    kind: str
    body: bytes
    sha256: bytes
    signature_base: bytes
    signature: bytes
    alg: str
    public_key: JsonObject
    received_at: datetime
    acceptance: str
    state: str
    warnings: list[str]


async def lock(tx: Tx, identity: MatterId) -> MatterRow | None:
    """The record, held until the transaction ends; None where the tenant is no party."""
    query = select(matter).where(matter.c.matter_id == identity).with_for_update()
    return await MatterRow.first(tx, query)


async def find(tx: Tx, identity: UUID) -> MatterRow | None:
    return await MatterRow.first(tx, select(matter).where(matter.c.matter_id == identity))


async def find_all(tx: Tx, which: Collection[MatterId]) -> Sequence[MatterRow]:
    """Those of these that the transaction may see."""
    return await MatterRow.every(tx, select(matter).where(matter.c.matter_id.in_(which)))


async def find_party(tx: Tx, tenant: CentreId, identity: MatterId) -> PartyRow | None:
    """A tenant's own row."""
    query = select(party).where(party.c.tenant_id == tenant, party.c.matter_id == identity)
    return await PartyRow.first(tx, query)


def has_any(workflow: str, states: Sequence[str]) -> str:
    """Whether a `centre` is a party to a matter of this workflow in these states: SQL, asked beside."""
    listed = ", ".join(f"'{state}'" for state in states)
    return (
        "EXISTS (SELECT FROM hub.party WHERE party.tenant_id = centre.id"  # our own words
        f" AND party.workflow = '{workflow}' AND party.state IN ({listed}))"
    )


_OPEN_AT_MOST = 20


@lru_cache
def still_open(workflow: Workflow, states: frozenset[StrEnum]) -> str:
    """What is open between two centres, in their order, about the same as another: SQL, the oldest first.

    $1 and $2 are the centres, $3 whom it is about, $4 the kind, $5 that other one.
    """
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    which = COPIES if workflow is Workflow.COPIES else f"workflow = '{workflow}' AND {_OTHERS}"
    return f"""
        SELECT matter_id FROM hub.party
        WHERE tenant_id = $1 AND parties[1] = $1 AND parties[2] = $2 AND about = $3 AND {which}
            AND state IN ({listed}) AND kind IS NOT DISTINCT FROM $4 AND matter_id <> $5
        ORDER BY opened_at, matter_id LIMIT {_OPEN_AT_MOST}
    """  # noqa: S608  # our own words


_NUMBERED = """
    SELECT * FROM hub.party
    WHERE tenant_id = $1 AND matter_id BETWEEN $2 AND $3 ORDER BY matter_id LIMIT $4
"""


_LAST = "\U0010ffff"
_REFERRED = """
    FROM hub.party WHERE tenant_id = {} AND about COLLATE "C" >= {} AND about COLLATE "C" < {}
"""
"""A range by the bytes of the text: behind the wall the database takes no pattern to an index."""


async def referred(tx: Tx, tenant: CentreId, begins: str, limit: int) -> Sequence[PartyRow]:
    """A tenant's own records about whoever is called so, or whose reference begins so; the nearest first."""
    ordered = 'ORDER BY about COLLATE "C", moved_at DESC LIMIT $4'
    query = f"SELECT * {_REFERRED.format('$1', '$2', '$3')} {ordered}"  # our own words
    return await PartyRow.said(tx, query, tenant, begins, begins + _LAST, limit)


def numbers_referred(tenant: CentreId, begins: str) -> Callable[[Callable[[object], str]], str]:
    """The same inside another query: SQL for the numbers, made with what puts values in their places."""

    def said(place: Callable[[object], str]) -> str:
        return f"SELECT matter_id {_REFERRED.format(place(tenant), place(begins), place(begins + _LAST))}"

    return said


async def numbered(tx: Tx, tenant: CentreId, first: UUID, last: UUID, limit: int) -> Sequence[PartyRow]:
    """Those of a tenant whose number lies between these two, exchanges among them."""
    return await PartyRow.said(tx, _NUMBERED, tenant, first, last, limit)


_BETWEEN = f"""
    SELECT matter_id, matter.content FROM hub.party JOIN hub.matter USING (matter_id)
    WHERE party.tenant_id = $1 AND party.workflow = $3 AND party.{_OTHERS} AND party.state = ANY ($4)
        AND $2 = ANY (party.parties)
    ORDER BY party.opened_at, party.matter_id
"""  # noqa: S608  # our own words


async def between(tx: Tx, one: CentreId, other: CentreId, workflow: str, states: Sequence[str]) -> list[Row]:
    """Two centres' matters of a workflow by number and content, the youngest last; asked by the first."""
    return await fetch(tx, _BETWEEN, one, other, workflow, list(states))


async def contents_between(
    tx: Tx, one: CentreId, other: CentreId, workflow: str, states: Sequence[str]
) -> list[Any]:
    return [row["content"] for row in await between(tx, one, other, workflow, states)]


async def earlier_statement(
    tx: Tx, author: CentreId, identity: StatementId, *, of_copies: bool
) -> StatementRow | None:
    own = statement.c.author_id == author, statement.c.id == identity
    return await StatementRow.first(tx, select(statement).where(*own, text(COPIES if of_copies else _OTHERS)))


async def statements(tx: Tx, identity: MatterId) -> Sequence[StatementRow]:
    query = select(statement).where(statement.c.matter_id == identity).order_by(statement.c.received_at)
    return await StatementRow.every(tx, query)


async def move(tx: Tx, identity: MatterId, step: Step[Any], content: object, at: datetime) -> None:
    """Set the state and content on the record, and the state on every party's row."""
    state = step.state.value
    await tx.execute(
        update(matter).where(matter.c.matter_id == identity).values(state=state, content=content, moved_at=at)
    )
    await tx.execute(update(party).where(party.c.matter_id == identity).values(state=state, moved_at=at))


async def open_of(
    tx: Tx, tenant: CentreId, workflow: str, states: Sequence[str], *, after: UUID | None, limit: int
) -> Sequence[PartyRow]:
    """A tenant's own matters of a workflow in these states, in the order of their keys."""
    query = (
        select(party)
        .where(party.c.tenant_id == tenant, party.c.workflow == workflow, party.c.state.in_(states))
        .order_by(party.c.matter_id)
        .limit(limit)
    )
    return await PartyRow.every(tx, query if after is None else query.where(party.c.matter_id > after))


async def page(
    tx: Tx,
    tenant: CentreId,
    *,
    workflow: str | None,
    state: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[PartyRow]:
    """A tenant's own matters beside copies, the last moved first."""
    query = select(party).where(party.c.tenant_id == tenant, text(_OTHERS))
    if workflow is not None:
        query = query.where(party.c.workflow == workflow)
    if state is not None:
        query = query.where(party.c.state == state)
    if before is not None:
        query = query.where(tuple_(party.c.moved_at, party.c.matter_id) < before)
    ordered = query.order_by(party.c.moved_at.desc(), party.c.matter_id.desc())
    return await PartyRow.every(tx, ordered.limit(limit))
