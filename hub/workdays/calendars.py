"""Which days are worked in Latvia, by the two calendars a centre can choose between.

Statutory: Monday to Friday without the public holidays of the law. Moved: the same, and the Cabinet's
orders that swap a working day for a Saturday; they bind some centres and only advise others (domain 0.3,
6.1, 6.2). A day off can be proclaimed overnight, so a year is confirmed by a person and for both calendars.
Knows nothing of where the days come from: that is `seed` and `store`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from hub.kernel.refusal import Refusal

_SATURDAY = 5


class Policy(StrEnum):
    STATUTORY = "statutory"
    MOVED = "moved"


class DayKind(StrEnum):
    """Why a day is worked or not. The first two follow from the week, the others are entered."""

    WORKING_DAY = "working-day"
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public-holiday"
    MOVED_DAY_OFF = "moved-day-off"
    WORKED_SATURDAY = "worked-saturday"


WORKED = frozenset({DayKind.WORKING_DAY, DayKind.WORKED_SATURDAY})
MOVES = frozenset({DayKind.MOVED_DAY_OFF, DayKind.WORKED_SATURDAY})
ENTERED = MOVES | {DayKind.PUBLIC_HOLIDAY}


class YearNotKnown(Refusal):
    code = "workdays.year-not-known"


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not what its weekday says. `other_half`: the day that a move was swapped with."""

    day: date
    kind: DayKind
    name: str = ""
    other_half: date | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """One calendar in one edition. `version` changes whenever any answer below could change."""

    policy: Policy
    version: str
    special: Mapping[date, SpecialDay] = field(repr=False)
    years: Mapping[int, bool] = field(repr=False)
    """The years that were entered; True where somebody has said that nothing more is to come."""

    def __hash__(self) -> int:
        """Of what is quickly read, and the same where all the rest is."""
        return hash(self.version)

    def reason(self, day: date) -> DayKind:
        """What kind of day it is; refuses a year nobody has entered."""
        special = self.special.get(day)
        if special is not None:
            return special.kind
        if day.year not in self.years:
            raise YearNotKnown(year=day.year)
        return week_says(day)

    def is_worked(self, day: date) -> bool:
        return self.reason(day) in WORKED

    def name(self, day: date) -> str:
        """The holiday's Latvian name, or nothing."""
        special = self.special.get(day)
        return special.name if special else ""

    def confirmed(self, year: int) -> bool:
        """Whether moved and proclaimed days of this year are known to be all entered."""
        return self.years.get(year, False)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Both calendars of one edition: every term is computed by both (domain 0.3)."""

    edition: int
    statutory: Calendar
    moved: Calendar

    def __hash__(self) -> int:
        """Of what is quickly read, and the same where all the rest is."""
        return hash((self.statutory.version, self.moved.version))

    def of(self, policy: Policy) -> Calendar:
        return self.statutory if policy is Policy.STATUTORY else self.moved

    def other(self, policy: Policy) -> Calendar:
        return self.moved if policy is Policy.STATUTORY else self.statutory


def week_says(day: date) -> DayKind:
    return DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKING_DAY


def calendars(edition: int, days: Iterable[SpecialDay], years: Mapping[int, bool]) -> Calendars:
    """Both calendars from one list of days: moves count only in the second."""
    every = {special.day: special for special in days}
    lawful = {day: special for day, special in every.items() if special.kind not in MOVES}
    return Calendars(
        edition,
        statutory=_calendar(Policy.STATUTORY, edition, lawful, years),
        moved=_calendar(Policy.MOVED, edition, every, years),
    )


def _calendar(
    policy: Policy, edition: int, special: Mapping[date, SpecialDay], years: Mapping[int, bool]
) -> Calendar:
    """The version is the edition and a digest of everything that decides a term."""
    lines = [policy.value]
    lines += [f"{day.isoformat()} {special[day].kind}" for day in sorted(special)]
    lines += [f"{year} {years[year]}" for year in sorted(years)]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]
    return Calendar(policy, f"{edition}-{digest}", special, years)
