"""Which days a statement may name: what is done has happened, what is planned comes, nothing is absurd.

Source: method S58, S75, S88, S89, S101, S104, S106-S112, S132-S135; domain 1.5 (a term
counted in days knows no hours). Days of Riga; reads no clock. Every day of a statement is of one kind: done,
a paper's own, or planned. Which field is of which kind lists `tests/kernel/stated_days.py`.
"""

from datetime import date, datetime

from hub.kernel.clock import riga_day
from hub.kernel.refusal import Refusal

FIRST_DEED = date(2018, 7, 1)
"""Support centres work since MK 355 of 26.06.2018: none has done anything before."""
FIRST_PAPER = date(1990, 5, 4)
"""No paper of a Latvian body is older than the restored state."""
YEARS_AHEAD = 10
"""Nobody plans further."""


class DateBeforeCause(Refusal):
    """Something is said to have happened before what it follows from; both days are named."""

    code = "days.before-cause"


class DateInTheFuture(Refusal):
    """Something that is recorded as done is dated later than today."""

    code = "days.in-the-future"


class DateOutOfRange(Refusal):
    """A day so long ago or so far ahead that it can only be a slip; the range is named."""

    code = "days.out-of-range"


DONE = (DateInTheFuture, DateBeforeCause, DateOutOfRange)
"""What may be refused of a day on which something was done."""
PLANNED = (DateBeforeCause, DateOutOfRange)
"""What may be refused of a day that was arranged."""


def happened(day: date, today: date, *, after: date | None = None) -> None:
    """`day` is today or before, not before `after`, and not before there were support centres."""
    _not_after_today(day, today)
    _within(day, FIRST_DEED, today)
    follows(day, after)


def happened_at(moment: datetime, now: datetime) -> None:
    """As `happened`, by the clock."""
    if moment > now:
        raise DateInTheFuture(day=moment.isoformat(), today=now.isoformat())
    happened(riga_day(moment), riga_day(now))


def drawn_up(day: date, today: date) -> None:
    """`day` is what a paper bears: today or before, maybe long ago."""
    _not_after_today(day, today)
    _within(day, FIRST_PAPER, today)


def arranged(day: date, today: date, *, after: date | None = None) -> None:
    """`day` may lie ahead, as far as people plan, but not before `after`."""
    _within(day, FIRST_DEED, date(today.year + YEARS_AHEAD, 12, 31))
    follows(day, after)


def follows(day: date, cause: date | None) -> None:
    """`day` is not before `cause`."""
    if cause is not None and day < cause:
        raise DateBeforeCause(day=day.isoformat(), not_before=cause.isoformat())


def _not_after_today(day: date, today: date) -> None:
    if day > today:
        raise DateInTheFuture(day=day.isoformat(), today=today.isoformat())


def _within(day: date, first: date, last: date) -> None:
    if not first <= day <= last:
        raise DateOutOfRange(day=day.isoformat(), first=first.isoformat(), last=last.isoformat())
