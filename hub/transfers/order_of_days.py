"""In what order the days of a move may lie: what is recorded has happened, and not before its cause.

Source: method S75, S80, S106-S112 (before and after the move). Days alone, by the calendar of Riga.
"""

from datetime import date

from hub.kernel.refusal import Refusal


class DateBeforeCause(Refusal):
    """Something is said to have happened before what it follows from."""

    code = "transfers.date-before-cause"


class DateInTheFuture(Refusal):
    """Something that is recorded as done is dated later than today."""

    code = "transfers.date-in-the-future"


def require_past(day: date, today: date, cause: date | None = None) -> None:
    """`day` is today or before, and not before `cause`."""
    if day > today:
        raise DateInTheFuture(given=day.isoformat())
    require_not_before(day, cause)


def require_not_before(day: date, cause: date | None) -> None:
    """`day` may lie ahead, but not before `cause`."""
    if cause is not None and day < cause:
        raise DateBeforeCause(given=day.isoformat(), not_before=cause.isoformat())
