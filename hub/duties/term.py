"""How a duty is shown: its term by both calendars with the reason of every day, and how it stands today.

Source: domain 1.5, 6; features N1. Takes a duty's row as `store` keeps it; reads nothing itself.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from hub.duties.duty import NAMED_BY_METHOD, DutyKind, Ending, days_late, standing
from hub.kernel.clock import riga_day
from hub.workdays.calendars import Calendar, Calendars, Policy
from saikne_schemas.matters import DutyView
from saikne_schemas.moments import for_people
from saikne_schemas.spelling import KEPT
from saikne_schemas.views import DayCount, TermView
from saikne_schemas.vocabulary import Workflow


def term_of(row: Any, calendar: Calendar, today: date, deed_on: date | None = None) -> TermView:
    """`calendar` is the one that the row names; `deed_on` the day of what met it, if told of later."""
    return TermView.model_validate(_said(row, calendar, today, deed_on), context=KEPT)


def duty_view(
    row: Any,
    calendars: Calendars,
    today: date,
    names: Mapping[UUID, str],
    outside: Collection[UUID] = (),
) -> DutyView:
    """A duty with what it is about; `names` of centres by id, and which of these are not in the hub."""
    kind = DutyKind(row.kind)
    said = _said(row, calendars.of(Policy(row.calendar)), today, row.done_on) | {
        "id": row.id,
        "kind": kind,
        "workflow": Workflow(row.workflow),
        "concerns": row.matter_id,
        "owner": row.owner_id,
        "owner_name": names[row.owner_id],
        "owner_outside": row.owner_id in outside,
        "stake": row.stake,
        "by_method": kind in NAMED_BY_METHOD,
        "objections_until": row.objections_until,
        "ended_at": row.ended_at,
        "ending": row.ending,
    }
    return DutyView.model_validate(said, context=KEPT)


def moved_facts(row: Any) -> dict[str, str]:
    """What a mail says of a term that moved: from which day, and which days are off by what."""
    moved = row.moved_by or {"before": str(row.due_on), "days_off": []}
    off = [f"{_written(one['day'])} ({one['name'] or one['source']})" for one in moved["days_off"]]
    return {"before": _written(moved["before"]), "off": ", ".join(off)}


def _written(day: str) -> str:
    return for_people(date.fromisoformat(day))


@lru_cache(maxsize=4096)
def _day(day: str, why: str, *, counted: bool) -> DayCount:
    """Remembered: all terms that run now pass the same days."""
    return DayCount(day=date.fromisoformat(day), counted=counted, why=why)


def _said(row: Any, calendar: Calendar, today: date, deed_on: date | None) -> dict[str, Any]:
    stands = standing(row.due_on, row.ended_at, today, calendar)
    told_on = riga_day(row.ended_at) if row.ending == Ending.MET else None
    met_on = told_on and (deed_on or told_on)
    return {
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "extended_by": row.extended_by,
        "moved_by": row.moved_by,
        "alt_due_on": row.alt_due_on,
        "starts_on": row.starts_on,
        "basis": row.basis,
        "working_days": row.working_days,
        "calendar": row.calendar,
        "calendar_version": row.calendar_version,
        "confirmed": row.confirmed,
        "days": [
            _day(day["date"], day["why"], counted=day["counted"] is not None) for day in row.explanation
        ],
        "met_at": row.ended_at if row.ending == Ending.MET else None,
        "met_on": met_on,
        "met_late_by": met_on and days_late(row.due_on, met_on, calendar),
        "overdue": stands.overdue,
        "working_days_late": stands.working_days_late,
        "working_days_left": stands.working_days_left,
    }
