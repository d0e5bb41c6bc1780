"""By when a family is talked with next: within a year, before the court's evaluation, earlier with a reason.

Source: method S122 (at least once a year; a new child, changed circumstances), S124 (before the orphans'
court's yearly evaluation), S129 (what the review says stays with the centre); domain 2.2. The duty begins
when the day is near (`NEARS`, the hub's own); the day is the method's. Of several days the first counts.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hub.duties.duty import Basis
from hub.kernel.days import arranged, happened
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Owed, Scene, StepNotAllowed
from hub.workdays.calendars import Calendar
from hub.workdays.deadlines import working_days_between
from saikne_schemas.plan_lists import EarlierTalk, PlanClosedBecause, PlanRole, PlanState, TalkReason
from saikne_schemas.plan_talks import FamilyTalk, NextTalk, TalkHeld, TalkNeeded
from saikne_schemas.plans import Plan
from saikne_schemas.vocabulary import DutyKind

NEARS = timedelta(weeks=6)
"""How long before its last day the talk begins to be owed."""
EVALUATION_PASSED = "plans.evaluation-passed"
"""Taken, although the talk was to be held before the court's yearly evaluation (method S124)."""
NO_REVIEW = "plans.review-missing"
"""Taken, although at the year's talk nobody filled in a competence review (method S129)."""
_A_DAY = timedelta(days=1)
_BASES = {TalkReason.YEARLY: Basis.YEAR_SINCE_TALK, TalkReason.COURT_EVALUATION: Basis.EVALUATION_NEARS}


class LaterThanTheYear(Refusal):
    """A talk is held within a year of the last one, whatever is planned; its last day is named."""

    code = "plans.talk-later-than-the-year"


class AnotherPlanIsNewer(Refusal):
    """The family's talks go on with its newest plan; that one is named."""

    code = "plans.another-plan-is-newer"


@dataclass(frozen=True, slots=True)
class InCare:
    """A family in a centre's care: when it was talked with last, and by when that is to be done again."""

    family: str
    talk_on: date
    talk_by: date


def a_year_after(day: date) -> date:
    """29 February is followed by the last of the next February."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def last_talk(plan: Plan) -> date:
    return max([plan.talk_on, *(one.held_on for one in plan.talks)])


def next_talk(
    last: date,
    *,
    wanted_by: date | None = None,
    wanted_because: EarlierTalk | None = None,
    evaluation_on: date | None = None,
) -> NextTalk:
    """The first of the days that count. An evaluation more than a year ahead asks for nothing of its own."""
    reasons = [(a_year_after(last), TalkReason.YEARLY)]
    if evaluation_on is not None:
        reasons.append((evaluation_on - _A_DAY, TalkReason.COURT_EVALUATION))
    if wanted_by is not None and wanted_because is not None:
        reasons.append((wanted_by, TalkReason(wanted_because.value)))
    by, reason = min(reasons, key=lambda one: one[0])
    return NextTalk(
        by=by,
        reason=reason,
        wanted_by=wanted_by,
        wanted_because=wanted_because,
        evaluation_on=evaluation_on,
    )


def coming(plan: Plan) -> NextTalk:
    """Also of a plan that an older hub wrote."""
    return plan.next_talk or next_talk(last_talk(plan))


def in_care(plan: Plan) -> InCare:
    return InCare(plan.family, last_talk(plan), coming(plan).by)


def held(plan: Plan, said: TalkHeld, scene: Scene, newest: UUID | None = None) -> Outcome[Plan, InCare]:
    """It meets what is owed, and the next year counts from it."""
    _goes_on(plan, newest, said.matter)
    happened(said.held_on, scene.today, after=last_talk(plan))
    if said.evaluation_on is not None:
        arranged(said.evaluation_on, scene.today)
    known = said.evaluation_on or coming(plan).evaluation_on
    passed = known is not None and known <= said.held_on
    served = known is not None and known <= a_year_after(said.held_on)
    talk = FamilyTalk(held_on=said.held_on, reason=said.reason, form=said.form, reviews=said.reviews)
    after = plan.model_copy(
        update={
            "talks": [*plan.talks, talk],
            "next_talk": next_talk(said.held_on, evaluation_on=None if served else known),
        }
    )
    unfilled = said.reason is TalkReason.YEARLY and said.reviews == 0
    looks_wrong = ((EVALUATION_PASSED, passed), (NO_REVIEW, unfilled))
    return Outcome(
        after,
        meets=(DutyKind.YEARLY_TALK,),
        done_on=said.held_on,
        facts={"held_on": said.held_on.isoformat(), "reason": said.reason.value},
        warnings=tuple(code for code, it_does in looks_wrong if it_does),
        beside=(in_care(after),),
    )


def needed(plan: Plan, said: TalkNeeded, scene: Scene, newest: UUID | None = None) -> Outcome[Plan, InCare]:
    """Another day than before begins another duty; a stated day stands until it is stated anew."""
    _goes_on(plan, newest, said.matter)
    before, last = coming(plan), last_talk(plan)
    for day in filter(None, (said.by, said.evaluation_on)):
        arranged(day, scene.today, after=scene.today)
    if said.by is not None and said.by > a_year_after(last):
        raise LaterThanTheYear(day=said.by.isoformat(), last=a_year_after(last).isoformat())
    coming_next = next_talk(
        last,
        wanted_by=said.by or before.wanted_by,
        wanted_because=said.reason or before.wanted_because,
        evaluation_on=said.evaluation_on or before.evaluation_on,
    )
    after = plan.model_copy(update={"next_talk": coming_next})
    facts = {"by": coming_next.by.isoformat(), "reason": coming_next.reason.value}
    if coming_next.by == before.by:
        return Outcome(after, facts=facts, beside=(in_care(after),))
    return Outcome(
        after,
        drops=(DutyKind.YEARLY_TALK,),
        opens=(to_talk(after, scene),) if is_near(after, scene.today) else (),
        facts=facts,
        beside=(in_care(after),),
    )


def nears(plan: Plan, scene: Scene) -> Outcome[Plan]:
    """The day has come near: from now on its centre owes the talk, and is told so."""
    return Outcome(plan, opens=(to_talk(plan, scene),), tells=((scene.author, "talk_nears"),))


def is_near(plan: Plan, today: date) -> bool:
    return coming(plan).by - NEARS <= today


def to_talk(plan: Plan, scene: Scene) -> Owed:
    """The last worked day counts that is not after the method's; a day that has passed is late at once."""
    calendar, due = scene.calendar_of(scene.author), coming(plan)
    day = _worked_until(due.by, calendar)
    starts_on = min(scene.today, _worked_until(day - _A_DAY, calendar))
    basis = _BASES.get(due.reason, Basis.TALK_WANTED)
    days = working_days_between(starts_on, day, calendar)
    return Owed(DutyKind.YEARLY_TALK, scene.author, starts_on, basis, working_days=days)


def _worked_until(day: date, calendar: Calendar) -> date:
    while not calendar.is_worked(day):  # ends: a year that nobody entered is refused
        day -= _A_DAY
    return day


def not_when_closed(action: str) -> StepNotAllowed:
    """A plan that is closed since its year is over takes it, any other closed one does not."""
    return StepNotAllowed(state=PlanState.CLOSED.value, action=action, role=PlanRole.CENTRE.value)


def _goes_on(plan: Plan, newest: UUID | None, matter: UUID) -> None:
    """Only while the centre and the family work together, and with the family's newest plan."""
    if plan.closed_because is PlanClosedBecause.COOPERATION_ENDED:
        raise not_when_closed("talk")
    if newest not in {None, matter}:
        raise AnotherPlanIsNewer(matter=str(newest))
