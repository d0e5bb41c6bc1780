"""The hub as an OAuth 2 authorization server for centres' systems, on Authlib's provider core.

Source: security.md 1 with its list of traps; RFC 6749, 7009, 7662, 8414, 9068, 9126, 9207, 9449. One desk
serves one request: Authlib's core is synchronous and runs inside SQLAlchemy's greenlet on the request's
transaction, which is committed after a refusal too, so that used proofs stay used. What a system does in a
person's name begins in `code_grant`; the person's own part is a page.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from authlib.oauth2.rfc6749 import AuthorizationServer as Provider
from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import OAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from sqlalchemy import Connection

from hub.access import approvals, code_grant, dpop, store
from hub.access.approvals import Approval
from hub.access.clients import METHOD, Client, PrivateKeyJwt, TemporarilyUnavailable, find_client
from hub.access.dpop import ProofReplayed
from hub.access.store import MemoryLost, is_revoked, revoke_token
from hub.access.tokens import LIFETIME, AccessToken, AccessTokens, TokenExpired, TokenInvalid, new_jti
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.plumbing.database import Database, acting_for
from hub.signing.compact import ALGORITHMS
from hub.signing.keyring import Keyring
from saikne_schemas.vocabulary import Scope

log = structlog.get_logger(__name__)

_METHODS = [METHOD]
AT_ONCE = 4
"""Requests in work: strangers may come here, and leave most of the database's connections to others."""
NOT_PROVED = "no active centre is proved by this: it is not known, suspended, or the assertion does not hold"
Answer = tuple[int, JsonObject, dict[str, str]]
"""Status, JSON body, headers."""
Describe = Callable[[Connection, CentreId, UUID], JsonObject]
"""What a centre's own system is told of a person of the centre."""
_SHOW_A_PROOF = frozenset({"token", code_grant.NAME})


def _says_nothing(_connection: Connection, _centre: CentreId, _person: UUID) -> JsonObject:
    return {}


@dataclass(frozen=True, slots=True)
class Form:
    """A request to an OAuth endpoint, read whole."""

    path: str
    fields: Sequence[tuple[str, str]]
    proofs: Sequence[str]
    """The values of the DPoP header."""


class AuthorizationServer:
    """The four endpoints and the two documents of the hub's authorization server."""

    def __init__(
        self, database: Database, keyring: Keyring, public_url: str, describe: Describe | None = None
    ) -> None:
        self._database = database
        self._describe = describe or _says_nothing
        self._tokens = AccessTokens(keyring, public_url)
        self._issuer = public_url
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def token(self, form: Form, now: datetime) -> Answer:
        return await self._serve("token", form, now)

    async def push(self, form: Form, now: datetime) -> Answer:
        return await self._serve(code_grant.NAME, form, now)

    async def introspect(self, form: Form, now: datetime) -> Answer:
        return await self._serve("introspection", form, now)

    async def revoke(self, form: Form, now: datetime) -> Answer:
        return await self._serve("revocation", form, now)

    def metadata(self) -> JsonObject:
        """RFC 8414."""
        url, algorithms = self._issuer, list(ALGORITHMS)
        endpoints: JsonObject = {}
        for name, path in (("token", "token"), ("introspection", "introspect"), ("revocation", "revoke")):
            endpoints[f"{name}_endpoint"] = f"{url}/oauth/{path}"
            endpoints[f"{name}_endpoint_auth_methods_supported"] = _METHODS
            endpoints[f"{name}_endpoint_auth_signing_alg_values_supported"] = algorithms
        return {
            "issuer": url,
            "jwks_uri": f"{url}/oauth/jwks",
            **endpoints,
            "authorization_endpoint": f"{url}/oauth/authorize",
            "pushed_authorization_request_endpoint": f"{url}/oauth/par",
            "require_pushed_authorization_requests": True,
            "authorization_response_iss_parameter_supported": True,
            "grant_types_supported": ["client_credentials", "authorization_code"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": [scope.value for scope in Scope],
            "dpop_signing_alg_values_supported": algorithms,
        }

    async def _serve(self, endpoint: str, form: Form, now: datetime) -> Answer:
        async with self._at_once, self._database.transaction() as tx:
            return await tx.run_sync(lambda connection: self._answer(connection, endpoint, form, now))

    def _answer(self, connection: Connection, endpoint: str, form: Form, now: datetime) -> Answer:
        desk = _Desk(self._tokens, connection, now, self._describe)
        try:
            request = _Request(self._issuer, form)
            if endpoint in _SHOW_A_PROOF:
                request.proof = _proof(request, now)
            if endpoint == "token":
                answer: Answer = desk.create_token_response(request)
            else:
                answer = desk.create_endpoint_response(endpoint, request)
        except OAuth2Error as error:
            answer = desk.handle_error_response(None, error)
        return answer


class InvalidProof(OAuth2Error):  # type: ignore[misc]  # noqa: N818  # the library is untyped
    error = "invalid_dpop_proof"


class _Fields(OAuth2Payload):  # type: ignore[misc]  # as above
    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._lists: defaultdict[str, list[str]] = defaultdict(list)
        for name, value in pairs:
            self._lists[name].append(value)
        if any(len(values) > 1 for values in self._lists.values()):
            raise InvalidRequestError("a parameter is repeated")

    @property
    def data(self) -> dict[str, str]:
        return {name: values[0] for name, values in self._lists.items()}

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return self._lists


class _Request(OAuth2Request):  # type: ignore[misc]  # as above
    def __init__(self, issuer: str, form: Form) -> None:
        super().__init__("POST", f"{issuer}{form.path}")
        self.payload = _Fields(form.fields)
        self.proofs = form.proofs
        self.proof: dpop.Proof | None = None

    @property
    def form(self) -> dict[str, str]:
        fields: dict[str, str] = self.payload.data
        return fields


def _proof(request: _Request, now: datetime) -> dpop.Proof:
    if len(request.proofs) != 1:
        raise InvalidProof(description="exactly one DPoP header is required")
    try:
        return dpop.check(request.proofs[0], method="POST", uri=request.uri, now=now)
    except dpop.ProofInvalid as refusal:
        raise InvalidProof(description=f"wrong: {refusal.facts['why']}") from refusal


class _ClientCredentials(ClientCredentialsGrant):  # type: ignore[misc]  # as above
    TOKEN_ENDPOINT_AUTH_METHODS = _METHODS

    def validate_token_request(self) -> None:
        """Remember the proof only of a client that is known: a stranger writes nothing."""
        super().validate_token_request()
        self.server.use_up(self.request.proof)


class _Desk(Provider):  # type: ignore[misc]  # as above
    """Authlib's server for one request: its connection, its moment."""

    def __init__(
        self, tokens: AccessTokens, connection: Connection, now: datetime, describe: Describe
    ) -> None:
        super().__init__(scopes_supported=[scope.value for scope in Scope])
        self.tokens, self.connection, self.now, self.describe = tokens, connection, now, describe
        self.jkt = ""
        self.register_client_auth_method(METHOD, PrivateKeyJwt(tokens.issuer, connection, now))
        self.register_grant(_ClientCredentials)
        self.register_grant(code_grant.AuthorizationCode, [code_grant.S256()])
        self.register_endpoint(code_grant.PushedRequests)
        self.register_endpoint(_Introspection)
        self.register_endpoint(_Revocation)

    def use_up(self, proof: dpop.Proof) -> None:
        try:
            store.use_up(self.connection, proof)
        except MemoryLost:
            raise TemporarilyUnavailable from None
        except ProofReplayed:
            raise InvalidProof(description="the proof was used before") from None
        self.jkt = proof.jkt

    def act_for(self, centre: CentreId) -> None:
        """From here on the transaction is that of a centre whose system is proved."""
        self.connection.exec_driver_sql(acting_for([centre]))

    def query_client(self, client_id: str) -> Client | None:
        return find_client(self.connection, client_id)

    def generate_token(
        self, *, client: Client, scope: str | None, user: Approval | None = None, **_: object
    ) -> JsonObject:
        """Not Authlib's generator: that one signs by RS256, for ten days, for any audience (traps 1, 7)."""
        allowed = client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError(description="name one or more of the scopes you were admitted to")
        jti = new_jti()
        if user is not None:
            approvals.note_given(self.connection, user, jti, self.now + LIFETIME)
        token = self.tokens.issue(
            centre=client.centre,
            client_id=client.client_id,
            scope=allowed,
            jkt=self.jkt,
            now=self.now,
            approved_by=user.person if user else None,
            jti=jti,
        )
        lifetime = int(LIFETIME.total_seconds())
        return {"access_token": token, "token_type": "DPoP", "expires_in": lifetime, "scope": allowed}

    def save_token(self, token: object, request: object) -> None:
        """Nothing is kept: the token carries its own proof (RFC 9068)."""

    def handle_error_response(self, request: object, error: OAuth2Error) -> Answer:
        """Who is not proved learns nothing of whom it named: unknown, suspended and wrong look alike."""
        if isinstance(error, InvalidClientError) and not isinstance(error, TemporarilyUnavailable):
            log.info("client not proved", why=error.description)
            error = InvalidClientError(description=NOT_PROVED)
        answer: Answer = super().handle_error_response(request, error)
        return answer

    def send_signal(self, *_: object, **__: object) -> None: ...

    def create_oauth2_request(self, request: _Request) -> _Request:
        return request

    def handle_response(self, status: int, body: JsonObject, headers: Iterable[tuple[str, str]]) -> Answer:
        return status, body, dict(headers)


@dataclass(frozen=True, slots=True)
class _Issued:
    """A token of this hub that is in force, with what Authlib asks of it."""

    token: AccessToken
    revoked: bool

    def check_client(self, client: Client) -> bool:
        return self.token.centre == client.centre

    def is_expired(self) -> bool:
        return False

    def is_revoked(self) -> bool:
        return self.revoked


class _Reads:
    """How both endpoints find a token; one that is not the hub's or has run out is no token."""

    server: _Desk
    CLIENT_AUTH_METHODS = _METHODS

    def query_token(self, token: str, _hint: str | None) -> _Issued | None:
        try:
            read = self.server.tokens.read(token, self.server.now)
        except (TokenInvalid, TokenExpired):
            return None
        connection = self.server.connection
        ended = read.approved_by is not None and not approvals.counts(connection, read.jti)
        return _Issued(read, ended or is_revoked(connection, read.jti))


class _Introspection(_Reads, IntrospectionEndpoint):  # type: ignore[misc]  # as above
    def check_permission(self, token: _Issued, client: Client, _request: object) -> bool:
        """A centre learns about its own tokens only."""
        return token.check_client(client)

    def introspect_token(self, token: _Issued) -> JsonObject:
        """RFC 7662 2.2; of a person, who let the system in, what the centre's own system may know."""
        read, desk = token.token, self.server
        said = {}
        if read.approved_by is not None:
            desk.act_for(read.centre)
            said = desk.describe(desk.connection, read.centre, read.approved_by)
        return {
            **said,
            "active": True,
            "iss": self.server.tokens.issuer,
            "aud": self.server.tokens.audience,
            "client_id": read.client_id,
            "sub": str(read.approved_by or read.client_id),
            "tenant": str(read.centre),
            "scope": " ".join(sorted(read.scopes)),
            "jti": read.jti,
            "exp": int(read.expires.timestamp()),
            "iat": int(read.issued.timestamp()),
            "token_type": "DPoP",
            "cnf": {"jkt": read.jkt},
        }


class _Revocation(_Reads, RevocationEndpoint):  # type: ignore[misc]  # as above
    def authenticate_token(self, request: _Request, client: Client) -> _Issued | None:
        """RFC 7009 2.2: a token that is none, and one of another centre, are answered alike and stay."""
        self.check_params(request, client)
        token = self.query_token(request.form["token"], None)
        return token if token is not None and token.check_client(client) else None

    def revoke_token(self, token: _Issued, _request: object) -> None:
        """Authlib's own endpoint for JWTs refuses them all (trap 9): a deny list until they run out."""
        revoke_token(self.server.connection, token.token.jti, token.token.expires)
