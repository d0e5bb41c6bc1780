"""What an access token says and how long it counts: RFC 9068, bound to a key, 300 seconds.

Source: security.md 0, 1. Made by the token endpoint, read at every call. Verifying the signature is
remembered by the token's hash; whether it was revoked is asked at every call, and so is whether its key was
withdrawn. A token says itself how long it lives: no longer than any token does, whoever made it when.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.signing.compact import NotSigned, read
from hub.signing.keyring import Keyring
from saikne_schemas.vocabulary import Scope

LIFETIME = timedelta(seconds=300)
AHEAD = timedelta(seconds=10)
"""The clock of the process that made it may be so far ahead of the one that reads it."""
_REMEMBERED = 10_000


class TokenMissing(Refusal):
    code = "access.token-missing"


class TokenInvalid(Refusal):
    code = "access.token-invalid"


class TokenExpired(Refusal):
    code = "access.token-expired"


class TokenRevoked(Refusal):
    code = "access.token-revoked"


@dataclass(frozen=True, slots=True)
class AccessToken:
    centre: CentreId
    client_id: str
    scopes: frozenset[Scope]
    jkt: str
    """Thumbprint of the only key whose proofs count with this token."""
    jti: str
    key_id: str
    """Of the hub's key that signed it."""
    issued: datetime
    expires: datetime
    person: UUID | None = None
    """Whose page it was made for; it then counts with that person's key alone."""
    approved_by: UUID | None = None
    """The person in whose name the centre's system acts; None where it acts by itself."""


class AccessTokens:
    """Makes and reads the tokens of one hub, known by its public URL."""

    def __init__(self, keyring: Keyring, public_url: str) -> None:
        self._keyring = keyring
        self.issuer = public_url
        self.audience = f"{public_url}/v1"
        self._verified: dict[bytes, AccessToken] = {}

    def issue(
        self,
        *,
        centre: CentreId,
        client_id: str,
        scope: str,
        jkt: str,
        now: datetime,
        person: UUID | None = None,
        approved_by: UUID | None = None,
        jti: str | None = None,
    ) -> str:
        """RFC 9068 2.2: `sub` is the person where one has let the system in, and else the system itself."""
        issued_at = int(now.timestamp())
        return self._keyring.sign_token(
            {
                "iss": self.issuer,
                "aud": self.audience,
                "sub": str(approved_by or client_id),
                "client_id": client_id,
                "tenant": str(centre),
                "scope": scope,
                "iat": issued_at,
                "exp": issued_at + int(LIFETIME.total_seconds()),
                "jti": jti or new_jti(),
                "cnf": {"jkt": jkt},
                **({"person": str(person)} if person else {}),
            }
        )

    def read(self, token: str, now: datetime) -> AccessToken:
        """The token, once it is known to be the hub's own and in force."""
        return self.remembered(token, now) or self.verify(token, now)

    def remembered(self, token: str, now: datetime) -> AccessToken | None:
        """A token that was verified before; None where the arithmetic is still to be done."""
        known = self._verified.get(_name(token))
        if known is not None and self._keyring.token_key(known.key_id) is None:
            raise TokenInvalid
        return _in_force(known, now) if known else None

    def verify(self, token: str, now: datetime) -> AccessToken:
        """The arithmetic, for a token that is not remembered."""
        known = self._proved(token)
        if len(self._verified) >= _REMEMBERED:
            self._verified.clear()
        self._verified[_name(token)] = known
        return _in_force(known, now)

    def _proved(self, token: str) -> AccessToken:
        try:
            found = read(token)
            key = self._keyring.token_key(str(found.header.get("kid")))
            if key is None or found.header.get("typ") != "at+jwt":
                raise TokenInvalid
            found.by(key).prove()
            claimed = found.claims
            if claimed["iss"] != self.issuer or claimed["aud"] != self.audience:
                raise TokenInvalid
            return _of(claimed, key.key_id)
        except (NotSigned, KeyError, TypeError, ValueError, OverflowError) as error:
            raise TokenInvalid from error


def new_jti() -> str:
    return secrets.token_urlsafe(16)


def _name(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _in_force(token: AccessToken, now: datetime) -> AccessToken:
    if now >= token.expires:
        raise TokenExpired
    if token.expires - token.issued > LIFETIME or token.issued > now + AHEAD:
        raise TokenInvalid
    return token


def _of(claimed: JsonObject, key_id: str) -> AccessToken:
    by_itself = claimed["sub"] == claimed["client_id"]
    return AccessToken(
        centre=CentreId(UUID(claimed["tenant"])),
        client_id=claimed["client_id"],
        scopes=frozenset(Scope(scope) for scope in claimed["scope"].split()),
        jkt=claimed["cnf"]["jkt"],
        jti=claimed["jti"],
        key_id=key_id,
        issued=datetime.fromtimestamp(claimed["iat"], UTC),
        expires=datetime.fromtimestamp(claimed["exp"], UTC),
        person=UUID(claimed["person"]) if "person" in claimed else None,
        approved_by=None if by_itself else UUID(claimed["sub"]),
    )
