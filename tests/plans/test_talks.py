"""A family is talked with at least once a year, before the court's evaluation, and sooner with a reason."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.matters.workflow import Scene, StepNotAllowed
from hub.plans.activities import closed
from hub.plans.talks import (
    AnotherPlanIsNewer,
    InCare,
    LaterThanTheYear,
    a_year_after,
    coming,
    held,
    is_near,
    nears,
    needed,
    to_talk,
)
from saikne_schemas.plan_lists import EarlierTalk, PlanClosedBecause, TalkHow, TalkReason
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import Plan, PlanClosed
from saikne_schemas.vocabulary import DutyKind
from tests.plans.papers import CENTRE, TODAY, agreed, of, scene

YEARLY = date(2027, 3, 2)
"""The example's talk was on 2 March 2026."""


def on(day: date) -> Scene:
    return replace(scene(), today=day, now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def court_on(plan: Plan, day: str) -> Plan:
    said = of(TalkNeeded, reason=None, by=None, evaluation_on=day)
    return needed(plan, said, scene()).content


@pytest.mark.parametrize(
    ("day", "year_later"),
    [("2026-03-02", "2027-03-02"), ("2027-12-31", "2028-12-31"), ("2028-02-29", "2029-02-28")],
)
def test_a_year_ends_on_the_same_day(day: str, year_later: str) -> None:
    assert a_year_after(date.fromisoformat(day)) == date.fromisoformat(year_later)


def test_the_next_talk_is_due_a_year_after_the_one_that_the_plan_followed() -> None:
    plan = agreed()
    assert (coming(plan).by, coming(plan).reason) == (YEARLY, TalkReason.YEARLY)
    older = plan.model_copy(update={"next_talk": None})  # as a hub before this one wrote it
    assert coming(older) == coming(plan)


def test_this_years_deed_dates_the_next_years_duty() -> None:
    outcome = held(agreed(), of(TalkHeld, evaluation_on=None), scene())
    assert (outcome.meets, outcome.done_on) == ((DutyKind.YEARLY_TALK,), date(2026, 9, 14))
    assert outcome.beside == (InCare("AG-7741", date(2026, 9, 14), date(2027, 9, 14)),)
    assert [(one.held_on, one.reviews) for one in outcome.content.talks] == [(date(2026, 9, 14), 2)]


def test_the_talk_comes_before_the_courts_evaluation() -> None:
    plan = court_on(agreed(), "2027-01-20")
    assert (coming(plan).by, coming(plan).reason) == (date(2027, 1, 19), TalkReason.COURT_EVALUATION)
    later = court_on(plan, "2027-02-10")
    assert coming(later).by == date(2027, 2, 9)
    assert coming(court_on(later, "2027-06-01")).by == YEARLY


def test_a_talk_serves_the_evaluation_of_the_year_after_it() -> None:
    plan = court_on(agreed(), "2027-01-20")
    outcome = held(plan, of(TalkHeld, evaluation_on=None), scene())
    assert (outcome.warnings, coming(outcome.content).by) == ((), date(2027, 9, 14))
    assert coming(outcome.content).evaluation_on is None


def test_a_talk_after_the_evaluation_is_taken_with_a_warning() -> None:
    late = held(agreed(), of(TalkHeld, evaluation_on="2026-09-14"), scene())
    assert late.warnings == ("plans.evaluation-passed",)


def test_a_years_talk_without_a_review_is_taken_with_a_warning() -> None:
    assert held(agreed(), of(TalkHeld, reason="yearly"), scene()).warnings == ()
    unfilled = held(agreed(), of(TalkHeld, reason="yearly", reviews=0), scene())
    assert unfilled.warnings == ("plans.review-missing",)
    assert held(agreed(), of(TalkHeld, reviews=0), scene()).warnings == ()


def test_a_new_child_or_changed_circumstances_bring_it_forward() -> None:
    for reason in EarlierTalk:
        outcome = needed(agreed(), of(TalkNeeded, reason=reason.value), scene())
        assert coming(outcome.content).by == date(2026, 12, 18)
        assert coming(outcome.content).wanted_because is reason
        assert coming(outcome.content).reason.value == reason.value
        assert outcome.drops == (DutyKind.YEARLY_TALK,)
        (owed,) = outcome.opens
        assert (owed.kind, owed.owner, owed.starts_on) == (DutyKind.YEARLY_TALK, CENTRE, TODAY)
        assert owed.basis is Basis.TALK_WANTED


@pytest.mark.parametrize("left_out", [{"by": None}, {"reason": None}, {"by": None, "reason": None}])
def test_an_earlier_day_has_its_reason_and_something_is_named(left_out: dict[str, None]) -> None:
    with pytest.raises(ValidationError):
        of(TalkNeeded, **left_out)


def test_what_is_far_away_is_not_owed_yet() -> None:
    outcome = needed(agreed(), of(TalkNeeded, by="2027-02-01"), scene())
    assert (outcome.drops, outcome.opens) == ((DutyKind.YEARLY_TALK,), ())
    assert outcome.beside == (InCare("AG-7741", date(2026, 3, 2), date(2027, 2, 1)),)


def test_the_same_day_again_leaves_what_is_owed_alone() -> None:
    plan = needed(agreed(), of(TalkNeeded), scene()).content
    assert (needed(plan, of(TalkNeeded), scene()).drops, coming(plan).by) == ((), date(2026, 12, 18))


def test_no_plan_puts_a_talk_off_beyond_its_year() -> None:
    with pytest.raises(LaterThanTheYear) as refused:
        needed(agreed(), of(TalkNeeded, by="2027-03-03"), scene())
    assert refused.value.facts == {"day": "2027-03-03", "last": "2027-03-02"}
    with pytest.raises(DateBeforeCause):
        needed(agreed(), of(TalkNeeded, by="2026-11-19"), scene())


@pytest.mark.parametrize(
    ("held_on", "refusal"), [("2026-11-21", DateInTheFuture), ("2026-03-01", DateBeforeCause)]
)
def test_a_talk_was_held_between_the_last_one_and_today(held_on: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        held(agreed(), of(TalkHeld, held_on=held_on, evaluation_on=None), scene())


def test_six_weeks_before_its_day_the_talk_begins_to_be_owed() -> None:
    plan = agreed()
    assert not is_near(plan, date(2027, 1, 18))
    assert is_near(plan, date(2027, 1, 19))


def test_the_duty_ends_on_the_last_worked_day_of_the_year() -> None:
    """2 May 2027 is a Sunday: the talk is held by the Friday before, since a year is not exceeded."""
    plan = agreed().model_copy(update={"talk_on": date(2026, 5, 2), "next_talk": None})
    near = on(date(2027, 4, 19))
    owed = to_talk(plan, near)
    assert (owed.starts_on, owed.basis, owed.working_days) == (near.today, Basis.YEAR_SINCE_TALK, 9)
    (told,) = nears(plan, near).tells
    assert told == (CENTRE, "talk_nears")


def test_a_year_that_has_passed_is_late_at_once() -> None:
    """A family whose plan the hub knew before it knew of talks."""
    plan = agreed().model_copy(update={"talk_on": date(2025, 6, 10), "next_talk": None})
    owed = to_talk(plan, scene())
    assert (owed.starts_on, owed.working_days) == (date(2026, 6, 9), 1)


@pytest.mark.parametrize("rule", [held, needed])
def test_talks_go_on_with_the_newest_plan_until_the_cooperation_ends(rule: Any) -> None:
    said = of({held: TalkHeld, needed: TalkNeeded}[rule])
    assert rule(agreed(), said, scene(), said.matter).beside
    with pytest.raises(AnotherPlanIsNewer) as refused:
        rule(agreed(), said, scene(), UUID(int=7))
    assert refused.value.facts == {"matter": str(UUID(int=7))}
    over = agreed().model_copy(update={"closed_because": PlanClosedBecause.YEAR_OVER})
    assert rule(over, said, scene()).beside
    with pytest.raises(StepNotAllowed):
        rule(over.model_copy(update={"closed_because": PlanClosedBecause.COOPERATION_ENDED}), said, scene())


def test_when_the_years_plan_is_closed_the_talk_is_owed_all_the_same() -> None:
    over = closed(agreed(), of(PlanClosed, reason="year_over", exit_talk_on=None), scene())
    assert DutyKind.YEARLY_TALK not in over.drops
    assert [one.leaves_care for one in over.beside] == [False]
    ended = closed(over.content, of(PlanClosed), scene())
    assert DutyKind.YEARLY_TALK in ended.drops
    assert ([one.leaves_care for one in ended.beside], ended.content.next_talk) == ([True], None)
    for reason in PlanClosedBecause:
        with pytest.raises(StepNotAllowed):
            closed(ended.content, of(PlanClosed, reason=reason.value), scene())


def test_no_statement_has_a_place_for_what_was_said_or_for_a_mark() -> None:
    """The scale 1, 2, 3, n and the notes stay in the family's file, unsigned (method S129)."""
    for beside in ({"marks": ["1", "n"]}, {"notes": "x"}, {"summary": "x"}, {"signed": True}):
        with pytest.raises(ValidationError):
            of(TalkHeld, **beside)
    kept = held(agreed(), of(TalkHeld), scene()).content.talks[0].model_dump()
    assert kept == {"held_on": date(2026, 9, 14), "reason": "new_child", "form": "online", "reviews": 2}


def test_there_is_a_review_for_each_spouse_and_no_third() -> None:
    for reviews in (0, 1, 2):
        assert held(agreed(), of(TalkHeld, reviews=reviews), scene()).content.talks[0].reviews == reviews
    with pytest.raises(ValidationError):
        of(TalkHeld, reviews=3)


@pytest.mark.parametrize("how", TalkHow)
def test_a_talk_is_held_in_person_or_online_and_not_by_telephone(how: TalkHow) -> None:
    """Method S44: by video where the family and the worker do not meet."""
    assert held(agreed(), of(TalkHeld, form=how.value), scene()).content.talks[0].form is how
    with pytest.raises(ValidationError):
        of(TalkHeld, form="phone")
