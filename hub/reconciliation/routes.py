"""The register beside the hub over HTTP: extracts in, differences and a month's report out, decisions in.

Source: method S80; features N10. An extract comes from a centre, about its own moves, or from the
register's side, about all; only the centre concerned decides.
"""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, QueryParameter

from hub.agis.steps import StepNotAllowed
from hub.kernel.ids import REGISTRY
from hub.matters.office import AnyOffice
from hub.people.statements import acts_for
from hub.reconciliation.casework import deciding, reading, reporting, taking
from hub.reconciliation.course import ClosedAlready, NothingToSend
from hub.reconciliation.month import MonthMalformed
from hub.reconciliation.pages import OlderThanCompared, PageDiffers, PageDoesNotFit, TakenInTheFuture
from hub.signing.statement import ManifestMalformed, ManifestTooLarge, read
from hub.web.calls import Http
from hub.web.openapi import reads, states
from hub.web.paging import PAGE_AT_MOST, CursorMalformed
from hub.workdays.store import CalendarMissing
from saikne_schemas.reconciliation import (
    DecisionTaken,
    DifferencePage,
    DifferenceState,
    ExtractTaken,
    RegisterReport,
    ResolveDifference,
)
from saikne_schemas.register_entries import RegisterExtract
from saikne_schemas.vocabulary import Scope

_TAGS = ["reconciliation"]
_CENTRE = frozenset({Scope.EXCHANGE, Scope.REGISTER})
"""A centre that registers by hand has no job, and compares all the same."""
_CONCERNED = _CENTRE | {Scope.REGISTER_SIDE}


@post(
    "/v1/register-extracts",
    status_code=200,
    operation_id="sendRegisterExtract",
    tags=_TAGS,
    contract=states(
        RegisterExtract,
        ManifestMalformed,
        ManifestTooLarge,
        TakenInTheFuture,
        OlderThanCompared,
        PageDiffers,
        PageDoesNotFit,
    ),
)
async def send_extract(matters: AnyOffice, request: Http) -> ExtractTaken:
    """State a page of what the register holds (RegisterExtract); the last missing page has all compared."""
    caller, statement = await matters.gatekeeper.statement(request, scope=_CONCERNED)
    page = read(RegisterExtract, statement)
    async with matters.desk(caller.tenant) as desk:
        return await taking.take(desk, caller.tenant, statement, page)


@get(
    "/v1/register-differences",
    operation_id="listRegisterDifferences",
    tags=_TAGS,
    contract=reads(CursorMalformed),
)
async def list_differences(
    matters: AnyOffice,
    request: Http,
    *,
    difference_state: Annotated[DifferenceState | None, QueryParameter(name="state")] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)] = 50,
) -> DifferencePage:
    """Where register and hub differ, the last found first: a centre's own, or those of all centres."""
    caller = await matters.gatekeeper.caller(request, scope=_CONCERNED)
    async with matters.desk(caller.tenant) as desk:
        return await reading.page(desk, caller.tenant, state=difference_state, after=after, limit=limit)


@post(
    "/v1/register-differences/{difference:uuid}/resolve",
    status_code=200,
    operation_id="resolveRegisterDifference",
    tags=_TAGS,
    contract=states(
        ResolveDifference,
        ManifestMalformed,
        ManifestTooLarge,
        deciding.OtherDifference,
        deciding.DifferenceNotFound,
        deciding.IdentityReused,
        ClosedAlready,
        NothingToSend,
        StepNotAllowed,
    ),
)
async def resolve_difference(matters: AnyOffice, request: Http, difference: FromPath[UUID]) -> DecisionTaken:
    """Decide about a difference of the centre's own (ResolveDifference)."""
    acts = acts_for(ResolveDifference)
    caller, statement = await matters.gatekeeper.statement(request, scope=_CENTRE, acts=acts)
    said = read(ResolveDifference, statement)
    if said.difference != difference:
        raise deciding.OtherDifference
    async with matters.desk(caller.centre, REGISTRY) as desk:
        return await deciding.decide(desk, caller.centre, statement, said)


@get(
    "/v1/register-reports/{month:str}",
    operation_id="showRegisterReport",
    tags=_TAGS,
    contract=reads(MonthMalformed, CalendarMissing),
)
async def show_report(matters: AnyOffice, request: Http, month: FromPath[str]) -> RegisterReport:
    """A month's registrations (`2026-11`): one's own, all for the register's side, totals for oversight."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset(Scope))
    async with matters.desk(caller.tenant) as desk:
        return await reporting.report(desk, caller.tenant, month)


ROUTES = (send_extract, list_differences, resolve_difference, show_report)
