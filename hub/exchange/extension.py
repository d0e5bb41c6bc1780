"""Which later day a holder may propose for its answer.

Source: method S78 (ten working days); domain 1.5. Both sides must agree, so the rule only keeps a proposal
within what people mean by an extension. Whether the answer is owed at all is told by `steps`.
"""

from datetime import date, timedelta

from hub.kernel.refusal import Refusal
from hub.workdays.calendars import Calendar

LONGEST = timedelta(days=30)
"""Calendar days after the present due date."""


class NotLater(Refusal):
    code = "exchange.extension-not-later"


class TooLong(Refusal):
    code = "exchange.extension-too-long"


class NotAWorkingDay(Refusal):
    code = "exchange.extension-not-a-working-day"


def check(until: date, due_on: date, today: date, calendar: Calendar) -> None:
    """Refuse a day that is no extension of `due_on`, the day that counts at present."""
    if until <= due_on or until < today:
        raise NotLater(due_on=due_on.isoformat())
    if until - due_on > LONGEST:
        raise TooLong(latest=(due_on + LONGEST).isoformat())
    if not calendar.is_worked(until):
        raise NotAWorkingDay(until=until.isoformat())
