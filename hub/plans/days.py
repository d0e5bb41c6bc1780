"""Which day may be stated about a plan: not before what it follows from, and not in the future.

Source: method S132-S135 (an activity is agreed after it was added, a sent plan is confirmed after).
"""

from datetime import date

from hub.kernel.refusal import Refusal


class DateBeforeCause(Refusal):
    """A day before that of which it is the consequence; both are named."""

    code = "plans.date-before-cause"


class DateInTheFuture(Refusal):
    """Only what has happened is stated."""

    code = "plans.date-in-the-future"


def happened(day: date, today: date, *, after: date | None = None) -> None:
    """Refuse a day that is not yet, or that is before `after`."""
    if day > today:
        raise DateInTheFuture(day=day.isoformat(), today=today.isoformat())
    if after is not None and day < after:
        raise DateBeforeCause(day=day.isoformat(), not_before=after.isoformat())
