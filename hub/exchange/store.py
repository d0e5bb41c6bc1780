"""What an exchange has beside every matter's rows: answers and their documents; segments are `parcels`'.

All are reached by the exchange's key through a policy that asks whether the tenant takes part (design.md 4);
lists read only a tenant's own rows as a party.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    and_,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.duties.duty import Stake
from hub.duties.store import TERM, answer_owed
from hub.duties.tables import duty
from hub.exchange.owed import NEXT_STEP
from hub.kernel.ids import CentreId, ExchangeId
from hub.matters.store import COPIES, OVERSEES, party
from hub.passwords.store import AS_SEEN
from hub.plumbing.database import Row, Tx, fetch, metadata
from saikne_schemas.vocabulary import DutyKind, ExchangeState, SideRole, Workflow

_MOMENT = DateTime(timezone=True)

_OPEN_STATES = (
    ExchangeState.REQUESTED,
    ExchangeState.PREPARING,
    ExchangeState.DISPUTED,
    ExchangeState.LAPSED,
    ExchangeState.FROZEN,
)
OPEN = f"state IN ({', '.join(repr(state.value) for state in _OPEN_STATES)})"
"""Somebody still waits for copies: SQL about a party's row."""

Index(
    "ix_party_listed",
    *(party.c.tenant_id, party.c.role, party.c.state, party.c.moved_at, party.c.matter_id),
    postgresql_where=text(COPIES),
)
UNDER_WAY = f"state IN ({', '.join(repr(state.value) for state in NEXT_STEP)})"
Index(
    "ix_party_open",
    *(party.c.tenant_id, text("(parties[1])"), text("(parties[2])"), party.c.about),
    postgresql_where=text(f"{COPIES} AND {UNDER_WAY}"),
)

answer = Table(
    "answer",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("statement_id", Uuid, nullable=False),
    Column("way", Text, nullable=False, comment="that it takes, wished or not"),
    Column("departure", Text, comment="why it is not the wished way"),
    Column("missing", JSONB, nullable=False, comment="from the dispatch on each with its reason"),
    Column("declared_at", _MOMENT, nullable=False),
    Column("incomplete_because", Text, comment="one reason for all that has none of its own"),
    Column("dispatched_at", _MOMENT),
    Column("directory", LargeBinary, comment="the archive's last bytes, after its segments"),
    Column("archive_bytes", BigInteger),
    Column("archive_sha256", LargeBinary),
    Column("delivery", Text, comment="of an archive that is sent: queued, mailed, linked, failed"),
    Column("dispute", Text),
    Column("receipt", Text, comment="that was countersigned, a compact JWS"),
    Column("erased_at", _MOMENT, comment="when the sealed segments were deleted"),
    Column("sent_on", Date, comment="on paper: the day of the hand-over or the posting, as stated"),
    Column("handed_over_to", JSONB, comment="name and position of the new centre's representative"),
    Column("authority", Text),
    Column("item_number", Text, comment="of the registered item"),
    Column("item_number_checked", Boolean),
    Column("outcome", Text, comment="of the registered item"),
    Column("outcome_on", Date),
    info={
        "wall": "exchange",
        "grant": "SELECT, INSERT",
        "changes": (
            "missing incomplete_because dispatched_at directory archive_bytes archive_sha256 delivery "
            "dispute receipt erased_at sent_on handed_over_to authority item_number "
            "item_number_checked outcome outcome_on"
        ),
    },
)

document = Table(
    "document",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("no", SmallInteger, primary_key=True),
    Column("form", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("spouse", SmallInteger),
    Column("media_type", Text),
    Column("bytes", BigInteger),
    Column("sha256", LargeBinary),
    Column("pages", SmallInteger, comment="on paper; otherwise the three before say what is sealed"),
    CheckConstraint("num_nulls(media_type, bytes, sha256) = 3 * (pages IS NOT NULL)::int", name="carrier"),
    info={"wall": "exchange", "grant": "SELECT, INSERT"},
)


AnswerRow: TypeAlias = Any
DeclaredRow: TypeAlias = Any
"""Which columns of an answer and of its documents are there depends on its way: on paper or as an archive."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which exchanges a list shows, and how many at most."""

    roles: tuple[SideRole, ...]
    states: tuple[ExchangeState, ...]
    """Both each once."""
    limit: int


_NEWEST_FIRST = "ORDER BY party.moved_at DESC, party.matter_id DESC"
_OWED = answer_owed(
    "due_on, original_due_on, moved_by, ended_at", to="party.tenant_id", about="party.matter_id"
)
_NEXT = f"""
    SELECT duty.kind AS next, duty.stake AS next_stake, duty.due_on AS next_due_on FROM hub.duty
    WHERE duty.tenant_id = party.tenant_id AND duty.matter_id = party.matter_id AND duty.ended_at IS NULL
    ORDER BY duty.stake <> '{Stake.OWES}', duty.due_on, duty.kind LIMIT 1
"""  # noqa: S608  # our own words
"""A tenant's own step before what it awaits, the most urgent first."""
_SENT = """
    EXISTS (
        SELECT FROM hub.answer AS earlier
        WHERE earlier.exchange_id = matter.matter_id AND earlier.dispatched_at IS NOT NULL
    ) AS ever_sent
"""


@lru_cache(maxsize=512)
def _page(which: Listed, *, beginning: bool) -> str:
    """So many of each role and state, by the index and no further, and of these the newest.

    Everything but the place is written out, so that the plan is kept.
    """
    wished = ", ".join(f"('{role}', '{state}')" for role in which.roles for state in which.states)
    place = "" if beginning else "AND (party.moved_at, party.matter_id) < ($2, $3)"
    newest = f"{_NEWEST_FIRST} LIMIT {which.limit}"
    return f"""
        SELECT party.*, owed.*, step.*, centre.name AS counterpart_name,
            coalesce(answer.way, matter.content -> 'receipt' ->> 'channel') AS way,
            answer.archive_sha256, (matter.content ->> 'answered_before') = 'true' AS answered_before, {_SENT}
        FROM (
            SELECT party.* FROM (VALUES {wished}) AS wished (role, state) CROSS JOIN LATERAL (
                SELECT party.*, parties[1 + (parties[1] = tenant_id)::int] AS counterpart FROM hub.party
                WHERE tenant_id = $1 AND {COPIES} AND role = wished.role AND state = wished.state {place}
                {newest}
            ) AS party {newest}
        ) AS party
        LEFT JOIN LATERAL ({_OWED}) AS owed ON true
        LEFT JOIN LATERAL ({_NEXT}) AS step ON true
        LEFT JOIN hub.centre ON centre.id = party.counterpart
        LEFT JOIN hub.matter ON matter.matter_id = party.matter_id
        LEFT JOIN hub.answer
            ON answer.exchange_id = party.matter_id AND answer.round = (matter.content ->> 'round')::int
        {_NEWEST_FIRST}
    """  # noqa: S608  # our own words


async def find_answer(tx: Tx, identity: ExchangeId, round_no: int) -> AnswerRow:
    query = select(answer).where(answer.c.exchange_id == identity, answer.c.round == round_no)
    return (await tx.execute(query)).first()


_SHOWN = f"""
    SELECT matter.matter_id, matter.workflow, matter.state, matter.parties, matter.content, matter.opened_at,
        matter.moved_at, requester.name AS requester_name, holder.name AS holder_name,
        requester.state AS requester_state, holder.state AS holder_state, owed.*,
        answer.round, answer.declared_at, answer.way, answer.departure, answer.missing,
        answer.incomplete_because, answer.dispatched_at,
        answer.archive_bytes, answer.archive_sha256, answer.delivery, answer.dispute, answer.sent_on,
        answer.handed_over_to, answer.authority, answer.item_number, answer.item_number_checked,
        answer.outcome, answer.outcome_on,
        answer.directory IS NOT NULL AND answer.erased_at IS NULL AS archive_kept, {_SENT}, {AS_SEEN}
    FROM hub.matter
    LEFT JOIN hub.centre AS requester ON requester.id = matter.parties[1]
    LEFT JOIN hub.centre AS holder ON holder.id = matter.parties[2]
    LEFT JOIN LATERAL ({answer_owed(TERM, to="$2", about="$1")}) AS owed ON true
    LEFT JOIN hub.answer
        ON answer.exchange_id = $1 AND answer.round = (matter.content ->> 'round')::int
    LEFT JOIN hub.password ON password.exchange_id = $1 AND password.round = answer.round
    WHERE matter.matter_id = $1 AND matter.{COPIES}
"""  # noqa: S608  # our own words


async def shown(tx: Tx, tenant: CentreId, identity: ExchangeId) -> Row | None:
    """A record, the duty to answer, the newest answer and its password: what is not there yet is null."""
    rows = await fetch(tx, _SHOWN, identity, tenant)
    return rows[0] if rows else None


async def receipts(tx: Tx, identity: ExchangeId) -> list[str]:
    """Of every answer that was confirmed and did not go astray, the oldest first."""
    kept = and_(answer.c.exchange_id == identity, answer.c.receipt.is_not(None))
    return list(await tx.scalars(select(answer.c.receipt).where(kept).order_by(answer.c.round)))


async def ever_sent(tx: Tx, identity: ExchangeId) -> bool:
    """Whether an answer, by whatever way, has left the holder."""
    sent = select(answer.c.round).where(answer.c.exchange_id == identity, answer.c.dispatched_at.is_not(None))
    return bool(await tx.scalar(select(sent.exists())))


async def newest_outcome(tx: Tx, identity: ExchangeId) -> date | None:
    """The last day on which an item of any answer was delivered or came back."""
    day: date | None = await tx.scalar(
        select(func.max(answer.c.outcome_on)).where(answer.c.exchange_id == identity)
    )
    return day


async def change_answer(tx: Tx, identity: ExchangeId, round_no: int, **changes: object) -> None:
    await tx.execute(
        update(answer).where(answer.c.exchange_id == identity, answer.c.round == round_no).values(**changes)
    )


_DOCUMENTS = """
    SELECT document.*, segment.sealed_at FROM hub.document
    LEFT JOIN hub.segment USING (exchange_id, round, no)
    WHERE exchange_id = $1 AND round = $2 ORDER BY no
"""


async def documents(tx: Tx, identity: ExchangeId, round_no: int) -> Sequence[DeclaredRow]:
    """The declared documents in order, each with the moment it was sealed."""
    return await fetch(tx, _DOCUMENTS, identity, round_no)


async def mark_erased(tx: Tx, identity: ExchangeId, round_no: int, at: datetime) -> bool:
    """True the first time."""
    kept = and_(answer.c.exchange_id == identity, answer.c.round == round_no, answer.c.erased_at.is_(None))
    return (await tx.execute(update(answer).where(kept).values(erased_at=at))).rowcount == 1


async def page(tx: Tx, tenant: CentreId, which: Listed, before: tuple[datetime, UUID] | None) -> list[Row]:
    """A tenant's own exchanges, the last moved first: its row, the other's name, the duty, if any, to answer.

    That is the duty which is open, or was last.
    """
    return await fetch(tx, _page(which, beginning=before is None), tenant, *(before or ()))


async def overdue(
    tx: Tx, tenant: CentreId, today: date, *, after: tuple[date, UUID] | None, limit: int
) -> Sequence[Any]:
    """A tenant's open answers whose day has passed, with its row as a party; the oldest first."""
    late = duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on < today
    query = (
        select(duty, party.c.role, party.c.kind.label("asked"), party.c.state, party.c.parties)
        .join(party, and_(party.c.tenant_id == duty.c.tenant_id, party.c.matter_id == duty.c.matter_id))
        .where(*late, duty.c.workflow == Workflow.COPIES, duty.c.kind == DutyKind.ANSWER)
    )
    if after is not None:
        query = query.where(tuple_(duty.c.due_on, duty.c.id) > after)
    return (await tx.execute(query.order_by(duty.c.due_on, duty.c.id).limit(limit))).all()


_STEPS = ", ".join(f"('{state}', '{kind}')" for state, kinds in NEXT_STEP.items() for kind in sorted(kinds))
_OWNERLESS = f"""
    SELECT party.matter_id, party.parties FROM hub.party
    WHERE party.tenant_id = $1 AND {COPIES} AND role = '{OVERSEES}' AND {UNDER_WAY}
        AND party.matter_id > $2
        AND NOT EXISTS (
            SELECT FROM hub.duty
            WHERE duty.tenant_id = $1 AND duty.matter_id = party.matter_id AND duty.ended_at IS NULL
                AND (party.state, duty.kind) IN ({_STEPS})
        )
    ORDER BY party.matter_id LIMIT $3
"""  # noqa: S608  # our own words


async def ownerless(tx: Tx, overseer: CentreId, after: UUID, limit: int) -> list[Row]:
    """Open exchanges whose next step nobody owes, as whoever oversees all of them sees it."""
    return await fetch(tx, _OWNERLESS, overseer, after, limit)
