"""When a written request came to a centre that is not in the hub: from then on its term runs (method S78).

Source: method S57, S77, S78; domain 1.5 (ten working days from the receipt). A member has a request in the
moment in which it is made; to another centre it goes as a letter, and until its receipt is known the term is
counted from the asking. A day that both have agreed on stays.
"""

from hub.duties.duty import Basis, DutyKind
from hub.evidence.event import EventKind
from hub.exchange.casework.beside import Effect
from hub.exchange.casework.case import Case
from hub.exchange.casework.extending import NoTerm, Term, term
from hub.exchange.casework.verb import verb
from hub.exchange.steps import Action
from hub.kernel.clock import riga_day
from hub.kernel.days import DateBeforeCause, follows
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Moment, Outcome, Owed, knowing
from hub.workdays.calendars import YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas.outside import RequestReceived


class ReceivedInTheHub(Refusal):
    """Only of a centre outside of the hub it is told when a request came to it."""

    code = "exchange.received-in-the-hub"


def receive(case: Case, said: RequestReceived, moment: Moment, known: Term) -> Effect:
    word = said.for_outside
    if word is None:
        raise ReceivedInTheHub
    follows(word.on, riga_day(case.opened_at))
    if known.duty.extended_by is not None:
        return Outcome(case.record)
    again = Owed(
        kind=DutyKind.ANSWER,
        owner=case.holder,
        starts_on=moment.today,
        basis=Basis.REQUEST_RECEIVED,
        awaited_by=(case.requester,),
        tells_its_days=True,
    )
    return Outcome(case.record, drops=(DutyKind.ANSWER,), opens=(again,))


VERB = verb(
    statement=RequestReceived,
    operation="tellRequestReceived",
    event=EventKind.REQUEST_RECEIVED,
    action=Action.TELL_RECEIVED,
    rule=knowing(term, receive),
    refuses=(ReceivedInTheHub, DateBeforeCause, NoTerm, CalendarMissing, YearNotKnown),
    untold="who awaits the answer of a centre outside of the hub says it itself",
)
