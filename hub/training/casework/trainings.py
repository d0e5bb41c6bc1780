"""Training of a family by another centre as a workflow; what the year's ceiling is, is looked up for it.

Source: method S17, S18, S37, S62-S66, S92-S104; domain 1.3. The steps are in `training`.
"""

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.matters.workflow import Opening, Verb, Workflow, knowing
from hub.training import store
from hub.training.ceiling import CeilingDiffers, YearsCeiling, year_of
from hub.training.clauses import ClauseMissing, OverCeiling
from hub.training.contract import accepted, cancelled, declined, informed, parties, proposed
from hub.training.settlement import (
    AmountDoesNotFit,
    CharacteristicNotAgreed,
    certified,
    held,
    invoiced,
    paid,
)
from hub.training.training import STEPS, Action, awaited
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


async def of_the_trainer(desk: Desk, _author: CentreId, contract: TrainingContract) -> YearsCeiling | None:
    """What the training centre has stated for the contract's year, whoever proposes."""
    return await _ceiling(desk, CentreId(contract.trainer), year_of(contract))


async def of_the_author(
    desk: Desk, author: CentreId, content: Training, _said: Invoice
) -> YearsCeiling | None:
    """The training centre invoices, so it is the author."""
    return await _ceiling(desk, author, year_of(content))


async def _ceiling(desk: Desk, trainer: CentreId, year: int | None) -> YearsCeiling | None:
    return None if year is None else await store.find(desk.tx, trainer, year)


_STATE = TrainingState
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
        rule=knowing(of_the_trainer, proposed),
        refuses=(ClauseMissing, OverCeiling, CeilingDiffers),
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
            rule=knowing(of_the_author, invoiced),
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
