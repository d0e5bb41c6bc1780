"""The copy of the child's plan in its move: asked for, come or refused, asked for again, or given up.

Source: method S108, S134. As with a family's move, which has another content and other words for it; what
such an end is, `copies` says.
"""

from hub.duties.duty import DutyKind
from hub.kernel.ids import OVERSIGHT
from hub.matters.workflow import Outcome, Scene
from hub.transfers import copies
from hub.transfers.child_move import COPIES, closed_if_last, wanted
from hub.transfers.copies import News
from hub.transfers.fitting_exchange import NamedExchange, require_fit
from saikne_schemas.child_moves import ChildMove, GiveUpIap, IapAsked
from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState
from saikne_schemas.vocabulary import ExchangeKind


def ask(move: ChildMove, said: IapAsked, scene: Scene, exchange: NamedExchange | None) -> Outcome[ChildMove]:
    """Another request takes the place of the one that was named before."""
    named = require_fit(exchange, wanted(ExchangeKind.CHILD_IAP, move, scene))
    end = copies.end_of(named, scene.today)
    outcome = Outcome(
        move.model_copy(update={"plan_asked": said.exchange, "plan_end": end}),
        meets=(DutyKind.REQUEST_COPIES,),
        drops=(DutyKind.RECEIVE_COPIES,),
        opens=() if end else (copies.awaited(scene.who(ChildMoveRole.NEW), scene.today, named),),
        tells=((scene.other(), "asked"),),
    )
    return closed_if_last(outcome, scene)


def heard(move: ChildMove, scene: Scene, exchange: NamedExchange) -> Outcome[ChildMove]:
    """What the exchange came to, of which the move does not know."""
    new, told = scene.who(ChildMoveRole.NEW), copies.news(exchange, move.plan_end)
    if told is News.ENDED:
        after = move.model_copy(update={"plan_end": copies.end_of(exchange, scene.today)})
        return closed_if_last(Outcome(after, meets=(DutyKind.RECEIVE_COPIES,)), scene)
    if told is News.WITHDRAWN:
        return Outcome(
            move.model_copy(update={"plan_asked": None, "plan_end": None}),
            to=ChildMoveState.PLACED,
            drops=(DutyKind.RECEIVE_COPIES,),
            opens=(copies.to_ask_again(new, scene.today),),
            tells=((new, "copies_withdrawn"),),
        )
    return Outcome(
        move.model_copy(update={"plan_end": None}),
        to=ChildMoveState.PLACED,
        opens=(copies.awaited(new, scene.today, exchange),),
        tells=tuple((one, "copies_awaited") for one in scene.roles),
    )


def give_up(
    move: ChildMove, said: GiveUpIap, scene: Scene, exchange: NamedExchange | None
) -> Outcome[ChildMove]:
    end = copies.given_up(said.reason, exchange, move.plan_end, scene)
    outcome = Outcome(
        move.model_copy(update={"plan_end": end}),
        drops=COPIES,
        tells=((scene.other(), "copies_given_up"),),
        facts={"reason": said.reason.value},
        also_for=(OVERSIGHT,),
    )
    return closed_if_last(outcome, scene)
