"""The OAuth endpoints as HTTP: forms in, RFC 6749 JSON out, two documents anyone may read; the directory.

Needs the dependencies `authorization_server` and `keyring`. Every admitted caller may see which centres there
are, and to whose key one seals what the hub is not to read: an older centre has none, and nothing is refused
to it. Contacts are not shown. Source: RFC 6749, 7009, 7662, 8414, 9126; method S1, S2.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from litestar import Response, get, post
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_400_BAD_REQUEST

from hub.access import published
from hub.access.authorization import Answer, AuthorizationServer, Form
from hub.access.store import keys_to_seal_to
from hub.centres import store as centres
from hub.centres.centre import Centre
from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.web.bodies import BodyBrokenOff, BodyTooLarge, announced_length, whole
from hub.web.calls import Http, each
from hub.web.heard_first import BYTES_AT_MOST, HeadsTaken
from hub.web.media_types import media_type
from hub.web.openapi import open_to_all, reads
from saikne_schemas.views import CentreView, EncryptionKeyView

_FORM = "application/x-www-form-urlencoded"
_FIELDS_AT_MOST = 20
_PUBLIC = CacheControlHeader(max_age=300, public=True)

Server = NamedDependency[AuthorizationServer]


@post("/oauth/token", status_code=HTTP_200_OK, tags=["OAuth"], operation_id="token", contract=published.TOKEN)
async def token(
    request: Http, authorization_server: NamedDependency[AuthorizationServer]
) -> Response[JsonObject]:
    """Exchange a client assertion (`private_key_jwt`) and a DPoP proof for an access token of 300 seconds.

    With a code that a person has approved, the token is in that person's name.
    """
    form = await _form(request)
    return _response(await authorization_server.token(form, clock.now()) if form else _BAD_FORM)


@post(
    "/oauth/par", status_code=HTTP_201_CREATED, tags=["OAuth"], operation_id="push", contract=published.PUSH
)
async def push(request: Http, authorization_server: Server) -> Response[JsonObject]:
    """Push what a person is to be asked (RFC 9126); within a minute a browser brings the person."""
    form = await _form(request)
    return _response(await authorization_server.push(form, clock.now()) if form else _BAD_FORM)


@post(
    "/oauth/introspect",
    status_code=HTTP_200_OK,
    tags=["OAuth"],
    operation_id="introspect",
    contract=published.INTROSPECT,
)
async def introspect(request: Http, authorization_server: Server) -> Response[JsonObject]:
    """Say whether a token of the asking centre is in force, and what it says (RFC 7662)."""
    form = await _form(request)
    return _response(await authorization_server.introspect(form, clock.now()) if form else _BAD_FORM)


@post(
    "/oauth/revoke", status_code=HTTP_200_OK, tags=["OAuth"], operation_id="revoke", contract=published.REVOKE
)
async def revoke(
    request: Http, authorization_server: NamedDependency[AuthorizationServer]
) -> Response[JsonObject]:
    """Take a token of the asking centre back at once (RFC 7009)."""
    form = await _form(request)
    return _response(await authorization_server.revoke(form, clock.now()) if form else _BAD_FORM)


@get("/oauth/jwks", tags=["OAuth"], operation_id="jwks", cache_control=_PUBLIC, contract=open_to_all())
async def jwks(keyring: NamedDependency[Keyring]) -> JsonObject:
    """The public keys of the hub: of its access tokens, its acceptances and its receipts."""
    return dict(keyring.public_jwks())


@get(
    "/.well-known/oauth-authorization-server",
    tags=["OAuth"],
    operation_id="authorizationServerMetadata",
    contract=open_to_all(),
    cache_control=_PUBLIC,
)
async def metadata(authorization_server: Server) -> JsonObject:
    """RFC 8414."""
    return authorization_server.metadata()


@get(
    "/v1/centres",
    operation_id="listCentres",
    summary="The centres of the hub",
    tags=["centres"],
    contract=reads(),
)
async def list_centres(
    database: NamedDependency[Database], caller_centre: NamedDependency[CentreId]
) -> list[CentreView]:
    async with database.transaction([caller_centre]) as tx:
        keys = await keys_to_seal_to(tx)
        return [centre_view(centre, keys.get(centre.id, [])) for centre in await centres.directory(tx)]


def centre_view(centre: Centre, keys: Sequence[JsonObject]) -> CentreView:
    return CentreView(
        id=centre.id,
        name=centre.name,
        legal_entity=centre.legal_entity,
        registration_number=centre.registration_number,
        role=centre.role.value,
        state=centre.state.value,
        encryption_keys=[EncryptionKeyView(kid=jwk["kid"], jwk=jwk) for jwk in keys],
    )


ROUTES = [token, push, introspect, revoke, jwks, metadata, list_centres]

_BAD_FORM: Answer = (
    HTTP_400_BAD_REQUEST,
    {
        "error": "invalid_request",
        "error_description": "send one short application/x-www-form-urlencoded body",
    },
    {"Cache-Control": "no-store"},
)


def _may_be_form(request: Http) -> bool:
    is_short = (announced_length(request) or 0) <= BYTES_AT_MOST
    return is_short and media_type(request.headers.get("content-type")) == _FORM


HEADS: HeadsTaken = dict.fromkeys(
    ("/oauth/token", "/oauth/par", "/oauth/introspect", "/oauth/revoke"), _may_be_form
)


async def _form(request: Http) -> Form | None:
    """The form, or nothing when it is none or too long."""
    if not _may_be_form(request):
        return None
    try:
        body = await whole(request, BYTES_AT_MOST)
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except (ValueError, BodyTooLarge, BodyBrokenOff):
        return None
    return Form(str(request.scope["path"]), fields, each(request, "dpop"))


def _response(answer: Answer) -> Response[JsonObject]:
    status, body, headers = answer
    kept = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return Response(body, status_code=status, headers=kept, media_type="application/json")
