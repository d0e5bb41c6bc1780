"""What happens to an exchange when nobody does anything: a password lapses, a preparation is taken back.

Source: security.md 6, method S90. Promised with the deed, done by the worker; a promise that has
been overtaken by a statement says by which.
"""

from datetime import date, datetime
from functools import partial

import structlog

from hub.duties import store as duties
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import owed
from hub.exchange.casework.beside import Effect, erase_password, erase_payload, write
from hub.exchange.casework.case import Case, Desk, hub_case
from hub.exchange.casework.copies import ENGINE
from hub.exchange.casework.exchanges import held
from hub.exchange.steps import Action, Role
from hub.kernel.clock import end_of
from hub.kernel.ids import OVERSIGHT
from hub.matters import store as matters
from hub.matters.casework.engine import Deed
from hub.matters.workflow import Outcome
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause, Handover
from hub.plumbing.database import act_for
from hub.plumbing.promises import Overtaken

log = structlog.get_logger(__name__)


async def lapse(desk: Desk, handover: Handover, prolonged: int = 0) -> None:
    """The password's time is over without a confirmation: it is erased, and only a new answer helps.

    It lives as long as its requester has time to collect; `prolonged`: how often, when this was promised.
    """
    until = await _end_of_collecting(desk, handover)
    if await passwords.lapses(desk.tx, handover, prolonged, desk.now, until):
        await _happen(desk, handover, Action.LAPSE, EventKind.ANSWER_LAPSED)
    else:
        log.info("lapse put off", exchange=handover.exchange, until=until)


async def _end_of_collecting(desk: Desk, handover: Handover) -> datetime | None:
    await act_for(desk.tx, (*handover.parties, OVERSIGHT))
    await matters.lock(desk.tx, handover.exchange)  # first the record, as every statement holds it
    running = await duties.open_about(desk.tx, handover.requester, handover.exchange)
    days = [one.due_on for one in running if one.kind == DutyKind.CONFIRM_COPIES]
    return end_of(max(days)) if days else None


async def abandon(desk: Desk, handover: Handover) -> None:
    """An answer was declared long ago and never dispatched: its segments and its password go."""
    await _happen(desk, handover, Action.ABANDON, EventKind.ANSWER_DISCARDED)


async def _happen(desk: Desk, handover: Handover, action: Action, event: EventKind) -> None:
    case = await hub_case(desk.tx, handover)
    if case is None or not case.may(action):
        raise Overtaken("no such round" if case is None else case.state.value)
    under_hand = held(case)
    moment = await ENGINE.records.moment(desk, case.holder, under_hand)
    deed = Deed(event, action, Role.HUB, partial(_RULES[action], case, moment.today), case.identity, write)
    moved = await ENGINE.moved(desk, under_hand, moment, deed)
    await record(desk.tx, event, case.parties, case.identity, moved.facts, *moved.rows)


def _lapsed(case: Case, today: date) -> Effect:
    """The answer was given in time or not, and that stays; what is owed now is to send it again."""
    return Outcome(
        case.record,
        drops=owed.ON_ITS_WAY,
        opens=(case.owes(DutyKind.SEND_AGAIN, today),),
        tells=tuple((party, "lapsed") for party in case.parties),
        facts={"round": case.record.round},
        beside=(erase_payload(later=True), erase_password(ErasedBecause.EXPIRED)),
    )


def _abandoned(case: Case, _today: date) -> Effect:
    return Outcome(
        case.record,
        tells=((case.holder, "abandoned"),),
        facts={"round": case.record.round},
        beside=(erase_payload(), erase_password(ErasedBecause.DISCARDED)),
    )


_RULES = {Action.LAPSE: _lapsed, Action.ABANDON: _abandoned}
