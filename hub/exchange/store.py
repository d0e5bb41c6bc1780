"""Exchanges: the common record, a side for each tenant, and the statements that moved them.

Lists read only a tenant's own sides; the common record is reached by key through a policy that asks
whether the tenant has a side there (design.md 4), and a side is for those only whom the record names.
Statements are kept as they came and never rewritten.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Row,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    and_,
    false,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from hub.duties.duty import DutyKind
from hub.duties.store import duty
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, StatementId
from hub.kernel.steps import Step
from hub.matters.store import as_signed
from hub.plumbing.database import Tx, metadata
from saikne_schemas.vocabulary import ExchangeState

_MOMENT = DateTime(timezone=True)

_OPEN_STATES = (
    ExchangeState.REQUESTED,
    ExchangeState.PREPARING,
    ExchangeState.DISPUTED,
    ExchangeState.LAPSED,
    ExchangeState.FROZEN,
)
OPEN = ", ".join(f"'{state.value}'" for state in _OPEN_STATES)
"""Somebody still waits for copies: a list of states in SQL."""

exchange = Table(
    "exchange",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("requester_id", Uuid, nullable=False),
    Column("holder_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("family", Text),
    Column("children", ARRAY(Text), nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("password_channel", Text, comment="these three: null where paper is wished"),
    Column("archive_address", Text, comment="as notified when it was asked for"),
    Column("password_address", Text, comment="as notified when it was asked for"),
    Column("state", Text, nullable=False),
    Column("round", SmallInteger, nullable=False, server_default="0", comment="of the newest answer"),
    Column("requested_at", _MOMENT, nullable=False),
    Column("moved_at", _MOMENT, nullable=False),
    Column("more_children", ARRAY(Text), nullable=False, server_default="{}", comment="by supplements"),
    Column("more_forms", ARRAY(Text), nullable=False, server_default="{}", comment="by supplements"),
    Column(
        "answered_before", Boolean, nullable=False, server_default=false(), comment="only more is awaited"
    ),
    Column("proposal_id", Uuid, comment="the holder's proposal of a later day that stands"),
    Column("proposed_until", Date),
    Column("proposal_reason", Text),
    Column("receipt", Text, comment="the countersigned receipt, a compact JWS"),
    Column("signatures", Text, nullable=False, server_default="plain", comment="what the request relies on"),
    UniqueConstraint("exchange_id", "requester_id", "holder_id"),
    CheckConstraint(
        "num_nulls(password_channel, archive_address, password_address)"
        " = 3 * (channel IN ('in_person', 'registered_post'))::int",
        name="addresses",
    ),
    info={
        "wall": "shared",
        "grant": "SELECT, INSERT",
        "changes": (
            "children state round moved_at more_children more_forms answered_before proposal_id "
            "proposed_until proposal_reason receipt"
        ),
    },
)

side = Table(
    "side",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("exchange_id", Uuid, primary_key=True),
    Column("role", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("requester_id", Uuid, nullable=False),
    Column("holder_id", Uuid, nullable=False),
    Column("requested_at", _MOMENT, nullable=False),
    Column("moved_at", _MOMENT, nullable=False),
    Column("due_on", Date, comment="absent where nothing is owed by a day"),
    ForeignKeyConstraint(
        ["exchange_id", "requester_id", "holder_id"],
        [exchange.c.exchange_id, exchange.c.requester_id, exchange.c.holder_id],
        name="fk_side_exchange_id",
        deferrable=True,
        initially="DEFERRED",
    ),
    CheckConstraint(
        "tenant_id = CASE role WHEN 'requester' THEN requester_id WHEN 'holder' THEN holder_id"
        f" WHEN 'oversight' THEN '{OVERSIGHT}'::uuid END",
        name="whose",
    ),
    Index("ix_side_moved", "tenant_id", "moved_at", "exchange_id"),
    Index("ix_side_exchange", "exchange_id"),
    Index(
        "ix_side_open",
        *("tenant_id", "role", "requester_id", "holder_id"),
        postgresql_where=text(f"role <> 'oversight' AND state IN ({OPEN})"),
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "changes": "state moved_at due_on"},
)

statement = Table(
    "statement",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("author_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    *as_signed(),
    Column("state", Text, nullable=False, comment="of the exchange, after this statement"),
    UniqueConstraint("author_id", "id"),
    info={"wall": "shared", "grant": "SELECT, INSERT", "written_by": "author_id"},
)

answer = Table(
    "answer",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("statement_id", Uuid, nullable=False),
    Column("way", Text, nullable=False, comment="that it takes, wished or not"),
    Column("departure", Text, comment="why it is not the wished way"),
    Column("missing", JSONB, nullable=False),
    Column("declared_at", _MOMENT, nullable=False),
    Column("incomplete_because", Text),
    Column("dispatched_at", _MOMENT),
    Column("directory", LargeBinary, comment="the archive's last bytes, after its segments"),
    Column("archive_bytes", BigInteger),
    Column("archive_sha256", LargeBinary),
    Column("delivery", Text, comment="of an archive that is sent: queued, mailed, linked, failed"),
    Column("dispute", Text),
    Column("receipt", Text, comment="of a round before a supplement; the newest one is the exchange's"),
    Column("erased_at", _MOMENT, comment="when the sealed segments were deleted"),
    Column("sent_on", Date, comment="on paper: the day of the hand-over or the posting, as stated"),
    Column("handed_over_to", JSONB, comment="name and position of the new centre's representative"),
    Column("authority", Text),
    Column("item_number", Text, comment="of the registered item"),
    Column("item_number_checked", Boolean),
    Column("outcome", Text, comment="of the registered item"),
    Column("outcome_on", Date),
    info={
        "wall": "shared",
        "grant": "SELECT, INSERT",
        "changes": (
            "incomplete_because dispatched_at directory archive_bytes archive_sha256 delivery "
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
    info={"wall": "shared", "grant": "SELECT, INSERT"},
)

segment = Table(
    "segment",
    metadata,
    Column("exchange_id", Uuid, primary_key=True),
    Column("round", SmallInteger, primary_key=True),
    Column("no", Integer, primary_key=True, comment="of the document; what lies beside them comes after"),
    Column("name", Text, nullable=False),
    Column("path", Text, nullable=False, comment="in the object store"),
    Column("plain_bytes", BigInteger, nullable=False),
    Column("segment_bytes", BigInteger, nullable=False),
    Column("sha256", LargeBinary, nullable=False, comment="of the plaintext"),
    Column("sealed_at", _MOMENT, nullable=False),
    info={"wall": "shared", "grant": "SELECT, INSERT"},
)


async def lock(tx: Tx, identity: ExchangeId) -> Row[Any] | None:
    """The common record, held until the transaction ends; None where the tenant has no side."""
    found = await tx.execute(select(exchange).where(exchange.c.exchange_id == identity).with_for_update())
    return found.first()


async def find(tx: Tx, identity: ExchangeId) -> Row[Any] | None:
    return (await tx.execute(select(exchange).where(exchange.c.exchange_id == identity))).first()


async def earlier_statement(tx: Tx, author: CentreId, identity: StatementId) -> Row[Any] | None:
    found = await tx.execute(
        select(statement).where(statement.c.author_id == author, statement.c.id == identity)
    )
    return found.first()


async def statements(tx: Tx, identity: ExchangeId) -> Sequence[Row[Any]]:
    found = await tx.execute(
        select(statement).where(statement.c.exchange_id == identity).order_by(statement.c.received_at)
    )
    return found.all()


NO_PROPOSAL: dict[str, object] = {"proposal_id": None, "proposed_until": None, "proposal_reason": None}
_ENDS_PROPOSALS = frozenset({ExchangeState.DISPATCHED, ExchangeState.WITHDRAWN})


async def keep_receipt(tx: Tx, identity: ExchangeId, receipt: str) -> None:
    await tx.execute(update(exchange).where(exchange.c.exchange_id == identity).values(receipt=receipt))


async def move(
    tx: Tx, identity: ExchangeId, step: Step[ExchangeState], at: datetime, **changes: object
) -> None:
    """Set the state on the common record and on every side; the caller acts for all of them."""
    state = step.state.value
    if state in _ENDS_PROPOSALS:  # nothing is owed: whoever comes to owe it again proposes again
        changes = NO_PROPOSAL | changes
    await tx.execute(
        update(exchange).where(exchange.c.exchange_id == identity).values(state=state, moved_at=at, **changes)
    )
    await tx.execute(update(side).where(side.c.exchange_id == identity).values(state=state, moved_at=at))


async def set_due(tx: Tx, identity: ExchangeId, due_on: date) -> None:
    """The day on every side's list."""
    await tx.execute(update(side).where(side.c.exchange_id == identity).values(due_on=due_on))


async def find_answer(tx: Tx, identity: ExchangeId, round_no: int) -> Row[Any] | None:
    found = await tx.execute(
        select(answer).where(answer.c.exchange_id == identity, answer.c.round == round_no)
    )
    return found.first()


async def earlier_receipts(tx: Tx, identity: ExchangeId) -> list[str]:
    """Of what was confirmed before a supplement, the oldest first."""
    kept = and_(answer.c.exchange_id == identity, answer.c.receipt.is_not(None))
    return list(await tx.scalars(select(answer.c.receipt).where(kept).order_by(answer.c.round)))


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


async def documents(tx: Tx, identity: ExchangeId, round_no: int) -> Sequence[Row[Any]]:
    """The declared documents in order, each with the moment it was sealed."""
    found = await tx.execute(
        select(document, segment.c.sealed_at)
        .outerjoin(
            segment,
            and_(
                segment.c.exchange_id == document.c.exchange_id,
                segment.c.round == document.c.round,
                segment.c.no == document.c.no,
            ),
        )
        .where(document.c.exchange_id == identity, document.c.round == round_no)
        .order_by(document.c.no)
    )
    return found.all()


async def segments(tx: Tx, identity: ExchangeId, round_no: int) -> Sequence[Row[Any]]:
    found = await tx.execute(
        select(segment)
        .where(segment.c.exchange_id == identity, segment.c.round == round_no)
        .order_by(segment.c.no)
    )
    return found.all()


async def segment_paths(tx: Tx) -> set[str]:
    """Every path that a row names, of all exchanges the transaction may see."""
    return set(await tx.scalars(select(segment.c.path)))


async def mark_erased(tx: Tx, identity: ExchangeId, round_no: int, at: datetime) -> bool:
    """True the first time."""
    kept = and_(answer.c.exchange_id == identity, answer.c.round == round_no, answer.c.erased_at.is_(None))
    return (await tx.execute(update(answer).where(kept).values(erased_at=at))).rowcount == 1


async def page(
    tx: Tx,
    tenant: CentreId,
    *,
    role: str | None,
    state: str | None,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """A tenant's own sides, the last moved first, each with the duty that is open there (`owed`), if any."""
    is_open = and_(
        duty.c.tenant_id == side.c.tenant_id,
        duty.c.exchange_id == side.c.exchange_id,
        duty.c.kind == DutyKind.ANSWER,
        duty.c.ended_at.is_(None),
    )
    query = (
        select(side, duty.c.id.label("owed"), duty.c.original_due_on, duty.c.moved_by)
        .outerjoin(duty, is_open)
        .where(side.c.tenant_id == tenant)
    )
    if role is not None:
        query = query.where(side.c.role == role)
    if state is not None:
        query = query.where(side.c.state == state)
    if before is not None:
        query = query.where(tuple_(side.c.moved_at, side.c.exchange_id) < before)
    found = await tx.execute(query.order_by(side.c.moved_at.desc(), side.c.exchange_id.desc()).limit(limit))
    return found.all()


async def overdue(
    tx: Tx, tenant: CentreId, today: object, *, after: tuple[object, object] | None, limit: int
) -> Sequence[Any]:
    """A tenant's open duties whose day has passed, with the side they stand on; the oldest first."""
    query = (
        select(
            duty.c.id,
            duty.c.exchange_id,
            duty.c.due_on,
            duty.c.original_due_on,
            duty.c.moved_by,
            duty.c.alt_due_on,
            duty.c.calendar,
            duty.c.confirmed,
            side.c.role,
            side.c.kind,
            side.c.state,
            side.c.requester_id,
            side.c.holder_id,
        )
        .join(side, and_(side.c.tenant_id == duty.c.tenant_id, side.c.exchange_id == duty.c.exchange_id))
        .where(duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on < today)
    )
    if after is not None:
        query = query.where(
            or_(duty.c.due_on > after[0], and_(duty.c.due_on == after[0], duty.c.id > after[1]))
        )
    found = await tx.execute(query.order_by(duty.c.due_on, duty.c.id).limit(limit))
    return found.all()
