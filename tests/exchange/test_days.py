"""A stated day lies between its cause and today, both included."""

from datetime import date, timedelta

import pytest

from hub.exchange.days import DateAhead, DateBeforeCause, check_stated

CAUSE, TODAY = date(2026, 11, 2), date(2026, 11, 16)


@pytest.mark.parametrize("stated", [CAUSE, date(2026, 11, 7), TODAY])
def test_a_day_in_between_can_be(stated: date) -> None:
    check_stated(stated, not_before=CAUSE, today=TODAY)


def test_nothing_happens_before_its_cause() -> None:
    with pytest.raises(DateBeforeCause) as refused:
        check_stated(CAUSE - timedelta(days=1), not_before=CAUSE, today=TODAY)
    assert refused.value.code == "exchange.date-before-cause"
    assert refused.value.facts == {"stated": "2026-11-01", "not_before": "2026-11-02"}


def test_nothing_is_recorded_before_its_day() -> None:
    with pytest.raises(DateAhead) as refused:
        check_stated(TODAY + timedelta(days=1), not_before=CAUSE, today=TODAY)
    assert refused.value.code == "exchange.date-ahead"
