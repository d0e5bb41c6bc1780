"""What time it is, and which day that is in Latvia. Read once per piece of work and handed down.

Terms are counted in days of Riga time (`domain` 1.5, 5.4); moments are stored in UTC. The time that decides
is the database's, the same for every process: one that has been told it (`set_by`) goes on from there by a
clock that nobody can set, and its machine's own may be days wrong. `plumbing.standard_time` tells it.
"""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

RIGA = ZoneInfo("Europe/Riga")
_TICKING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Goes on while the machine sleeps."""


@dataclass(slots=True)
class _Standard:
    """What the database's clock said when this process's ticks were at zero; None: nobody has asked it."""

    zero: datetime | None = None


_standard = _Standard()


def now() -> datetime:
    """By the database's clock; by this machine's as long as that was not asked."""
    if _standard.zero is None:
        return datetime.now(UTC)
    return _standard.zero + timedelta(seconds=ticks())


def ticks() -> float:
    """Seconds that nobody sets."""
    return time.clock_gettime(_TICKING)


def set_by(moment: datetime, asked: float, answered: float) -> None:
    """The database's clock said `moment` between two ticks; a difference smaller than that tells nothing."""
    zero = moment - timedelta(seconds=(asked + answered) / 2)
    before = _standard.zero
    if before is None or abs(zero - before) > timedelta(seconds=answered - asked):
        _standard.zero = zero


def ahead() -> timedelta:
    """How far this machine's own clock is ahead of the time that decides."""
    return datetime.now(UTC) - now()


def earlier() -> datetime:
    """By that of both clocks which is behind: to judge the age of what this machine itself has dated."""
    return min(now(), datetime.now(UTC))


def riga_day(moment: datetime) -> date:
    """The calendar day in Latvia of an aware moment; a naive one is our bug."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(RIGA).date()


def end_of(day: date) -> datetime:
    """The moment at which a calendar day in Latvia is over."""
    return datetime.combine(day + timedelta(days=1), time_of_day.min, RIGA).astimezone(UTC)


def iso(moment: datetime) -> str:
    """UTC, microseconds, `Z`: the one form in which moments are signed and shown to programs."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
