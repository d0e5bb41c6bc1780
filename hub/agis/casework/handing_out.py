"""A job takes registrations to make: each goes to one job only, and for a limited time.

Source: domain 3.3; features N10. What may have arrived before is handed out with the order to ask first. What
the move no longer means is not handed out: another day, a cancelled move, an entry made by hand. The same
claim again gets the same tasks, as far as they still stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hub.access.caller import Caller
from hub.agis import store
from hub.agis.casework.halting import give_up
from hub.agis.steps import Action, Actor, Registered, taken
from hub.agis.store import Meant
from hub.agis.tables import RegistrationRow, TakenRow
from hub.agis.tries import Pace
from hub.centres import store as centres
from hub.centres.centre import Centre
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.plumbing.database import act_for
from saikne_schemas.register_entries import EntryCentre, RegisterEntry
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import (
    NeedsPersonBecause,
    RegisterOperation,
    RegistrationState,
    RegistrationWithdrawnBecause,
)
from saikne_schemas.registrations import ClaimedRegistrations, ClaimRegistrations, RegistrationTask

_UNDER_WAY = frozenset({RegistrationState.SENT, RegistrationState.UNKNOWN})


async def claim(desk: Desk, caller: Caller, said: ClaimRegistrations, pace: Pace) -> ClaimedRegistrations:
    tenant = caller.tenant
    given = await store.taken_by(desk.tx, tenant, said.id)
    if not given:
        rows = await store.claimable(desk.tx, tenant, desk.now, said.at_most)
        await act_for(desk.tx, {tenant, *(row.centre_id for row in rows)})
        meant = await store.still_meant(desk.tx, [row.key for row in rows])
        until = desk.now + timedelta(seconds=said.lease_seconds)
        going = {row.key for row in rows if _goes(row, meant.get(row.key), pace)}
        await _take(desk, _Claim(caller, said.id, until), [row for row in rows if row.key in going])
        for row in sorted(rows, key=lambda row: row.centre_id):  # chains are taken in this order
            if row.key not in going:
                await _set_aside(desk, row, meant.get(row.key), pace)
        given = await store.taken_by(desk.tx, tenant, said.id)
    tasks = await _tasks(desk, given)
    waiting = await store.next_claimable_at(desk.tx, tenant) if len(tasks) < said.at_most else None
    return ClaimedRegistrations(tasks=tasks, next_at=waiting)


def _goes(row: RegistrationRow, meant: Meant | None, pace: Pace) -> bool:
    return _halted_because(row, meant, pace) is None and not _by_hand_only(row, meant)


def _halted_because(row: RegistrationRow, meant: Meant | None, pace: Pace) -> NeedsPersonBecause | None:
    if row.tries >= pace.tries_at_most:
        return NeedsPersonBecause.TRIED_TOO_OFTEN
    if row.operation == RegisterOperation.WITHDRAW:
        return None
    if meant is None or meant.cancelled or meant.other_day:
        return NeedsPersonBecause.DAY_CHANGED
    in_register = row.maybe_there or row.replaces is not None
    return NeedsPersonBecause.ENTERED_BY_HAND if meant.by_hand and in_register else None


def _by_hand_only(row: RegistrationRow, meant: Meant | None) -> bool:
    return meant is not None and meant.by_hand and row.operation == RegisterOperation.TRANSFER


async def _set_aside(desk: Desk, row: RegistrationRow, meant: Meant | None, pace: Pace) -> None:
    because = _halted_because(row, meant, pace)
    if because is not None:
        await give_up(desk, row, row.state, because)
        return
    step = taken(row.state, Action.STAND_ASIDE, Actor.HUB)
    by_hand = RegistrationWithdrawnBecause.ENTERED_BY_HAND.value
    await store.change(
        desk.tx,
        row.key,
        step,
        because=by_hand,
        next_at=None,
        changed_at=desk.now,
    )
    await store.erase_sealed(desk.tx, row.key)
    facts: dict[str, Fact] = {"registration": str(row.key), "revision": row.revision, "because": by_hand}
    centre, about = row.centre_id, row.matter_id
    await record(desk.tx, EventKind.REGISTRATION_TAKEN_BACK, [centre], about, facts)


@dataclass(frozen=True, slots=True)
class _Claim:
    caller: Caller
    id: UUID
    until: datetime


async def _take(desk: Desk, claim: _Claim, rows: Sequence[RegistrationRow]) -> None:
    """What is handed out is known by its digest: only what is about exactly that is heard afterwards."""
    steps = {row.key: _claimed(row) for row in rows}
    entries = await _entries(desk, rows)
    attempts = [
        {
            "key": row.key,
            "attempt": row.attempts + 1,
            "parties": row.parties,
            "revision": row.revision,
            "claim_id": claim.id,
            "claimant": claim.caller.tenant,
            "client": claim.caller.client_id,
            "ask_first": row.maybe_there,
            "claimed_at": desk.now,
            "claimed_until": claim.until,
            "handed_sha256": bytes.fromhex(entry_sha256(entries[row.key])),
        }
        for row in rows
    ]
    await store.take(desk.tx, steps, claim.until, desk.now, attempts)


def _claimed(row: RegistrationRow) -> Registered:
    """A lease that has passed without a word is a time-out first."""
    state = RegistrationState(row.state)
    if state is RegistrationState.SENT and row.claimed_until is not None:
        state = taken(state, Action.TIME_OUT, Actor.HUB).state
    return taken(state, Action.CLAIM, Actor.JOB)


async def _tasks(desk: Desk, given: Sequence[TakenRow]) -> list[RegistrationTask]:
    """Repeated, a claim gives the same bytes or none: a centre may have another name by now."""
    standing = [row for row in given if row.attempts == row.attempt and row.state in _UNDER_WAY]
    entries = await _entries(desk, standing)
    return [
        RegistrationTask(
            attempt=row.attempt,
            ask_first=row.ask_first,
            claimed_until=row.until,
            entry=entries[row.key],
        )
        for row in standing
        if row.handed_sha256 == bytes.fromhex(entry_sha256(entries[row.key]))
    ]


async def _entries(desk: Desk, rows: Sequence[RegistrationRow]) -> dict[UUID, RegisterEntry]:
    facts = await store.sealed_facts(desk.tx, [row.key for row in rows])
    known = await centres.find(desk.tx, {one for row in rows for one in (row.centre_id, row.previous_id)})
    return {row.key: entry(row, known, facts.get(row.key)) for row in rows}


def entry(row: RegistrationRow, known: dict[CentreId, Centre], facts: str | None) -> RegisterEntry:
    """What the register is asked to do, as the row says it."""
    return RegisterEntry(
        schema_="saikne.register-entry/1",
        key=row.key,
        revision=row.revision,
        operation=RegisterOperation(row.operation),
        effective_on=row.effective_on,
        previous=_centre(known[row.previous_id]),
        new=_centre(known[row.centre_id]),
        replaces=row.replaces,
        replaces_revision=row.replaces_revision,
        sealed_sha256=row.sealed_sha256.hex() if row.sealed_sha256 else None,
        sealed=facts,
    )


def _centre(centre: Centre) -> EntryCentre:
    return EntryCentre(name=centre.name, registration_number=centre.registration_number)
