"""As what each workflow's matters are shown."""

from saikne_schemas.agreements import AgreementView
from saikne_schemas.child_moves import ChildMoveView
from saikne_schemas.family_moves import FamilyMoveView
from saikne_schemas.matters import MatterView
from saikne_schemas.plans import SupportPlanView
from saikne_schemas.price_ceilings import PriceCeilingView
from saikne_schemas.sibling_contacts import SiblingContactView
from saikne_schemas.training import TrainingView
from saikne_schemas.vocabulary import Workflow

VIEWS: dict[Workflow, type[MatterView]] = {
    Workflow.AGREEMENT: AgreementView,
    Workflow.TRAINING: TrainingView,
    Workflow.FAMILY_MOVE: FamilyMoveView,
    Workflow.CHILD_MOVE: ChildMoveView,
    Workflow.SUPPORT_PLAN: SupportPlanView,
    Workflow.SIBLING_CONTACT: SiblingContactView,
    Workflow.PRICE_CEILING: PriceCeilingView,
}
