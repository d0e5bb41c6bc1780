"""On which days people are reminded of a duty: 3 and 1 working days before, on the day, and after.

After the day the reminder comes on the first working day and then on every fifth, so that it is not read
over (features 2.2), and it ends with its cause. A rung missed while the worker was down is not made up for:
only the newest is sent.
"""

from datetime import date

from hub.workdays.calendars import Calendar
from hub.workdays.deadlines import working_days_before, working_days_between

BEFORE = (3, 1)
LAST_DAY = len(BEFORE)
"""The index of the rung on the day itself; later rungs are overdue."""
EVERY = 5


def rungs_passed(due_on: date, today: date, calendar: Calendar) -> int:
    """How many reminders of the ladder are due by today; 0 while none is."""
    if today > due_on:
        late = working_days_between(due_on, today, calendar)
        return LAST_DAY + 1 + (0 if late == 0 else 1 + (late - 1) // EVERY)
    if today == due_on:
        return LAST_DAY + 1
    return sum(today >= working_days_before(due_on, days, calendar) for days in BEFORE)


def is_overdue_rung(rungs: int) -> bool:
    return rungs > LAST_DAY + 1
