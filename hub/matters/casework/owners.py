"""No matter waits for nobody: where an open one lacks an owner, somebody owes it from today on.

Such are what an older version of the hub has begun, which did not know of every duty; and whatever our own
bug would leave behind. Doing it twice changes nothing. Exchanges look at their answers too: `exchange`.
"""

from typing import TypeVar
from uuid import UUID

import structlog
from pydantic import BaseModel

from hub.duties import store as duties
from hub.duties.duty import Basis
from hub.kernel.ids import OVERSIGHT, MatterId
from hub.matters import store
from hub.matters.casework.happening import owe
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.matters.workflow import Outcome, Owed, Workflow
from hub.plumbing.sweep import AT_ONCE, sweep

log = structlog.get_logger(__name__)

C = TypeVar("C", bound=BaseModel)


async def find_owners(
    office: MattersOffice, workflow: Workflow[C], anew: frozenset[Basis] = frozenset()
) -> int:
    """Give every open matter of a workflow the owners that it lacks; how many lacked any.

    `anew`: events that an older version did not count from; what is owed from another is dated anew.
    """

    async def page(after: UUID | None) -> list[store.PartyRow]:
        async with office.desk(OVERSIGHT) as desk:
            found = store.open_of(
                desk.tx, OVERSIGHT, workflow.kind, sorted(workflow.awaiting), after=after, limit=AT_ONCE
            )
            return list(await found)

    async def each(row: store.PartyRow) -> bool:
        async with office.desk(row.parties[0]) as desk:
            return await find_owner(desk, workflow, row.matter_id, anew)

    return await sweep(page, lambda row: row.matter_id, each)


async def find_owner(
    desk: Desk, workflow: Workflow[C], identity: MatterId, anew: frozenset[Basis] = frozenset()
) -> bool:
    """Of one matter, held until the transaction ends; whether it lacked any."""
    records = Matters(workflow)
    held = await records.held(desk, identity)
    if held.state not in workflow.awaiting:  # it has moved meanwhile
        return False
    scene = await records.moment(desk, next(iter(held.roles)), held)
    running = await duties.open_about(desk.tx, OVERSIGHT, identity)
    stands = {(row.kind, row.owner_id): row.basis for row in running}

    def is_lacking(owed: Owed) -> bool:
        basis = stands.get((owed.kind, owed.owner))
        return basis is None or (owed.basis in anew and basis != owed.basis)

    lacks = tuple(one for one in workflow.awaited(held.content, held.state, scene) if is_lacking(one))
    if lacks:
        log.warning("owed by nobody", matter=identity, duties=[one.kind for one in lacks])
        given = Outcome(held.content, drops=tuple((one.kind, one.owner) for one in lacks), opens=lacks)
        await owe(desk, workflow, held, scene, given)
    return bool(lacks)
