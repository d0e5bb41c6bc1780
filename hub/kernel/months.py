"""How a month is written, for what is reported by months: `2026-11`."""

from datetime import date, timedelta

from hub.kernel.refusal import Refusal


class MonthMalformed(Refusal):
    code = "reconciliation.month-malformed"


def month_of(written: str) -> tuple[date, date]:
    """The first day of a month of this century, written as `2026-11`, and that of the next."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        raise MonthMalformed from None
    if f"{first:%Y-%m}" != written or not written.startswith("20"):
        raise MonthMalformed
    return first, (first + timedelta(days=31)).replace(day=1)
