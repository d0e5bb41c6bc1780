"""A family's support plan as a workflow, and its place: one open plan a family.

The place is taken as a plan begins and given back as it is closed, in the transaction of the statement: if
that is refused, nothing was taken or given back. Source: method S131; the steps are in `steps`. That the hub
is to send it, which is more than being taken, is `dispatching`.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from hub.duties import store as duties
from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.clock import end_of
from hub.kernel.ids import CentreId, MatterId
from hub.matters.casework.matters import identity_of
from hub.matters.casework.records import Desk
from hub.matters.workflow import Held, Opening, Scene, Verb, Workflow, knowing
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause, Handover
from hub.plans import store
from hub.plans.activities import (
    ActivityEndedAlready,
    ActivityNotAgreed,
    ActivityUnknown,
    NothingToAgree,
    NumberNotNext,
    OnePerFamily,
    Parting,
    added,
    closed,
    drawn_up,
    ended,
    parties,
)
from hub.plans.agreeing import (
    ActivityNotSigned,
    ConfirmationContradictory,
    NotAnArchive,
    ProofMissing,
    SameChannel,
    confirmed,
    sent,
)
from hub.plans.casework import talking
from hub.plans.casework.ending import end_all, handover_of
from hub.plans.sending import OtherSending, again, awaited, prolonged
from hub.plans.services import SpecialistNotAgreed, given, reported
from hub.plans.steps import STEPS, Action, answered
from hub.plans.talks import AnotherPlanIsNewer, LaterThanTheYear, held, needed
from saikne_schemas.plan_lists import PlanRole, PlanState
from saikne_schemas.plan_sendings import PlanPasswordAgain, PlanProlong
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
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
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.vocabulary import Workflow as Kind


async def take_place(desk: Desk, author: CentreId, plan: SupportPlan) -> UUID | None:
    """The matter of the family's open plan, if it has one; else this is the family's newest plan."""
    identity = identity_of(author, plan.id)
    there = await store.take(desk.tx, author, plan.family, identity)
    if there is None:
        await talking.go_on_with(desk, author, plan, identity)
    return there


async def give_back(desk: Desk, plan: Held[Plan], partings: Sequence[Parting], scene: Scene) -> None:
    await store.release(desk.tx, scene.author, plan.content.family, plan.identity)
    if any(one.leaves_care for one in partings):
        await store.leave_care(desk.tx, scene.author, plan.content.family, plan.identity)
    await end_all(desk, plan, (ErasedBecause.WITHDRAWN,), scene)


async def answering(desk: Desk, author: CentreId, _plan: Plan, said: PlanProlong) -> UUID | None:
    """The duty to get the family's answer, where it is owed now."""
    running = await duties.open_about(desk.tx, author, MatterId(said.matter))
    return next((one.id for one in running if one.kind == DutyKind.CONFIRM_PLAN), None)


async def live_on(desk: Desk, plan: Held[Plan], until: Sequence[date], scene: Scene) -> None:
    for day in until:
        await passwords.prolong(desk.tx, _under_way(plan, scene), scene.now, end_of(day))


async def send_again(desk: Desk, plan: Held[Plan], numbers: Sequence[int], scene: Scene) -> None:
    for _ in numbers:
        await passwords.again(desk.tx, _under_way(plan, scene), scene.now)


def _under_way(plan: Held[Plan], scene: Scene) -> Handover:
    assert plan.content.sending is not None  # noqa: S101  # the rule has looked
    return handover_of(plan.identity, plan.content.sending.number, scene.author)


_EVENT = EventKind

SUPPORT_PLANS: Workflow[Plan] = Workflow(
    kind=Kind.SUPPORT_PLAN,
    content=Plan,
    view=SupportPlanView,
    states=PlanState,
    roles=PlanRole,
    steps=STEPS,
    at_rest=frozenset({PlanState.AGREED, PlanState.CLOSED}),
    awaited=awaited,
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
            refuses=(*days.DONE, SameChannel, NotAnArchive, NothingToAgree),
            beside=end_all,
        ),
        Verb(
            statement=PlanProlong,
            operation="prolongPlan",
            event=_EVENT.HANDOVER_PROLONGED,
            action=Action.PROLONG,
            rule=knowing(answering, prolonged),
            refuses=(
                OtherSending,
                passwords.ProlongedTooOften,
                passwords.NotHandedOver,
                passwords.Expired,
            ),
            beside=live_on,
        ),
        Verb(
            statement=PlanPasswordAgain,
            operation="planPasswordAgain",
            event=_EVENT.HANDOVER_ASKED_AGAIN,
            action=Action.HAND_OVER_AGAIN,
            rule=again,
            refuses=(
                OtherSending,
                passwords.SpokenNotSent,
                passwords.TooManyTries,
                passwords.NotHandedOver,
                passwords.Expired,
            ),
            beside=send_again,
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
            beside=end_all,
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
            beside=end_all,
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
            statement=TalkHeld,
            operation="talkHeld",
            event=_EVENT.TALK_HELD,
            action=Action.TALK,
            rule=knowing(talking.newest, held),
            refuses=(*days.DONE, AnotherPlanIsNewer),
            beside=talking.keep_day,
        ),
        Verb(
            statement=TalkNeeded,
            operation="talkNeeded",
            event=_EVENT.TALK_NEEDED,
            action=Action.TALK,
            rule=knowing(talking.newest, needed),
            refuses=(*days.PLANNED, AnotherPlanIsNewer, LaterThanTheYear),
            beside=talking.keep_day,
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
    notices=frozenset({"lapsed", "talk_nears", "undelivered"}),
)
