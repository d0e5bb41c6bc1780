"""A family's next talk comes near: its centre owes it from now on, whether or not anything stands open.

Found by what the rows say, one transaction each; twice it changes nothing. Source: method S122, S124.
"""

from collections.abc import Awaitable, Callable, Sequence

import structlog

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters.casework.happening import owe
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.plans import store
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.plans.talks import NEARS, coming, nears

log = structlog.get_logger(__name__)

RECORDS = Matters(SUPPORT_PLANS)


async def look_for_talks(
    office: MattersOffice, everyone: Callable[[], Awaitable[Sequence[CentreId]]]
) -> None:
    begun = await look(office, await everyone())
    if begun:
        log.info("talks begun", duties=begun)


async def look(office: MattersOffice, everyone: Sequence[CentreId]) -> int:
    """Begin what has come near, centre by centre; how many duties began."""
    begun = 0
    for centre in everyone:
        async with office.desk(centre) as desk:
            near = await store.unowed_talks(desk.tx, centre, riga_day(desk.now) + NEARS)
        for row in near:
            try:
                async with office.desk(centre, OVERSIGHT) as desk:
                    begun += await begin(desk, centre, row.matter_id)
            except Refusal as refusal:  # a year that nobody has entered: the others do not wait for it
                log.exception("no talk begun", matter=row.matter_id, code=refusal.code)
    return begun


async def begin(desk: Desk, centre: CentreId, matter: MatterId) -> bool:
    """With one plan; whether the talk was to be begun still."""
    held = await RECORDS.held(desk, matter)
    scene = await RECORDS.moment(desk, centre, held)
    due = await store.unowed_talks(desk.tx, centre, scene.today + NEARS)
    if matter not in {one.matter_id for one in due}:
        return False
    await owe(desk, SUPPORT_PLANS, held, scene, nears(held.content, scene))
    facts: dict[str, Fact] = {"talk_by": coming(held.content).by.isoformat()}
    await record(desk.tx, EventKind.TALK_NEARS, held.roles, matter, facts)
    return True
