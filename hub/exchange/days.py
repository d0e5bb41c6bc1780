"""Whether a day that a centre states can be: not before what it follows from, and not in the future.

Source: method S58, S88, S89; domain 1.5 (a term counted in days knows no hours). Reads no clock.
"""

from datetime import date

from hub.kernel.refusal import Refusal


class DateBeforeCause(Refusal):
    code = "exchange.date-before-cause"


class DateAhead(Refusal):
    code = "exchange.date-ahead"


def check_stated(stated: date, *, not_before: date, today: date) -> None:
    if stated < not_before:
        raise DateBeforeCause(stated=stated.isoformat(), not_before=not_before.isoformat())
    if stated > today:
        raise DateAhead(stated=stated.isoformat(), today=today.isoformat())
