"""Registrations and every attempt at them; the sealed facts, while they are needed; the register's keys.

Rows name in `parties` who may reach them: the new centre, the register's side, and oversight, which sees
states and days, never the sealed facts. Of what is open, somebody does the next thing at `next_at`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from hub.agis.steps import STEPS, Action, Actor, Registered
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId, MatterId
from hub.matters.store import as_signed
from hub.plumbing.database import Tx, fetch, metadata
from hub.plumbing.rows import Rows
from hub.plumbing.rows import insert as insert_rows
from saikne_schemas.register_words import RegistrationState

_MOMENT = DateTime(timezone=True)
_COMMON = frozenset({REGISTRY, OVERSIGHT})
_CLAIMABLE = [state for state in RegistrationState if STEPS.leads(state, Action.CLAIM, Actor.JOB)]
_OPEN = "state NOT IN ('acknowledged', 'withdrawn')"

registration = Table(
    "registration",
    metadata,
    Column("key", Uuid, primary_key=True, comment="UUIDv5 of case, day and new centre"),
    Column("matter_id", Uuid, nullable=False),
    Column("centre_id", Uuid, nullable=False, comment="the new one, which registers"),
    Column("previous_id", Uuid, nullable=False),
    Column("parties", ARRAY(Uuid), nullable=False, comment="who may reach this row"),
    Column("effective_on", Date, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("replaces", Uuid),
    Column("replaces_revision", Integer, comment="the newest of it when this was prepared"),
    Column("state", Text, nullable=False),
    Column("because", Text, comment="why it is rejected, needs a person or was withdrawn"),
    Column("register_key", Text, comment="the thumbprint of the key that the facts are sealed to"),
    Column("sealed_sha256", LargeBinary),
    Column("sealed_bytes", Integer),
    Column("attempts", Integer, nullable=False, comment="ever made"),
    Column("tries", Integer, nullable=False, comment="made since it was prepared, or a person let it go on"),
    Column("maybe_there", Boolean, nullable=False, comment="something under this key may be in the register"),
    Column("next_at", _MOMENT, comment="when somebody does the next thing; none once it has ended"),
    Column("claimed_until", _MOMENT, comment="a job has it until then"),
    Column("prepared_at", _MOMENT, nullable=False),
    Column("changed_at", _MOMENT, nullable=False),
    Column("registered_on", Date),
    Column("register_id", Text),
    Column("confirmed_by", Text, comment="whose word both are: the register's, or the job's"),
    Index("ix_registration_next", "next_at", "key", postgresql_where=text(_OPEN)),
    Index("ix_registration_centre", "centre_id", "prepared_at", "key"),
    Index("ix_registration_prepared", "prepared_at", "key"),
    Index("ix_registration_matter", "matter_id"),
    info={
        "wall": "named",
        "grant": "SELECT, INSERT",
        "changes": (
            "effective_on revision operation replaces replaces_revision state because register_key "
            "sealed_sha256 sealed_bytes attempts tries maybe_there next_at claimed_until prepared_at "
            "changed_at registered_on register_id confirmed_by"
        ),
    },
)

attempt = Table(
    "registration_attempt",
    metadata,
    Column("key", ForeignKey(registration.c.key), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("claim_id", Uuid, nullable=False, comment="the statement that took it"),
    Column("claimant", Uuid, nullable=False, comment="the tenant that took it"),
    Column("client", Text, nullable=False),
    Column("ask_first", Boolean, nullable=False),
    Column("claimed_at", _MOMENT, nullable=False),
    Column("claimed_until", _MOMENT, nullable=False),
    Column("result", Text),
    Column("reason", Text),
    Column("handed_sha256", LargeBinary, comment="of the entry as it was handed out; of old attempts none"),
    Column("entry_sha256", LargeBinary, comment="of what was sent"),
    Column("word", Text, comment="the register's own, as it signed it: a compact JWS"),
    Column("reported_at", _MOMENT),
    Column("report_id", Uuid),
    Index("ix_registration_attempt_claim", "claimant", "claim_id"),
    info={
        "wall": "named",
        "grant": "SELECT, INSERT",
        "changes": "result reason entry_sha256 reported_at report_id word",
    },
)

sealed = Table(
    "registration_sealed",
    metadata,
    Column("key", ForeignKey(registration.c.key), primary_key=True),
    Column("parties", ARRAY(Uuid), nullable=False),
    Column("facts", Text, nullable=False, comment="a compact JWE to the register's key"),
    info={"wall": "named", "grant": "SELECT, INSERT, DELETE"},
)

report = Table(
    "register_report",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("report_id", Uuid, primary_key=True),
    Column("author_id", Uuid, nullable=False),
    Column("id", Uuid, nullable=False),
    *as_signed(),
    Column("state", Text, nullable=False),
    Column("answer", JSON, nullable=False, comment="what became of each outcome, as first told"),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "written_by": "author_id"},
)

register_key = Table(
    "register_key",
    metadata,
    Column("kid", Text, primary_key=True, comment="its thumbprint (RFC 7638)"),
    Column("jwk", JSONB, nullable=False),
    Column(
        "purpose",
        Text,
        nullable=False,
        server_default=text("'sealing'"),
        comment="sealing to it, or signing by it",
    ),
    Column("admitted_at", _MOMENT, nullable=False),
    Column("retired_at", _MOMENT, comment="nothing is sealed to it any more"),
    info={"wall": "common", "grant": "SELECT"},
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of a list is asked for."""

    state: str | None
    after: tuple[datetime, UUID] | None
    limit: int


def _reached(tenant: CentreId) -> Select[tuple[Any, ...]]:
    """A centre's own by their index; the common tenants reach every row that names them."""
    everything = select(registration)
    return everything if tenant in _COMMON else everything.where(registration.c.centre_id == tenant)


async def find(tx: Tx, key: UUID) -> Row[Any] | None:
    return (await tx.execute(select(registration).where(registration.c.key == key))).first()


async def lock(tx: Tx, key: UUID) -> Row[Any] | None:
    """The row, held until the transaction ends. A matter is held before its registrations."""
    return (await tx.execute(select(registration).where(registration.c.key == key).with_for_update())).first()


async def hold_matter(tx: Tx, matter: MatterId) -> None:
    """A matter is held before its registrations, by whoever changes both."""
    await fetch(tx, "SELECT FROM hub.matter WHERE matter_id = $1 FOR UPDATE", matter)


async def of_matter(tx: Tx, matter: MatterId) -> Sequence[Row[Any]]:
    """Every registration of a move, held until the transaction ends."""
    found = select(registration).where(registration.c.matter_id == matter).order_by(registration.c.key)
    return (await tx.execute(found.with_for_update())).all()


async def page(tx: Tx, tenant: CentreId, wish: Wish) -> Sequence[Row[Any]]:
    """What a tenant may see, the last prepared first."""
    query = _reached(tenant)
    if wish.state is not None:
        query = query.where(registration.c.state == wish.state)
    if wish.after is not None:
        query = query.where(tuple_(registration.c.prepared_at, registration.c.key) < wish.after)
    ordered = query.order_by(registration.c.prepared_at.desc(), registration.c.key.desc())
    found: Sequence[Row[Any]] = (await tx.execute(ordered.limit(wish.limit))).all()
    return found


async def claimable(tx: Tx, tenant: CentreId, now: datetime, at_most: int) -> Sequence[Row[Any]]:
    """What a job may take now, held; what another job is just taking is passed over."""
    query = (
        select(registration)
        .where(text(_OPEN), registration.c.state.in_(_CLAIMABLE), registration.c.next_at <= now)
        .order_by(registration.c.next_at, registration.c.key)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    if tenant != REGISTRY:
        query = query.where(registration.c.centre_id == tenant)
    return (await tx.execute(query)).all()


async def next_claimable_at(tx: Tx, tenant: CentreId) -> datetime | None:
    query = select(func.min(registration.c.next_at)).where(text(_OPEN), registration.c.state.in_(_CLAIMABLE))
    if tenant != REGISTRY:
        query = query.where(registration.c.centre_id == tenant)
    found: datetime | None = (await tx.execute(query)).scalar()
    return found


async def waiting(
    tx: Tx, states: Collection[RegistrationState], until: datetime, limit: int
) -> Sequence[Row[Any]]:
    """What is open in these states and should have gone on by a moment, the longest waiting first."""
    query = (
        select(registration)
        .where(text(_OPEN), registration.c.state.in_(states), registration.c.next_at <= until)
        .order_by(registration.c.next_at, registration.c.key)
        .limit(limit)
    )
    return (await tx.execute(query)).all()


_STILL_MEANT = """
    SELECT asked.key, matter.state = 'cancelled' AS cancelled,
        (matter.content->>'effective_on')::date IS DISTINCT FROM asked.effective_on AS other_day,
        matter.content->'registered'->>'registered_on' IS NOT NULL
            AND matter.content->'registered'->>'registration' IS NULL AS by_hand
    FROM hub.registration AS asked JOIN hub.matter ON matter.matter_id = asked.matter_id
    WHERE asked.key = ANY ($1)
"""


@dataclass(frozen=True, slots=True)
class Meant:
    """What the move says now of a registration that was prepared earlier."""

    cancelled: bool
    other_day: bool
    by_hand: bool


async def still_meant(tx: Tx, keys: Collection[UUID]) -> dict[UUID, Meant]:
    """For a transaction that acts for the centres too."""
    rows = await fetch(tx, _STILL_MEANT, list(keys))
    return {row["key"]: Meant(row["cancelled"], row["other_day"], row["by_hand"]) for row in rows}


_TIME_OUT = """
    UPDATE hub.registration SET state = $3, claimed_until = NULL, changed_at = $1
    WHERE state = $2 AND claimed_until <= $1
"""


async def time_out(tx: Tx, state: RegistrationState, step: Registered, now: datetime) -> None:
    """What a job has had for longer than it was given, in one state, takes a step."""
    await fetch(tx, _TIME_OUT, now, state.value, step.state.value)


async def put(tx: Tx, values: dict[str, object]) -> None:
    """A new registration."""
    await tx.execute(insert(registration).values(values))


async def change(tx: Tx, key: UUID, step: Registered | None = None, **values: Any) -> None:
    """With a step, its state is written too."""
    moved = {"state": step.state.value} if step else {}
    await tx.execute(update(registration).where(registration.c.key == key).values({**values, **moved}))


_TAKE = """
    UPDATE hub.registration AS one SET state = taken.state, attempts = one.attempts + 1,
        tries = one.tries + 1, maybe_there = true, claimed_until = $3, next_at = $3, changed_at = $4
    FROM unnest($1::uuid[], $2::text[]) AS taken (key, state) WHERE one.key = taken.key
"""


async def take(
    tx: Tx, steps: dict[UUID, Registered], until: datetime, now: datetime, attempts: list[dict[str, object]]
) -> None:
    """A job has them: each one's step, by key, and the attempts that begin."""
    if steps:
        await fetch(tx, _TAKE, list(steps), [step.state.value for step in steps.values()], until, now)
        await insert_rows(tx, Rows(attempt, attempts))


async def taken_by(tx: Tx, claimant: CentreId, claim: UUID) -> Sequence[Row[Any]]:
    """What a claim took and nothing was reported of, with each registration as it is now."""
    query = (
        select(
            attempt.c.attempt,
            attempt.c.ask_first,
            attempt.c.handed_sha256,
            attempt.c.claimed_until.label("until"),
            registration,
        )
        .join(registration, registration.c.key == attempt.c.key)
        .where(attempt.c.claimant == claimant, attempt.c.claim_id == claim, attempt.c.result.is_(None))
        .order_by(attempt.c.key)
    )
    return (await tx.execute(query)).all()


async def attempts(tx: Tx, key: UUID) -> Sequence[Row[Any]]:
    found = select(attempt).where(attempt.c.key == key).order_by(attempt.c.attempt)
    return (await tx.execute(found)).all()


async def find_attempt(tx: Tx, key: UUID, number: int) -> Row[Any] | None:
    found = select(attempt).where(attempt.c.key == key, attempt.c.attempt == number)
    return (await tx.execute(found)).first()


async def close_attempt(tx: Tx, key: UUID, number: int, **values: Any) -> None:
    meant = (attempt.c.key == key, attempt.c.attempt == number)
    await tx.execute(update(attempt).where(*meant).values(values))


async def keep_sealed(tx: Tx, key: UUID, parties: list[UUID], facts: str) -> None:
    await tx.execute(delete(sealed).where(sealed.c.key == key))
    await tx.execute(insert(sealed).values(key=key, parties=parties, facts=facts))


async def erase_sealed(tx: Tx, key: UUID) -> None:
    await tx.execute(delete(sealed).where(sealed.c.key == key))


async def sealed_facts(tx: Tx, keys: Collection[UUID]) -> dict[UUID, str]:
    rows = await tx.execute(select(sealed.c.key, sealed.c.facts).where(sealed.c.key.in_(keys)))
    return {row.key: row.facts for row in rows}


async def earlier_report(tx: Tx, tenant: CentreId, identity: UUID) -> Row[Any] | None:
    found = select(report).where(report.c.tenant_id == tenant, report.c.report_id == identity)
    return (await tx.execute(found)).first()


class Purpose(StrEnum):
    """What a key of the register is for."""

    SEALING = "sealing"
    SIGNING = "signing"


async def keys(tx: Tx, purpose: Purpose = Purpose.SEALING) -> Sequence[Row[Any]]:
    """The register's keys in force, the newest first."""
    in_force = select(register_key).where(
        register_key.c.retired_at.is_(None), register_key.c.purpose == purpose
    )
    return (await tx.execute(in_force.order_by(register_key.c.admitted_at.desc(), register_key.c.kid))).all()


async def standing(tx: Tx) -> Sequence[Row[Any]]:
    """How many there are in each state, and when the first of them goes on."""
    counted = select(
        registration.c.state, func.count().label("count"), func.min(registration.c.next_at).label("next_at")
    )
    return (await tx.execute(counted.group_by(registration.c.state).order_by(registration.c.state))).all()


async def every_key(tx: Tx) -> Sequence[Row[Any]]:
    return (await tx.execute(select(register_key).order_by(register_key.c.admitted_at))).all()


async def admit_key(tx: Tx, kid: str, jwk: dict[str, str], purpose: Purpose, now: datetime) -> bool:
    """False where it is there already, for whatever purpose: one key has one."""
    new = {"kid": kid, "jwk": jwk, "purpose": purpose.value, "admitted_at": now}
    put_in = postgresql_insert(register_key).values(new).on_conflict_do_nothing()
    return bool((await tx.execute(put_in)).rowcount)


async def retire_key(tx: Tx, kid: str, now: datetime) -> bool:
    meant = (register_key.c.kid == kid, register_key.c.retired_at.is_(None))
    return bool((await tx.execute(update(register_key).where(*meant).values(retired_at=now))).rowcount)
