"""When a family's move takes effect: the month-end rule and the previous centre's right to continue.

Source: method S75, S76; domain 1.5. A notice is on time when at least three working days lie strictly
after it, up to and including the last calendar day of its month. Counts with the calendar it is given.
Does not know whether the notice really arrived, nor what the previous centre chose.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from hub.workdays.calendars import Calendar, Policy

NOTICE_WORKING_DAYS = 3


@dataclass(frozen=True, slots=True)
class MoveDate:
    """The answer by one calendar.

    `effective_on` holds if the notice was on time or the previous centre lets the family go;
    `latest_if_continued` is the last possible date if it keeps to its right, and None when it has none.
    """

    notice_on: date
    on_time: bool
    effective_on: date
    latest_if_continued: date | None
    latest_on_time_notice: date
    last_working_days: tuple[date, ...]
    policy: Policy
    version: str
    confirmed: bool


def move_date(notice_on: date, calendar: Calendar) -> MoveDate:
    """`notice_on` is the day in Riga on which the previous centre received the notice."""
    last = last_working_days(notice_on.year, notice_on.month, calendar)
    latest = last[0] - timedelta(days=1)
    on_time = notice_on <= latest
    effective_on = _first_of_next_month(notice_on)
    return MoveDate(
        notice_on=notice_on,
        on_time=on_time,
        effective_on=effective_on,
        latest_if_continued=None if on_time else _first_of_next_month(effective_on),
        latest_on_time_notice=latest,
        last_working_days=last,
        policy=calendar.policy,
        version=calendar.version,
        confirmed=calendar.confirmed(notice_on.year),
    )


def latest_notice_day(year: int, month: int, calendar: Calendar) -> date:
    """The last day of a month, worked or not, on which a notice is still on time."""
    return last_working_days(year, month, calendar)[0] - timedelta(days=1)


def last_working_days(year: int, month: int, calendar: Calendar) -> tuple[date, ...]:
    """The working days at the month's end that must all lie after the notice, earliest first."""
    days = (date(year, month, number) for number in range(monthrange(year, month)[1], 0, -1))
    worked = (day for day in days if calendar.is_worked(day))
    return tuple(islice(worked, NOTICE_WORKING_DAYS))[::-1]


def _first_of_next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
