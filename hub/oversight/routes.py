"""A month's duties in figures over HTTP: a centre's own, or every centre's for oversight."""

from litestar import get
from litestar.params import FromPath

from hub.matters.office import AnyOffice
from hub.oversight.casework import reporting
from hub.oversight.month import MonthNotOver
from hub.reconciliation.month import MonthMalformed
from hub.web.calls import Http
from hub.web.openapi import reads
from hub.workdays.calendars import YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas.duty_reports import DutyReport
from saikne_schemas.vocabulary import Scope


@get(
    "/v1/duty-reports/{month:str}",
    operation_id="showDutyReport",
    tags=["duties"],
    contract=reads(MonthMalformed, MonthNotOver, YearNotKnown, CalendarMissing),
)
async def show_report(matters: AnyOffice, request: Http, month: FromPath[str]) -> DutyReport:
    """A month's duties (`2026-11`) counted by kind: one's own, or for oversight those of every centre."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset(Scope))
    async with matters.desk(caller.tenant) as desk:
        return await reporting.report(desk, caller.tenant, month)


ROUTES = (show_report,)
