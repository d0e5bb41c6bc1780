"""Matters over HTTP: every workflow gets the same handlers, made from its description.

`POST` begins a matter, `POST …/{identity}/<verb>` moves it, `GET` shows one; one list shows all.
The body of a `POST` is the signed statement itself. Source: design.md 1.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, TypeVar
from uuid import UUID

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, QueryParameter
from pydantic import BaseModel

from hub.centres import casework as members
from hub.centres import store as centres
from hub.centres.contacts import EmailInvalid, PhoneNotMobile
from hub.centres.enrolment import RegistrationNumberInvalid
from hub.centres.store import OutsideCentre
from hub.identities import casework as identities
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store
from hub.matters.casework import matters as cases
from hub.matters.casework import outside, reading
from hub.matters.casework.engine import Engine
from hub.matters.casework.once import NotOpenAlready
from hub.matters.casework.records import Sent
from hub.matters.office import AnyOffice, MattersOffice
from hub.matters.workflow import AnyOpening, AnyVerb, Moment, News, StepNotAllowed, Workflow
from hub.people.statements import acts_for
from hub.plumbing.database import Database
from hub.proofs import casework as proofs
from hub.signing.statement import ManifestMalformed, ManifestTooLarge, read
from hub.web.calls import Http
from hub.web.openapi import Contract, reads, states
from hub.web.paging import PAGE_AT_MOST, CursorMalformed
from saikne_schemas.matters import MatterLine, MatterPage, NumberLine
from saikne_schemas.outside import (
    CorrectOutsideCentre,
    EarlierAddress,
    NameOutsideCentre,
    OutsideCentreView,
    OutsideState,
)
from saikne_schemas.statements import RecordView, Statement
from saikne_schemas.views import StatementView
from saikne_schemas.vocabulary import Scope
from saikne_schemas.vocabulary import Workflow as Kind

V = TypeVar("V")
C = TypeVar("C")
Content = TypeVar("Content", bound=BaseModel)
M = TypeVar("M", bound=Moment)
N = TypeVar("N", bound=BaseModel)
_BEGINS = "The first eight hexadecimal digits or more, without hyphens."
_NUMBERED_AT_MOST = 5
_NAMED = re.compile(r"^/\{[a-z]+\}")


def routes_for(workflow: Workflow[Content]) -> Router:
    """The calls of one workflow, under the path its view lies at."""
    engine = cases.engine_of(workflow)
    opening = workflow.opening
    by_role = (StepNotAllowed,) if opening.by else ()
    begin = beginning(engine, replace(opening, refuses=(cases.NotYourMatter, *by_role, *opening.refuses)))
    handlers = [begin, _show(workflow), *(moving(engine, verb) for verb in workflow.verbs)]
    return Router(engine.records.lies_at, tags=[workflow.kind.value], route_handlers=handlers)


def _about(kind: type[BaseModel]) -> str:
    """The first line of what a statement says of itself."""
    return (kind.__doc__ or "").partition("\n")[0]


def beginning(engine: Engine[V, C, M, N], opening: AnyOpening[N, M]) -> HTTPRouteHandler:
    """The address of a statement that begins a record."""
    acts = acts_for(opening.statement)

    async def begin(matters: AnyOffice, request: Http) -> V:
        caller, statement = await matters.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
        manifest = read(opening.statement, statement)
        sent = Sent(caller.centre, statement, manifest)
        try:
            async with matters.desk(*_acts_for(caller.centre, opening, manifest)) as desk:
                return await engine.begin(desk, opening, sent)
        except Refusal:  # begun before? then what is allowed today does not matter
            async with matters.desk(caller.centre) as desk:
                earlier = await engine.answered_before(desk, sent)
                if earlier is None:
                    raise
                return earlier

    begin.__annotations__["return"] = opening.statement.answered_by
    path = opening.statement.goes_to.removeprefix(engine.records.lies_at)
    return post(
        path or "/",
        status_code=201,
        operation_id=opening.operation,
        summary=_about(opening.statement),
        contract=_contract(opening.statement, *engine.records.may_refuse, *opening.refuses, *_twice(opening)),
        name=opening.operation,
    )(begin)


def _twice(opening: AnyOpening[N, M]) -> tuple[News, ...]:
    """What is said of a second one about the same."""
    return () if opening.once is None else (opening.once.refusal, NotOpenAlready)


def _acts_for(caller: CentreId, opening: AnyOpening[N, M], manifest: Statement) -> set[CentreId]:
    """For those whom a statement names, where its author is one of them; else the rule refuses it."""
    named = {CentreId(one) for one, _ in opening.parties(manifest)}
    return {caller, OVERSIGHT} | (named if caller in named else set())


def moving(engine: Engine[V, C, M, N], verb: AnyVerb[C, M, N]) -> HTTPRouteHandler:
    """The address of a statement that moves a record and needs nothing but being taken."""

    async def move(matters: AnyOffice, request: Http, identity: FromPath[UUID]) -> V:
        sent = await statement_about(engine, verb, matters, request, identity)
        async with matters.desk(sent.author) as desk:
            return await engine.advance(desk, verb, identity, sent)

    move.__annotations__["return"] = verb.statement.answered_by
    return post(
        path_of(engine, verb),
        status_code=200,
        operation_id=verb.operation,
        summary=_about(verb.statement),
        contract=contract_of(engine, verb),
        name=verb.operation,
    )(move)


async def statement_about(
    engine: Engine[V, C, M, N],
    verb: AnyVerb[C, M, N],
    office: MattersOffice,
    request: Http,
    identity: UUID,
) -> Sent:
    """Whose it is and what it says; refused where it names another record than its address."""
    acts = acts_for(verb.statement)
    caller, statement = await office.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    manifest = read(verb.statement, statement)
    if engine.records.named_by(manifest) != identity:
        raise engine.records.elsewhere
    return Sent(caller.centre, statement, manifest)


def path_of(engine: Engine[V, C, M, N], verb: AnyVerb[C, M, N]) -> str:
    """Below the path of its records."""
    below = verb.statement.goes_to.removeprefix(engine.records.lies_at)
    return _NAMED.sub("/{identity:uuid}", below, count=1)


def contract_of(engine: Engine[V, C, M, N], verb: AnyVerb[C, M, N]) -> Contract:
    records = engine.records
    return _contract(verb.statement, *records.may_refuse, *records.may_refuse_moving, *verb.refuses)


def _contract(statement: type[BaseModel], *refuses: News) -> Contract:
    """With what may be wrong with any statement, and with proofs and identities where it names some."""
    of_outside = outside.REFUSES if "for_outside" in statement.model_fields else ()
    names_proofs = of_outside or "proofs" in statement.model_fields
    of_proofs = (proofs.Unknown, proofs.NamedElsewhere) if names_proofs else ()
    sealed = "identities" in statement.model_fields
    of_sealed = (identities.Unknown, identities.KeyRotated, identities.NotForAParty) if sealed else ()
    every = dict.fromkeys((*of_proofs, *of_sealed, *of_outside, *refuses))
    return states(statement, ManifestMalformed, ManifestTooLarge, *every)


def _show(workflow: Workflow[Content]) -> HTTPRouteHandler:
    name = "".join(part.capitalize() for part in workflow.kind.value.split("_"))

    async def show(matters: AnyOffice, request: Http, identity: FromPath[UUID]) -> RecordView:
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
    matters: AnyOffice,
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


@get("/v1/numbers", operation_id="findNumbers", tags=["matters"], contract=reads())
async def find_numbers(
    database: NamedDependency[Database],
    caller_tenant: NamedDependency[CentreId],
    *,
    begins: Annotated[str, QueryParameter(pattern="^[0-9a-f]{8,31}$", description=_BEGINS)],
) -> list[NumberLine]:
    """Exchanges and matters of the caller whose number begins so, a few at most."""
    first, last = (UUID(begins.ljust(32, filler)) for filler in "0f")
    async with database.transaction([caller_tenant]) as tx:
        rows = await store.numbered(tx, caller_tenant, first, last, _NUMBERED_AT_MOST)
    return [NumberLine(id=row.matter_id, workflow=Kind(row.workflow)) for row in rows]


@get(
    "/v1/matters/{identity:uuid}",
    operation_id="showMatter",
    tags=["matters"],
    contract=reads(cases.NotFound),
)
async def show_matter(matters: AnyOffice, request: Http, identity: FromPath[UUID]) -> MatterLine:
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
async def list_statements(matters: AnyOffice, request: Http, identity: FromPath[UUID]) -> list[StatementView]:
    """Every statement of a matter with what verifies it."""
    caller = await matters.gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with matters.desk(caller.centre) as desk:
        return await reading.statements(desk, MatterId(identity))


_NAMING = states(
    NameOutsideCentre,
    ManifestMalformed,
    ManifestTooLarge,
    RegistrationNumberInvalid,
    EmailInvalid,
    PhoneNotMobile,
    members.IsAMember,
    members.NamedDifferently,
    members.LegalNameDiffers,
    members.IdentityReused,
    members.TooManyNamed,
)


@post(
    "/v1/outside-centres",
    status_code=201,
    operation_id="nameOutsideCentre",
    tags=["centres"],
    contract=_NAMING,
)
async def name_outside_centre(matters: AnyOffice, request: Http) -> OutsideCentreView:
    """Name a centre that is not in the hub (NameOutsideCentre); one that is known keeps its number."""
    acts = acts_for(NameOutsideCentre)
    caller, statement = await matters.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    said = read(NameOutsideCentre, statement)
    async with matters.desk(caller.centre, OVERSIGHT, CentreId(said.id)) as desk:
        named = await members.name_outside(desk.tx, caller.centre, said, statement.sha256, desk.now)
    return outside_view(named)


_CORRECTING = states(
    CorrectOutsideCentre,
    ManifestMalformed,
    ManifestTooLarge,
    EmailInvalid,
    PhoneNotMobile,
    members.NotNamed,
    members.NotNamedByYou,
    members.SameAddress,
    members.IsAMember,
    members.IdentityReused,
)


@post(
    "/v1/outside-centres/{identity:uuid}/correct",
    status_code=201,
    operation_id="correctOutsideCentre",
    tags=["centres"],
    contract=_CORRECTING,
)
async def correct_outside_centre(
    matters: AnyOffice, request: Http, identity: FromPath[UUID]
) -> OutsideCentreView:
    """Say where an outside centre is reached from now on (CorrectOutsideCentre)."""
    acts = acts_for(CorrectOutsideCentre)
    caller, statement = await matters.gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=acts)
    said = read(CorrectOutsideCentre, statement)
    if said.centre != identity:
        raise members.NotNamed(centre=str(identity))
    async with matters.desk(caller.centre, OVERSIGHT, CentreId(said.centre)) as desk:
        named = await members.correct_outside(desk.tx, caller.centre, said, statement.sha256, desk.now)
    return outside_view(named)


@get("/v1/outside-centres", operation_id="listOutsideCentres", tags=["centres"], contract=reads())
async def list_outside_centres(
    database: NamedDependency[Database], caller_centre: NamedDependency[CentreId]
) -> list[OutsideCentreView]:
    """Every centre that a member ever named as an outside one."""
    async with database.transaction([caller_centre]) as tx:
        return [outside_view(one) for one in await centres.outside_centres(tx)]


def outside_view(named: OutsideCentre) -> OutsideCentreView:
    return OutsideCentreView(
        id=named.centre.id,
        name=named.centre.name,
        legal_entity=named.centre.legal_entity,
        registration_number=named.centre.registration_number,
        postal_address=named.postal_address,
        email=named.email,
        phone=named.phone,
        state=OutsideState.OUTSIDE if named.centre.outside else OutsideState.MEMBER,
        named_by=named.named_by,
        named_at=named.named_at,
        earlier=[EarlierAddress.model_validate(one) for one in named.earlier],
    )


def routes(workflows: Iterable[Workflow[Any]]) -> list[Router | HTTPRouteHandler]:
    return [
        *(routes_for(workflow) for workflow in workflows),
        name_outside_centre,
        correct_outside_centre,
        list_outside_centres,
        list_matters,
        find_numbers,
        show_matter,
        list_statements,
    ]
