"""A centre's month of training over HTTP; trainings themselves have the calls that all matters have."""

from litestar import get
from litestar.params import FromPath

from hub.kernel.months import MonthMalformed
from hub.matters.office import AnyOffice
from hub.training.casework import reporting
from hub.web.calls import Http
from hub.web.openapi import reads
from saikne_schemas.training_reports import TrainingReport
from saikne_schemas.vocabulary import Scope


@get(
    "/v1/training-reports/{month:str}",
    operation_id="showTrainingReport",
    tags=["training"],
    contract=reads(MonthMalformed),
)
async def show_report(matters: AnyOffice, request: Http, month: FromPath[str]) -> TrainingReport:
    """One's own trainings in a month (`2026-11`): what is reported, what is income, what is still owed."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset({Scope.EXCHANGE}))
    async with matters.desk(caller.tenant) as desk:
        return await reporting.report(desk, caller.tenant, month)


ROUTES = (show_report,)
