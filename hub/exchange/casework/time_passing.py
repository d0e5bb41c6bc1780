"""What happens to an exchange when nobody does anything: a password lapses, a preparation is taken back.

Source: security.md 6 (72 hours), method S90. Promised with the deed, done by the worker; a promise that has
been overtaken by a statement says by which.
"""

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import store
from hub.exchange.casework.statements import Case, Desk, hub_case, tell
from hub.exchange.steps import Action
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause, Handover
from hub.plumbing.promises import Overtaken, promise


async def lapse(desk: Desk, handover: Handover) -> None:
    """The password's time is over without a confirmation: it is erased, and only a new answer helps."""
    case = await hub_case(desk.tx, handover)
    if case is None or not case.may(Action.LAPSE):
        raise Overtaken(_state(case))
    step = case.step(Action.LAPSE)
    await store.move(desk.tx, case.identity, step, desk.now)
    await promise(desk.tx, "exchange.erase_payload", handover.payload(), after=desk.payload_time)
    for party in case.parties:
        await tell(desk.tx, case.identity, party, "lapsed")
    await passwords.erase(desk.tx, handover, ErasedBecause.EXPIRED, desk.now)
    await record(desk.tx, EventKind.ANSWER_LAPSED, case.parties, case.identity, {"round": handover.round})


async def abandon(desk: Desk, handover: Handover) -> None:
    """An answer was declared long ago and never dispatched: its segments and its password go."""
    case = await hub_case(desk.tx, handover)
    if case is None or not case.may(Action.ABANDON):
        raise Overtaken(_state(case))
    step = case.step(Action.ABANDON)
    await store.move(desk.tx, case.identity, step, desk.now)
    await promise(desk.tx, "exchange.erase_payload", handover.payload())
    await tell(desk.tx, case.identity, case.holder, "abandoned")
    await passwords.erase(desk.tx, handover, ErasedBecause.DISCARDED, desk.now)
    await record(desk.tx, EventKind.ANSWER_DISCARDED, case.parties, case.identity, {"round": handover.round})


def _state(case: Case | None) -> str:
    return "no such round" if case is None else str(case.row.state)
