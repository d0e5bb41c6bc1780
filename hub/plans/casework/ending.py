"""A sending ends: whatever the family answered, or if it was given up, nothing of it is kept.

Its password goes with the two addresses, and its sealed documents soon after. What is written down of the
plan stays. Source: method S133, S134; domain 2.5; security.md 6.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.kernel.ids import CentreId, ExchangeId
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Scene
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause, Handover
from hub.plans import store
from hub.plumbing.promises import promise
from saikne_schemas.plans import Plan
from saikne_schemas.vocabulary import Workflow

ERASE_PAYLOAD = "plans.erase_payload"


def handover_of(matter: UUID, number: int, centre: CentreId) -> Handover:
    """One sending, as `passwords`, `parcels` and promises name it."""
    return Handover(ExchangeId(matter), number, centre, centre, Workflow.SUPPORT_PLAN)


async def end(
    desk: Desk, matter: UUID, centre: CentreId, because: ErasedBecause, *, but: int | None = None
) -> None:
    """Every sending of a plan that has not ended, but one."""
    for number in await store.end_sendings(desk.tx, matter, desk.now, but=but):
        handover = handover_of(matter, number, centre)
        await passwords.erase(desk.tx, handover, because, desk.now)
        await promise(desk.tx, ERASE_PAYLOAD, handover.payload())


async def end_all(desk: Desk, held: Held[Plan], because: Sequence[ErasedBecause], scene: Scene) -> None:
    """As a verb's own writing beside the record, where its rule says so."""
    for reason in because:
        await end(desk, held.identity, scene.author, reason)
