"""Matters over HTTP: every workflow gets the same handlers, made from its description.

`POST` begins a matter, `POST …/{identity}/<verb>` moves it, `GET` shows one; one list shows all.
The body of a `POST` is the signed statement itself. Source: design.md 1.
"""

from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter

from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters.casework import matters as cases
from hub.matters.casework import reading
from hub.matters.casework.engine import Engine
from hub.matters.casework.records import Sent
from hub.matters.office import MattersOffice
from hub.matters.workflow import StepNotAllowed, Verb, Workflow
from hub.proofs import casework as proofs
from hub.signing.statement import ManifestMalformed, ManifestTooLarge, read
from hub.web.openapi import reads, states
from hub.web.paging import PAGE_AT_MOST, CursorMalformed
from hub.workdays.calendars import YearNotKnown
from hub.workdays.store import CalendarMissing
from saikne_schemas.matters import MatterAccepted, MatterLine, MatterPage
from saikne_schemas.views import StatementView
from saikne_schemas.vocabulary import Scope
from saikne_schemas.vocabulary import Workflow as Kind

Http = Request[Any, Any, Any]
_ALWAYS = (
    *(ManifestMalformed, ManifestTooLarge, cases.IdentityReused, cases.PartyUnknown),
    *(CalendarMissing, YearNotKnown),
)


def routes_for(workflow: Workflow[Any]) -> Router:
    """The calls of one workflow, under the path its view lies at."""
    engine = cases.engine_of(workflow)
    handlers = [_begin(engine), _show(workflow), *(_move(engine, verb) for verb in workflow.verbs)]
    return Router(workflow.view.lies_at, tags=[workflow.kind.value], route_handlers=handlers)


def _about(kind: type[Any]) -> str:
    """The first line of what a statement says of itself."""
    return (kind.__doc__ or "").partition("\n")[0]


def _begin(engine: Engine[MatterAccepted]) -> HTTPRouteHandler:
    opening = engine.workflow.opening

    @post(
        "/",
        status_code=201,
        operation_id=opening.operation,
        summary=_about(opening.statement),
        contract=states(
            opening.statement,
            *_ALWAYS,
            cases.NotYourMatter,
            *((StepNotAllowed,) if opening.by else ()),
            *_proofs(opening.statement),
            *opening.refuses,
        ),
    )
    async def begin(matters: NamedDependency[MattersOffice], request: Http) -> MatterAccepted:
        caller, statement = await matters.gatekeeper.statement(request, scope=Scope.EXCHANGE)
        manifest = read(opening.statement, statement)
        sent = Sent(caller.centre, statement, manifest)
        try:
            sides = [CentreId(one) for one, _ in opening.parties(manifest)]
            async with matters.desk(*sides, OVERSIGHT) as desk:
                return await engine.begin(desk, opening, sent)
        except Refusal:  # begun before? then what is allowed today does not matter
            async with matters.desk(caller.centre) as desk:
                earlier = await engine.answered_before(desk, sent)
                if earlier is None:
                    raise
                return earlier

    return begin


def _move(engine: Engine[MatterAccepted], verb: Verb[Any, Any, Any]) -> HTTPRouteHandler:
    path = verb.statement.goes_to.removeprefix(engine.workflow.view.lies_at + "/{matter}")

    @post(
        "/{identity:uuid}" + path,
        status_code=200,
        operation_id=verb.operation,
        summary=_about(verb.statement),
        contract=states(
            verb.statement,
            *_ALWAYS,
            cases.NotFound,
            cases.OtherMatter,
            StepNotAllowed,
            *_proofs(verb.statement),
            *verb.refuses,
        ),
    )
    async def move(
        matters: NamedDependency[MattersOffice], request: Http, identity: FromPath[UUID]
    ) -> MatterAccepted:
        caller, statement = await matters.gatekeeper.statement(request, scope=Scope.EXCHANGE)
        manifest = read(verb.statement, statement)
        if manifest.matter != identity:
            raise cases.OtherMatter
        async with matters.desk(caller.centre) as desk:
            return await engine.advance(desk, verb, identity, Sent(caller.centre, statement, manifest))

    return move


def _proofs(statement: type[Any]) -> tuple[type[Refusal], ...]:
    """What may be wrong with proofs, where a statement names any."""
    return (proofs.Unknown, proofs.NamedElsewhere) if "proofs" in statement.model_fields else ()


def _show(workflow: Workflow[Any]) -> HTTPRouteHandler:
    name = "".join(part.capitalize() for part in workflow.kind.value.split("_"))

    async def show(matters: NamedDependency[MattersOffice], request: Http, identity: FromPath[UUID]) -> Any:
        caller = await matters.gatekeeper.caller(request, scope=Scope.EXCHANGE)
        async with matters.desk(caller.centre) as desk:
            return await reading.show(desk, workflow, caller.centre, MatterId(identity))

    show.__annotations__["return"] = workflow.view
    return get(
        "/{identity:uuid}",
        operation_id=f"show{name}",
        summary=_about(workflow.view),
        contract=reads(cases.NotFound),
    )(show)


@get("/v1/matters", operation_id="listMatters", tags=["matters"], contract=reads(CursorMalformed))
async def list_matters(
    matters: NamedDependency[MattersOffice],
    request: Http,
    *,
    workflow: FromQuery[Kind | None] = None,
    matter_state: Annotated[str | None, QueryParameter(name="state", pattern=r"^[a-z_]{1,40}$")] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)] = 50,
) -> MatterPage:
    """The caller's matters of every workflow, the last moved first."""
    caller = await matters.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with matters.desk(caller.centre) as desk:
        wish = reading.Wish(workflow=workflow, state=matter_state, cursor=after, limit=limit)
        return await reading.page(desk, caller.centre, wish)


@get(
    "/v1/matters/{identity:uuid}",
    operation_id="showMatter",
    tags=["matters"],
    contract=reads(cases.NotFound),
)
async def show_matter(
    matters: NamedDependency[MattersOffice], request: Http, identity: FromPath[UUID]
) -> MatterLine:
    """Which workflow a matter is of, and where it stands."""
    caller = await matters.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with matters.desk(caller.centre) as desk:
        return await reading.line(desk, caller.centre, MatterId(identity))


@get(
    "/v1/matters/{identity:uuid}/statements",
    operation_id="listMatterStatements",
    tags=["matters"],
    contract=reads(cases.NotFound),
)
async def list_statements(
    matters: NamedDependency[MattersOffice], request: Http, identity: FromPath[UUID]
) -> list[StatementView]:
    """Every statement of a matter with what verifies it."""
    caller = await matters.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with matters.desk(caller.centre) as desk:
        return await reading.statements(desk, MatterId(identity))


def routes(workflows: Iterable[Workflow[Any]]) -> list[Router | HTTPRouteHandler]:
    return [*(routes_for(workflow) for workflow in workflows), list_matters, show_matter, list_statements]
