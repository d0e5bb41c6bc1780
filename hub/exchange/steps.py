"""The workflow of a request for copies, as one table: what is not listed is refused.

Source: method S57, S77-S79, S88-S90, S108-S109, S134; features N5, N7. An item that the post brought back
opens the answer again as a dispute does, and not as a lapse: a requester that has nothing confirms nothing.
Says nothing about deadlines
(`duties`), about what an answer must hold (`documents`), which step belongs to which way (`ways`) or
about channels (`passwords`).
"""

from enum import StrEnum

from hub.kernel import steps
from saikne_schemas.vocabulary import ExchangeState as State


class Role(StrEnum):
    REQUESTER = "requester"
    HOLDER = "holder"
    HUB = "hub"
    """Time passing, told by the worker."""


class Action(StrEnum):
    ANSWER = "answer"
    SEAL = "seal"
    DISCARD = "discard"
    DISPATCH = "dispatch"
    REVEAL = "reveal"
    HAND_OVER_AGAIN = "hand_over_again"
    PROLONG = "prolong"
    COLLECT = "collect"
    CONFIRM = "confirm"
    DISPUTE = "dispute"
    WITHDRAW = "withdraw"
    TAKE_BACK = "take_back"
    """What was offered unasked, and was not sent."""
    REFUSE = "refuse"
    DISPUTE_REFUSAL = "dispute_refusal"
    ACCEPT_REFUSAL = "accept_refusal"
    SUPPLEMENT = "supplement"
    TELL_RECEIVED = "tell_received"
    """The written request came to a holder that is not in the hub."""
    PROPOSE_EXTENSION = "propose_extension"
    ACCEPT_EXTENSION = "accept_extension"
    DECLINE_EXTENSION = "decline_extension"
    ANSWER_ON_PAPER = "answer_on_paper"
    HAND_OVER_IN_PERSON = "hand_over_in_person"
    POST = "post"
    CORRECT_ITEM = "correct_item"
    TELL_POST_DELIVERED = "tell_post_delivered"
    TELL_POST_RETURNED = "tell_post_returned"
    """The item came back or was recalled: nobody has the copies but the holder."""
    CONFIRM_PAPER = "confirm_paper"
    TELL_WRONG_RECIPIENT = "tell_wrong_recipient"
    RESOLVE = "resolve"
    LAPSE = "lapse"
    ABANDON = "abandon"


OWED = (State.REQUESTED, State.PREPARING, State.DISPUTED)
"""An answer is awaited from the holder; both sides may speak about its day, and nothing moves by it. Not
where the password lapsed: the answer was sent, and whether it was late is not for them to agree on."""
_EITHER = (Role.REQUESTER, Role.HOLDER)


class StepNotAllowed(steps.StepNotAllowed):
    code = "exchange.step-not-allowed"


STEPS: steps.Steps[State, Action, Role] = steps.Steps(
    {
        (State.REQUESTED, Action.ANSWER): {Role.HOLDER: State.PREPARING},
        (State.REQUESTED, Action.WITHDRAW): {Role.REQUESTER: State.WITHDRAWN},
        (State.REQUESTED, Action.TAKE_BACK): {Role.HOLDER: State.WITHDRAWN},
        (State.PREPARING, Action.TAKE_BACK): {Role.HOLDER: State.WITHDRAWN},
        (State.PREPARING, Action.SEAL): {Role.HOLDER: State.PREPARING},
        (State.PREPARING, Action.DISCARD): {Role.HOLDER: State.REQUESTED},
        (State.PREPARING, Action.ABANDON): {Role.HUB: State.REQUESTED},
        (State.PREPARING, Action.DISPATCH): {Role.HOLDER: State.DISPATCHED},
        (State.PREPARING, Action.WITHDRAW): {Role.REQUESTER: State.WITHDRAWN},
        (State.DISPATCHED, Action.REVEAL): {Role.HOLDER: State.DISPATCHED},
        (State.DISPATCHED, Action.HAND_OVER_AGAIN): {Role.REQUESTER: State.DISPATCHED},
        (State.DISPATCHED, Action.PROLONG): {Role.REQUESTER: State.DISPATCHED},
        (State.DISPATCHED, Action.COLLECT): {Role.REQUESTER: State.DISPATCHED},
        (State.DISPATCHED, Action.CONFIRM): {Role.REQUESTER: State.CONFIRMED},
        (State.DISPATCHED, Action.DISPUTE): {Role.REQUESTER: State.DISPUTED},
        (State.DISPATCHED, Action.LAPSE): {Role.HUB: State.LAPSED},
        (State.LAPSED, Action.CONFIRM): {Role.REQUESTER: State.CONFIRMED},
        (State.LAPSED, Action.DISPUTE): {Role.REQUESTER: State.DISPUTED},
        (State.LAPSED, Action.COLLECT): {Role.REQUESTER: State.LAPSED},
        (State.LAPSED, Action.ANSWER): {Role.HOLDER: State.PREPARING},
        (State.DISPUTED, Action.ANSWER): {Role.HOLDER: State.PREPARING},
        (State.DISPUTED, Action.WITHDRAW): {Role.REQUESTER: State.WITHDRAWN},
        **{(state, Action.REFUSE): {Role.HOLDER: State.REFUSED} for state in OWED},
        (State.REFUSED, Action.DISPUTE_REFUSAL): {Role.REQUESTER: State.DISPUTED},
        (State.REFUSED, Action.ACCEPT_REFUSAL): {Role.REQUESTER: State.REFUSED},
        (State.REQUESTED, Action.SUPPLEMENT): {Role.REQUESTER: State.REQUESTED},
        (State.PREPARING, Action.SUPPLEMENT): {Role.REQUESTER: State.REQUESTED},
        (State.CONFIRMED, Action.SUPPLEMENT): {Role.REQUESTER: State.REQUESTED},
        (State.CONFIRMED, Action.COLLECT): {Role.REQUESTER: State.CONFIRMED},
        (State.REQUESTED, Action.TELL_RECEIVED): {Role.HOLDER: State.REQUESTED},
        **{(state, Action.PROPOSE_EXTENSION): {Role.HOLDER: state} for state in OWED},
        **{(state, Action.ACCEPT_EXTENSION): {Role.REQUESTER: state} for state in OWED},
        **{(state, Action.DECLINE_EXTENSION): {Role.REQUESTER: state} for state in OWED},
        (State.REQUESTED, Action.ANSWER_ON_PAPER): {Role.HOLDER: State.PREPARING},
        (State.LAPSED, Action.ANSWER_ON_PAPER): {Role.HOLDER: State.PREPARING},
        (State.DISPUTED, Action.ANSWER_ON_PAPER): {Role.HOLDER: State.PREPARING},
        (State.PREPARING, Action.HAND_OVER_IN_PERSON): {Role.HOLDER: State.DISPATCHED},
        (State.PREPARING, Action.POST): {Role.HOLDER: State.DISPATCHED},
        (State.DISPATCHED, Action.CORRECT_ITEM): {Role.HOLDER: State.DISPATCHED},
        (State.DISPATCHED, Action.TELL_POST_DELIVERED): {Role.HOLDER: State.DISPATCHED},
        (State.DISPATCHED, Action.TELL_POST_RETURNED): {Role.HOLDER: State.DISPUTED},
        (State.DISPATCHED, Action.CONFIRM_PAPER): {Role.REQUESTER: State.CONFIRMED},
        (State.DISPATCHED, Action.TELL_WRONG_RECIPIENT): dict.fromkeys(_EITHER, State.FROZEN),
        (State.LAPSED, Action.TELL_WRONG_RECIPIENT): dict.fromkeys(_EITHER, State.FROZEN),
        (State.CONFIRMED, Action.TELL_WRONG_RECIPIENT): dict.fromkeys(_EITHER, State.FROZEN),
        (State.FROZEN, Action.RESOLVE): {Role.HOLDER: State.DISPUTED},
    },
    StepNotAllowed,
)
