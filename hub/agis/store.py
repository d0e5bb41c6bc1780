"""How registrations, attempts at them, and the register's keys are found, held and changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Select,
    delete,
    func,
    insert,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from hub.agis.steps import STEPS, Action, Actor, Registered
from hub.agis.tables import (
    OPEN,
    AttemptRow,
    KeyRow,
    RegistrationRow,
    ReportRow,
    TakenRow,
    attempt,
    register_key,
    registration,
    report,
    sealed,
)
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId, MatterId
from hub.plumbing.database import Tx, fetch
from hub.plumbing.rows import Rows
from hub.plumbing.rows import insert as insert_rows
from saikne_schemas.register_words import RegistrationState

_COMMON = frozenset({REGISTRY, OVERSIGHT})
_CLAIMABLE = [state for state in RegistrationState if STEPS.leads(state, Action.CLAIM, Actor.JOB)]


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


async def find(tx: Tx, key: UUID) -> RegistrationRow | None:
    return await RegistrationRow.first(tx, select(registration).where(registration.c.key == key))


async def lock(tx: Tx, key: UUID) -> RegistrationRow | None:
    """The row, held until the transaction ends. A matter is held before its registrations."""
    held = select(registration).where(registration.c.key == key).with_for_update()
    return await RegistrationRow.first(tx, held)


async def hold_matter(tx: Tx, matter: MatterId) -> None:
    """A matter is held before its registrations, by whoever changes both."""
    await fetch(tx, "SELECT FROM hub.matter WHERE matter_id = $1 FOR UPDATE", matter)


async def of_matter(tx: Tx, matter: MatterId) -> Sequence[RegistrationRow]:
    """Every registration of a move, held until the transaction ends."""
    found = select(registration).where(registration.c.matter_id == matter).order_by(registration.c.key)
    return await RegistrationRow.every(tx, found.with_for_update())


async def page(tx: Tx, tenant: CentreId, wish: Wish) -> Sequence[RegistrationRow]:
    """What a tenant may see, the last prepared first."""
    query = _reached(tenant)
    if wish.state is not None:
        query = query.where(registration.c.state == wish.state)
    if wish.after is not None:
        query = query.where(tuple_(registration.c.prepared_at, registration.c.key) < wish.after)
    ordered = query.order_by(registration.c.prepared_at.desc(), registration.c.key.desc())
    return await RegistrationRow.every(tx, ordered.limit(wish.limit))


async def claimable(tx: Tx, tenant: CentreId, now: datetime, at_most: int) -> Sequence[RegistrationRow]:
    """What a job may take now, held; what another job is just taking is passed over."""
    query = (
        select(registration)
        .where(text(OPEN), registration.c.state.in_(_CLAIMABLE), registration.c.next_at <= now)
        .order_by(registration.c.next_at, registration.c.key)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    if tenant != REGISTRY:
        query = query.where(registration.c.centre_id == tenant)
    return await RegistrationRow.every(tx, query)


async def next_claimable_at(tx: Tx, tenant: CentreId) -> datetime | None:
    query = select(func.min(registration.c.next_at)).where(text(OPEN), registration.c.state.in_(_CLAIMABLE))
    if tenant != REGISTRY:
        query = query.where(registration.c.centre_id == tenant)
    found: datetime | None = (await tx.execute(query)).scalar()
    return found


async def waiting(
    tx: Tx, states: Collection[RegistrationState], until: datetime, limit: int
) -> Sequence[RegistrationRow]:
    """What is open in these states and should have gone on by a moment, the longest waiting first."""
    query = (
        select(registration)
        .where(text(OPEN), registration.c.state.in_(states), registration.c.next_at <= until)
        .order_by(registration.c.next_at, registration.c.key)
        .limit(limit)
    )
    return await RegistrationRow.every(tx, query)


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


async def change(tx: Tx, key: UUID, step: Registered | None = None, **values: object) -> None:
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


async def taken_by(tx: Tx, claimant: CentreId, claim: UUID) -> Sequence[TakenRow]:
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
    return await TakenRow.every(tx, query)


async def attempts(tx: Tx, key: UUID) -> Sequence[AttemptRow]:
    found = select(attempt).where(attempt.c.key == key).order_by(attempt.c.attempt)
    return await AttemptRow.every(tx, found)


async def find_attempt(tx: Tx, key: UUID, number: int) -> AttemptRow | None:
    found = select(attempt).where(attempt.c.key == key, attempt.c.attempt == number)
    return await AttemptRow.first(tx, found)


async def close_attempt(tx: Tx, key: UUID, number: int, **values: object) -> None:
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


async def earlier_report(tx: Tx, tenant: CentreId, identity: UUID) -> ReportRow | None:
    found = select(report).where(report.c.tenant_id == tenant, report.c.report_id == identity)
    return await ReportRow.first(tx, found)


class Purpose(StrEnum):
    """What a key of the register is for."""

    SEALING = "sealing"
    SIGNING = "signing"


async def keys(tx: Tx, purpose: Purpose = Purpose.SEALING) -> Sequence[KeyRow]:
    """The register's keys in force, the newest first."""
    in_force = select(register_key).where(
        register_key.c.retired_at.is_(None), register_key.c.purpose == purpose
    )
    return await KeyRow.every(tx, in_force.order_by(register_key.c.admitted_at.desc(), register_key.c.kid))


class Standing(NamedTuple):
    state: str
    count: int  # type: ignore[assignment]  # no tuple's method here
    next_at: datetime | None


async def standing(tx: Tx) -> list[Standing]:
    """How many there are in each state, and when the first of them goes on."""
    counted = select(registration.c.state, func.count(), func.min(registration.c.next_at))
    rows = await tx.execute(counted.group_by(registration.c.state).order_by(registration.c.state))
    return [Standing(*row) for row in rows]


async def every_key(tx: Tx) -> Sequence[KeyRow]:
    return await KeyRow.every(tx, select(register_key).order_by(register_key.c.admitted_at))


async def admit_key(tx: Tx, kid: str, jwk: dict[str, str], purpose: Purpose, now: datetime) -> bool:
    """False where it is there already, for whatever purpose: one key has one."""
    new = {"kid": kid, "jwk": jwk, "purpose": purpose.value, "admitted_at": now}
    put_in = postgresql_insert(register_key).values(new).on_conflict_do_nothing()
    return bool((await tx.execute(put_in)).rowcount)


async def retire_key(tx: Tx, kid: str, now: datetime) -> bool:
    meant = (register_key.c.kid == kid, register_key.c.retired_at.is_(None))
    return bool((await tx.execute(update(register_key).where(*meant).values(retired_at=now))).rowcount)
