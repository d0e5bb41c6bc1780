"""What happens to a plan on its way without its centre: it does not arrive, it lapses, it is taken back.

Promised with the deed, done by the worker; a promise that was overtaken by a statement says by which.
Source: method S133, S134; security.md 6.
"""

from collections.abc import Callable
from functools import partial

import structlog

from hub.duties import store as duties
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import end_of
from hub.kernel.ids import OVERSIGHT
from hub.matters import store as matters
from hub.matters.casework.happening import Happening, happen
from hub.matters.casework.records import Desk
from hub.matters.workflow import Outcome, Scene
from hub.parcels import casework as parcels
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause, Handover, HandoverState
from hub.plans import store
from hub.plans.casework.ending import end
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.plans.office import PlansOffice
from hub.plans.sending import lapsed, undelivered
from hub.plans.steps import Action, Hand
from hub.plumbing.database import act_for
from hub.plumbing.promises import Overtaken
from saikne_schemas.plan_lists import PlanRole, PlanState, PlanUndelivered
from saikne_schemas.plans import Plan

log = structlog.get_logger(__name__)


async def happens(
    desk: Desk,
    handover: Handover,
    action: Action,
    event: EventKind,
    rule: Callable[[Plan, Scene], Outcome[Plan]],
    **facts: Fact,
) -> None:
    """The plan moves by what the hub was told, in its centre's place."""
    what = Happening(
        event,
        Hand.HUB,
        action,
        rule,
        handover.exchange,
        {"sending": handover.round, **facts},
        in_place_of=PlanRole.CENTRE,
    )
    await happen(desk, SUPPORT_PLANS, handover.exchange, what)


async def not_delivered(desk: Desk, handover: Handover, what: PlanUndelivered) -> None:
    """It comes back to the centre; addresses, password and documents go."""
    rule = partial(undelivered, what)
    await happens(desk, handover, Action.FAIL, EventKind.PLAN_UNDELIVERED, rule, what=what.value)
    await end(desk, handover.exchange, handover.holder, ErasedBecause.UNDELIVERED)


async def password_not_delivered(desk: Desk, handover: Handover) -> None:
    """Keep the promise `passwords.undelivered`: unless the gateway has said something else since."""
    await under_way(desk, handover)
    kept = await passwords.kept(desk.tx, handover)
    if kept.state is not HandoverState.FAILED:
        raise Overtaken(kept.state.value)
    await not_delivered(desk, handover, PlanUndelivered.PASSWORD)


async def lapse(desk: Desk, handover: Handover, times: int = 0) -> None:
    """The family did not answer in time; `times`: how often it was prolonged when this was promised."""
    await act_for(desk.tx, (*handover.parties, OVERSIGHT))
    await under_way(desk, handover)
    running = await duties.open_about(desk.tx, handover.holder, handover.exchange)
    days = [one.due_on for one in running if one.kind == DutyKind.CONFIRM_PLAN]
    until = end_of(max(days)) if days else None
    if await passwords.lapses(desk.tx, handover, times, desk.now, until):
        await happens(desk, handover, Action.LAPSE, EventKind.PLAN_LAPSED, lapsed)
        await end(desk, handover.exchange, handover.holder, ErasedBecause.EXPIRED)
    else:
        log.info("lapse put off", matter=handover.exchange, until=until)


async def abandon(desk: Desk, handover: Handover) -> None:
    """It was begun long ago and never sent: password, addresses and documents go."""
    await matters.lock(desk.tx, handover.exchange)
    row = await store.sending(desk.tx, handover.exchange, handover.round)
    if row is None or not store.prepared(row):
        raise Overtaken("no such sending" if row is None else "sent or ended")
    sent = await store.sent_number(desk.tx, handover.exchange)
    await end(desk, handover.exchange, handover.holder, ErasedBecause.DISCARDED, but=sent)


async def erase_payload(office: PlansOffice, handover: Handover) -> None:
    """Delete the sealed documents, then say so. Repeated, it finds nothing to delete and says it once."""
    async with office.desk(handover.holder) as desk:
        row = await store.sending(desk.tx, handover.exchange, handover.round)
    if row is None or row.erased_at is not None:
        raise Overtaken("erased")
    await parcels.erase(office.blobs, handover)
    async with office.desk(handover.holder) as desk:
        if await store.mark_erased(desk.tx, handover.exchange, handover.round, desk.now):
            facts: dict[str, Fact] = {"sending": handover.round}
            kind = EventKind.PLAN_PAYLOAD_ERASED
            await record(desk.tx, kind, handover.parties, handover.exchange, facts)


async def under_way(desk: Desk, handover: Handover) -> store.SendingRow:
    """The plan, held, while this sending of it awaits its family's answer."""
    held = await matters.lock(desk.tx, handover.exchange)
    row = await store.sending(desk.tx, handover.exchange, handover.round)
    if held is None or row is None:
        raise Overtaken("no such sending")
    if held.state != PlanState.SENT or row.ended_at is not None:
        raise Overtaken(held.state)
    return row
