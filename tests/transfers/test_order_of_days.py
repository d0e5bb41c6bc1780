"""What is recorded has happened, and not before what it follows from."""

from datetime import date

import pytest

from hub.transfers.order_of_days import DateBeforeCause, DateInTheFuture, require_past

TODAY, YESTERDAY, TOMORROW = date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 11)


def test_today_and_the_day_of_the_cause_itself_are_taken() -> None:
    require_past(TODAY, TODAY)
    require_past(TODAY, TODAY, TODAY)
    require_past(YESTERDAY, TODAY, YESTERDAY)


def test_tomorrow_has_not_happened() -> None:
    with pytest.raises(DateInTheFuture) as wrong:
        require_past(TOMORROW, TODAY, YESTERDAY)
    assert wrong.value.facts == {"given": "2026-03-11"}


def test_nothing_happened_before_its_cause() -> None:
    with pytest.raises(DateBeforeCause) as wrong:
        require_past(YESTERDAY, TODAY, TODAY)
    assert wrong.value.facts == {"given": "2026-03-09", "not_before": "2026-03-10"}
