"""What a newer edition makes of a running term: later where the law says so, earlier never."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.duties.recount import recount
from hub.workdays.calendars import Calendars, DayKind, Policy, SpecialDay, calendars
from hub.workdays.deadlines import both
from hub.workdays.seed import seed

START, TERM = date(2027, 3, 1), 10
DUE = date(2027, 3, 15)
MOVE = (
    SpecialDay(date(2027, 3, 10), DayKind.MOVED_DAY_OFF, "", date(2027, 3, 20)),
    SpecialDay(date(2027, 3, 20), DayKind.WORKED_SATURDAY, "", date(2027, 3, 10)),
)


def edition(number: int, *days: SpecialDay, confirmed: bool = False) -> Calendars:
    return calendars(number, [*seed().days, *days], seed().years | {2027: confirmed})


def off(day: date) -> SpecialDay:
    return SpecialDay(day, DayKind.PUBLIC_HOLIDAY, "Svētki")


def row(policy: Policy = Policy.STATUTORY, known: Calendars | None = None, **changes: Any) -> Any:
    terms = both(START, TERM, known or edition(1), policy)
    columns = {
        "kind": "answer",
        "calendar": policy.value,
        "starts_on": START,
        "working_days": TERM,
        "due_on": terms.due_on,
        "alt_due_on": terms.alt_due_on,
        "original_due_on": None,
        "explanation": [day.as_json() for day in terms.own.explanation],
    }
    return SimpleNamespace(**{**columns, **changes})


def after(before: Any, calendars: Calendars) -> Any:
    return SimpleNamespace(**{**vars(before), **recount(before, calendars).columns})


def test_a_day_that_the_method_names_itself_is_not_put_off() -> None:
    """A talk within a year stays within it, however many days off are proclaimed."""
    again = recount(row(kind="yearly_talk"), edition(2, off(date(2027, 3, 4)), off(DUE)))
    assert (again.due_on, again.moves) == (DUE, False)
    assert again.columns["alt_due_on"] == row().alt_due_on


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("day", [START + timedelta(days=n) for n in range(15)])
def test_a_day_off_within_a_term_moves_it_by_that_day_whatever_the_calendar(
    day: date, policy: Policy
) -> None:
    counts = day > START and day.weekday() < 5
    again = recount(row(policy), edition(2, off(day)))
    later = DUE + timedelta(days=1) if counts else DUE
    assert (again.due_on, again.moves) == (later, counts)
    assert again.days_off == ((day,) if counts else ())
    assert again.columns.get("original_due_on") == (DUE if counts else None)
    assert again.columns["alt_due_on"] == later


def test_a_moved_day_moves_only_what_is_counted_with_moved_days() -> None:
    newer = edition(2, *MOVE)
    by_law, by_order = recount(row(), newer), recount(row(Policy.MOVED), newer)
    assert (by_law.moves, by_law.columns["alt_due_on"]) == (False, date(2027, 3, 16))
    assert (by_order.due_on, by_order.columns["alt_due_on"]) == (date(2027, 3, 16), DUE)
    assert by_order.days_off == (date(2027, 3, 10),)


def test_a_worked_saturday_that_comes_shortens_nothing() -> None:
    saturday = SpecialDay(date(2027, 3, 13), DayKind.WORKED_SATURDAY, "", date(2027, 3, 30))
    assert both(START, TERM, edition(2, saturday), Policy.MOVED).due_on < DUE
    assert recount(row(Policy.MOVED), edition(2, saturday)).due_on == DUE


def test_a_worked_saturday_that_is_taken_back_moves_the_term_on() -> None:
    known = edition(1, SpecialDay(date(2027, 3, 13), DayKind.WORKED_SATURDAY, "", date(2027, 3, 30)))
    again = recount(row(Policy.MOVED, known), edition(2))
    assert (again.due_on, again.days_off) == (DUE, (date(2027, 3, 13),))


def test_a_day_off_taken_back_leaves_the_later_date_and_its_explanation() -> None:
    moved = after(row(), edition(2, off(date(2027, 3, 9))))
    back = recount(moved, edition(3))
    assert (moved.due_on, back.due_on, back.moves) == (date(2027, 3, 16), date(2027, 3, 16), False)
    assert {"explanation", "calendar_version"}.isdisjoint(back.columns)
    assert moved.explanation[-1]["date"] == "2027-03-16"


@pytest.mark.parametrize("agreed", [date(2027, 3, 24), date(2027, 3, 25)])
def test_an_agreed_day_that_is_off_moves_to_the_next_worked_one(agreed: date) -> None:
    extended = row(due_on=agreed, original_due_on=DUE)
    again = recount(extended, edition(2, off(agreed)))
    assert (again.due_on, again.days_off) == (date(2027, 3, 25 if agreed.day == 24 else 30), (agreed,))
    assert again.columns["original_due_on"] == DUE
    assert not recount(extended, edition(2, off(date(2027, 3, 9)))).moves


def test_a_year_that_is_confirmed_confirms_its_running_terms() -> None:
    assert not recount(row(), edition(2)).columns["confirmed"]
    assert recount(row(), edition(2, confirmed=True)).columns["confirmed"]


@given(
    editions=st.lists(
        st.sets(st.dates(date(2027, 3, 1), date(2027, 4, 20)), max_size=6), min_size=1, max_size=5
    ),
    policy=st.sampled_from(Policy),
)
def test_whatever_comes_and_goes_no_date_gets_earlier_and_the_first_is_kept(
    editions: list[set[date]], policy: Policy
) -> None:
    duty, first = row(policy), row(policy).due_on
    known = {special.day for special in seed().days}
    for number, days in enumerate(editions, start=2):
        newer = edition(number, *(off(day) for day in days - known))
        again = recount(duty, newer)
        changed = after(duty, newer)
        assert changed.due_on >= max(duty.due_on, both(START, TERM, newer, policy).due_on)
        assert newer.of(policy).is_worked(changed.due_on)
        assert changed.original_due_on == (first if changed.due_on > first else None)
        assert bool(again.days_off) >= again.moves
        assert not recount(changed, newer).moves
        duty = changed
