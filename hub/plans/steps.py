"""Which steps a family's support plan may take; only its own centre takes them.

Source: method S49, S50, S122, S131-S135, S155; domain 2.2. What each step means is in `activities` and
`agreeing`.
"""

from enum import StrEnum

from hub.kernel.steps import Steps
from hub.matters.workflow import table
from hub.plans.agreeing import wants_corrections
from saikne_schemas.plan_lists import ConfirmedHow, PlanRole, PlanState
from saikne_schemas.plans import PlanConfirmed


class Action(StrEnum):
    SEND = "send"
    AGREE = "agree"
    CORRECT = "correct"
    SIGN = "sign"
    ADD = "add"
    MARK = "mark"
    RECORD = "record"
    """Something beside the plan: a service, or what the family told."""
    CLOSE = "close"


_DRAWN_UP, _SENT, _CORRECTING = PlanState.DRAWN_UP, PlanState.SENT, PlanState.CORRECTING
_AGREED, _SUPPLEMENTED, _CLOSED = PlanState.AGREED, PlanState.SUPPLEMENTED, PlanState.CLOSED
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
}
_AFTER |= {(state, Action.RECORD): state for state in PlanState if state is not _CLOSED}
STEPS: Steps[PlanState, Action, PlanRole] = table(
    {step: {PlanRole.CENTRE: after} for step, after in _AFTER.items()}
)


def answered(confirmation: PlanConfirmed) -> Action:
    if confirmation.how is ConfirmedHow.IN_PERSON:
        return Action.SIGN
    return Action.CORRECT if wants_corrections(confirmation) else Action.AGREE
