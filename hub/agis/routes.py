"""Registrations over HTTP: for the centre that registers, for jobs that carry them, for those who look on.

What a centre states about a registration goes the way of every statement about a move. Source: domain 3.3.
"""

from typing import Annotated
from uuid import UUID

from litestar import get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from hub.agis.casework import handing_out, hearing, preparing, reading
from hub.agis.sealing import SealMalformed
from hub.agis.steps import StepNotAllowed
from hub.agis.store import Wish
from hub.agis.tries import Pace
from hub.matters.casework.matters import IdentityReused
from hub.matters.office import AnyOffice
from hub.people.statements import acts_for
from hub.signing.statement import ManifestMalformed, ManifestTooLarge, read
from hub.web.calls import Http
from hub.web.media_types import MediaTypeNotTaken
from hub.web.openapi import reads, states, uploads
from hub.web.paging import PAGE_AT_MOST, CursorMalformed, moment, place
from saikne_schemas.register_words import RegistrationState
from saikne_schemas.registrations import (
    ClaimedRegistrations,
    ClaimRegistrations,
    OutcomesTaken,
    PrepareRegistration,
    RegisterView,
    RegistrationPage,
    RegistrationView,
    ReportOutcomes,
)
from saikne_schemas.vocabulary import Scope

_JOBS = frozenset({Scope.REGISTER, Scope.REGISTER_SIDE})
_TAGS = ["registrations"]
_JOSE = "application/jose"


@get("/v1/register", operation_id="showRegister", tags=_TAGS, contract=reads())
async def show_register(matters: AnyOffice, request: Http) -> RegisterView:
    """How the register is reached through this hub, and the keys to which facts are sealed."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset(Scope))
    async with matters.desk(caller.tenant) as desk:
        return await reading.register(desk)


@put(
    "/v1/registrations/{key:uuid}/sealed",
    operation_id="sendSealedFacts",
    tags=_TAGS,
    contract=uploads(
        [_JOSE],
        reading.NotFound,
        preparing.SealedDiffers,
        SealMalformed,
        ManifestTooLarge,
        MediaTypeNotTaken,
        StepNotAllowed,
    ),
)
async def send_sealed(matters: AnyOffice, request: Http, key: FromPath[UUID]) -> RegistrationView:
    """Send the sealed facts that a statement has named: the body is the JWE itself."""
    acts = acts_for(PrepareRegistration)
    caller, statement = await matters.gatekeeper.statement(
        request, scope=Scope.EXCHANGE, acts=acts, taken=_JOSE
    )
    async with matters.desk(caller.centre) as desk:
        return await preparing.take_sealed(desk, caller.centre, key, statement)


@get("/v1/registrations", operation_id="listRegistrations", tags=_TAGS, contract=reads(CursorMalformed))
async def list_registrations(
    matters: AnyOffice,
    request: Http,
    *,
    registration_state: Annotated[RegistrationState | None, QueryParameter(name="state")] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)] = 50,
) -> RegistrationPage:
    """Registrations, the last prepared first: a centre's own; on the register's side, every centre's."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset(Scope))
    wish = Wish(registration_state, place(after, moment, UUID) if after else None, limit + 1)
    async with matters.desk(caller.tenant) as desk:
        return await reading.page(desk, caller.tenant, wish)


@get(
    "/v1/registrations/{key:uuid}",
    operation_id="showRegistration",
    tags=_TAGS,
    contract=reads(reading.NotFound),
)
async def show_registration(matters: AnyOffice, request: Http, key: FromPath[UUID]) -> RegistrationView:
    """One registration with every attempt."""
    caller = await matters.gatekeeper.caller(request, scope=frozenset(Scope))
    async with matters.desk(caller.tenant) as desk:
        return await reading.view(desk, caller.tenant, key)


@post(
    "/v1/registrations/claims",
    status_code=200,
    operation_id="claimRegistrations",
    tags=_TAGS,
    contract=states(ClaimRegistrations, ManifestMalformed, ManifestTooLarge),
)
async def claim(
    matters: AnyOffice, register_pace: NamedDependency[Pace], request: Http
) -> ClaimedRegistrations:
    """Take registrations to make, for a limited time (ClaimRegistrations)."""
    caller, statement = await matters.gatekeeper.statement(request, scope=_JOBS)
    said = read(ClaimRegistrations, statement)
    async with matters.desk(caller.tenant) as desk:
        return await handing_out.claim(desk, caller, said, register_pace)


@post(
    "/v1/registrations/outcomes",
    status_code=200,
    operation_id="reportOutcomes",
    tags=_TAGS,
    contract=states(ReportOutcomes, ManifestMalformed, ManifestTooLarge, IdentityReused),
)
async def report(matters: AnyOffice, register_pace: NamedDependency[Pace], request: Http) -> OutcomesTaken:
    """Report what came of attempts (ReportOutcomes); each outcome is judged by itself."""
    caller, statement = await matters.gatekeeper.statement(request, scope=_JOBS)
    said = read(ReportOutcomes, statement)
    return await hearing.hear(matters, register_pace, hearing.Ear(caller, statement, said))


ROUTES = (show_register, send_sealed, list_registrations, show_registration, claim, report)
