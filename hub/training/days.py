"""Which day may be stated about a training: not before what it follows from, and not in the future.

Source: method S101 (the certificate after the end), S104 (the invoice after the training).
"""

from datetime import date

from hub.kernel.refusal import Refusal


class DateBeforeCause(Refusal):
    """A day before that of which it is the consequence; both are named."""

    code = "training.date-before-cause"


class DateInTheFuture(Refusal):
    """Only what has happened is stated."""

    code = "training.date-in-the-future"


def happened(day: date, today: date, *, after: date | None = None) -> None:
    """Refuse a day that is not yet, or that is before `after`."""
    if day > today:
        raise DateInTheFuture(day=day.isoformat(), today=today.isoformat())
    if after is not None and day < after:
        raise DateBeforeCause(day=day.isoformat(), not_before=after.isoformat())
