"""What a plan holds: its activities, which of them await the family's agreement, and when one has ended.

Source: method S50 (the fields of an activity), S131 (one plan a family), S135 (supplements), S155. How the
family agrees is `agreeing`.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.duties.duty import Basis
from hub.kernel.days import arranged, happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene
from hub.passwords.handover import ErasedBecause
from hub.plans.talks import EVALUATION_PASSED, last_talk, next_talk, not_when_closed
from saikne_schemas.plan_lists import ActivityMark, PlanClosedBecause, PlanRole, PlanState
from saikne_schemas.plans import (
    ActivityAdded,
    ActivityEnded,
    ActivityView,
    Plan,
    PlanClosed,
    PlannedActivity,
    SupportPlan,
)
from saikne_schemas.vocabulary import DutyKind

NO_EXIT_TALK = "plans.exit-talk-missing"
"""Taken, although nobody asked the family how it rates the cooperation that has ended (method S155)."""
TO_AGREE = (DutyKind.SEND_PLAN, DutyKind.CONFIRM_PLAN)
"""What is owed while the family has yet to agree to something."""


_YEAR_OVER, _ENDED = PlanClosedBecause.YEAR_OVER, PlanClosedBecause.COOPERATION_ENDED


@dataclass(frozen=True, slots=True)
class Parting:
    """A plan that is closed gives its family's place back."""

    leaves_care: bool
    """The centre and the family work together no more."""


class OnePerFamily(Refusal):
    """The family has an open plan at this centre; that one is named."""

    code = "plans.one-per-family"


class NothingToAgree(Refusal):
    """Every activity is agreed or has ended: there is nothing to send or sign."""

    code = "plans.nothing-to-agree"


class ActivityUnknown(Refusal):
    """The plan has no activity of this number."""

    code = "plans.activity-unknown"


class NumberNotNext(Refusal):
    """A new activity takes the number after the last."""

    code = "plans.number-not-next"


class ActivityNotAgreed(Refusal):
    """What the family has not agreed to is not carried out."""

    code = "plans.activity-not-agreed"


class ActivityEndedAlready(Refusal):
    code = "plans.activity-ended-already"


def parties(plan: SupportPlan) -> list[tuple[UUID, PlanRole]]:
    return [(plan.centre, PlanRole.CENTRE)]


def pending(plan: Plan) -> list[ActivityView]:
    """The activities that the family has yet to agree to."""
    return [one for one in plan.activities if one.agreed_on is None and one.mark is None]


def recorded(plan: Plan, day: date | None) -> Plan:
    """Column 10 of what the family has yet to agree to: on which day it was sent, if it was (method S133)."""
    awaited = {one.no for one in pending(plan)}
    activities = [
        one.model_copy(update={"sent_on": day}) if one.no in awaited else one for one in plan.activities
    ]
    return plan.model_copy(update={"activities": activities})


def drawn_up(plan: SupportPlan, scene: Scene, open_plan: UUID | None) -> Outcome[Plan]:
    """`open_plan`: the matter of this family's open plan, if there is one."""
    if open_plan is not None:
        raise OnePerFamily(matter=str(open_plan))
    happened(plan.talk_on, scene.today)
    if plan.evaluation_on is not None:
        arranged(plan.evaluation_on, scene.today)
    for activity in plan.activities:
        _in_time(activity, scene)
    content = Plan(
        family=plan.family,
        year=plan.year,
        talk_on=plan.talk_on,
        evaluation_on=plan.evaluation_on,
        plan_sha256=plan.plan_sha256,
        activities=[_new(activity) for activity in plan.activities],
        next_talk=next_talk(plan.talk_on),
    )
    passed = plan.evaluation_on is not None and plan.evaluation_on < plan.talk_on
    return Outcome(
        content,
        opens=(to_send(scene),),
        facts={"plan": plan.plan_sha256, "activities": len(plan.activities)},
        warnings=(EVALUATION_PASSED,) if passed else (),
    )


def to_send(scene: Scene) -> Owed:
    """The family is to sign the plan, or to be sent it."""
    return Owed(DutyKind.SEND_PLAN, scene.author, scene.today, Basis.PLAN_CHANGED)


def to_confirm(sent_on: date, scene: Scene) -> Owed:
    """The family's answer is to be got and told."""
    return Owed(DutyKind.CONFIRM_PLAN, scene.author, sent_on, Basis.PLAN_SENT)


def _new(activity: PlannedActivity) -> ActivityView:
    return ActivityView.model_validate(activity.model_dump())


def added(plan: Plan, addition: ActivityAdded, scene: Scene) -> Outcome[Plan]:
    activity, number = addition.activity, len(plan.activities) + 1
    if activity.no != number:
        raise NumberNotNext(given=activity.no, next=number)
    _in_time(activity, scene)
    said = {"activities": [*plan.activities, _new(activity)], "plan_sha256": addition.plan_sha256}
    return Outcome(
        plan.model_copy(update=said),
        drops=(DutyKind.SEND_PLAN,),  # counted anew from what was added last
        opens=(to_send(scene),),
        facts={"plan": addition.plan_sha256, "activity": activity.no},
    )


def _in_time(activity: PlannedActivity, scene: Scene) -> None:
    happened(activity.added_on, scene.today)
    arranged(activity.ends_on, scene.today, after=activity.added_on)


def with_mark(plan: Plan, ending: ActivityEnded) -> Plan:
    """The plan after an activity has ended; an unknown number leaves it as it is."""
    mark = {"mark": ending.mark, "marked_on": ending.on}
    activities = [one.model_copy(update=mark) if one.no == ending.no else one for one in plan.activities]
    return plan.model_copy(update={"activities": activities})


def nothing_left_to_agree(plan: Plan, ending: ActivityEnded) -> bool:
    """Whether this takes the last activity that awaits agreement out of a plan that is agreed otherwise."""
    agreed_otherwise = any(one.agreed_on for one in plan.activities)
    return agreed_otherwise and bool(pending(plan)) and not pending(with_mark(plan, ending))


def ended(plan: Plan, ending: ActivityEnded, scene: Scene) -> Outcome[Plan, ErasedBecause]:
    activity = next((one for one in plan.activities if one.no == ending.no), None)
    if activity is None:
        raise ActivityUnknown(given=ending.no)
    if activity.mark is not None:
        raise ActivityEndedAlready(given=ending.no, mark=activity.mark.value)
    if ending.mark is ActivityMark.DONE and activity.agreed_on is None:
        raise ActivityNotAgreed(given=ending.no)
    happened(ending.on, scene.today, after=activity.agreed_on or activity.added_on)
    settled = nothing_left_to_agree(plan, ending)
    return Outcome(
        with_mark(plan, ending),
        to=PlanState.AGREED if settled else None,
        drops=TO_AGREE if settled else (),
        facts={"activity": ending.no, "mark": ending.mark.value},
        beside=(ErasedBecause.WITHDRAWN,) if settled else (),
    )


def closed(plan: Plan, closing: PlanClosed, scene: Scene) -> Outcome[Plan, Parting]:
    """When its year is over the family stays in the centre's care: the next talk is owed all the same."""
    if plan.closed_because and (plan.closed_because, closing.reason) != (_YEAR_OVER, _ENDED):
        raise not_when_closed("close")
    stated = (last_talk(plan), plan.sent_on, plan.confirmed_on, plan.closed_on)
    happened(closing.closed_on, scene.today, after=max(day for day in stated if day is not None))
    if closing.exit_talk_on is not None:
        happened(closing.exit_talk_on, scene.today, after=plan.talk_on)
    said: dict[str, object] = {
        "closed_on": closing.closed_on,
        "closed_because": closing.reason,
        "exit_talk_on": closing.exit_talk_on,
    }
    ended = closing.reason is _ENDED
    if ended:
        said["next_talk"] = None
    unasked = ended and closing.exit_talk_on is None
    return Outcome(
        plan.model_copy(update=said),
        drops=(*TO_AGREE, DutyKind.YEARLY_TALK) if ended else TO_AGREE,
        warnings=(NO_EXIT_TALK,) if unasked else (),
        beside=(Parting(leaves_care=ended),),
    )
