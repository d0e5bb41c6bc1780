"""What a month's report counts: registrations by the day they were due, and how each of them ended.

Source: method S80; features N10. A registration counts in the month in which its three working days end, by
its owner's calendar; late is counted by the day of the register's entry, as the duty itself counts it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.duties.duty import Ending, days_late
from hub.kernel.months import MonthMalformed as MonthMalformed  # noqa: PLC0414  # spoken of from here
from hub.kernel.months import month_of as month_of  # noqa: PLC0414
from hub.workdays.calendars import Calendar
from saikne_schemas.reconciliation import DifferenceState, LateRegistration, ReportCounts
from saikne_schemas.register_words import DifferenceResolution, RegistrationState


@dataclass(frozen=True, slots=True)
class Due:
    """One registration that was owed by a day."""

    centre: UUID
    matter: UUID
    due_on: date
    ending: Ending | None
    done_on: date | None
    """Of the register's entry, or the day on which the duty ended."""


@dataclass(frozen=True, slots=True)
class ByMachine:
    """What the machine has done for a move, of all its registrations together."""

    confirmed: bool = False
    corrected: bool = False
    rejected: bool = False
    needs_person: bool = False


def by_machine(rows: Iterable[Mapping[str, object]]) -> dict[UUID, ByMachine]:
    """By move: rows of registrations with state, revision and what they replace."""
    states: dict[UUID, set[object]] = {}
    corrected: set[UUID] = set()
    for row in rows:
        matter = row["matter_id"]
        assert isinstance(matter, UUID)  # noqa: S101  # the store's column
        states.setdefault(matter, set()).add(row["state"])
        put_right = row["revision"] != 1 or row["replaces"] is not None
        if put_right and row["state"] == RegistrationState.ACKNOWLEDGED:
            corrected.add(matter)
    return {
        matter: ByMachine(
            confirmed=RegistrationState.ACKNOWLEDGED in found,
            corrected=matter in corrected,
            rejected=RegistrationState.REJECTED in found,
            needs_person=RegistrationState.NEEDS_PERSON in found,
        )
        for matter, found in states.items()
    }


@dataclass(frozen=True, slots=True)
class Differences:
    """How many differences of a centre, found in the month, stand so."""

    centre: UUID
    state: DifferenceState
    how: DifferenceResolution | None
    many: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One centre's month."""

    counts: ReportCounts
    late: tuple[LateRegistration, ...]


def sheet(
    due: Iterable[Due],
    machine: Mapping[UUID, ByMachine],
    differences: Iterable[Differences],
    today: date,
    calendar: Calendar,
) -> Sheet:
    """Count one centre's month; nothing is asked of a clock."""
    seen: Counter[str] = Counter()
    late: list[LateRegistration] = []
    for one in due:
        done = machine.get(one.matter, ByMachine())
        days = days_late(one.due_on, one.done_on or today, calendar)
        names = _names(one, done, today)
        seen.update(names)
        if names & {"late", "overdue"}:
            seen["working_days_late"] += days if "late" in names else 0
            late.append(_late(one, days, by_machine="by_machine" in names))
    counts = ReportCounts.model_validate({**seen, **_differences(differences)})
    return Sheet(counts, tuple(late))


def _names(one: Due, done: ByMachine, today: date) -> set[str]:
    """Everything that one registration counts as."""
    if one.ending is Ending.WITHDRAWN:
        return {"withdrawn"}
    if one.ending is Ending.MET and one.done_on is not None:
        how = "by_machine" if done.confirmed else "by_hand"
        when = "in_time" if one.done_on <= one.due_on else "late"
        return {"due", when, how} | ({"corrected"} if done.corrected else set())
    names = {"due", "open"} | ({"overdue"} if today > one.due_on else set())
    return (
        names
        | ({"rejected"} if done.rejected else set())
        | ({"needs_person"} if done.needs_person else set())
    )


def _late(one: Due, days: int, *, by_machine: bool) -> LateRegistration:
    return LateRegistration(
        centre=one.centre,
        matter=one.matter,
        due_on=one.due_on,
        registered_on=one.done_on,
        working_days_late=days,
        by_machine=by_machine,
    )


def _differences(differences: Iterable[Differences]) -> dict[str, object]:
    stands: Counter[DifferenceState] = Counter()
    resolved: Counter[DifferenceResolution] = Counter()
    for one in differences:
        stands[one.state] += one.many
        if one.how is not None:
            resolved[one.how] += one.many
    return {
        "differences_found": stands.total(),
        "differences_resolved": dict(resolved),
        "differences_vanished": stands[DifferenceState.VANISHED],
        "differences_open": stands[DifferenceState.OPEN],
    }


def total(of_all: Iterable[ReportCounts]) -> ReportCounts:
    """The sum of several centres' months."""
    sums: Counter[str] = Counter()
    resolved: Counter[DifferenceResolution] = Counter()
    for one in of_all:
        resolved.update(one.differences_resolved)
        sums.update(one.model_dump(include=set(ReportCounts.model_fields) - {"differences_resolved"}))
    return ReportCounts(**sums, differences_resolved=dict(resolved))
