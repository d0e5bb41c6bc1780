"""Terms in working days: the method's worked cases, and what must hold for every day."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.workdays.calendars import Calendar, DayKind, Policy, SpecialDay, YearNotKnown, calendars
from hub.workdays.deadlines import TermOutOfRange, both, term, working_days_before, working_days_between
from hub.workdays.seed import seed, seed_calendars

LATVIA = seed_calendars()
EITHER = st.sampled_from([LATVIA.statutory, LATVIA.moved])
DAYS = st.dates(date(2018, 1, 1), date(2036, 12, 31))
TERMS = st.integers(1, 60)

# domain 6.3: event, then due by statute and with moved days after 3 and after 10 working days
WORKED_CASES = [
    ("2024-12-09", "2024-12-12", "2024-12-12", "2024-12-23", "2024-12-20"),
    ("2024-12-20", "2024-12-30", "2025-01-02", "2025-01-10", "2025-01-13"),
    ("2025-04-30", "2025-05-07", "2025-05-08", "2025-05-16", "2025-05-16"),
    ("2025-11-03", "2025-11-06", "2025-11-06", "2025-11-17", "2025-11-14"),
    ("2025-11-06", "2025-11-11", "2025-11-10", "2025-11-21", "2025-11-21"),
    ("2026-01-05", "2026-01-08", "2026-01-08", "2026-01-19", "2026-01-17"),
    ("2026-03-26", "2026-03-31", "2026-03-31", "2026-04-13", "2026-04-13"),
    ("2026-06-10", "2026-06-15", "2026-06-15", "2026-06-26", "2026-06-27"),
    ("2026-06-18", "2026-06-25", "2026-06-26", "2026-07-06", "2026-07-06"),
    ("2026-11-14", "2026-11-19", "2026-11-19", "2026-11-30", "2026-11-30"),
    ("2026-11-20", "2026-11-25", "2026-11-25", "2026-12-04", "2026-12-04"),
    ("2026-12-18", "2026-12-23", "2026-12-23", "2027-01-07", "2027-01-07"),
]
# domain 6.3: a transfer on the first of a month of 2026 is registered by this day
REGISTER_DAYS = [
    ("2026-01-01", "2026-01-06"),
    ("2026-02-01", "2026-02-04"),
    ("2026-03-01", "2026-03-04"),
    ("2026-04-01", "2026-04-08"),
    ("2026-05-01", "2026-05-07"),
    ("2026-06-01", "2026-06-04"),
    ("2026-07-01", "2026-07-06"),
    ("2026-08-01", "2026-08-05"),
    ("2026-09-01", "2026-09-04"),
    ("2026-10-01", "2026-10-06"),
    ("2026-11-01", "2026-11-04"),
    ("2026-12-01", "2026-12-04"),
]
# features N1, and days that a careless clock gets wrong
OTHER_CASES = [
    ("2026-04-27", 10, "2026-05-13"),
    ("2026-11-09", 10, "2026-11-24"),
    ("2026-12-14", 10, "2026-12-30"),
    ("2028-02-25", 3, "2028-03-01"),  # 29 February is a working Tuesday
    ("2024-02-28", 1, "2024-02-29"),
    ("2027-02-26", 1, "2027-03-01"),  # a common year, and a Friday
    ("2025-12-30", 1, "2026-01-02"),  # New Year's Eve and New Year's Day
    ("2025-12-23", 3, "2026-01-02"),  # three Christmas days and a weekend between
    ("2024-03-28", 1, "2024-04-02"),  # Easter: Friday to Monday
    ("2025-04-17", 3, "2025-04-24"),
    ("2025-06-20", 1, "2025-06-25"),  # midsummer joined to a weekend
    ("2027-06-22", 1, "2027-06-25"),
    ("2024-05-03", 1, "2024-05-07"),  # 4 May on a Saturday: Monday is off
    ("2025-05-02", 1, "2025-05-06"),  # 4 May on a Sunday
    ("2023-11-17", 1, "2023-11-21"),  # 18 November on a Saturday
    ("2018-11-16", 1, "2018-11-20"),  # 18 November on a Sunday
    ("2018-07-06", 1, "2018-07-10"),  # after the Song Festival
    ("2018-09-21", 1, "2018-09-25"),  # the Pope's visit
    ("2023-05-26", 1, "2023-05-30"),  # hockey
    ("2023-07-07", 1, "2023-07-11"),  # after the Song Festival
    ("2028-07-07", 1, "2028-07-11"),  # after the Song Festival, before the library knew
]


def day(written: str) -> date:
    return date.fromisoformat(written)


@pytest.mark.parametrize(("event", "three", "three_moved", "ten", "ten_moved"), WORKED_CASES)
def test_the_worked_cases_hold_by_both_calendars(
    event: str, three: str, three_moved: str, ten: str, ten_moved: str
) -> None:
    in_three = both(day(event), 3, LATVIA, Policy.STATUTORY)
    in_ten = both(day(event), 10, LATVIA, Policy.STATUTORY)
    assert (in_three.due_on, in_three.alt_due_on) == (day(three), day(three_moved))
    assert (in_ten.due_on, in_ten.alt_due_on) == (day(ten), day(ten_moved))


@pytest.mark.parametrize(("transfer", "registered_by"), REGISTER_DAYS)
def test_a_move_is_registered_within_three_working_days(transfer: str, registered_by: str) -> None:
    assert term(day(transfer), 3, LATVIA.statutory).due_on == day(registered_by)


def test_only_the_new_year_move_of_2026_shifts_a_register_day() -> None:
    shifted = {
        transfer: term(day(transfer), 3, LATVIA.moved).due_on
        for transfer, registered_by in REGISTER_DAYS
        if term(day(transfer), 3, LATVIA.moved).due_on != day(registered_by)
    }
    assert shifted == {"2026-01-01": day("2026-01-07")}


@pytest.mark.parametrize(("event", "working_days", "due"), OTHER_CASES)
def test_holidays_leap_days_and_year_ends_are_counted_rightly(
    event: str, working_days: int, due: str
) -> None:
    assert term(day(event), working_days, LATVIA.statutory).due_on == day(due)


def test_a_term_explains_every_day_it_passes() -> None:
    passed = term(day("2025-05-01"), 3, LATVIA.moved).explanation
    assert [(one.day.day, one.why, one.counted) for one in passed] == [
        (2, DayKind.MOVED_DAY_OFF, None),
        (3, DayKind.WEEKEND, None),
        (4, DayKind.PUBLIC_HOLIDAY, None),
        (5, DayKind.PUBLIC_HOLIDAY, None),
        (6, DayKind.WORKING_DAY, 1),
        (7, DayKind.WORKING_DAY, 2),
        (8, DayKind.WORKING_DAY, 3),
    ]
    assert passed[2].name == "Latvijas Republikas Neatkarības atjaunošanas diena"


def test_a_worked_saturday_is_counted_and_named() -> None:
    last = term(day("2026-06-10"), 10, LATVIA.moved).explanation[-1]
    assert last.as_json() == {"date": "2026-06-27", "why": "worked-saturday", "counted": 10}


def test_a_term_that_reaches_2027_is_not_confirmed_by_either_calendar() -> None:
    terms = both(day("2026-12-18"), 10, LATVIA, Policy.MOVED)
    assert (terms.own.confirmed, terms.other.confirmed) == (False, False)


def test_a_term_inside_a_confirmed_year_is_confirmed_even_from_an_unconfirmed_one() -> None:
    assert term(day("2016-12-31"), 3, LATVIA.moved).confirmed


def test_years_without_moves_are_confirmed() -> None:
    assert all(term(date(year, 6, 1), 10, LATVIA.moved).confirmed for year in (2019, 2022))


@pytest.mark.parametrize("working_days", [-1, 0, 367])
def test_a_term_without_sense_is_refused(working_days: int) -> None:
    with pytest.raises(TermOutOfRange) as refused:
        term(day("2026-01-05"), working_days, LATVIA.statutory)
    assert refused.value.code == "workdays.term-out-of-range"


@pytest.mark.parametrize("event", [date.min, day("2006-12-29"), day("2050-12-29"), date.max])
def test_a_year_without_a_calendar_is_refused(event: date) -> None:
    with pytest.raises(YearNotKnown) as refused:
        term(event, 10, LATVIA.statutory)
    assert refused.value.code == "workdays.year-not-known"


def test_reminders_go_out_on_working_days_before() -> None:
    due = day("2026-05-05")  # a Tuesday after 1 May, a weekend and 4 May
    assert working_days_before(due, 1, LATVIA.statutory) == day("2026-04-30")
    assert working_days_before(due, 3, LATVIA.statutory) == day("2026-04-28")


def test_what_one_edition_counted_is_not_said_of_the_next() -> None:
    monday, friday = date(2026, 12, 7), date(2026, 12, 11)
    off = SpecialDay(date(2026, 12, 9), DayKind.PUBLIC_HOLIDAY, "Svētki")
    editions = [calendars(1, seed().days, seed().years), calendars(2, [*seed().days, off], seed().years)]
    assert [working_days_between(monday, friday, one.statutory) for one in editions] == [4, 3]


def test_days_left_and_days_late_are_one_count() -> None:
    assert working_days_between(day("2026-04-30"), day("2026-05-06"), LATVIA.statutory) == 2
    assert working_days_between(day("2026-05-06"), day("2026-04-30"), LATVIA.statutory) == -2
    assert working_days_between(day("2026-05-06"), day("2026-05-06"), LATVIA.statutory) == 0


@settings(deadline=None)
@given(event=DAYS, working_days=TERMS, calendar=EITHER)
def test_the_last_day_is_worked_and_is_the_nth(event: date, working_days: int, calendar: Calendar) -> None:
    due = term(event, working_days, calendar).due_on
    assert calendar.is_worked(due)
    assert working_days_between(event, due, calendar) == working_days


@settings(deadline=None)
@given(event=DAYS, later=st.integers(0, 40), working_days=TERMS, calendar=EITHER)
def test_a_later_event_is_never_due_earlier(
    event: date, later: int, working_days: int, calendar: Calendar
) -> None:
    first = term(event, working_days, calendar).due_on
    assert first <= term(event + timedelta(days=later), working_days, calendar).due_on


@settings(deadline=None)
@given(event=DAYS, working_days=TERMS, calendar=EITHER)
def test_counting_back_undoes_counting_forward(event: date, working_days: int, calendar: Calendar) -> None:
    start = term(event, 1, calendar).due_on
    due = term(start, working_days, calendar).due_on
    assert working_days_before(due, working_days, calendar) == start


@settings(deadline=None)
@given(event=DAYS, working_days=TERMS)
def test_another_clock_agrees_on_the_statutory_term(event: date, working_days: int) -> None:
    off = [np.datetime64(one) for one in LATVIA.statutory.special]
    due = np.busday_offset(np.datetime64(event), working_days, roll="backward", holidays=off)
    assert term(event, working_days, LATVIA.statutory).due_on == due.item()


@settings(deadline=None)
@given(event=DAYS, working_days=TERMS, calendar=EITHER)
def test_the_explanation_is_every_day_after_the_event(
    event: date, working_days: int, calendar: Calendar
) -> None:
    counted = term(event, working_days, calendar)
    passed = [one.day for one in counted.explanation]
    assert passed == [event + timedelta(days=n) for n in range(1, len(passed) + 1)]
    assert passed[-1] == counted.due_on
    assert [one.counted for one in counted.explanation if one.counted] == list(range(1, working_days + 1))
