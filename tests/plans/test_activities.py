"""A plan's activities: numbered in order, agreed before they are done, one open plan a family."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.plans.activities import (
    TO_AGREE,
    ActivityEndedAlready,
    ActivityNotAgreed,
    ActivityUnknown,
    NumberNotNext,
    OnePerFamily,
    added,
    closed,
    drawn_up,
    ended,
    nothing_left_to_agree,
    pending,
)
from saikne_schemas.plans import ActivityAdded, ActivityEnded, PlanClosed, SupportPlan
from saikne_schemas.vocabulary import DutyKind
from tests.plans.papers import agreed, new, of, scene, supplemented


def test_a_second_open_plan_of_a_family_is_refused_and_the_first_is_named() -> None:
    first = UUID(int=7)
    with pytest.raises(OnePerFamily) as refused:
        drawn_up(of(SupportPlan), scene(), first)
    assert refused.value.facts == {"matter": str(first)}


def test_a_talk_after_the_courts_evaluation_is_taken_with_a_warning() -> None:
    assert drawn_up(of(SupportPlan), scene(), None).warnings == ()
    late = drawn_up(of(SupportPlan, evaluation_on="2026-03-01"), scene(), None)
    assert late.warnings == ("plans.evaluation-passed",)


@pytest.mark.parametrize(
    "changes",
    [
        {"talk_on": "2026-11-21"},
        {
            "activities": [
                {
                    "no": 1,
                    "added_on": "2026-11-21",
                    "category": "teamwork",
                    "parties": ["family"],
                    "ends_on": "2026-12-01",
                }
            ]
        },
    ],
)
def test_nothing_was_planned_tomorrow(changes: dict[str, Any]) -> None:
    with pytest.raises(DateInTheFuture):
        drawn_up(of(SupportPlan, **changes), scene(), None)


def test_an_added_activity_takes_the_next_number_and_awaits_agreement() -> None:
    assert [one.no for one in pending(supplemented())] == [3]
    with pytest.raises(NumberNotNext) as refused:
        added(supplemented(), of(ActivityAdded), scene())
    assert refused.value.facts == {"given": 3, "next": 4}


def test_what_the_family_has_not_agreed_to_is_not_done_but_may_become_irrelevant() -> None:
    with pytest.raises(ActivityNotAgreed):
        ended(new(), of(ActivityEnded), scene())
    marked = ended(new(), of(ActivityEnded, mark="no_longer_relevant"), scene()).content
    assert [one.no for one in pending(marked)] == [2]


def test_an_activity_ends_once_after_it_was_agreed() -> None:
    done = ended(agreed(), of(ActivityEnded), scene()).content
    assert (done.activities[0].mark, done.activities[0].marked_on) == ("done", date(2026, 9, 14))
    with pytest.raises(ActivityEndedAlready):
        ended(done, of(ActivityEnded), scene())
    with pytest.raises(DateBeforeCause):
        ended(agreed(), of(ActivityEnded, on="2026-03-05"), scene())
    with pytest.raises(ActivityUnknown):
        ended(agreed(), of(ActivityEnded, no=3), scene())


def test_a_plan_is_settled_when_the_last_thing_to_agree_becomes_irrelevant() -> None:
    third = of(ActivityEnded, no=3, mark="no_longer_relevant")
    assert nothing_left_to_agree(supplemented(), third)
    assert ended(supplemented(), third, scene()).drops == TO_AGREE
    assert not nothing_left_to_agree(supplemented(), of(ActivityEnded, no=1))
    assert not nothing_left_to_agree(agreed(), of(ActivityEnded, no=1))


def test_a_cooperation_that_ended_without_a_closing_talk_is_closed_with_a_warning() -> None:
    assert closed(agreed(), of(PlanClosed), scene()).warnings == ()
    unasked = closed(agreed(), of(PlanClosed, exit_talk_on=None), scene())
    assert (unasked.warnings, unasked.drops) == (
        ("plans.exit-talk-missing",),
        (*TO_AGREE, DutyKind.YEARLY_TALK),
    )
    over = closed(agreed(), of(PlanClosed, exit_talk_on=None, reason="year_over"), scene())
    assert over.warnings == ()
