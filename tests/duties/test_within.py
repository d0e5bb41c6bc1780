"""What is asked for by working days left is what is shown to have so many left."""

from datetime import date, timedelta

import pytest

from hub.duties.duty import last_day_within, standing
from hub.workdays.seed import seed_calendars

YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(366)]


@pytest.mark.parametrize("working_days", [0, 1, 3, 10])
@pytest.mark.parametrize("policy", ["statutory", "moved"])
def test_the_last_day_is_the_last_that_is_near_enough(policy: str, working_days: int) -> None:
    calendar = getattr(seed_calendars(), policy)

    def near(due_on: date, today: date) -> bool:
        stands = standing(due_on, None, today, calendar)
        return stands.overdue or stands.working_days_left <= working_days

    for today in YEAR:
        last = last_day_within(today, working_days, calendar)
        assert near(last, today), (today, last)
        assert not near(last + timedelta(days=1), today), (today, last)
