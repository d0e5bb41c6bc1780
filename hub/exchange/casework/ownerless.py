"""No exchange waits for nobody: where an open one is found whose next step is owed by none, somebody owes it.

Such are what an older version of the hub has begun, which knew of the answer's term alone; and whatever our
own bug would leave behind. Found by what the rows say, one transaction each; twice it changes nothing.
"""

from collections.abc import Sequence
from uuid import UUID

from hub.duties import store as duties
from hub.duties.duty import Basis
from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import owed, store
from hub.exchange.casework.case import Case, Desk, case_of
from hub.exchange.casework.copies import ENGINE
from hub.exchange.casework.exchanges import held
from hub.exchange.office import Office
from hub.exchange.steps import Role
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters import store as matters
from hub.plumbing.database import Row
from hub.plumbing.sweep import AT_ONCE, sweep
from saikne_schemas.vocabulary import DeliveryChannel


async def find_owners(office: Office) -> int:
    """Give every open exchange an owner of its next step; how many had none."""

    async def page(after: UUID | None) -> Sequence[Row]:
        async with office.desk(OVERSIGHT) as desk:
            return await store.ownerless(desk.tx, OVERSIGHT, after or UUID(int=0), AT_ONCE)

    async def each(row: Row) -> bool:
        async with office.desk(*map(CentreId, row.parties), OVERSIGHT) as desk:
            return await begin_missing(desk, MatterId(row.matter_id))

    return await sweep(page, lambda row: row.matter_id, each)


async def begin_missing(desk: Desk, identity: MatterId) -> bool:
    """For one exchange, whose sides the transaction acts for; whether it had none."""
    row = await matters.lock(desk.tx, identity)
    if row is None:
        return False
    case = case_of(row, Role.HUB)
    running = {one.kind for one in await duties.open_about(desk.tx, OVERSIGHT, identity)}
    if not running.isdisjoint(owed.NEXT_STEP.get(case.state, ())):
        return False
    kind = owed.missing(case.state, case.record.kind, await _way(desk, case))
    if kind is None:
        return False
    moment = await ENGINE.records.moment(desk, case.holder, held(case))
    begun = owed.owed(kind, *case.parties, moment.today, Basis.FOUND_WITHOUT_OWNER)
    rows = await ENGINE.owe(desk, identity, moment, begun)
    facts = {"kind": kind.value, "owner": str(begun.owner), "state": case.state.value}
    await record(desk.tx, EventKind.DUTY_BEGUN, (*case.parties, OVERSIGHT), identity, facts, *rows)
    return True


async def _way(desk: Desk, case: Case) -> DeliveryChannel | None:
    """Of the newest answer."""
    answer = await store.find_answer(desk.tx, case.identity, case.record.round)
    return None if answer is None else DeliveryChannel(answer.way)
