"""Terms are counted again when the calendars have a newer edition: whatever runs, of any matter.

Source: domain 6.1. Found by what the rows say, not by a message: a term that was counted by an older edition
is behind, whether the edition came while nobody worked, another process still counted by the old one, or a
dispute opened again what had ended. One transaction a duty: what was done stands, and what was not is found
again. Doing it twice changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog

from hub.duties import casework as duties
from hub.duties import store as duty_rows
from hub.duties.tables import DutyRow
from hub.kernel.ids import OVERSIGHT
from hub.matters import store as matters
from hub.plumbing.database import Database, act_for
from hub.plumbing.sweep import AT_ONCE, sweep
from hub.workdays import store as workdays
from hub.workdays.calendars import Calendars

log = structlog.get_logger(__name__)


async def recount(database: Database) -> int:
    """Count again what an older edition has counted; how many terms end later now."""
    async with database.transaction([OVERSIGHT]) as tx:
        calendars = await workdays.load(tx)

    async def page(after: UUID | None) -> Sequence[DutyRow]:
        async with database.transaction([OVERSIGHT]) as tx:
            return await duty_rows.counted_before(tx, calendars.edition, after=after, limit=AT_ONCE)

    async def each(row: DutyRow) -> bool:
        return await _one(database, row, calendars)

    return await sweep(page, lambda row: row.id, each)


async def _one(database: Database, row: DutyRow, calendars: Calendars) -> bool:
    async with database.transaction([row.owner_id]) as tx:
        # 1. the record first, as every statement holds it, so that none waits for the other across
        matter = await matters.lock(tx, row.matter_id)
        if matter is None:  # a duty about nothing that its owner takes part in
            log.warning("term without a record", duty=row.id)
            return False
        # 2. then for all whose rows these are
        await act_for(tx, (*matter.parties, OVERSIGHT))
        due_on = await duties.recount(tx, row.matter_id, row.id, calendars)
        return due_on is not None
