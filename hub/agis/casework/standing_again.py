"""What was to be replaced needs a person again, where its replacement came to nothing.

Source: method S80; domain 3.3. A registration that may be in the register ends here as soon as another day's
takes its place, and there only when that one arrives. If it never does, nobody else would end the first.
"""

from datetime import datetime
from uuid import UUID

from hub.agis import store
from hub.agis.steps import Action, Actor, taken
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
