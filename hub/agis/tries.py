"""When a registration is tried again, when somebody is told, and when no machine goes on with it.

Source: domain 3.3 (exponential back-off); features N10. The tries of one preparation, with the longest pauses
between them, outlast the three working days of the method with a weekend in between; then a person decides.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from hub.kernel.clock import RIGA

COMPLETE_WITHIN = timedelta(days=1)
"""So long the sealed facts may take after the statement that announces them."""
TAKEN_WITHIN = timedelta(days=1)
"""So long a registration that can be taken may wait for a job."""
TOLD_DAILY_FOR = timedelta(days=5)
"""A person who has to decide is told every day at first, later every week."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient the hub is with a register that does not answer."""

    first_pause: timedelta = timedelta(seconds=30)
    longest_pause: timedelta = timedelta(hours=2)
    tries_at_most: int = 60

    def pause(self, key: UUID, tries: int) -> timedelta:
        """Twice as long after every try, up to the longest, and not the same for all."""
        longest = min(self.first_pause * (1 << min(max(tries - 1, 0), 20)), self.longest_pause)
        return longest * (0.75 + (key.int + tries * 7919) % 500 / 1000)

    def again(self, key: UUID, tries: int, asked_seconds: int | None) -> timedelta:
        """As long as the register asked for, never shorter than our own pause."""
        return max(self.pause(key, tries), timedelta(seconds=asked_seconds or 0))


def not_before(effective_on: date, now: datetime) -> datetime:
    """Nothing is registered before the day on which the move takes effect has come in Riga."""
    return max(now, datetime.combine(effective_on, time(), RIGA))


def told_again(waiting_since: datetime, now: datetime) -> datetime:
    """When the one who has to decide is told the next time."""
    often = now - waiting_since < TOLD_DAILY_FOR
    return now + (timedelta(days=1) if often else timedelta(weeks=1))
