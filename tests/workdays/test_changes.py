"""What an operator may enter, and what the calendar refuses."""

from datetime import UTC, date, datetime

import pytest

from hub.kernel.refusal import Refusal
from hub.workdays.calendars import DayKind, SpecialDay
from hub.workdays.changes import Entry, check_year, days_to_set, days_to_unset
from hub.workdays.seed import seed_calendars

MOVED = seed_calendars().moved
BRIDGE, SATURDAY = date(2027, 5, 3), date(2027, 5, 8)


def test_a_public_holiday_is_entered_alone() -> None:
    wish = SpecialDay(date(2033, 7, 11), DayKind.PUBLIC_HOLIDAY, "Dziesmu svētku noslēguma diena")
    assert days_to_set(MOVED, wish) == [wish]


@pytest.mark.parametrize(
    ("kind", "day", "other"),
    [(DayKind.MOVED_DAY_OFF, BRIDGE, SATURDAY), (DayKind.WORKED_SATURDAY, SATURDAY, BRIDGE)],
)
def test_a_move_is_entered_as_a_whole_from_either_side(kind: DayKind, day: date, other: date) -> None:
    entered = {one.day: one.kind for one in days_to_set(MOVED, SpecialDay(day, kind, "", other))}
    assert entered == {BRIDGE: DayKind.MOVED_DAY_OFF, SATURDAY: DayKind.WORKED_SATURDAY}


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("kind-follows-from-the-week", SpecialDay(BRIDGE, DayKind.WEEKEND)),
        ("kind-follows-from-the-week", SpecialDay(BRIDGE, DayKind.WORKING_DAY)),
        ("move-needs-both-days", SpecialDay(BRIDGE, DayKind.MOVED_DAY_OFF)),
        ("move-needs-both-days", SpecialDay(SATURDAY, DayKind.WORKED_SATURDAY)),
        ("only-moves-have-two-days", SpecialDay(BRIDGE, DayKind.PUBLIC_HOLIDAY, "", SATURDAY)),
        ("day-already-so", SpecialDay(date(2027, 1, 1), DayKind.PUBLIC_HOLIDAY)),
        ("day-already-so", SpecialDay(date(2026, 1, 2), DayKind.MOVED_DAY_OFF, "", date(2026, 1, 24))),
        ("day-is-otherwise", SpecialDay(date(2026, 1, 2), DayKind.PUBLIC_HOLIDAY)),
        ("day-is-otherwise", SpecialDay(date(2027, 5, 4), DayKind.MOVED_DAY_OFF, "", SATURDAY)),
        ("not-a-saturday", SpecialDay(BRIDGE, DayKind.MOVED_DAY_OFF, "", date(2027, 5, 23))),
        ("not-a-saturday", SpecialDay(BRIDGE, DayKind.MOVED_DAY_OFF, "", date(2027, 5, 10))),
        ("not-a-working-day", SpecialDay(date(2027, 5, 23), DayKind.MOVED_DAY_OFF, "", SATURDAY)),
        ("move-leaves-the-month", SpecialDay(BRIDGE, DayKind.MOVED_DAY_OFF, "", date(2027, 6, 5))),
        ("move-leaves-the-month", SpecialDay(BRIDGE, DayKind.MOVED_DAY_OFF, "", date(2028, 5, 6))),
        ("year-not-known", SpecialDay(date(2051, 5, 3), DayKind.PUBLIC_HOLIDAY)),
    ],
)
def test_a_contradiction_is_refused_by_its_name(code: str, wish: SpecialDay) -> None:
    with pytest.raises(Refusal) as refused:
        days_to_set(MOVED, wish)
    assert refused.value.code == f"workdays.{code}"


def test_half_a_move_is_never_taken_back() -> None:
    for half in (date(2026, 6, 22), date(2026, 6, 27)):
        assert set(days_to_unset(MOVED, half)) == {date(2026, 6, 22), date(2026, 6, 27)}


def test_a_holiday_is_taken_back_alone() -> None:
    assert days_to_unset(MOVED, date(2027, 1, 1)) == [date(2027, 1, 1)]


def test_a_day_that_was_never_entered_is_not_taken_back() -> None:
    with pytest.raises(Refusal) as refused:
        days_to_unset(MOVED, BRIDGE)
    assert refused.value.code == "workdays.nothing-to-unset"


@pytest.mark.parametrize(
    ("code", "year", "confirmed"),
    [("year-already-so", 2026, True), ("year-already-so", 2027, False), ("year-not-known", 2051, True)],
)
def test_a_year_is_marked_once(code: str, year: int, *, confirmed: bool) -> None:
    with pytest.raises(Refusal) as refused:
        check_year(MOVED, year, confirmed=confirmed)
    assert refused.value.code == f"workdays.{code}"


def test_an_open_year_may_be_confirmed_and_a_confirmed_one_reopened() -> None:
    check_year(MOVED, 2027, confirmed=True)
    check_year(MOVED, 2026, confirmed=False)


@pytest.mark.parametrize(("by", "source"), [("", "MK rīkojums 1"), ("Ilze", "  ")])
def test_a_change_without_a_source_and_a_person_is_refused(by: str, source: str) -> None:
    with pytest.raises(Refusal) as refused:
        Entry(by, source, datetime(2026, 11, 21, tzinfo=UTC))
    assert refused.value.code == "workdays.source-missing"
