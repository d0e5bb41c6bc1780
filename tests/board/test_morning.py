"""Who stands in whose letter on which day, and when none goes out: the rule alone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.board.morning import NOT_AFTER, Rule, Since, is_named
from hub.kernel.clock import RIGA
from hub.people.person import PersonRole
from hub.workdays.seed import seed_calendars

STATUTORY = seed_calendars().statutory
DUE = date(2026, 11, 20)
"""A Friday; Wednesday the 18th was a holiday."""


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (Since.BEFORE_3, date(2026, 11, 16)),
        (Since.BEFORE_1, date(2026, 11, 19)),
        (Since.LAST_DAY, DUE),
        (Since.LATE_1, date(2026, 11, 23)),
        (Since.LATE_3, date(2026, 11, 25)),
        (Since.LATE_5, date(2026, 11, 27)),
    ],
)
def test_a_duty_is_named_from_its_step_on_and_every_day_after(since: Since, first: date) -> None:
    for away in range(-30, 30):
        day = first + timedelta(days=away)
        assert is_named(since, DUE, day, STATUTORY) is (away >= 0), day


def test_never_is_never() -> None:
    assert not any(is_named(Since.NEVER, DUE, DUE + timedelta(days=n), STATUTORY) for n in range(-30, 60))


@given(st.times(), st.times(), st.times())
def test_quiet_hours_may_span_midnight(begins: time, ends: time, at: time) -> None:
    rule = Rule(quiet_from=begins, quiet_until=ends)
    now = datetime(2026, 11, 30, at.hour, at.minute, at.second, at.microsecond, tzinfo=RIGA)
    inside = begins <= at < ends if begins <= ends else not ends <= at < begins
    assert rule.is_quiet(now) is inside
    assert not Rule().is_quiet(now)


def at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, RIGA).astimezone(UTC)


@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 6, 30)], ids=["winter", "summer"])
def test_a_letter_is_written_on_the_morning_of_a_working_day_in_riga(day: date) -> None:
    rule = Rule(at=time(8, 30))
    assert not rule.is_morning(at(day, time(8, 29)), STATUTORY)
    assert rule.is_morning(at(day, time(8, 30)), STATUTORY)
    assert not rule.is_morning(at(day, NOT_AFTER), STATUTORY)


@pytest.mark.parametrize("day", [date(2026, 11, 18), date(2026, 11, 28), date(2026, 11, 29)])
def test_no_letter_is_written_on_a_day_off(day: date) -> None:
    assert not Rule().is_morning(at(day, time(9)), STATUTORY)


def test_who_owes_nothing_is_told_nothing() -> None:
    rule = Rule(coordinators=Since.LATE_1, workers=Since.BEFORE_3)
    assert {role: rule.since(role) for role in PersonRole} == {
        PersonRole.COORDINATOR: Since.LATE_1,
        PersonRole.SOCIAL_WORKER: Since.BEFORE_3,
        PersonRole.OVERSEER: Since.NEVER,
        PersonRole.OPERATOR: Since.NEVER,
    }
