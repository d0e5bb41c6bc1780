"""What a month's report says of duties: how many fell due, how many were done by their day, in what time.

Source: method S17; features N15. A centre sees its own figures whole, as they stand now. Oversight sees those
of all centres for a month that is over, as they stood when it ended, so that no two readings of one month can
be compared; what is too small to be told is decided in `small_cells`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from uuid import UUID

from hub.duties.duty import NAMED_BY_METHOD, DutyKind
from hub.kernel.refusal import Refusal
from hub.oversight.small_cells import AT_LEAST, Cell, Tally, Untold, untold, with_totals
from hub.workdays.calendars import Calendars
from saikne_schemas.duty_reports import CentreDuties, DutyFigures, KindFigures


class MonthNotOver(Refusal):
    """Oversight counts what a month came to, and this one still runs."""

    code = "oversight.month-not-over"


@dataclass(frozen=True, slots=True)
class Line:
    """What was counted of a centre and a kind, or of all centres or kinds."""

    due: int = 0
    in_time: int = 0
    done_late: int = 0
    overdue: int = 0
    median: int | None = None

    @property
    def decided(self) -> int:
        """Whose day is over, or which are done: they were in time or late."""
        return self.in_time + self.done_late + self.overdue


Lines = Mapping[Cell, Line]
"""By centre and kind; None is all of them."""
Named = tuple[UUID, str]
"""A centre and its name."""
_UNTOLD = DutyFigures()


@dataclass(frozen=True, slots=True)
class Counted:
    """What a report says beside month and moment."""

    total: DutyFigures
    kinds: list[KindFigures]
    centres: list[CentreDuties]


@lru_cache(maxsize=8)
def numbered_days(calendars: Calendars, last: date) -> Mapping[date, tuple[int, int]]:
    """A number for every day from the first that was entered to `last`: how many days were worked until then.

    The difference of two is the working days between them. Refuses a year nobody has entered.
    """
    day, statutory, moved = date(min(calendars.statutory.years), 1, 1), 0, 0
    numbers: dict[date, tuple[int, int]] = {}
    while day <= last:
        statutory += calendars.statutory.is_worked(day)
        moved += calendars.moved.is_worked(day)
        numbers[day] = statutory, moved
        day += timedelta(days=1)
    return MappingProxyType(numbers)


def own(lines: Lines, centres: Iterable[Named]) -> Counted:
    """A centre's own month, whole."""
    total = _figures(lines.get((None, None), Line()))
    kinds = [_of_kind(kind, _figures(lines[None, kind])) for kind in DutyKind if (None, kind) in lines]
    of_centres = [
        CentreDuties(centre=identity, name=name, kinds=kinds, **total.model_dump())
        for identity, name in centres
    ]
    return Counted(total, kinds, of_centres)


def overseen(lines: Lines, centres: Sequence[Named]) -> Counted:
    """Every centre's month, without what is too small and what would betray it."""
    tallies = {cell: Tally(line.due, line.in_time) for cell, line in lines.items() if None not in cell}
    hidden = untold(with_totals(tallies, (identity for identity, _ in centres), DutyKind))
    shown = {cell: _told(line, cell, hidden) for cell, line in lines.items()}

    def of_kinds(identity: UUID | None) -> list[KindFigures]:
        told = {kind: shown.get((identity, kind), _UNTOLD) for kind in DutyKind}
        return [_of_kind(kind, figures) for kind, figures in told.items() if figures.due is not None]

    of_centres = [
        CentreDuties(
            centre=identity,
            name=name,
            kinds=of_kinds(identity),
            **shown.get((identity, None), _UNTOLD).model_dump(),
        )
        for identity, name in centres
    ]
    return Counted(shown.get((None, None), _UNTOLD), of_kinds(None), of_centres)


def _told(line: Line, cell: Cell, hidden: Untold) -> DutyFigures:
    if cell in hidden.figures:
        return _UNTOLD
    if cell in hidden.outcomes:
        return DutyFigures(due=line.due)
    few = line.in_time + line.done_late < AT_LEAST
    told = replace(line, median=None) if few else line
    return _figures(told).model_copy(update={"open": None, "overdue": None})


def _of_kind(kind: DutyKind, figures: DutyFigures) -> KindFigures:
    return KindFigures(kind=kind, by_method=kind in NAMED_BY_METHOD, **figures.model_dump())


def _figures(line: Line) -> DutyFigures:
    return DutyFigures(
        due=line.due,
        in_time=line.in_time,
        late=line.done_late + line.overdue,
        overdue=line.overdue,
        open=line.due - line.decided,
        in_time_percent=round(100 * line.in_time / line.decided) if line.decided else None,
        median_working_days=line.median,
    )
