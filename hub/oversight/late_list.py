"""When the overseer hears of a late duty: after one, three and five working days, of each once.

Source: method S17 (oversight sees that and when, not what). Counts with the owner's calendar, as the duty
itself is counted; a rung that was missed while no worker ran is made up for, and only the newest is told.
"""

from datetime import date

from hub.duties.duty import days_late
from hub.workdays.calendars import Calendar

RUNGS = (1, 3, 5)
"""Working days late. After the last the overseer knows, and looks in the list."""
LINES_AT_MOST = 200
"""In one letter; how many more there are it says."""


def rungs_reached(due_on: date, today: date, calendar: Calendar) -> int:
    """How many of the rungs a duty has passed that is still open today."""
    late = days_late(due_on, today, calendar) if today > due_on else 0
    return sum(late >= rung for rung in RUNGS)
