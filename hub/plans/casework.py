"""A family's support plan as a workflow, and its place: one open plan a family.

The place is taken as a plan begins and given back as it is closed, in the transaction of the statement: if
that is refused, nothing was taken or given back. Source: method S131; the steps are in `steps`.
"""

from uuid import UUID

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.ids import CentreId
from hub.matters.casework.matters import identity_of
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Opening, Scene, Verb, Workflow, knowing
from hub.plans import store
from hub.plans.activities import (
    ActivityEndedAlready,
    ActivityNotAgreed,
    ActivityUnknown,
    NumberNotNext,
    OnePerFamily,
    added,
    closed,
    drawn_up,
    ended,
    parties,
)
from hub.plans.agreeing import (
    ActivityNotSigned,
    ConfirmationContradictory,
    NothingToAgree,
    ProofMissing,
    SameChannel,
    confirmed,
    sent,
)
from hub.plans.services import SpecialistNotAgreed, given, reported
from hub.plans.steps import STEPS, Action, answered
from saikne_schemas.plan_lists import PlanRole, PlanState
from saikne_schemas.plans import (
    ActivityAdded,
    ActivityEnded,
    FamilyReported,
    Plan,
    PlanClosed,
    PlanConfirmed,
    PlanSent,
    ServiceGiven,
    SupportPlan,
    SupportPlanView,
)
from saikne_schemas.vocabulary import Workflow as Kind


async def take_place(desk: Desk, author: CentreId, plan: SupportPlan) -> UUID | None:
    """The matter of the family's open plan, if it has one."""
    return await store.take(desk.tx, author, plan.family, identity_of(author, plan.id))


async def give_back(desk: Desk, plan: Held[Plan], _: object, scene: Scene) -> None:
    await store.release(desk.tx, scene.author, plan.content.family, plan.identity)


_EVENT = EventKind

SUPPORT_PLANS: Workflow[Plan] = Workflow(
    kind=Kind.SUPPORT_PLAN,
    content=Plan,
    view=SupportPlanView,
    states=PlanState,
    roles=PlanRole,
    steps=STEPS,
    at_rest=frozenset({PlanState.AGREED}),
    opening=Opening(
        statement=SupportPlan,
        operation="drawUpPlan",
        event=_EVENT.PLAN_DRAWN_UP,
        state=PlanState.DRAWN_UP,
        parties=parties,
        rule=knowing(take_place, drawn_up),
        refuses=(OnePerFamily, *days.DONE),
    ),
    verbs=(
        Verb(
            statement=PlanSent,
            operation="planSent",
            event=_EVENT.PLAN_SENT,
            action=Action.SEND,
            rule=sent,
            refuses=(*days.DONE, SameChannel, NothingToAgree),
        ),
        Verb(
            statement=PlanConfirmed,
            operation="planConfirmed",
            event=_EVENT.PLAN_CONFIRMED,
            action=answered,
            rule=confirmed,
            refuses=(
                *days.DONE,
                *(ConfirmationContradictory, ProofMissing, NothingToAgree),
                *(ActivityNotSigned, ActivityUnknown),
            ),
        ),
        Verb(
            statement=ActivityAdded,
            operation="addActivity",
            event=_EVENT.ACTIVITY_ADDED,
            action=Action.ADD,
            rule=added,
            refuses=(*days.DONE, NumberNotNext),
        ),
        Verb(
            statement=ActivityEnded,
            operation="activityEnded",
            event=_EVENT.ACTIVITY_ENDED,
            action=Action.MARK,
            rule=ended,
            refuses=(*days.DONE, ActivityUnknown, ActivityEndedAlready, ActivityNotAgreed),
        ),
        Verb(
            statement=ServiceGiven,
            operation="serviceGiven",
            event=_EVENT.SERVICE_GIVEN,
            action=Action.RECORD,
            rule=given,
            refuses=(*days.DONE, SpecialistNotAgreed),
        ),
        Verb(
            statement=FamilyReported,
            operation="familyReported",
            event=_EVENT.FAMILY_REPORTED,
            action=Action.RECORD,
            rule=reported,
            refuses=(*days.DONE,),
        ),
        Verb(
            statement=PlanClosed,
            operation="closePlan",
            event=_EVENT.PLAN_CLOSED,
            action=Action.CLOSE,
            rule=closed,
            refuses=days.DONE,
            beside=give_back,
        ),
    ),
    notices=frozenset(),
)
