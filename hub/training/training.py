"""Which steps a training between two centres may take, from the proposed contract to the paid invoice.

Source: method S17, S18, S62-S66, S92-S104; domain 1.3. Certificate and invoice wait for the training only,
not for each other. What each step means is in `contract` and `settlement`.
"""

from enum import StrEnum

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.steps import Steps
from hub.matters.workflow import Opening, Owed, Scene, Verb, Workflow, table
from hub.training.clauses import ClauseMissing, OverCeiling
from hub.training.contract import (
    accepted,
    cancelled,
    declined,
    informed,
    parties,
    proposed,
    to_answer,
    to_hold,
)
from hub.training.settlement import (
    AmountDoesNotFit,
    CharacteristicNotAgreed,
    certified,
    held,
    invoiced,
    paid,
    to_report,
    to_settle,
)
from saikne_schemas.training import (
    AcceptContract,
    CancelTraining,
    CertificateIssued,
    DeclineContract,
    InformedFamily,
    Invoice,
    InvoicePaid,
    Training,
    TrainingContract,
    TrainingHeld,
    TrainingView,
)
from saikne_schemas.training_lists import TrainingRole, TrainingState
from saikne_schemas.vocabulary import Workflow as Kind


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


_EVENT = EventKind

TRAININGS: Workflow[Training] = Workflow(
    kind=Kind.TRAINING,
    content=Training,
    view=TrainingView,
    states=TrainingState,
    roles=TrainingRole,
    steps=STEPS,
    awaited=awaited,
    opening=Opening(
        statement=TrainingContract,
        operation="proposeTraining",
        event=_EVENT.TRAINING_PROPOSED,
        state=_STATE.PROPOSED,
        parties=parties,
        rule=proposed,
        refuses=(ClauseMissing, OverCeiling),
    ),
    verbs=(
        Verb(
            statement=AcceptContract,
            operation="acceptTraining",
            event=_EVENT.TRAINING_ACCEPTED,
            action=Action.ACCEPT,
            rule=accepted,
        ),
        Verb(
            statement=DeclineContract,
            operation="declineTraining",
            event=_EVENT.TRAINING_DECLINED,
            action=Action.DECLINE,
            rule=declined,
        ),
        Verb(
            statement=InformedFamily,
            operation="familyInformed",
            event=_EVENT.FAMILY_INFORMED,
            action=Action.INFORM,
            rule=informed,
            refuses=days.DONE,
        ),
        Verb(
            statement=TrainingHeld,
            operation="trainingHeld",
            event=_EVENT.TRAINING_HELD,
            action=Action.HOLD,
            rule=held,
            refuses=days.DONE,
        ),
        Verb(
            statement=CertificateIssued,
            operation="certificateIssued",
            event=_EVENT.CERTIFICATE_ISSUED,
            action=Action.CERTIFY,
            rule=certified,
            refuses=(*days.DONE, CharacteristicNotAgreed),
        ),
        Verb(
            statement=Invoice,
            operation="invoiceTraining",
            event=_EVENT.TRAINING_INVOICED,
            action=Action.INVOICE,
            rule=invoiced,
            refuses=(*days.DONE, OverCeiling, AmountDoesNotFit),
        ),
        Verb(
            statement=InvoicePaid,
            operation="invoicePaid",
            event=_EVENT.INVOICE_PAID,
            action=Action.PAY,
            rule=paid,
            refuses=days.DONE,
        ),
        Verb(
            statement=CancelTraining,
            operation="cancelTraining",
            event=_EVENT.TRAINING_CANCELLED,
            action=Action.CANCEL,
            rule=cancelled,
        ),
    ),
    notices=frozenset(
        {
            *("proposed", "accepted", "declined", "informed", "cancelled"),
            *("held", "certified", "invoiced", "paid"),
        }
    ),
)
