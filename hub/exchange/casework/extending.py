"""A later day for the answer: the holder proposes, the requester agrees or declines (method S78).

One proposal stands at a time, on the exchange's own row; the newest replaces what stood. What was answered,
withdrawn or sent meanwhile no longer stands. The first due date is kept with the duty (design.md 3).
"""

from datetime import date
from typing import Any

from hub.duties import casework as duties
from hub.duties import store as duty_rows
from hub.evidence.event import EventKind, Fact
from hub.exchange import extension, store
from hub.exchange.casework.statements import Case, Desk, keep, tell
from hub.exchange.steps import Action
from hub.kernel.clock import riga_day
from hub.kernel.ids import StatementId
from hub.kernel.refusal import Refusal
from hub.signing.statement import SignedStatement
from hub.workdays.calendars import Policy
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension
from saikne_schemas.views import Accepted


class NoTerm(Refusal):
    """Nothing is owed by a day here, or not any more, so there is no day to move."""

    code = "exchange.no-term"


class NotProposed(Refusal):
    """The proposal was replaced, answered or overtaken, or there never was one."""

    code = "exchange.extension-not-proposed"


async def propose(desk: Desk, case: Case, statement: SignedStatement, manifest: ProposeExtension) -> Accepted:
    step = case.step(Action.PROPOSE_EXTENSION)
    duty = await _duty(desk, case)
    calendar = (await desk.calendars.current(desk.tx)).of(Policy(duty.calendar))
    extension.check(manifest.until, duty.due_on, riga_day(desk.now), calendar)
    await store.move(
        desk.tx,
        case.identity,
        step,
        desk.now,
        proposal_id=manifest.id,
        proposed_until=manifest.until,
        proposal_reason=manifest.reason.value,
    )
    await tell(desk.tx, case.identity, case.requester, "extension_proposed")
    facts = _facts(manifest.until, duty) | {"reason": manifest.reason.value}
    taken = case.taken(manifest, EventKind.EXTENSION_PROPOSED, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def accept(desk: Desk, case: Case, statement: SignedStatement, manifest: AcceptExtension) -> Accepted:
    """The agreed day counts from here on, for both sides and for oversight."""
    step = case.step(Action.ACCEPT_EXTENSION)
    duty = await _duty(desk, case)
    until = _standing(case, manifest)
    if until <= duty.due_on:  # the term has moved beyond it by law since it was proposed
        raise extension.NotLater(due_on=duty.due_on.isoformat())
    await duties.extend(desk.tx, duty, until, StatementId(manifest.id))
    await store.move(desk.tx, case.identity, step, desk.now, **store.NO_PROPOSAL)
    await store.set_due(desk.tx, case.identity, until)
    await tell(desk.tx, case.identity, case.holder, "extension_agreed")
    facts = _facts(until, duty) | {"proposal": str(manifest.proposal)}
    taken = case.taken(manifest, EventKind.EXTENSION_AGREED, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def decline(desk: Desk, case: Case, statement: SignedStatement, manifest: DeclineExtension) -> Accepted:
    """The day that counts stays; another may be proposed."""
    step = case.step(Action.DECLINE_EXTENSION)
    duty = await _duty(desk, case)
    until = _standing(case, manifest)
    await store.move(desk.tx, case.identity, step, desk.now, **store.NO_PROPOSAL)
    await tell(desk.tx, case.identity, case.holder, "extension_declined")
    facts = _facts(until, duty) | {"proposal": str(manifest.proposal)}
    taken = case.taken(manifest, EventKind.EXTENSION_DECLINED, step, facts)
    return await keep(desk, taken, statement, case.parties)


def _standing(case: Case, manifest: AcceptExtension | DeclineExtension) -> date:
    """The proposed day, if the proposal that is meant still stands."""
    if case.row.proposal_id != manifest.proposal:
        raise NotProposed
    until: date = case.row.proposed_until
    return until


async def _duty(desk: Desk, case: Case) -> Any:
    """The duty that is open: a day that has been met or missed is no day to agree on."""
    duty = await duty_rows.of_exchange(desk.tx, case.caller, case.identity)
    if duty is None or duty.ended_at is not None:
        raise NoTerm
    return duty


def _facts(until: date, duty: Any) -> dict[str, Fact]:
    return {"until": until.isoformat(), "due_on": duty.due_on.isoformat()}
