"""A family's support plan as a workflow, and its place: one open plan a family.

The place is taken as a plan begins and given back as it is closed, in the transaction of the statement: if
that is refused, nothing was taken or given back. Source: method S131; the steps are in `steps`.
"""

from uuid import UUID

from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.ids import CentreId
from hub.matters.casework.moving import identity_of
from hub.matters.workflow import Opening, Verb, Workflow
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
from hub.plumbing.database import Tx
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


async def take_place(tx: Tx, author: CentreId, _: None, plan: SupportPlan) -> UUID | None:
    """The matter of the family's open plan, if it has one."""
    return await store.take(tx, author, plan.family, identity_of(author, plan.id))


async def give_back(tx: Tx, author: CentreId, plan: Plan, closing: PlanClosed) -> None:
    await store.release(tx, author, plan.family, closing.matter)


_EVENT = EventKind

SUPPORT_PLANS: Workflow[Plan] = Workflow(
    kind=Kind.SUPPORT_PLAN,
    content=Plan,
    view=SupportPlanView,
    states=PlanState,
    roles=PlanRole,
    steps=STEPS,
    opening=Opening(
        SupportPlan,
        "drawUpPlan",
        _EVENT.PLAN_DRAWN_UP,
        PlanState.DRAWN_UP,
        parties,
        drawn_up,
        (OnePerFamily, *days.DONE),
        take_place,
    ),
    verbs=(
        Verb(
            PlanSent,
            "planSent",
            _EVENT.PLAN_SENT,
            Action.SEND,
            sent,
            (*days.DONE, SameChannel, NothingToAgree),
        ),
        Verb(
            PlanConfirmed,
            "planConfirmed",
            _EVENT.PLAN_CONFIRMED,
            answered,
            confirmed,
            (
                *days.DONE,
                *(ConfirmationContradictory, ProofMissing, NothingToAgree),
                *(ActivityNotSigned, ActivityUnknown),
            ),
        ),
        Verb(
            ActivityAdded,
            "addActivity",
            _EVENT.ACTIVITY_ADDED,
            Action.ADD,
            added,
            (*days.DONE, NumberNotNext),
        ),
        Verb(
            ActivityEnded,
            "activityEnded",
            _EVENT.ACTIVITY_ENDED,
            Action.MARK,
            ended,
            (*days.DONE, ActivityUnknown, ActivityEndedAlready, ActivityNotAgreed),
        ),
        Verb(
            ServiceGiven,
            "serviceGiven",
            _EVENT.SERVICE_GIVEN,
            Action.RECORD,
            given,
            (*days.DONE, SpecialistNotAgreed),
        ),
        Verb(
            FamilyReported,
            "familyReported",
            _EVENT.FAMILY_REPORTED,
            Action.RECORD,
            reported,
            (*days.DONE,),
        ),
        Verb(PlanClosed, "closePlan", _EVENT.PLAN_CLOSED, Action.CLOSE, closed, days.DONE, give_back),
    ),
    notices=frozenset(),
)
