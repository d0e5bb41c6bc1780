"""Which day and which moment it is in what is drawn: working days by the hub's own calendars."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from hub.kernel.clock import RIGA, riga_day
from hub.kernel.ids import CentreId
from hub.workdays.calendars import Calendars, Policy
from hub.workdays.deadlines import term

_OFFICE_HOURS = 8


@dataclass(frozen=True, slots=True)
class Days:
    now: datetime
    calendars: Calendars
    policies: Mapping[CentreId, Policy]
    """By which calendar a centre counts."""
    rng: Random

    @property
    def today(self) -> date:
        return riga_day(self.now)

    def worked(self, first: date) -> list[date]:
        """From a day until today, by the law's calendar."""
        every = (first + timedelta(days=n) for n in range((self.today - first).days + 1))
        return [day for day in every if self.calendars.statutory.is_worked(day)]

    def after(self, day: date, working_days: int) -> date:
        """So many working days later."""
        return term(day, working_days, self.calendars.statutory).due_on if working_days else day

    def during(self, day: date) -> datetime:
        """Some moment of the office's day that is not to come."""
        minute = self.rng.randrange(_OFFICE_HOURS * 60)
        at = datetime.combine(day, time(8, 30), RIGA) + timedelta(minutes=minute)
        return min(at.astimezone(UTC), self.now)
