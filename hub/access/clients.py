"""Who may ask for tokens: a centre, by a key of its own, for no more than it was admitted to.

Source: security.md 1 (traps 2, 3, 4, 11); RFC 7523, FAPI 2.0. The names of `Client`'s methods are Authlib's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import InvalidClientError, OAuth2Request
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry
from sqlalchemy import Connection

from hub.access.store import note, seen_key
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.signing.compact import Compact, NotSigned, read
from hub.signing.public_key import PublicKey, public_key

METHOD = "private_key_jwt"
LONGEST_ASSERTION = timedelta(minutes=5)
AHEAD = timedelta(seconds=10)
_SECONDS = 10_000_000_000  # the year 2286: later moments are not times

_CLIENT = """
SELECT centre.id, centre.state, centre.scopes,
       ARRAY(SELECT jwk FROM hub.client_key
             WHERE centre_id = centre.id AND use = 'oauth' AND revoked_at IS NULL),
       ARRAY(SELECT address FROM hub.return_address WHERE centre_id = centre.id)
FROM hub.centre WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class Client:
    """A centre as the authorization server sees it."""

    centre: CentreId
    active: bool
    scopes: frozenset[str]
    keys: list[PublicKey]
    addresses: frozenset[str] = frozenset()
    """To which it may have people sent back."""

    @property
    def client_id(self) -> str:
        return str(self.centre)

    def get_client_id(self) -> str:
        return self.client_id

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """What was asked for, if all of it was admitted; nothing asked for is nothing allowed."""
        asked = (scope or "").split()
        return " ".join(asked) if asked and set(asked) <= self.scopes else None

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == METHOD

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in {"client_credentials", "authorization_code"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.addresses

    def get_default_redirect_uri(self) -> None:
        """None is taken for granted: every request names its own."""


def find_client(connection: Connection, client_id: str) -> Client | None:
    """A centre that is not known is one without keys: finding that out takes as long as with any other."""
    try:
        centre = UUID(client_id)
    except ValueError:
        return None
    found = connection.exec_driver_sql(_CLIENT, (centre,)).first()
    if found is None or str(centre) != client_id:
        return Client(CentreId(centre), active=False, scopes=frozenset(), keys=[])
    keys = [public_key(jwk) for jwk in found[3]]
    of_it = frozenset(found[2]), keys, frozenset(found[4])
    return Client(CentreId(found[0]), found[1] == "active", *of_it)


class PrivateKeyJwt(JWTBearerClientAssertion):  # type: ignore[misc]  # the library is untyped
    """RFC 7523 as FAPI 2.0 narrows it: `aud` is the issuer and nothing else, at most five minutes, once."""

    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, issuer: str, connection: Connection, now: datetime) -> None:
        super().__init__(leeway=int(AHEAD.total_seconds()))
        self._issuer, self._connection, self._now = issuer, connection, now

    def __call__(self, query_client: object, request: OAuth2Request) -> Client | None:
        client: Client | None = super().__call__(query_client, request)
        named = request.form.get("client_id")
        if client and named is not None and named != client.client_id:
            raise InvalidClientError(description="client_id is not the assertion's sub")
        return client

    def resolve_client_public_key(self, client: Client) -> list[PublicKey]:
        return client.keys

    def extract_assertion(self, assertion: str) -> tuple[JsonObject, JsonObject]:
        try:
            found = read(assertion)
        except NotSigned as error:
            raise InvalidClientError(description="the assertion is not a compact JWS") from error
        return found.header, found.claims

    def authenticate_client(self, client: Client) -> Client:
        if not client.active:
            raise InvalidClientError(description="the centre is suspended")
        authenticated: Client = super().authenticate_client(client)
        return authenticated

    def process_assertion_claims(self, assertion: str, keys: list[PublicKey]) -> JsonObject:
        try:
            found = read(assertion)
            kid = found.header.get("kid")
            _prove(found, [key for key in keys if kid is None or key.key_id == kid])
        except NotSigned as error:
            raise InvalidClientError(description="the assertion is not signed by an admitted key") from error
        claimed = found.claims
        if not isinstance(claimed.get("aud"), str):
            raise InvalidClientError(description="aud must be the issuer, as one string")
        _moment(claimed, "exp", latest=self._now + LONGEST_ASSERTION)
        if "iat" in claimed:
            _moment(claimed, "iat", latest=self._now + AHEAD)
            if claimed["exp"] - claimed["iat"] > (LONGEST_ASSERTION + AHEAD).total_seconds():
                raise InvalidClientError(description="from iat to exp it lives too long")
        self.verify_claims(claimed)
        return claimed

    def verify_claims(self, claims: JsonObject) -> None:
        """As the library does, but told the time: its own is that of this machine."""
        wanted = {"essential": True}
        options: JsonObject = {
            "iss": wanted,
            "sub": wanted,
            "exp": wanted,
            "aud": {**wanted, "values": [self._issuer]},
        }
        known = JWTClaimsRegistry(now=int(self._now.timestamp()), leeway=self.leeway, **options)
        try:
            known.validate(claims)
        except JoseError as error:
            raise InvalidClientError(description=error.description) from error
        if claims["sub"] != claims["iss"]:
            raise InvalidClientError(description="iss and sub must be the same")
        if not self.validate_jti(claims, claims.get("jti")):
            raise InvalidClientError(description="the assertion was used before")

    def validate_jti(self, claimed: JsonObject, jti: object) -> bool:
        """Used once, and not perhaps before a crash of the database that forgot it."""
        if not isinstance(jti, str) or not 8 <= len(jti) <= 128:  # noqa: PLR2004  # RFC 7519: a string
            raise InvalidClientError(description="jti must be a text of 8 to 128 characters")
        expires = datetime.fromtimestamp(claimed["exp"], UTC)
        made = (
            datetime.fromtimestamp(claimed["iat"], UTC) if "iat" in claimed else expires - LONGEST_ASSERTION
        )
        key = seen_key("assertion", claimed["sub"], jti)
        fresh, whole_since = note(self._connection, key, expires + AHEAD)
        if whole_since is None or made < whole_since:
            raise TemporarilyUnavailable
        return fresh


class TemporarilyUnavailable(InvalidClientError):  # type: ignore[misc]  # noqa: N818
    """The database crashed and forgot which assertions were used; one made from now on will do."""

    error = "temporarily_unavailable"
    description = "the hub is recovering; sign a new assertion and try again in ten seconds"
    status_code = 503

    def get_headers(self) -> list[tuple[str, str]]:
        return [*super().get_headers(), ("Retry-After", "11")]


_NOBODYS = [
    public_key({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
    public_key(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    ),
]
"""Published examples (RFC 8037 A.2, RFC 7515 A.3): tried where a centre has no key, and never believed."""


def _prove(assertion: Compact, candidates: list[PublicKey]) -> None:
    """By any one of these keys."""
    for key in candidates or _NOBODYS:
        try:
            assertion.by(key).prove()
        except NotSigned:
            continue
        if candidates:
            return
    raise NotSigned("by none of the admitted keys")


def _moment(claimed: JsonObject, name: str, *, latest: datetime) -> None:
    value: Any = claimed.get(name)
    if type(value) not in {int, float} or not 0 < value < _SECONDS:
        raise InvalidClientError(description=f"{name} is missing or not a time")
    if datetime.fromtimestamp(value, UTC) > latest:
        raise InvalidClientError(description=f"{name} is too far ahead")
