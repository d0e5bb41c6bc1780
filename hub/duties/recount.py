"""What a newer edition of the calendars makes of a term that runs: it may end later by law, never earlier.

Source: domain 6.1, 6.2. The first date is kept beside the new one. A day off that is taken back leaves every
date where it is. An agreed day that is no longer worked moves to the next one that is;
a day that the method names itself (`ON_A_DAY`) stays. Decides only.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hub.duties.duty import ON_A_DAY
from hub.workdays.calendars import Calendar, Calendars, Policy
from hub.workdays.deadlines import BothTerms, both


@dataclass(frozen=True, slots=True)
class Recount:
    """A duty's term as the newest edition has it."""

    due_on: date
    moves: bool
    days_off: tuple[date, ...]
    """Days that the term counted with, or ended on, and that are not worked any more."""
    columns: dict[str, Any] = field(repr=False)


def recount(row: Any, calendars: Calendars) -> Recount:
    """Count a duty's row again; `columns` is what changes in every side's row."""
    policy = Policy(row.calendar)
    own, other = calendars.of(policy), calendars.other(policy)
    terms = both(row.starts_on, row.working_days, calendars, policy)
    on_a_day = row.kind in ON_A_DAY
    due_on = row.due_on if on_a_day else _worked(max(row.due_on, terms.due_on), own)
    columns = {
        "edition": calendars.edition,
        "alt_due_on": row.alt_due_on if on_a_day else _worked(max(row.alt_due_on, terms.alt_due_on), other),
        "confirmed": terms.own.confirmed and own.confirmed(due_on.year),
        **_explained(terms, due_on),
    }
    moves = due_on > row.due_on
    if moves:
        original = row.original_due_on or row.due_on
        columns |= {"due_on": due_on, "original_due_on": original, "rungs_told": 0}
    counted = row.explanation if terms.due_on > row.due_on else ()
    return Recount(due_on, moves, _days_off(counted, row.due_on, own), columns)


def _explained(terms: BothTerms, due_on: date) -> dict[str, Any]:
    """The explanation is of the day that counts; a day that stands for another reason keeps its own."""
    if terms.due_on != due_on:
        return {}
    days = [day.as_json() for day in terms.own.explanation]
    return {"calendar_version": terms.own.version, "explanation": days}


def _worked(day: date, calendar: Calendar) -> date:
    while not calendar.is_worked(day):  # ends: a year that nobody entered is refused
        day += timedelta(days=1)
    return day


def _days_off(explanation: Any, ended_on: date, calendar: Calendar) -> tuple[date, ...]:
    counted = {date.fromisoformat(day["date"]) for day in explanation if day["counted"] is not None}
    return tuple(sorted(day for day in {*counted, ended_on} if not calendar.is_worked(day)))
