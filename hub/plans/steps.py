"""Which steps a family's support plan may take; its own centre takes them, and the hub where it sends it.

Source: method S49, S50, S122, S124, S131-S135, S155; domain 2.2. What each step means is in `activities`,
`agreeing` and `sending`.
"""

from enum import StrEnum

from hub.kernel.steps import Steps
from hub.matters.workflow import table
from hub.plans.agreeing import wants_corrections
from saikne_schemas.plan_lists import ConfirmedHow, PlanRole, PlanState
from saikne_schemas.plans import PlanConfirmed


class Action(StrEnum):
    SEND = "send"
    """Outside of the hub."""
    DISPATCH = "dispatch"
    """By the hub."""
    MAIL = "mail"
    PROLONG = "prolong"
    HAND_OVER_AGAIN = "hand_over_again"
    FAIL = "fail"
    """The hub could not bring it to the family."""
    LAPSE = "lapse"
    AGREE = "agree"
    CORRECT = "correct"
    SIGN = "sign"
    ADD = "add"
    MARK = "mark"
    RECORD = "record"
    """Something beside the plan: a service, or what the family told."""
    TALK = "talk"
    """A talk with the family was held, or is needed: also when the plan's year is over, as long as the
    cooperation goes on."""
    CLOSE = "close"


class Hand(StrEnum):
    HUB = "hub"
    """What the mail server and the gateway said, and time passing, told by the worker."""


_DRAWN_UP, _SENT, _CORRECTING = PlanState.DRAWN_UP, PlanState.SENT, PlanState.CORRECTING
_AGREED, _SUPPLEMENTED, _CLOSED = PlanState.AGREED, PlanState.SUPPLEMENTED, PlanState.CLOSED
_LAPSED, _UNDELIVERED = PlanState.LAPSED, PlanState.UNDELIVERED
_AFTER: dict[tuple[PlanState, Action], PlanState | frozenset[PlanState]] = {
    (_DRAWN_UP, Action.SEND): _SENT,
    (_DRAWN_UP, Action.SIGN): _AGREED,
    (_DRAWN_UP, Action.ADD): _DRAWN_UP,
    (_DRAWN_UP, Action.MARK): _DRAWN_UP,
    (_DRAWN_UP, Action.CLOSE): _CLOSED,
    (_SENT, Action.SEND): _SENT,
    (_SENT, Action.AGREE): _AGREED,
    (_SENT, Action.CORRECT): _CORRECTING,
    (_SENT, Action.SIGN): _AGREED,
    (_SENT, Action.MARK): frozenset({_SENT, _AGREED}),
    (_SENT, Action.CLOSE): _CLOSED,
    (_CORRECTING, Action.SEND): _SENT,
    (_CORRECTING, Action.SIGN): _AGREED,
    (_CORRECTING, Action.ADD): _CORRECTING,
    (_CORRECTING, Action.MARK): frozenset({_CORRECTING, _AGREED}),
    (_CORRECTING, Action.CLOSE): _CLOSED,
    (_AGREED, Action.ADD): _SUPPLEMENTED,
    (_AGREED, Action.MARK): _AGREED,
    (_AGREED, Action.CLOSE): _CLOSED,
    (_SUPPLEMENTED, Action.SEND): _SENT,
    (_SUPPLEMENTED, Action.SIGN): _AGREED,
    (_SUPPLEMENTED, Action.ADD): _SUPPLEMENTED,
    (_SUPPLEMENTED, Action.MARK): frozenset({_SUPPLEMENTED, _AGREED}),
    (_SUPPLEMENTED, Action.CLOSE): _CLOSED,
    (_SENT, Action.PROLONG): _SENT,
    (_SENT, Action.HAND_OVER_AGAIN): _SENT,
    (_LAPSED, Action.AGREE): _AGREED,
    (_LAPSED, Action.CORRECT): _CORRECTING,
}
for _back in (_LAPSED, _UNDELIVERED):
    _AFTER |= {
        (_back, Action.SEND): _SENT,
        (_back, Action.SIGN): _AGREED,
        (_back, Action.ADD): _SUPPLEMENTED,
        (_back, Action.MARK): frozenset({_back, _AGREED}),
        (_back, Action.CLOSE): _CLOSED,
    }
_AFTER |= {(state, Action.DISPATCH): _SENT for state, action in _AFTER if action is Action.SEND}
_AFTER |= {(state, Action.RECORD): state for state in PlanState if state is not _CLOSED}
_AFTER |= {(state, Action.TALK): state for state in PlanState}
_AFTER[_CLOSED, Action.CLOSE] = _CLOSED
"""The year was over; now the cooperation is."""
_BY_THE_HUB: dict[tuple[PlanState, Action], PlanState] = {
    (_SENT, Action.MAIL): _SENT,
    (_SENT, Action.FAIL): _UNDELIVERED,
    (_SENT, Action.LAPSE): _LAPSED,
}
STEPS: Steps[PlanState, Action, PlanRole | Hand] = table(
    {
        **{step: {PlanRole.CENTRE: after} for step, after in _AFTER.items()},
        **{step: {Hand.HUB: after} for step, after in _BY_THE_HUB.items()},
    }
)


def answered(confirmation: PlanConfirmed) -> Action:
    if confirmation.how is ConfirmedHow.IN_PERSON:
        return Action.SIGN
    return Action.CORRECT if wants_corrections(confirmation) else Action.AGREE
