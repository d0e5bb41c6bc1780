"""How the seed is read out of the `holidays` library: only when the seed is made, never when a term is.

`python -m hub.workdays.library` prints a new seed; a test fails when the library and the seed part, so a
new library is noticed and not followed in silence. Source: domain 6.1, 6.2.

Two traps. Without a named language the library speaks the language of the environment and writes dates its
way, so a moved day off is no longer recognised: `lv` is fixed here. And it answers for a year it was not
asked for only after it has been looked up: every year is named in advance.
"""

import json
import re
import sys
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

import holidays

from hub.workdays.calendars import DayKind, SpecialDay

YEARS = range(2007, 2051)
"""From the law of 24.05.2007, which made 24 and 31 December holidays and moves 4 May and 18 November."""
NO_MOVES_ORDERED = frozenset({2019, 2022})
"""Years known to have no order (domain 6.2). The library does not tell "none" from "not known yet"."""

_MOVED_DAY_OFF = re.compile(r"Brīvdiena \(pārcelta no (\d\d\.\d\d\.\d{4})\)")


def special_days() -> list[SpecialDay]:
    latvia = holidays.country_holidays("LV", years=YEARS, language="lv", expand=False)
    found: dict[date, SpecialDay] = {}
    for day in sorted(latvia):
        names = sorted(latvia.get_list(day))
        moved = [match for name in names if (match := _MOVED_DAY_OFF.fullmatch(name))]
        if not moved:
            found[day] = SpecialDay(day, DayKind.PUBLIC_HOLIDAY, "; ".join(names))
            continue
        saturday = datetime.strptime(moved[0][1], "%d.%m.%Y").date()  # noqa: DTZ007  # a day has no zone
        found[day] = SpecialDay(day, DayKind.MOVED_DAY_OFF, names[0], saturday)
        found[saturday] = SpecialDay(saturday, DayKind.WORKED_SATURDAY, "", day)
    worked = {day for day, special in found.items() if special.kind is DayKind.WORKED_SATURDAY}
    if worked != latvia.weekend_workdays:
        raise ValueError("the library names its moved days differently than this file expects")
    return [found[day] for day in sorted(found)]


def seed_text() -> str:
    """The seed file: one day a line, so that a new edition of it reads as a list of changes."""
    days = special_days()
    ordered = {special.day.year for special in days if special.kind is DayKind.MOVED_DAY_OFF}
    lines = [json.dumps(_row(special), ensure_ascii=False) for special in days]
    years = {str(year): year in ordered | NO_MOVES_ORDERED for year in YEARS}
    head = (
        f'{{"source": "holidays {version("holidays")}",\n"moves_confirmed": {json.dumps(years)},\n"days": [\n'
    )
    return head + ",\n".join(lines) + "\n]}\n"


def _row(special: SpecialDay) -> list[Any]:
    row: list[Any] = [special.day.isoformat(), special.kind.value, special.name]
    return [*row, special.other_half.isoformat()] if special.other_half else row


if __name__ == "__main__":
    sys.stdout.write(seed_text())
