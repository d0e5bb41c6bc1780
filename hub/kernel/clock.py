"""What time it is, and which day that is in Latvia. Read once per piece of work and handed down.

Terms are counted in days of Riga time (`domain` 1.5, 5.4); moments are stored in UTC.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

RIGA = ZoneInfo("Europe/Riga")


def now() -> datetime:
    return datetime.now(UTC)


def riga_day(moment: datetime) -> date:
    """The calendar day in Latvia of an aware moment; a naive one is our bug."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return moment.astimezone(RIGA).date()


def iso(moment: datetime) -> str:
    """UTC, microseconds, `Z`: the one form in which moments are signed and shown to programs."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
