"""Which steps a training between two centres may take, from the proposed contract to the paid invoice.

Source: method S17, S18, S62-S66, S92-S104; domain 1.3. Certificate and invoice wait for the training only,
not for each other. What each step means is in `contract` and `settlement`.
"""

from enum import StrEnum

from hub.kernel.steps import Steps
from hub.matters.workflow import Owed, Scene, table
from hub.training.contract import to_answer, to_hold
from hub.training.settlement import to_report, to_settle
from saikne_schemas.training import Training
from saikne_schemas.training_lists import TrainingRole, TrainingState


class Action(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    INFORM = "inform"
    CANCEL = "cancel"
    HOLD = "hold"
    CERTIFY = "certify"
    INVOICE = "invoice"
    PAY = "pay"


_STATE, _TRAINER, _FAMILYS = TrainingState, TrainingRole.TRAINER, TrainingRole.FAMILYS
STEPS: Steps[TrainingState, Action, TrainingRole] = table(
    {
        (_STATE.PROPOSED, Action.ACCEPT): dict.fromkeys(TrainingRole, _STATE.IN_FORCE),
        (_STATE.PROPOSED, Action.DECLINE): dict.fromkeys(TrainingRole, _STATE.DECLINED),
        (_STATE.PROPOSED, Action.CANCEL): dict.fromkeys(TrainingRole, _STATE.CANCELLED),
        (_STATE.IN_FORCE, Action.INFORM): {_FAMILYS: _STATE.IN_FORCE},
        (_STATE.IN_FORCE, Action.CANCEL): dict.fromkeys(TrainingRole, _STATE.CANCELLED),
        (_STATE.IN_FORCE, Action.HOLD): {_TRAINER: _STATE.HELD},
        (_STATE.HELD, Action.CERTIFY): {_TRAINER: _STATE.CERTIFIED},
        (_STATE.HELD, Action.INVOICE): {_TRAINER: _STATE.INVOICED},
        (_STATE.CERTIFIED, Action.INVOICE): {_TRAINER: _STATE.DELIVERED},
        (_STATE.INVOICED, Action.CERTIFY): {_TRAINER: _STATE.DELIVERED},
        (_STATE.INVOICED, Action.PAY): {_FAMILYS: _STATE.PAID},
        (_STATE.DELIVERED, Action.PAY): {_FAMILYS: _STATE.CLOSED},
        (_STATE.PAID, Action.CERTIFY): {_TRAINER: _STATE.CLOSED},
    }
)


def awaited(content: Training, state: TrainingState, scene: Scene) -> tuple[Owed, ...]:
    """Whoever has a part in the next steps."""
    if state is _STATE.PROPOSED:
        return (to_answer(content, scene),)
    if state is _STATE.IN_FORCE:
        return to_hold(content, scene)
    unpaid = content.invoiced_on is not None and content.paid_on is None
    return (*to_settle(content, scene), to_report(scene)) if unpaid else to_settle(content, scene)
