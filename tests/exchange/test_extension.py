"""Which later day may be proposed."""

from datetime import date, timedelta

import pytest

from hub.exchange.extension import LONGEST, NotAWorkingDay, NotLater, TooLong, check
from hub.kernel.refusal import Refusal
from hub.workdays.calendars import Calendar, calendars
from hub.workdays.seed import seed

DUE = date(2026, 11, 16)
TODAY = date(2026, 11, 9)


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    first = seed()
    return calendars(1, first.days, first.years).statutory


@pytest.mark.parametrize("until", [date(2026, 11, 17), date(2026, 12, 16)])
def test_a_working_day_within_thirty_days_may_be_proposed(until: date, calendar: Calendar) -> None:
    check(until, DUE, TODAY, calendar)


@pytest.mark.parametrize(
    ("until", "refusal", "code"),
    [
        (DUE, NotLater, "exchange.extension-not-later"),
        (DUE - timedelta(days=1), NotLater, "exchange.extension-not-later"),
        (DUE + LONGEST + timedelta(days=1), TooLong, "exchange.extension-too-long"),
        (date(2026, 11, 18), NotAWorkingDay, "exchange.extension-not-a-working-day"),
        (date(2026, 11, 21), NotAWorkingDay, "exchange.extension-not-a-working-day"),
    ],
)
def test_any_other_day_is_refused(until: date, refusal: type[Refusal], code: str, calendar: Calendar) -> None:
    with pytest.raises(refusal) as refused:
        check(until, DUE, TODAY, calendar)
    assert refused.value.code == code


def test_a_day_that_has_passed_is_no_extension_of_what_is_late(calendar: Calendar) -> None:
    with pytest.raises(NotLater):
        check(date(2026, 11, 17), DUE, date(2026, 11, 19), calendar)
    check(date(2026, 11, 19), DUE, date(2026, 11, 19), calendar)
