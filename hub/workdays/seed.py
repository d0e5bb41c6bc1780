"""What the hub knows of Latvia's days before an operator has entered anything: the first edition.

The file `latvia.json` is made from the `holidays` library by `library`; reading it is ten times quicker
than asking the library, and every installation of one release starts from the same version.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from hub.workdays.calendars import Calendars, DayKind, SpecialDay, calendars

FIRST_EDITION = 1


@dataclass(frozen=True, slots=True)
class Seed:
    source: str
    days: tuple[SpecialDay, ...]
    years: dict[int, bool]


@cache
def seed() -> Seed:
    kept = json.loads(files("hub.workdays").joinpath("latvia.json").read_text(encoding="utf-8"))
    return Seed(
        source=kept["source"],
        days=tuple(_special_day(*row) for row in kept["days"]),
        years={int(year): confirmed for year, confirmed in kept["confirmed"].items()},
    )


@cache
def seed_calendars() -> Calendars:
    return calendars(FIRST_EDITION, seed().days, seed().years)


def _special_day(day: str, kind: str, name: str, other_half: str | None = None) -> SpecialDay:
    half = date.fromisoformat(other_half) if other_half else None
    return SpecialDay(date.fromisoformat(day), DayKind(kind), name, half)
