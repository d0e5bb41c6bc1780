"""When a term counted in working days ends: the day of the event is not counted.

Source: method S78, S80, S81; domain 1.5, 6.3. The event may fall on any day; the last day is always a
worked one. Which days are worked is told by the calendar; what starts a term is decided by `duties`.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

from hub.kernel.refusal import Refusal
from hub.workdays.calendars import WORKED, Calendar, Calendars, DayKind, Policy

LONGEST_TERM_WORKING_DAYS = 366
_A_DAY = timedelta(days=1)


class TermOutOfRange(Refusal):
    code = "workdays.term-out-of-range"


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    """One day of a term. `counted` is its number in the term, or None when it does not count."""

    day: date
    why: DayKind
    counted: int | None
    name: str = ""

    def as_json(self) -> dict[str, str | int | None]:
        """As it is stored with a duty and shown to programs."""
        named = {"name": self.name} if self.name else {}
        return {"date": self.day.isoformat(), "why": self.why.value, "counted": self.counted, **named}


@dataclass(frozen=True)
class Term:
    """A term by one calendar. `confirmed` is false while a day inside it may still be moved or proclaimed."""

    start: date
    working_days: int
    policy: Policy
    version: str
    due_on: date
    confirmed: bool
    explanation: tuple[ExplainedDay, ...]

    @cached_property
    def explained(self) -> str:
        """The explanation as it is stored."""
        return json.dumps([day.as_json() for day in self.explanation])


@dataclass(frozen=True, slots=True)
class BothTerms:
    """The same term by a centre's own calendar and by the other one."""

    own: Term
    other: Term

    @property
    def due_on(self) -> date:
        return self.own.due_on

    @property
    def alt_due_on(self) -> date:
        return self.other.due_on


def term(start: date, working_days: int, calendar: Calendar) -> Term:
    """Count from the day after `start`; every day passed is explained."""
    _check(working_days)
    calendar.reason(start)  # an event in a year that nobody entered is refused
    explanation: list[ExplainedDay] = []
    day, counted = start, 0
    while counted < working_days:  # ends: so is a day in such a year
        day += _A_DAY
        why = calendar.reason(day)
        counted += why in WORKED
        number = counted if why in WORKED else None
        explanation.append(ExplainedDay(day, why, number, calendar.name(day)))
    confirmed = all(calendar.confirmed(year) for year in {passed.day.year for passed in explanation})
    return Term(start, working_days, calendar.policy, calendar.version, day, confirmed, tuple(explanation))


@lru_cache(maxsize=1024)
def both(start: date, working_days: int, calendars: Calendars, policy: Policy) -> BothTerms:
    """`policy` is the calendar that binds; the other date is stored beside it.

    Remembered: all that is asked on one day has the same terms.
    """
    return BothTerms(
        own=term(start, working_days, calendars.of(policy)),
        other=term(start, working_days, calendars.other(policy)),
    )


def working_days_before(day: date, working_days: int, calendar: Calendar) -> date:
    """The last worked day from which `working_days` are still left until `day`, `day` included.

    The inverse of `term` for a due date: a reminder three working days before goes out on it.
    """
    _check(working_days)
    left = working_days - calendar.is_worked(day)
    while left >= 0:  # ends: a year that nobody entered is refused
        day -= _A_DAY
        left -= calendar.is_worked(day)
    return day


@lru_cache(maxsize=4096)
def working_days_between(earlier: date, later: date, calendar: Calendar) -> int:
    """How many worked days lie after `earlier` up to and including `later`; negative the other way round.

    Remembered: whoever looks today asks about the same days.
    """
    if later < earlier:
        return -working_days_between(later, earlier, calendar)
    days = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days + 1))
    return sum(calendar.is_worked(day) for day in days)


def _check(working_days: int) -> None:
    if not 1 <= working_days <= LONGEST_TERM_WORKING_DAYS:
        raise TermOutOfRange(working_days=working_days, at_most=LONGEST_TERM_WORKING_DAYS)
