"""Which changes of the calendar an operator may make: never half a move, never the same thing twice.

Source: domain 6.2; Labour law 133(4): a working day moves to a Saturday of the same month, so the number of
working days in a month never changes. Decides only; `store` writes.
"""

from dataclasses import dataclass
from datetime import date, datetime

from hub.kernel.refusal import Refusal
from hub.workdays.calendars import ENTERED, MOVES, Calendar, DayKind, SpecialDay, YearNotKnown, week_says

_SATURDAY = 5


class KindFollowsFromTheWeek(Refusal):
    code = "workdays.kind-follows-from-the-week"


class DayAlreadySo(Refusal):
    code = "workdays.day-already-so"


class DayIsOtherwise(Refusal):
    code = "workdays.day-is-otherwise"


class NotASaturday(Refusal):
    code = "workdays.not-a-saturday"


class NotAWorkingDay(Refusal):
    code = "workdays.not-a-working-day"


class MoveNeedsBothDays(Refusal):
    code = "workdays.move-needs-both-days"


class OnlyMovesHaveTwoDays(Refusal):
    code = "workdays.only-moves-have-two-days"


class MoveLeavesTheMonth(Refusal):
    code = "workdays.move-leaves-the-month"


class NothingToUnset(Refusal):
    code = "workdays.nothing-to-unset"


class YearAlreadySo(Refusal):
    code = "workdays.year-already-so"


class SourceMissing(Refusal):
    code = "workdays.source-missing"


@dataclass(frozen=True, slots=True)
class Entry:
    """Who enters a change, when, and what it rests on: an order's number, a law, a library."""

    by: str
    source: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.by.strip() or not self.source.strip():
            raise SourceMissing


def days_to_set(calendar: Calendar, wish: SpecialDay) -> list[SpecialDay]:
    """The days that become special: one for a public holiday, both halves for a move.

    `calendar` is the one with moves, which knows every entered day.
    """
    if wish.kind not in ENTERED:
        raise KindFollowsFromTheWeek(kind=wish.kind.value)
    if wish.kind in MOVES:
        return _move(calendar, wish)
    if wish.other_half is not None:
        raise OnlyMovesHaveTwoDays(kind=wish.kind.value)
    _must_be_free(calendar, wish)
    return [wish]


def days_to_unset(calendar: Calendar, day: date) -> list[date]:
    """The days that follow the week again: a move is taken back as a whole."""
    special = calendar.special.get(day)
    if special is None:
        raise NothingToUnset(day=day.isoformat())
    return [day] if special.other_half is None else [day, special.other_half]


def check_year(calendar: Calendar, year: int, *, confirmed: bool) -> None:
    if year not in calendar.years:
        raise YearNotKnown(year=year)
    if calendar.years[year] is confirmed:
        raise YearAlreadySo(year=year, confirmed=confirmed)


def _move(calendar: Calendar, wish: SpecialDay) -> list[SpecialDay]:
    if wish.other_half is None:
        raise MoveNeedsBothDays(day=wish.day.isoformat(), kind=wish.kind.value)
    other_kind = DayKind.WORKED_SATURDAY if wish.kind is DayKind.MOVED_DAY_OFF else DayKind.MOVED_DAY_OFF
    other = SpecialDay(wish.other_half, other_kind, "", wish.day)
    for half in (wish, other):
        _must_be_free(calendar, half)
        _must_fit_the_week(half)
    if (wish.day.year, wish.day.month) != (other.day.year, other.day.month):
        raise MoveLeavesTheMonth(day=wish.day.isoformat(), other=other.day.isoformat())
    return [wish, other]


def _must_be_free(calendar: Calendar, wish: SpecialDay) -> None:
    now = calendar.reason(wish.day)
    if now is wish.kind:
        raise DayAlreadySo(day=wish.day.isoformat(), kind=now.value)
    if now in ENTERED:
        raise DayIsOtherwise(day=wish.day.isoformat(), kind=now.value)


def _must_fit_the_week(half: SpecialDay) -> None:
    if half.kind is DayKind.WORKED_SATURDAY and half.day.weekday() != _SATURDAY:
        raise NotASaturday(day=half.day.isoformat())
    if half.kind is DayKind.MOVED_DAY_OFF and week_says(half.day) is not DayKind.WORKING_DAY:
        raise NotAWorkingDay(day=half.day.isoformat())
