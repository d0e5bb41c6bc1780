"""The sign of the board: a term as a row of boxes, one a working day, with a dot for a free stretch.

Filled has passed, framed is today, hollow is to come, pointed is late. Words beside it say the same.
Source: the look's first component; domain 6.1 (every day has its reason).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from hub.duties.duty import ON_A_DAY
from hub.workdays.calendars import Calendar
from saikne_schemas.views import DutyView

BOX, GAP = 11, 7
LARGE_BOX, LARGE_GAP = 22, 12
LATE_AT_MOST = 40
"""Boxes after the last day: what is later than that is told in words alone."""


class Mark(StrEnum):
    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"
    OVER = "over"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Place:
    mark: Mark
    x: int
    day: date | None = None
    """None of a free stretch."""
    due: bool = False


def whose(duty: DutyView) -> str:
    """Whose its term is: the method's, of which it names the `day` alone, or the hub's `own`."""
    if not duty.by_method:
        return "own"
    return "day" if duty.kind in ON_A_DAY else "method"


def rule_of(duty: DutyView, calendar: Calendar, today: date, *, large: bool = False) -> list[Place]:
    """From the day after the event to the last day, and to today where that is over."""
    step, gap = (LARGE_BOX, LARGE_GAP) if large else (BOX, GAP)
    places, x = [], 0
    for day in _days(duty, calendar, today):
        if day is None:
            places.append(Place(Mark.OFF, x))
            x += gap
        else:
            places.append(Place(_mark(day, duty.due_on, today), x, day, due=day == duty.due_on))
            x += step
    return places


def _days(duty: DutyView, calendar: Calendar, today: date) -> Iterator[date | None]:
    """Days that count, and one None for every free stretch between them."""
    free, late = False, 0
    for day, counts in [*((one.day, one.counted) for one in duty.days), *_late(duty, calendar, today)]:
        late += counts and day > duty.due_on
        if late > LATE_AT_MOST:
            return
        if counts:
            yield day
        elif not free:
            yield None
        free = not counts


def _late(duty: DutyView, calendar: Calendar, today: date) -> Iterator[tuple[date, bool]]:
    day = duty.due_on
    while duty.overdue and day < today:
        day += timedelta(days=1)
        yield day, calendar.is_worked(day)


def _mark(day: date, due_on: date, today: date) -> Mark:
    if day > due_on:
        return Mark.OVER
    if day == today:
        return Mark.NOW
    return Mark.PAST if day < today else Mark.AHEAD
