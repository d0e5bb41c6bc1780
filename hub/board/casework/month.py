"""A month as a calendar: how many terms end on each day, and which days are off, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hub.duties import store
from hub.duties.duty import Stake
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework.records import Desk
from hub.reconciliation.month import month_of
from hub.workdays.calendars import Calendar, YearNotKnown

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    many: int
    off: bool
    name: str
    """Of a day that is off by more than being a weekend's."""
    other_month: bool
    now: bool


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    weeks: Sequence[Sequence[Day]]
    before: str
    """The months beside it, as `2026-11`."""
    following: str
    many: int


async def month(desk: Desk, tenant: CentreId, wished: str) -> Month:
    first, after = month_of(wished)
    begins = first - timedelta(days=first.weekday())
    ends = after + timedelta(days=-after.weekday() % _WEEK)
    stake = Stake.OVERSEES if tenant == OVERSIGHT else Stake.OWES
    many = await store.per_day(desk.tx, tenant, stake, begins, ends)
    calendar, today = (await desk.calendars.current(desk.tx)).statutory, riga_day(desk.now)
    days = [begins + timedelta(days=n) for n in range((ends - begins).days)]
    shown = [day_of(one, many.get(one, 0), calendar, first.month, today) for one in days]
    return Month(
        first=first,
        weeks=[shown[n : n + _WEEK] for n in range(0, len(shown), _WEEK)],
        before=f"{first - timedelta(days=1):%Y-%m}",
        following=f"{after:%Y-%m}",
        many=sum(count for day, count in many.items() if first <= day < after),
    )


def day_of(day: date, many: int, calendar: Calendar, month: int, today: date) -> Day:
    try:
        off, name = not calendar.is_worked(day), calendar.name(day)
    except YearNotKnown:  # a year that nobody has entered yet: nothing is due in it
        off, name = day.weekday() >= _WEEK - 2, ""
    return Day(day, many, off, name, day.month != month, day == today)
