"""What time it is on this machine, and which day that is in Latvia."""

from datetime import UTC, date, datetime

from saikne_schemas.moments import RIGA


def now() -> datetime:
    return datetime.now(UTC)


def today() -> date:
    return now().astimezone(RIGA).date()


def iso(moment: datetime) -> str:
    """As the hub writes moments for programs: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
