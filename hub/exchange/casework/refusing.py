"""The holder says no with a reason; the requester disputes it, or leaves it (method S3, S57, S78, S87).

A reasoned refusal is an answer: it meets the term. What to do about it the requester owes by a day of the
hub's own, since the method names none. What was sent once is not refused any more: only what was
asked for since. By when a disputed refusal is owed: `again`.
"""

from dataclasses import dataclass

from hub.duties.duty import DutyKind
from hub.exchange import owed, store
from hub.exchange.casework.again import again, spoke_late
from hub.exchange.casework.beside import Effect, erase_password, erase_payload
from hub.exchange.casework.case import Case, Desk
from hub.exchange.steps import OWED
from hub.kernel.days import happened
from hub.kernel.ids import CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.workflow import Moment, Outcome
from hub.passwords.handover import ErasedBecause
from saikne_schemas.refusals import AcceptRefusal, DisputeRefusal, RefusalView, Refuse
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, Workflow

_WHY = {"reason", "since", "answered_in"}
_SENT = frozenset({ExchangeState.DISPATCHED, ExchangeState.CONFIRMED})
"""Where the copies are with the requester, or on their way."""


class NothingToRefuse(Refusal):
    """The holder itself has offered it; nobody asked."""

    code = "exchange.nothing-to-refuse"


class SentBefore(Refusal):
    """An answer was sent in this exchange: what is wrong with it is mended, not refused."""

    code = "exchange.sent-before"


class NotAnsweredThere(Refusal):
    """The named exchange is none in which these copies went from this holder to this requester."""

    code = "exchange.not-answered-there"


class OtherRefusal(Refusal):
    """What is said of a refusal is not about the newest one."""

    code = "exchange.other-refusal"


REFUSES = (NothingToRefuse, SentBefore, NotAnsweredThere)


@dataclass(frozen=True, slots=True)
class Known:
    """What happened before the holder said no."""

    sent: bool
    """An answer of this very exchange."""
    answered_there: bool
    """In the exchange that it names, if any."""


def may_be_refused(state: str, kind: str, *, sent: bool, answered_before: bool) -> bool:
    """Whether a list or a view names the refusal to the holder; `refuse` and the steps refuse the rest."""
    asked = kind != ExchangeKind.CHILD_INFORMATION
    return asked and state in OWED and (not sent or answered_before)


async def before(desk: Desk, _author: CentreId, case: Case, said: Refuse) -> Known:
    sent = await store.ever_sent(desk.tx, case.identity)
    if said.answered_in is None:
        return Known(sent, answered_there=False)
    row = await matters.find(desk.tx, MatterId(said.answered_in))
    there = (
        row is not None
        and row.workflow == Workflow.COPIES
        and row.matter_id != case.identity
        and tuple(row.parties) == case.parties
        and row.state in _SENT
    )
    return Known(sent, there)


def refuse(case: Case, said: Refuse, moment: Moment, known: Known) -> Effect:
    """Nothing is sent, and the answer is owed no more; what was being prepared goes."""
    if case.record.kind is ExchangeKind.CHILD_INFORMATION:
        raise NothingToRefuse
    if known.sent and not case.record.answered_before:
        raise SentBefore
    if said.answered_in is not None and not known.answered_there:
        raise NotAnsweredThere(exchange=str(said.answered_in))
    if said.since is not None:
        happened(said.since, moment.today)
    refusal = RefusalView(refusal=said.id, reason=said.reason, since=said.since, answered_in=said.answered_in)
    under_way = case.state is ExchangeState.PREPARING
    return Outcome(
        case.record.refused(refusal),
        meets=owed.ANSWERING,
        drops=owed.PROPOSED,
        opens=(case.owes(DutyKind.DECIDE_REFUSAL, moment.today),),
        tells=((case.requester, "request_refused"),),
        facts=said.model_dump(mode="json", include=_WHY, exclude_none=True),
        beside=(erase_payload(), erase_password(ErasedBecause.DISCARDED)) if under_way else (),
    )


async def spoken(desk: Desk, _author: CentreId, case: Case, _: DisputeRefusal) -> bool:
    """Whether the requester's day to decide is over."""
    return await spoke_late(desk, case.requester, case)


def dispute(case: Case, said: DisputeRefusal, moment: Moment, late: bool) -> Effect:  # noqa: FBT001  # as known
    """The answer is open again."""
    more = again(case, moment, late=late)
    disputed = {"disputed": said.reason, "accepted": False}
    return Outcome(
        case.record.refused(_standing(case, said).model_copy(update=disputed)),
        meets=(DutyKind.DECIDE_REFUSAL,),
        reopens=more.reopens,
        opens=more.opens,
        tells=((case.holder, "refusal_disputed_late") if late else (case.holder, "refusal_disputed"),),
        facts={"refusal": str(said.refusal), "reason": said.reason.value},
    )


def accept(case: Case, said: AcceptRefusal, _: Moment) -> Effect:
    """Nothing is left to decide; a dispute stays possible where it turns out to be wrong later."""
    return Outcome(
        case.record.refused(_standing(case, said).model_copy(update={"accepted": True})),
        meets=(DutyKind.DECIDE_REFUSAL,),
        facts={"refusal": str(said.refusal)},
    )


def _standing(case: Case, said: DisputeRefusal | AcceptRefusal) -> RefusalView:
    if case.record.refusal is None or case.record.refusal.refusal != said.refusal:
        raise OtherRefusal
    return case.record.refusal
