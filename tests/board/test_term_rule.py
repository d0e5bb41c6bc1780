"""The row of boxes says what the words beside it say, whatever the term and the day."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.board.term_rule import LATE_AT_MOST, Mark, rule_of
from hub.duties.duty import days_late, standing
from hub.workdays.deadlines import term
from hub.workdays.seed import seed_calendars
from saikne_schemas.views import DayCount

CALENDAR = seed_calendars().statutory
STARTS = date(2026, 12, 18)
"""The Friday before Christmas: a term with many days off in it."""


def duty(start: date, working_days: int, today: date) -> Any:
    """As far as the row of boxes looks at a duty's view."""
    counted = term(start, working_days, CALENDAR)
    return SimpleNamespace(
        due_on=counted.due_on,
        overdue=standing(counted.due_on, None, today, CALENDAR).overdue,
        days=[
            DayCount(day=one.day, counted=one.counted is not None, why=one.why) for one in counted.explanation
        ],
    )


@given(
    st.integers(0, 200).map(lambda days: date(2026, 1, 5) + timedelta(days=days)),
    st.integers(1, 15),
    st.integers(-3, 60),
    st.booleans(),
)
def test_as_many_boxes_as_working_days_and_pointed_ones_for_what_is_late(
    start: date,
    working_days: int,
    passed: int,
    large: bool,  # noqa: FBT001
) -> None:
    today = start + timedelta(days=passed)
    view = duty(start, working_days, today)
    places = rule_of(view, CALENDAR, today, large=large)
    boxes = [one for one in places if one.mark is not Mark.OFF]
    late = [one for one in boxes if one.mark is Mark.OVER]
    assert len(boxes) - len(late) == working_days
    assert len(late) == min(LATE_AT_MOST, max(0, days_late(view.due_on, today, CALENDAR)))
    assert [one.day for one in boxes if one.due] == [view.due_on]
    assert sum(one.mark is Mark.NOW for one in boxes) <= 1
    assert all(one.day == today for one in boxes if one.mark is Mark.NOW)
    assert [one.x for one in places] == sorted({one.x for one in places})


@pytest.mark.parametrize(
    ("today", "drawn"),
    [
        (date(2026, 12, 18), "·aaa·aaa·a"),
        (date(2026, 12, 22), "·pna·aaa·a"),
        (date(2026, 12, 25), "·ppp·aaa·a"),
        (date(2027, 1, 4), "·ppp·ppp·n"),
        (date(2027, 1, 6), "·ppp·ppp·poo"),
    ],
)
def test_a_term_over_christmas(today: date, drawn: str) -> None:
    """21 to 23 and 28 to 30 December, 4 January: free stretches are one dot each."""
    letters = {Mark.PAST: "p", Mark.NOW: "n", Mark.AHEAD: "a", Mark.OVER: "o", Mark.OFF: "·"}
    places = rule_of(duty(STARTS, 7, today), CALENDAR, today)
    assert "".join(letters[one.mark] for one in places) == drawn
