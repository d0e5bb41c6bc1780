"""The two calendars of Latvia as they are seeded, against the law's text and the library they came from."""

import os
import subprocess
import sys
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.workdays.calendars import DayKind, Policy, SpecialDay, YearNotKnown, calendars
from hub.workdays.deadlines import term
from hub.workdays.library import PROCLAIMED, seed_text
from hub.workdays.seed import seed, seed_calendars

LATVIA = seed_calendars()
SEED_FILE = Path(__file__).parents[2] / "hub" / "workdays" / "latvia.json"
YEARS = range(2018, 2037)
BEYOND_THE_LIBRARY = {date(2028, 7, 10)}
LIBRARY = holidays.country_holidays("LV", years=range(2007, 2051), language="lv")

# domain 6.2: the day off and the Saturday worked instead
CABINET_MOVES = {
    2018: [("2018-04-30", "2018-04-21")],
    2019: [],
    2020: [("2020-06-22", "2020-06-13")],
    2021: [("2021-05-03", "2021-05-08"), ("2021-06-25", "2021-06-19"), ("2021-11-19", "2021-11-13")],
    2022: [],
    2023: [("2023-05-05", "2023-05-20")],
    2024: [("2024-12-23", "2024-12-14"), ("2024-12-30", "2024-12-28")],
    2025: [("2025-05-02", "2025-05-10"), ("2025-11-17", "2025-11-08")],
    2026: [("2026-01-02", "2026-01-17"), ("2026-06-22", "2026-06-27")],
    2027: [],
}


def easter(year: int) -> date:
    """Gauss's rule as Meeus and Jones wrote it for the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    w = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    n = h + w - 7 * ((a + 11 * h + 22 * w) // 451) + 114
    return date(year, n // 31, n % 31 + 1)


def moves(year: int) -> list[tuple[str, str]]:
    return [
        (one.day.isoformat(), one.other_half.isoformat())
        for one in LATVIA.moved.special.values()
        if one.kind is DayKind.MOVED_DAY_OFF and one.other_half and one.day.year == year
    ]


@pytest.mark.parametrize("year", CABINET_MOVES)
def test_the_cabinets_moves_are_those_of_its_orders(year: int) -> None:
    assert moves(year) == CABINET_MOVES[year]


@pytest.mark.parametrize("year", CABINET_MOVES)
def test_both_calendars_are_confirmed_up_to_2026(year: int) -> None:
    assert LATVIA.moved.confirmed(year) is LATVIA.statutory.confirmed(year) is (year < 2027)


BY_OWN_LAW = [date(2018, 7, 9), date(2018, 9, 24), date(2023, 5, 29), date(2023, 7, 10), date(2028, 7, 10)]


@pytest.mark.parametrize("day", BY_OWN_LAW)
def test_days_off_by_a_law_of_their_own_bind_everybody(day: date) -> None:
    assert LATVIA.statutory.reason(day) is LATVIA.moved.reason(day) is DayKind.PUBLIC_HOLIDAY


@pytest.mark.parametrize("year", YEARS)
def test_the_fourth_of_may_and_the_eighteenth_of_november_give_a_monday_for_a_weekend(year: int) -> None:
    for day in (date(year, 5, 4), date(year, 11, 18)):
        monday = day + timedelta(days=7 - day.weekday())
        assert LATVIA.statutory.is_worked(monday) is (day.weekday() < 5)


@pytest.mark.parametrize("year", YEARS)
def test_other_holidays_do_not_move(year: int) -> None:
    fixed = [(1, 1), (5, 1), (6, 23), (6, 24), (12, 24), (12, 25), (12, 26), (12, 31)]
    lawful = {date(year, month, day) for month, day in [*fixed, (5, 4), (11, 18)]}
    lawful |= {easter(year) + timedelta(days=n) for n in (-2, 0, 1, 49)}
    found = {day for day in LATVIA.statutory.special if day.year == year}
    beyond = {day for day in found - lawful if day.weekday() < 5}
    observed = {
        day + timedelta(days=7 - day.weekday())
        for day in (date(year, 5, 4), date(year, 11, 18))
        if day.weekday() > 4
    }
    assert lawful <= found
    assert beyond == observed | {day for day in BY_OWN_LAW if day.year == year}


def test_a_moved_day_off_is_worked_by_statute_and_its_saturday_is_not() -> None:
    friday, saturday = date(2026, 1, 2), date(2026, 1, 17)
    assert (LATVIA.statutory.reason(friday), LATVIA.statutory.reason(saturday)) == (
        DayKind.WORKING_DAY,
        DayKind.WEEKEND,
    )
    assert (LATVIA.moved.reason(friday), LATVIA.moved.reason(saturday)) == (
        DayKind.MOVED_DAY_OFF,
        DayKind.WORKED_SATURDAY,
    )


@pytest.mark.parametrize("year", YEARS)
def test_a_move_never_changes_how_many_days_a_month_has(year: int) -> None:
    for month in range(1, 13):
        days = [date(year, month, n) for n in range(1, monthrange(year, month)[1] + 1)]
        assert sum(map(LATVIA.moved.is_worked, days)) == sum(map(LATVIA.statutory.is_worked, days))


@settings(deadline=None)
@given(day=st.dates(date(2007, 1, 1), date(2050, 12, 31)))
def test_the_library_agrees_day_by_day_on_the_moved_calendar(day: date) -> None:
    assert LATVIA.moved.is_worked(day) is (LIBRARY.is_working_day(day) and day not in BEYOND_THE_LIBRARY)


def test_what_the_library_lacks_is_named_with_its_source() -> None:
    assert {day for day in PROCLAIMED if LIBRARY.is_working_day(day)} == BEYOND_THE_LIBRARY
    assert list(PROCLAIMED) == BY_OWN_LAW
    for day in BEYOND_THE_LIBRARY:
        assert f"{day}: {PROCLAIMED[day][1]}" in seed().source
        assert not LATVIA.statutory.confirmed(day.year)


@pytest.mark.parametrize("year", range(2019, 2036))
def test_a_term_of_a_year_that_nobody_confirmed_says_so_by_either_calendar(year: int) -> None:
    for policy in Policy:
        counted = term(date(year, 7, 3), 10, LATVIA.of(policy))
        assert counted.confirmed is (year < 2027), policy


def test_the_monday_after_the_song_celebration_does_not_count() -> None:
    assert term(date(2028, 7, 3), 10, LATVIA.statutory).due_on == date(2028, 7, 18)
    assert term(date(2023, 7, 3), 10, LATVIA.statutory).due_on == date(2023, 7, 18)
    assert term(date(2028, 6, 30), 10, LATVIA.statutory).due_on == date(2028, 7, 17)


def test_the_seed_is_what_the_library_says_today() -> None:
    assert seed_text() == SEED_FILE.read_text(encoding="utf-8"), (
        "the library has changed: read the difference, then run python -m hub.workdays.library"
    )


@pytest.mark.parametrize("spoken", ["en_US.UTF-8", "ru_RU.UTF-8", "lv_LV.UTF-8", "C"])
def test_the_seed_does_not_depend_on_the_language_of_the_machine(spoken: str) -> None:
    speech = {"LANG": spoken, "LANGUAGE": spoken, "LC_ALL": spoken, "PYTHONUTF8": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "hub.workdays.library"],
        env=os.environ | speech,
        cwd=SEED_FILE.parents[2],
        capture_output=True,
        check=True,
    )
    assert made.stdout == SEED_FILE.read_bytes()


def test_a_version_changes_with_every_change_that_can_move_a_term() -> None:
    days, years = seed().days, seed().years
    first = calendars(1, days, years)
    holiday = SpecialDay(date(2027, 9, 20), DayKind.PUBLIC_HOLIDAY)
    assert calendars(1, days, years) == first
    assert calendars(1, [*days, holiday], years).statutory.version != first.statutory.version
    assert calendars(1, days, years | {2027: True}).moved.version != first.moved.version
    assert calendars(1, days, years | {2027: True}).statutory.version != first.statutory.version
    assert calendars(2, days, years).statutory.version != first.statutory.version
    assert first.statutory.version != first.moved.version


def test_the_other_calendar_is_the_one_not_chosen() -> None:
    assert LATVIA.of(Policy.MOVED) is LATVIA.other(Policy.STATUTORY) is LATVIA.moved
    assert LATVIA.of(Policy.STATUTORY) is LATVIA.other(Policy.MOVED) is LATVIA.statutory


def test_a_day_of_an_unknown_year_is_neither_worked_nor_free() -> None:
    with pytest.raises(YearNotKnown) as refused:
        LATVIA.statutory.is_worked(date(2051, 1, 1))
    assert (refused.value.code, refused.value.facts) == ("workdays.year-not-known", {"year": 2051})


def test_calendars_are_equal_where_every_day_of_theirs_is() -> None:
    days = [SpecialDay(date(2027, 3, 1), DayKind.PUBLIC_HOLIDAY, "Svētki")]
    renamed = [SpecialDay(date(2027, 3, 1), DayKind.PUBLIC_HOLIDAY, "Citi svētki")]
    one, same, other = (calendars(1, some, {2027: True}) for some in (days, list(days), renamed))
    assert one.moved.version == other.moved.version
    assert (one == same, one == other) == (True, False)
    assert hash(one) == hash(same)
