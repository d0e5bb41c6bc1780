"""Days and moments as people in Latvia write them: `22.11.2026`, `22.11.2026 09.00` by the clock in Riga.

Source: domain 5.4. What programs read and write stays ISO 8601.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

RIGA = ZoneInfo("Europe/Riga")


def for_people(when: date) -> str:
    """A day, or a moment to the minute."""
    if isinstance(when, datetime):
        return f"{when.astimezone(RIGA):%d.%m.%Y %H.%M}"
    return f"{when:%d.%m.%Y}"
