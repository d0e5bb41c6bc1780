"""Reopen a registration: its replacement came to nothing, or the register does not hold what it confirmed.

Source: method S80; domain 3.3; features N10. One that may be in the register ends here as soon as another
day's takes its place, and there only when that one arrives. If it never does, nobody else would end the
first.
"""

from datetime import datetime
from uuid import UUID

from hub.agis import store
from hub.agis.casework.halting import halt
from hub.agis.steps import Action, Actor, taken
from hub.matters.casework.records import Desk
from hub.plumbing.database import Tx
from saikne_schemas.register_words import (
    NeedsPersonBecause,
    RegistrationState,
    RegistrationWithdrawnBecause,
)


async def stand_again(tx: Tx, key: UUID | None, now: datetime) -> None:
    """For a transaction that holds the matter; the centre is told at the next turn of time."""
    row = await store.lock(tx, key) if key is not None else None
    if row is None or not row.maybe_there:
        return
    if (row.state, row.because) != (
        RegistrationState.WITHDRAWN,
        RegistrationWithdrawnBecause.REPLACED,
    ):
        return
    step = taken(row.state, Action.STAND_AGAIN, Actor.HUB)
    because = NeedsPersonBecause.DAY_CHANGED.value
    await store.change(tx, row.key, step, because=because, next_at=now, changed_at=now)


async def take_up_again(desk: Desk, key: UUID) -> None:
    """The centre prepares it anew: the sealed facts were erased once the register had them.

    For a transaction that acts for the centre; refuses what the register had never confirmed.
    """
    row = await store.lock(desk.tx, key)
    assert row is not None  # noqa: S101  # a difference is about a registration
    await halt(desk, row, taken(row.state, Action.MISS, Actor.HUB), NeedsPersonBecause.NOT_HELD)
