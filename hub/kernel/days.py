"""In what order stated days may lie: what is recorded as done has happened, and not before its cause.

Source: method S58, S75, S88, S89, S101, S104, S106-S112, S132-S135; domain 1.5 (a term
counted in days knows no hours). Days of Riga; reads no clock.
"""

from datetime import date

from hub.kernel.refusal import Refusal


class DateBeforeCause(Refusal):
    """Something is said to have happened before what it follows from; both days are named."""

    code = "days.before-cause"


class DateInTheFuture(Refusal):
    """Something that is recorded as done is dated later than today."""

    code = "days.in-the-future"


def happened(day: date, today: date, *, after: date | None = None) -> None:
    """`day` is today or before, and not before `after`."""
    if day > today:
        raise DateInTheFuture(day=day.isoformat(), today=today.isoformat())
    follows(day, after)


def follows(day: date, cause: date | None) -> None:
    """`day` may lie ahead, but not before `cause`."""
    if cause is not None and day < cause:
        raise DateBeforeCause(day=day.isoformat(), not_before=cause.isoformat())
