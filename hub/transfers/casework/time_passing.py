"""What time alone does to a family's move: a silent centre's days run out.

Source: domain 1.5; method S74-S76. Found by what the rows say, so that nothing is lost while nobody works;
each move in a transaction of its own. Doing it twice changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from hub.duties import store as duties
from hub.duties.tables import DutyRow
from hub.evidence.event import EventKind
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, MatterId
from hub.matters.casework.happening import Happening, happen
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.plumbing.sweep import AT_ONCE, sweep
from hub.transfers.casework.family_moves import FAMILY_MOVES
from hub.transfers.family import silence
from hub.transfers.family.steps import Action
from hub.transfers.hand import Hand
from saikne_schemas.family_move_words import FamilyMoveRole

log = structlog.get_logger(__name__)


async def establish_days(office: MattersOffice) -> None:
    """Date the moves about which the previous centre has said nothing for as long as it had to."""

    async def page(after: UUID | None) -> Sequence[DutyRow]:
        async with office.desk(OVERSIGHT) as desk:
            kind, before = FAMILY_MOVES.kind, riga_day(desk.now)
            counted = silence.COUNTS_FROM
            return await duties.overdue(
                desk.tx, OVERSIGHT, kind, counted, before=before, after=after, limit=AT_ONCE
            )

    async def each(owed: DutyRow) -> bool:
        async with office.desk(owed.owner_id) as desk:
            return await _establish(desk, owed.matter_id)

    await sweep(page, lambda owed: owed.id, each)


async def _establish(desk: Desk, identity: MatterId) -> bool:
    """Asked again under the lock: the centre may have spoken meanwhile."""
    records = Matters(FAMILY_MOVES)
    held = await records.held(desk, identity)
    scene = await records.moment(desk, next(iter(held.roles)), held)
    running = await duties.open_about(desk.tx, OVERSIGHT, identity)
    still_silent = any(row.basis in silence.COUNTS_FROM for row in running if row.due_on < scene.today)
    if not (still_silent and silence.is_over(held.content, scene)):
        log.info("the centre has spoken meanwhile, or has time left", matter=identity)
        return False
    what = Happening(
        EventKind.MOVE_DATE_ESTABLISHED,
        Hand.HUB,
        Action.ESTABLISH_DATE,
        silence.establish,
        identity,
        {},
        in_place_of=FamilyMoveRole.PREVIOUS,
    )
    await happen(desk, FAMILY_MOVES, identity, what, also_for=(OVERSIGHT,))
    return True
