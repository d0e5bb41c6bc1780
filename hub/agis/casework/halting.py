"""No machine goes on with a registration: its state says why, the centre is told, and told again.

Source: features N10 (needs-person). Nothing waits without a name and a date: here the name is the centre's.
"""

from datetime import datetime
from uuid import uuid5

from hub.agis import store
from hub.agis.steps import Action, Actor, Registered, taken
from hub.agis.tables import RegistrationRow
from hub.agis.tries import told_again
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.matters.casework.matters import told_of
from hub.matters.casework.records import Cause, Desk
from hub.plumbing.database import Tx
from hub.plumbing.rows import Rows, insert
from saikne_schemas.register_words import NeedsPersonBecause, RegistrationState
from saikne_schemas.vocabulary import Workflow

NEEDS_PERSON, REJECTED = "registration_needs_person", "registration_rejected"
NOTICES = frozenset({NEEDS_PERSON, REJECTED})


async def halt(desk: Desk, row: RegistrationRow, step: Registered, because: NeedsPersonBecause) -> None:
    """For a transaction that acts for the centre and holds the row; `step` is to needing a person."""
    await store.change(
        desk.tx,
        row.key,
        step,
        because=because.value,
        next_at=told_again(desk.now, desk.now),
        claimed_until=None,
        changed_at=desk.now,
    )
    await tell(desk, row, EventKind.REGISTRATION_HALTED, because.value, NEEDS_PERSON)


async def give_up(
    desk: Desk, row: RegistrationRow, state: str, because: NeedsPersonBecause
) -> RegistrationState:
    """The hub itself sees that no machine goes on from its state by now; the state after it."""
    step = taken(state, Action.GIVE_UP, Actor.HUB)
    await halt(desk, row, step, because)
    return step.state


async def tell(desk: Desk, row: RegistrationRow, event: EventKind, because: str, notice: str) -> None:
    """On the centre's chain, and by a mail that names the move."""
    facts: dict[str, Fact] = {"registration": str(row.key), "revision": row.revision, "because": because}
    mail = mailed(desk.tx, row, notice, desk.now)
    await record(desk.tx, event, [row.centre_id], row.matter_id, facts, mail)


def mailed(tx: Tx, row: RegistrationRow, notice: str, now: datetime) -> Rows:
    """One letter a day at most for what waits."""
    by = uuid5(row.key, f"{row.revision}:{row.attempts}:{now:%Y-%m-%d}")
    return told_of(tx, Cause(row.matter_id, Workflow.FAMILY_MOVE, by), row.centre_id, notice)


async def remind(desk: Desk, row: RegistrationRow) -> None:
    """Whoever has to decide is told once more."""
    notice = REJECTED if row.state == RegistrationState.REJECTED else NEEDS_PERSON
    await store.change(desk.tx, row.key, next_at=told_again(row.changed_at, desk.now))
    await insert(desk.tx, mailed(desk.tx, row, notice, desk.now))
