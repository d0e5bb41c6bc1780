"""Sealed identities over HTTP: in from whoever will name it, out to whom it is sealed."""

from typing import Annotated
from uuid import UUID

from litestar import Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from hub.access.caller import Gatekeeper
from hub.identities import casework
from hub.kernel import clock
from hub.people.statements import ANY_WORK
from hub.plumbing.database import Database
from hub.signing.statement import ManifestTooLarge
from hub.web.calls import Http
from hub.web.media_types import MediaTypeNotTaken
from hub.web.openapi import reads, uploads
from hub.web.paging import PAGE_AT_MOST, CursorMalformed
from saikne_schemas.identities import SealedIdentityPage, SealedIdentitySent
from saikne_schemas.vocabulary import Scope

_JOSE = "application/jose"
_SEND = uploads(
    [_JOSE],
    casework.IdentityNotRandom,
    casework.IdentityReused,
    casework.Malformed,
    casework.TooLarge,
    casework.KeyUnknown,
    casework.KeyRotated,
    casework.TooManyWaiting,
    ManifestTooLarge,
    MediaTypeNotTaken,
)


@put("/{identity:uuid}", operation_id="sendSealedIdentity", contract=_SEND)
async def send_sealed_identity(
    gatekeeper: NamedDependency[Gatekeeper],
    database: NamedDependency[Database],
    request: Http,
    identity: FromPath[UUID],
) -> SealedIdentitySent:
    """Send who is meant under a new random id, for a statement to name: the body is the JWE itself."""
    caller, statement = await gatekeeper.statement(request, scope=Scope.EXCHANGE, acts=ANY_WORK, taken=_JOSE)
    async with database.transaction([caller.centre]) as tx:
        return await casework.take(tx, caller.centre, identity, statement.body, clock.now())


@get("/", operation_id="listSealedIdentities", contract=reads(CursorMalformed))
async def list_sealed_identities(
    gatekeeper: NamedDependency[Gatekeeper],
    database: NamedDependency[Database],
    request: Http,
    *,
    about: FromQuery[UUID | None] = None,
    after: Annotated[str | None, QueryParameter(name="cursor", max_length=400)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_AT_MOST)] = 50,
) -> SealedIdentityPage:
    """What is sealed to the caller's keys, of one exchange or matter or of all, the last sent first."""
    caller = await gatekeeper.caller(request, scope=Scope.EXCHANGE)
    async with database.transaction([caller.centre]) as tx:
        return await casework.page(tx, caller.centre, about, after, limit)


ROUTES = [
    Router(
        "/v1/sealed-identities",
        tags=["identities"],
        route_handlers=[send_sealed_identity, list_sealed_identities],
    )
]
