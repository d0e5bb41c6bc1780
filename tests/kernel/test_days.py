"""What is recorded has happened, and not before what it follows from."""

from datetime import date

import pytest

from hub.kernel.days import DateBeforeCause, DateInTheFuture, follows, happened

TODAY, YESTERDAY, TOMORROW = date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 11)


def test_today_and_the_day_of_the_cause_itself_are_taken() -> None:
    happened(TODAY, TODAY)
    happened(TODAY, TODAY, after=TODAY)
    happened(YESTERDAY, TODAY, after=YESTERDAY)


def test_tomorrow_has_not_happened() -> None:
    with pytest.raises(DateInTheFuture) as wrong:
        happened(TOMORROW, TODAY, after=YESTERDAY)
    assert (wrong.value.code, wrong.value.facts) == (
        "days.in-the-future",
        {"day": "2026-03-11", "today": "2026-03-10"},
    )


def test_nothing_happened_before_its_cause() -> None:
    with pytest.raises(DateBeforeCause) as wrong:
        happened(YESTERDAY, TODAY, after=TODAY)
    assert (wrong.value.code, wrong.value.facts) == (
        "days.before-cause",
        {"day": "2026-03-09", "not_before": "2026-03-10"},
    )


def test_what_is_arranged_may_lie_ahead_but_not_before_its_cause() -> None:
    follows(TOMORROW, TODAY)
    with pytest.raises(DateBeforeCause):
        follows(YESTERDAY, TODAY)
