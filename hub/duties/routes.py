"""What a centre owes and awaits, of every workflow in one list. Source: design.md 3; features N3, F27."""

from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from hub.centres import store as centres
from hub.duties import store
from hub.duties.duty import Stake, last_days_within
from hub.duties.term import duty_view
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.web.openapi import reads
from hub.web.paging import PAGE_AT_MOST, CursorMalformed, cursor, place
from hub.workdays.calendars import Calendars
from hub.workdays.casework import CalendarShelf
from saikne_schemas.matters import DutyPage

WITHIN_AT_MOST = 250
"""Working days that can be asked for: a year of them."""


@get("/v1/duties", operation_id="listDuties", tags=["duties"], contract=reads(CursorMalformed))
async def list_duties(
    database: NamedDependency[Database],
    calendars: NamedDependency[CalendarShelf],
    caller_tenant: NamedDependency[CentreId],
    *,
    overdue: Annotated[bool, QueryParameter(description="Only what is overdue today.")] = False,
    stake: Annotated[
        Literal["owes", "awaits", "oversees"] | None,
        QueryParameter(description="Only what the caller owes, or awaits."),
    ] = None,
    within: Annotated[
        int | None,
        QueryParameter(ge=0, le=WITHIN_AT_MOST, description="Overdue, or at most so many working days left."),
    ] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)] = 50,
) -> DutyPage:
    """Open duties in which the caller has a stake, the most urgent first; oversight sees every centre's."""
    start = place(after, date.fromisoformat, UUID) if after else None
    today = clock.riga_day(clock.now())
    async with database.transaction([caller_tenant]) as tx:
        current = await calendars.current(tx)
        by = due_by(today, current, overdue=overdue, within=within)
        rows = await store.page(tx, caller_tenant, store.Listed(limit + 1, stake and Stake(stake), by), start)
        names, outside = await centres.named(tx, {row.owner_id for row in rows})
    shown, more = rows[:limit], len(rows) > limit
    return DutyPage(
        items=[duty_view(row, current, today, names, outside) for row in shown],
        next=cursor(shown[-1].due_on, shown[-1].id) if more else None,
    )


def due_by(
    today: date, calendars: Calendars, *, overdue: bool, within: int | None
) -> tuple[date, date] | None:
    """The last days that are meant, by the statutory calendar and by the one with moved days."""
    if overdue:
        return today - timedelta(days=1), today - timedelta(days=1)
    if within is None:
        return None
    return last_days_within(today, within, calendars)


ROUTES = (list_duties,)
