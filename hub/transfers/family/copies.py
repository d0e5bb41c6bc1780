"""The copies of a family's case in its move: asked for, come or refused, asked for again, or given up.

Source: method S77, S78, S134. The exchange has a term of its own; the move waits for its end, and goes on
waiting where that was no end after all. What such an end is, `transfers.copies` says.
"""

from hub.duties.duty import DutyKind
from hub.kernel.ids import OVERSIGHT
from hub.matters.workflow import Outcome, Scene
from hub.transfers import copies
from hub.transfers.copies import News
from hub.transfers.family.closing import closed_if_last, without
from hub.transfers.family.steps import DONE_BY_BOTH
from hub.transfers.fitting_exchange import NamedExchange, Wanted, require_fit
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.family_moves import CopiesAsked, FamilyMove, GiveUpCopies
from saikne_schemas.vocabulary import ExchangeKind

_BOTH = (DutyKind.REQUEST_COPIES, DutyKind.RECEIVE_COPIES)


def ask(
    move: FamilyMove, asked: CopiesAsked, scene: Scene, exchange: NamedExchange | None
) -> Outcome[FamilyMove]:
    """Another request takes the place of the one that was named before."""
    new, previous = scene.who(FamilyMoveRole.NEW), scene.who(FamilyMoveRole.PREVIOUS)
    named = require_fit(exchange, Wanted(ExchangeKind.FAMILY_CASE, new, previous, move.family))
    end = copies.end_of(named, scene.today)
    done = _BOTH if end else (DutyKind.REQUEST_COPIES,)
    after = without(_awaiting(move), *done, copies=asked.exchange, copies_end=end)
    facts = {"exchange": str(asked.exchange)} | ({"copies": end.how.value} if end else {})
    outcome = Outcome(
        after,
        meets=(DutyKind.REQUEST_COPIES,),
        drops=(DutyKind.RECEIVE_COPIES,),
        opens=() if end else (copies.awaited(new, scene.today, named),),
        facts=facts,
    )
    return closed_if_last(outcome, scene)


def heard(move: FamilyMove, scene: Scene, exchange: NamedExchange) -> Outcome[FamilyMove]:
    """What the exchange came to, of which the move does not know."""
    new, told = scene.who(FamilyMoveRole.NEW), copies.news(exchange, move.copies_end)
    if told is News.ENDED:
        end = copies.end_of(exchange, scene.today)
        after = without(move, DutyKind.RECEIVE_COPIES, copies_end=end)
        return closed_if_last(Outcome(after, meets=(DutyKind.RECEIVE_COPIES,)), scene)
    open_again = _awaiting(move)
    if told is News.WITHDRAWN:
        left = {*open_again.remaining, DutyKind.REQUEST_COPIES}
        return Outcome(
            open_again.model_copy(update={"copies": None, "remaining": _in_order(left)}),
            to=_where(open_again),
            drops=(DutyKind.RECEIVE_COPIES,),
            opens=(copies.to_ask_again(new, scene.today),),
            tells=((new, "copies_withdrawn"),),
        )
    return Outcome(
        open_again,
        to=_where(open_again),
        opens=(copies.awaited(new, scene.today, exchange),),
        tells=tuple((one, "copies_awaited") for one in scene.roles),
    )


def give_up(
    move: FamilyMove, said: GiveUpCopies, scene: Scene, exchange: NamedExchange | None
) -> Outcome[FamilyMove]:
    end = copies.given_up(said.reason, exchange, move.copies_end, scene)
    outcome = Outcome(
        without(move, *_BOTH, copies_end=end),
        drops=_BOTH,
        tells=((scene.other(), "copies_given_up"),),
        facts={"reason": said.reason.value},
        also_for=(OVERSIGHT,),
    )
    return closed_if_last(outcome, scene)


def _awaiting(move: FamilyMove) -> FamilyMove:
    """The same move while its copies are awaited."""
    left = {*move.remaining, DutyKind.RECEIVE_COPIES}
    return move.model_copy(update={"copies_end": None, "remaining": _in_order(left)})


def _where(move: FamilyMove) -> FamilyMoveState | None:
    """Open, as its day stands; without a day it stays where it is."""
    return FamilyMoveState.DATED if move.effective_on else None


def _in_order(left: set[DutyKind]) -> list[DutyKind]:
    return [kind for kind in DONE_BY_BOTH if kind in left]
