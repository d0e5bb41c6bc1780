"""When something owed by a day is overdue, and how late it is. Read from the dates, never from a flag.

Source: design.md 3; domain 1.5 (a term counted in days ends with the day, in Riga).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from hub.workdays.calendars import Calendar
from hub.workdays.deadlines import working_days_between


class DutyKind(StrEnum):
    ANSWER = "answer"
    """The previous centre issues or sends the copies within ten working days (method S78, S109)."""


WORKING_DAYS = {DutyKind.ANSWER: 10}


class Stake(StrEnum):
    """What a duty is to the centre whose row it is."""

    OWES = "owes"
    AWAITS = "awaits"
    OVERSEES = "oversees"


class Ending(StrEnum):
    MET = "met"
    WITHDRAWN = "withdrawn"


class Basis(StrEnum):
    """From what event a term is counted (domain 1.5); the event's day itself is not counted."""

    REQUEST_RECEIVED = "request_received"
    SUPPLEMENT_RECEIVED = "supplement_received"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a duty stands on a day."""

    overdue: bool
    working_days_left: int
    working_days_late: int


def standing(due_on: date, ended_at: datetime | None, today: date, calendar: Calendar) -> Standing:
    """Today counts as left while the duty is open: on the last day one working day is left."""
    if ended_at is not None:
        return Standing(overdue=False, working_days_left=0, working_days_late=0)
    if today > due_on:
        late = working_days_between(due_on, today, calendar)
        return Standing(overdue=True, working_days_left=0, working_days_late=late)
    left = working_days_between(today, due_on, calendar) + calendar.is_worked(today)
    return Standing(overdue=False, working_days_left=left, working_days_late=0)
