"""Reminders come 3 and 1 working days before, on the day, and after, until the cause is gone."""

from datetime import date, timedelta

import pytest

from hub.duties.duty import Standing, standing
from hub.duties.ladder import is_overdue_rung, rungs_passed
from hub.workdays.calendars import Calendar, calendars
from hub.workdays.seed import seed

FRIDAY = date(2026, 12, 4)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    first = seed()
    return calendars(1, first.days, first.years).statutory


@pytest.mark.parametrize(
    ("today", "rungs"),
    [
        (date(2026, 11, 30), 0),
        (date(2026, 12, 1), 1),
        (date(2026, 12, 2), 1),
        (date(2026, 12, 3), 2),
        (date(2026, 12, 4), 3),
        (date(2026, 12, 5), 3),
        (date(2026, 12, 6), 3),
        (date(2026, 12, 7), 4),
        (date(2026, 12, 11), 4),
        (date(2026, 12, 14), 5),
        (date(2026, 12, 21), 6),
    ],
)
def test_a_ladder_around_a_friday(calendar: Calendar, today: date, rungs: int) -> None:
    assert rungs_passed(FRIDAY, today, calendar) == rungs


def test_rungs_never_go_down_and_overdue_begins_after_the_day(calendar: Calendar) -> None:
    days = [date(2026, 11, 20) + timedelta(days=n) for n in range(60)]
    rungs = [rungs_passed(FRIDAY, day, calendar) for day in days]
    assert rungs == sorted(rungs)
    assert not any(is_overdue_rung(r) for day, r in zip(days, rungs, strict=True) if day <= FRIDAY)
    assert all(is_overdue_rung(r) for day, r in zip(days, rungs, strict=True) if day >= date(2026, 12, 7))


def test_the_last_day_is_not_late_and_the_next_is(calendar: Calendar) -> None:
    assert standing(FRIDAY, None, FRIDAY, calendar) == Standing(False, 1, 0)
    assert standing(FRIDAY, None, date(2026, 12, 5), calendar) == Standing(True, 0, 0)
    assert standing(FRIDAY, None, date(2026, 12, 8), calendar) == Standing(True, 0, 2)
