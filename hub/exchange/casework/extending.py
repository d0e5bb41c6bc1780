"""A later day for the answer: the holder proposes, the requester agrees or declines (method S78).

One proposal stands at a time, on the exchange itself; the newest replaces what stood. What was answered,
withdrawn or sent meanwhile no longer stands. The first due date is kept with the duty (design.md 3).
"""

from dataclasses import dataclass
from datetime import date

from hub.duties import store as duties
from hub.duties.duty import DutyKind
from hub.duties.tables import DutyRow
from hub.evidence.event import Fact
from hub.exchange import extension, owed
from hub.exchange.casework.beside import Effect
from hub.exchange.casework.case import Case, Desk
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Extension, Moment, Outcome
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension
from saikne_schemas.views import ExtensionView


class NoTerm(Refusal):
    """Nothing is owed by a day here, or not any more, so there is no day to move."""

    code = "exchange.no-term"


class NotProposed(Refusal):
    """The proposal was replaced, answered or overtaken, or there never was one."""

    code = "exchange.extension-not-proposed"


@dataclass(frozen=True, slots=True)
class Term:
    """The answer that is owed, or was last owed."""

    row: DutyRow | None

    @property
    def duty(self) -> DutyRow:
        """The duty that is open: a day that has been met or missed is no day to agree on."""
        if self.row is None or self.row.ended_at is not None:
            raise NoTerm
        return self.row


@dataclass(frozen=True, slots=True)
class Counted(Term):
    """And by what its days are counted."""

    calendars: Calendars


async def term(desk: Desk, author: CentreId, case: Case, _: object) -> Term:
    return Term(await duties.of_exchange(desk.tx, author, case.identity))


async def counted(desk: Desk, author: CentreId, case: Case, _: ProposeExtension) -> Counted:
    row = await duties.of_exchange(desk.tx, author, case.identity)
    return Counted(row, await desk.calendars.current(desk.tx))


def propose(case: Case, said: ProposeExtension, moment: Moment, known: Counted) -> Effect:
    duty = known.duty
    calendar = known.calendars.of(Policy(duty.calendar))
    extension.check(said.until, duty.due_on, moment.today, calendar)
    return Outcome(
        case.record.proposing(ExtensionView(proposal=said.id, until=said.until, reason=said.reason)),
        drops=owed.PROPOSED,
        opens=(case.owes(DutyKind.DECIDE_EXTENSION, moment.today),),
        tells=((case.requester, "extension_proposed"),),
        facts=_facts(said.until, duty) | {"reason": said.reason.value},
    )


def accept(case: Case, said: AcceptExtension, _: Moment, known: Term) -> Effect:
    """The agreed day counts from here on, for both sides and for oversight."""
    duty, until = known.duty, _standing(case, said)
    if until <= duty.due_on:  # the term has moved beyond it by law since it was proposed
        raise extension.NotLater(due_on=duty.due_on.isoformat())
    return Outcome(
        case.record.proposing(None),
        meets=owed.PROPOSED,
        extends=Extension(duty.id, until),
        tells=((case.holder, "extension_agreed"),),
        facts=_facts(until, duty) | {"proposal": str(said.proposal)},
    )


def decline(case: Case, said: DeclineExtension, _: Moment, known: Term) -> Effect:
    """The day that counts stays; another may be proposed."""
    duty, until = known.duty, _standing(case, said)
    return Outcome(
        case.record.proposing(None),
        meets=owed.PROPOSED,
        tells=((case.holder, "extension_declined"),),
        facts=_facts(until, duty) | {"proposal": str(said.proposal)},
    )


def _standing(case: Case, said: AcceptExtension | DeclineExtension) -> date:
    """The proposed day, if the proposal that is meant still stands."""
    standing = case.record.proposal
    if standing is None or standing.proposal != said.proposal:
        raise NotProposed
    return standing.until


def _facts(until: date, duty: DutyRow) -> dict[str, Fact]:
    return {"until": until.isoformat(), "due_on": duty.due_on.isoformat()}
