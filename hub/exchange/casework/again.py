"""An answer is owed once more: by its first date, unless it was the requester who took its time.

Source: features N7; method S57, S87, S134. A dispute does not begin the term anew. Yet nobody is late for
what the other one delayed: where the requester speaks after its own day, or after the password has lapsed,
the first term stays as it was met, and what is sent again has days of the hub's own.
"""

from dataclasses import dataclass

from hub.duties import store as duties
from hub.duties.duty import Basis, DutyKind
from hub.exchange import owed
from hub.exchange.casework.case import Case, Desk
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId
from hub.matters.workflow import Moment, Owed
from saikne_schemas.vocabulary import ExchangeState


@dataclass(frozen=True, slots=True)
class Again:
    """What is owed by when, in the words of an outcome."""

    reopens: tuple[DutyKind, ...]
    opens: tuple[Owed, ...]
    moot: tuple[DutyKind, ...]
    """What was to be sent after a lapse is sent by this, unless that is what is owed."""


async def spoke_late(desk: Desk, requester: CentreId, case: Case) -> bool:
    """Whether the requester's own day to say so is over; it is too where a refusal was left as it was."""
    if case.state is ExchangeState.LAPSED:
        return True
    decides = case.state is ExchangeState.REFUSED
    kind = DutyKind.DECIDE_REFUSAL if decides else DutyKind.CONFIRM_COPIES
    running = await duties.open_about(desk.tx, requester, case.identity)
    days = [one.due_on for one in running if one.kind == kind]
    return max(days) < riga_day(desk.now) if days else decides


def again(case: Case, moment: Moment, *, late: bool) -> Again:
    if not late:
        return Again((case.answer_duty,), (), owed.AFTER_LAPSE)
    lapsed = case.state is ExchangeState.LAPSED  # then it is owed already
    own = case.owes(DutyKind.SEND_AGAIN, moment.today, Basis.DISPUTED_LATE)
    return Again((), () if lapsed else (own,), ())
