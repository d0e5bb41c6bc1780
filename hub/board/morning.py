"""Who is told of what a centre owes, from when on, and at what hour of a working day.

A duty stands in the morning's letter from its step on until it is done: nobody is told of what is handled.
Source: features F54, 2.2 (a digest instead of a mail a case, quiet hours).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from hub.duties.duty import days_late
from hub.kernel.clock import RIGA, riga_day
from hub.people.person import PersonRole
from hub.workdays.calendars import Calendar, YearNotKnown
from hub.workdays.deadlines import working_days_before


class Way(StrEnum):
    """By which a person is told in the morning."""

    LETTER = "letter"
    PUSH = "push"


class Since(StrEnum):
    """From which step on a duty is named: the hub's own, as those of its reminders (`duties.ladder`)."""

    NEVER = "never"
    BEFORE_3 = "before_3"
    BEFORE_1 = "before_1"
    LAST_DAY = "last_day"
    LATE_1 = "late_1"
    LATE_3 = "late_3"
    LATE_5 = "late_5"


_BEFORE = MappingProxyType({Since.BEFORE_3: 3, Since.BEFORE_1: 1})
_LATE = MappingProxyType({Since.LATE_1: 1, Since.LATE_3: 3, Since.LATE_5: 5})
EARLIEST, LATEST = time(6), time(10)
"""Between these a morning's letter goes out."""
NOT_AFTER = time(16)
"""One that could not go out until then is left to the next working day."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Of one centre."""

    coordinators: Since = Since.LAST_DAY
    workers: Since = Since.BEFORE_3
    at: time = time(8)
    quiet_from: time | None = None
    """From then until `quiet_until` no reminder goes out; what is due then goes out when it is over."""
    quiet_until: time | None = None

    def since(self, role: PersonRole) -> Since:
        if role is PersonRole.COORDINATOR:
            return self.coordinators
        return self.workers if role is PersonRole.SOCIAL_WORKER else Since.NEVER

    def is_quiet(self, now: datetime) -> bool:
        if self.quiet_from is None or self.quiet_until is None:
            return False
        clock = now.astimezone(RIGA).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def lasts(self, now: datetime) -> timedelta:
        """How long something said now may wait for its reader: to the next quiet hour, or midnight."""
        here = now.astimezone(RIGA)
        ends = [datetime.combine(here.date() + timedelta(days=1), time(0), RIGA)]
        if self.quiet_from is not None and here.time() < self.quiet_from:
            ends.append(datetime.combine(here.date(), self.quiet_from, RIGA))
        return min(end.astimezone(UTC) for end in ends) - now

    def is_morning(self, now: datetime, calendar: Calendar) -> bool:
        """Whether the letter of this day is to be written now, if it was not before."""
        try:
            worked = calendar.is_worked(riga_day(now))
        except YearNotKnown:  # nobody has entered this year: better a letter too many
            worked = True
        return worked and self.at <= now.astimezone(RIGA).time() < NOT_AFTER


def is_named(since: Since, due_on: date, today: date, calendar: Calendar) -> bool:
    """Whether a duty that is open stands in the letter of a day."""
    if since is Since.NEVER:
        return False
    if (days := _BEFORE.get(since)) is not None:
        return today > due_on or today >= working_days_before(due_on, days, calendar)
    if (days := _LATE.get(since)) is not None:
        return today > due_on and days_late(due_on, today, calendar) >= days
    return today >= due_on
