"""How the seed is read out of the `holidays` library: only when the seed is made, never when a term is.

`python -m hub.workdays.library` prints a new seed; a test fails when the library and the seed part, so a
new library is noticed and not followed in silence. Source: domain 6.1, 6.2.

Two traps. Without a named language the library speaks the language of the environment and writes dates its
way, so a moved day off is no longer recognised: `lv` is fixed here. And it answers for a year it was not
asked for only after it has been looked up: every year is named in advance.

It also comes after the law: a day off that is proclaimed once is in it when a new edition of it is out. Those
that are known are listed here with their source, and the year of one that is to come stays unconfirmed.
"""

import json
import re
import sys
from datetime import date, datetime
from importlib.metadata import version

import holidays

from hub.workdays.calendars import DayKind, SpecialDay

YEARS = range(2007, 2051)
"""From the law of 24.05.2007, which made 24 and 31 December holidays and moves 4 May and 18 November."""
NO_MOVES_ORDERED = frozenset({2011, 2016, 2019, 2022})
"""Years without an order: 2019 (domain 6.2), and those whose holidays leave no single day between two days
off. The library does not tell "none" from "not known yet"."""
_CLOSING_DAY = "Vispārējo latviešu Dziesmu un deju svētku noslēguma diena"
_ON_A_SUNDAY = "likumi.lv/ta/id/269373 (02.10.2014)"
"""The law that gives the next working day for a closing day on a Saturday or Sunday."""
PROCLAIMED = {
    date(2018, 7, 9): (_CLOSING_DAY, _ON_A_SUNDAY),
    date(2018, 9, 24): (
        "Viņa Svētības pāvesta Franciska pastorālās vizītes Latvijā diena",
        "likumi.lv/ta/id/299942 (21.06.2018)",
    ),
    date(2023, 5, 29): (
        "Diena, kad Latvijas hokeja komanda ieguva bronzas medaļu 2023. gada Pasaules hokeja čempionātā",
        "likumi.lv/ta/id/342196 (28.05.2023)",
    ),
    date(2023, 7, 10): (_CLOSING_DAY, _ON_A_SUNDAY),
    date(2028, 7, 10): (_CLOSING_DAY, f"{_ON_A_SUNDAY}; XXVIII svētki beidzas 09.07.2028"),
}
"""Days off in one year only, with the law each rests on (domain 6.1)."""

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
    for day, (name, _) in PROCLAIMED.items():
        found.setdefault(day, SpecialDay(day, DayKind.PUBLIC_HOLIDAY, name))
    return [found[day] for day in sorted(found)]


def seed_text() -> str:
    """The seed file: one day a line, so that a new edition of it reads as a list of changes."""
    days = special_days()
    ordered = {special.day.year for special in days if special.kind is DayKind.MOVED_DAY_OFF}
    lines = [json.dumps(_row(special), ensure_ascii=False) for special in days]
    years = {str(year): year in ordered | NO_MOVES_ORDERED for year in YEARS}
    sources = "; ".join([f"holidays {version('holidays')}", *_beyond_the_library()])
    source = json.dumps(sources, ensure_ascii=False)
    head = f'{{"source": {source},\n"confirmed": {json.dumps(years)},\n"days": [\n'
    return head + ",\n".join(lines) + "\n]}\n"


def _beyond_the_library() -> list[str]:
    """What the days rest on that the library does not know yet."""
    latvia = holidays.country_holidays("LV", years=YEARS, language="lv", expand=False)
    return [f"{day.isoformat()}: {source}" for day, (_, source) in PROCLAIMED.items() if day not in latvia]


def _row(special: SpecialDay) -> list[str]:
    row: list[str] = [special.day.isoformat(), special.kind.value, special.name]
    return [*row, special.other_half.isoformat()] if special.other_half else row


if __name__ == "__main__":
    sys.stdout.write(seed_text())
