"""The register does not hold what it had confirmed: the centre prepares it anew.

Source: features N10 (reconciliation). The sealed facts are erased once the register has them, so a machine
alone cannot send them again; the centre is told, and the next revision goes the usual way.
"""

from uuid import UUID

from hub.agis import store
from hub.agis.casework.halting import halt
from hub.agis.steps import Action, Actor, taken
from hub.matters.casework.records import Desk
from saikne_schemas.register_words import NeedsPersonBecause


async def take_up_again(desk: Desk, key: UUID) -> None:
    """For a transaction that acts for the centre; refuses what the register had never confirmed."""
    row = await store.lock(desk.tx, key)
    assert row is not None  # noqa: S101  # a difference is about a registration
    await halt(desk, row, taken(row.state, Action.MISS, Actor.HUB), NeedsPersonBecause.NOT_HELD)
