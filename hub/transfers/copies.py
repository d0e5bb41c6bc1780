"""Whether a move still waits for its copies: by what the exchange says in which they were asked for.

Source: method S77, S108, S134. A move ends with copies that are confirmed, refused or given up, not with
their being asked for. What is confirmed stays so when more is asked for in the same exchange; what came to a
wrong recipient has not come. Reads the exchange as it stands now, whatever it went through meanwhile.
"""

from datetime import date
from enum import StrEnum

from hub.duties.duty import Basis, DutyKind
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Owed, Scene
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.matters import CopiesEnd
from saikne_schemas.vocabulary import CopiesEnded, CopiesGivenUp, ExchangeState


class CopiesUnderWay(Refusal):
    """A request for them is open: it is withdrawn before the copies are given up."""

    code = "transfers.copies-under-way"


class CopiesHaveEnded(Refusal):
    """They are confirmed, refused or given up already."""

    code = "transfers.copies-have-ended"


class News(StrEnum):
    """What an exchange tells a move that the move does not know."""

    ENDED = "ended"
    AWAITED = "awaited"
    """They had ended, and do no longer."""
    WITHDRAWN = "withdrawn"


def ended(exchange: NamedExchange) -> CopiesEnded | None:
    """How, if it has; what is given up is not said there."""
    if exchange.state is ExchangeState.CONFIRMED or exchange.answered_before:
        return CopiesEnded.CONFIRMED
    return CopiesEnded.REFUSED if exchange.state is ExchangeState.REFUSED else None


def news(exchange: NamedExchange, known: CopiesEnd | None) -> News | None:
    """None where the move knows it; what was given up stays so."""
    if known is not None and known.how is CopiesEnded.GIVEN_UP:
        return None
    now = ended(exchange)
    if now is not None:
        return None if known is not None and known.how is now else News.ENDED
    if exchange.state is ExchangeState.WITHDRAWN:
        return News.WITHDRAWN
    return News.AWAITED if known is not None else None


def end_of(exchange: NamedExchange, today: date) -> CopiesEnd | None:
    how = ended(exchange)
    return None if how is None else CopiesEnd(how=how, ended_on=today)


def given_up(
    reason: CopiesGivenUp, exchange: NamedExchange | None, known: CopiesEnd | None, scene: Scene
) -> CopiesEnd:
    """Where the other centre works no more, nobody answers, and no request need be taken back."""
    how = known.how if known else ended(exchange) if exchange else None
    if how is not None:
        raise CopiesHaveEnded(how=how.value)
    alone = scene.other() not in scene.active
    if exchange is not None and exchange.state is not ExchangeState.WITHDRAWN and not alone:
        raise CopiesUnderWay(state=exchange.state.value)
    return CopiesEnd(how=CopiesEnded.GIVEN_UP, ended_on=scene.today, reason=reason)


def awaited(new: CentreId, today: date, exchange: NamedExchange | None) -> Owed:
    """Ten days after what the exchange itself owes next: nobody is late here because another one is there."""
    due_on = exchange.due_on if exchange else None
    return Owed(DutyKind.RECEIVE_COPIES, new, max(today, due_on or today), Basis.COPIES_DUE)


def to_ask_again(new: CentreId, today: date) -> Owed:
    """The first request met its day; another one has its own."""
    return Owed(DutyKind.REQUEST_COPIES, new, today, Basis.REQUEST_WITHDRAWN)
