"""No exchange waits for nobody: where an open one is found whose next step is owed by none, somebody owes it.

Such are what an older version of the hub has begun, which knew of the answer's term alone; and whatever our
own bug would leave behind. Found by what the rows say, one transaction each; twice it changes nothing.
"""

from uuid import UUID

import structlog

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
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from saikne_schemas.vocabulary import DeliveryChannel

log = structlog.get_logger(__name__)

AT_ONCE = 200


async def find_owners(office: Office) -> int:
    """Give every open exchange an owner of its next step; how many had none."""
    found, after = 0, UUID(int=0)
    while True:
        async with office.desk(OVERSIGHT) as desk:
            rows = await store.ownerless(desk.tx, OVERSIGHT, after, AT_ONCE)
        for row in rows:
            parties = [CentreId(one) for one in row.parties]
            try:
                async with office.desk(*parties, OVERSIGHT) as desk:
                    found += await begin_missing(desk, MatterId(row.matter_id))
            except Refusal as refusal:  # a year that nobody has entered: the others do not wait for it
                log.exception("no owner found", exchange=row.matter_id, code=refusal.code)
        if len(rows) < AT_ONCE:
            return found
        after = rows[-1].matter_id


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
