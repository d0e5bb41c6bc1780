"""When a move takes effect: the month-end rule for every kind of month."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.transfers.effective_date import last_working_days, latest_notice_day, move_date
from hub.workdays.calendars import Calendar, YearNotKnown
from hub.workdays.deadlines import working_days_between
from hub.workdays.seed import seed_calendars

LATVIA = seed_calendars()
EITHER = st.sampled_from([LATVIA.statutory, LATVIA.moved])
DAYS = st.dates(date(2018, 1, 1), date(2036, 12, 30))

# domain 6.3: the last day of 2026's months on which a notice is on time
LATEST_2026 = ["01-27", "02-24", "03-26", "04-27", "05-26", "06-25"]
LATEST_2026 += ["07-28", "08-26", "09-27", "10-27", "11-25", "12-27"]


def day(written: str) -> date:
    return date.fromisoformat(written)


@pytest.mark.parametrize("latest", LATEST_2026)
def test_the_latest_notice_days_of_2026_hold(latest: str) -> None:
    expected = day(f"2026-{latest}")
    assert latest_notice_day(2026, expected.month, LATVIA.statutory) == expected


def test_moved_days_shift_only_june_in_2025_and_2026() -> None:
    months = [(year, month) for year in (2025, 2026) for month in range(1, 13)]
    shifted = [
        latest_notice_day(year, month, LATVIA.moved)
        for year, month in months
        if latest_notice_day(year, month, LATVIA.moved) != latest_notice_day(year, month, LATVIA.statutory)
    ]
    assert shifted == [day("2026-06-26")]


def test_the_last_three_working_days_pass_over_holidays() -> None:
    december = last_working_days(2025, 12, LATVIA.statutory)
    april = last_working_days(2026, 4, LATVIA.statutory)
    assert [one.day for one in december] == [23, 29, 30]
    assert [one.day for one in april] == [28, 29, 30]


@pytest.mark.parametrize(
    ("notice", "on_time"),
    [
        ("2026-05-26", True),  # May ends on a Sunday: 27, 28 and 29 May remain
        ("2026-05-27", False),
        ("2026-05-30", False),  # a Saturday inside the last three working days
        ("2026-05-31", False),
        ("2026-02-24", True),  # February ends on a Saturday
        ("2026-02-25", False),
        ("2028-02-24", True),  # a leap February that ends on a Tuesday
        ("2028-02-25", False),
        ("2026-09-27", True),  # a Sunday before three working days
        ("2026-09-28", False),
        ("2025-12-22", True),  # the year's end is a public holiday
        ("2025-12-23", False),
        ("2025-12-31", False),
        ("2026-01-01", True),
        ("2026-06-25", True),
        ("2026-06-26", False),
    ],
)
def test_a_notice_is_on_time_when_three_working_days_remain(notice: str, *, on_time: bool) -> None:
    assert move_date(day(notice), LATVIA.statutory).on_time is on_time


def test_a_worked_saturday_remains_for_a_centre_with_moved_days() -> None:
    assert move_date(day("2026-06-26"), LATVIA.moved).on_time


def test_a_notice_on_time_moves_the_family_on_the_first_and_leaves_no_choice() -> None:
    move = move_date(day("2026-11-02"), LATVIA.statutory)
    assert (move.effective_on, move.latest_if_continued) == (day("2026-12-01"), None)


def test_a_late_notice_lets_the_previous_centre_keep_the_family_a_month() -> None:
    move = move_date(day("2026-11-27"), LATVIA.statutory)
    assert (move.effective_on, move.latest_if_continued) == (day("2026-12-01"), day("2027-01-01"))


def test_a_late_notice_in_december_reaches_into_february() -> None:
    move = move_date(day("2026-12-31"), LATVIA.statutory)
    assert (move.effective_on, move.latest_if_continued) == (day("2027-01-01"), day("2027-02-01"))


def test_a_move_says_what_it_was_counted_with() -> None:
    move = move_date(day("2027-03-01"), LATVIA.moved)
    assert (move.policy, move.version, move.confirmed) == ("moved", LATVIA.moved.version, False)
    assert not move_date(day("2027-03-01"), LATVIA.statutory).confirmed  # a day may yet be proclaimed
    assert move_date(day("2026-03-02"), LATVIA.statutory).confirmed


@pytest.mark.parametrize("notice", [date.min, day("2051-01-01"), date.max])
def test_a_notice_in_a_year_without_a_calendar_is_refused(notice: date) -> None:
    with pytest.raises(YearNotKnown) as refused:
        move_date(notice, LATVIA.statutory)
    assert refused.value.code == "workdays.year-not-known"


@settings(deadline=None)
@given(notice=DAYS, calendar=EITHER)
def test_the_rule_is_three_worked_days_strictly_after_the_notice(notice: date, calendar: Calendar) -> None:
    move = move_date(notice, calendar)
    month_end = move.effective_on - timedelta(days=1)
    assert move.on_time is (working_days_between(notice, month_end, calendar) >= 3)
    assert (month_end.year, month_end.month) == (notice.year, notice.month)


@settings(deadline=None)
@given(notice=DAYS, calendar=EITHER)
def test_late_and_on_time_leave_no_gap_between_them(notice: date, calendar: Calendar) -> None:
    latest = latest_notice_day(notice.year, notice.month, calendar)
    assert move_date(latest, calendar).on_time
    assert not move_date(latest + timedelta(days=1), calendar).on_time
    assert calendar.is_worked(latest + timedelta(days=1))


@settings(deadline=None)
@given(notice=DAYS, calendar=EITHER)
def test_a_later_notice_never_moves_a_family_earlier(notice: date, calendar: Calendar) -> None:
    today, tomorrow = move_date(notice, calendar), move_date(notice + timedelta(days=1), calendar)
    assert today.effective_on <= tomorrow.effective_on
