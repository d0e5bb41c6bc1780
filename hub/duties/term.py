"""How a duty is shown: its term by both calendars with the reason of every day, and how it stands today.

Source: domain 1.5, 6; features N1. Takes a duty's row as `store` keeps it; reads nothing itself.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hub.duties.duty import BY_METHOD, DutyKind, Ending, standing
from hub.kernel.clock import riga_day
from hub.workdays.calendars import Calendar, Calendars, Policy
from saikne_schemas.matters import DutyView
from saikne_schemas.views import DayCount, TermView
from saikne_schemas.vocabulary import Workflow


def term_of(row: Any, calendar: Calendar, today: date, deed_on: date | None = None) -> TermView:
    """`calendar` is the one that the row names; `deed_on` the day of what met it, if told of later."""
    said = _said(row, calendar, today)
    if said["met_on"] is not None and deed_on is not None:
        said["met_on"] = min(said["met_on"], deed_on)
    return TermView(**said)


def duty_view(row: Any, calendars: Calendars, today: date, names: Mapping[Any, str]) -> DutyView:
    """A duty with what it is about; `names` of centres by id."""
    kind = DutyKind(row.kind)
    return DutyView(
        **_said(row, calendars.of(Policy(row.calendar)), today),
        id=row.id,
        kind=kind,
        workflow=Workflow(row.workflow),
        concerns=row.exchange_id,
        owner=row.owner_id,
        owner_name=names[row.owner_id],
        stake=row.stake,
        by_method=kind in BY_METHOD,
        ended_at=row.ended_at,
        ending=row.ending,
    )


def _said(row: Any, calendar: Calendar, today: date) -> dict[str, Any]:
    stands = standing(row.due_on, row.ended_at, today, calendar)
    return {
        "due_on": row.due_on,
        "original_due_on": row.original_due_on,
        "extended_by": row.extended_by,
        "alt_due_on": row.alt_due_on,
        "starts_on": row.starts_on,
        "basis": row.basis,
        "working_days": row.working_days,
        "calendar": row.calendar,
        "calendar_version": row.calendar_version,
        "confirmed": row.confirmed,
        "days": [
            DayCount(day=day["date"], counted=day["counted"] is not None, why=day["why"])
            for day in row.explanation
        ],
        "met_at": row.ended_at if row.ending == Ending.MET else None,
        "met_on": riga_day(row.ended_at) if row.ending == Ending.MET else None,
        "overdue": stands.overdue,
        "working_days_late": stands.working_days_late,
        "working_days_left": stands.working_days_left,
    }
