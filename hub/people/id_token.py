"""Whether an ID token proves who comes: signed by the provider, made for this hub, for this visit, and now.

Source: OpenID Connect Core 1.0 (2, 3.1.3.7); RFC 8725 (3.1, 3.2). The list of algorithms is the hub's own:
what a header asks for beside it, such as `none` or a code under a public key, is refused before a key is
touched. Which keys are the provider's, says whoever has fetched them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from hub.kernel.documents import JsonObject
from hub.people.provider import NotBelieved

ALGORITHMS = ("RS256", "PS256", "ES256")
LONGEST = 16_384
AHEAD = timedelta(seconds=60)
"""So far the provider's clock may be from the hub's."""
_SUBJECT = range(1, 256)
_RSA_BITS, _BITS_A_SIGN = 2048, 6
"""As base64url writes its modulus (RFC 7518 6.3.1)."""
_SECONDS = 10_000_000_000  # the year 2286: later moments are not times

Key = RSAKey | ECKey


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a token has to say."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Proved:
    """Who has come, by the provider's own name for it."""

    subject: str
    authenticated_at: datetime | None
    """When the provider asked the person last, if it says so; never later than now."""


def read_keys(document: JsonObject) -> list[Key]:
    """The keys of a JWKS that may sign a token; those of other kinds are left out, as RFC 7517 5 has it."""
    found = document.get("keys")
    return [key for one in found if (key := _key(one))] if isinstance(found, list) else []


def _key(jwk: object) -> Key | None:
    if not isinstance(jwk, dict) or jwk.get("use", "sig") != "sig":
        return None
    try:
        if jwk.get("kty") == "EC":
            return ECKey.import_key(jwk)
        if jwk.get("kty") == "RSA" and len(jwk["n"]) * _BITS_A_SIGN >= _RSA_BITS:
            return RSAKey.import_key(jwk)
    except (JoseError, ValueError, TypeError, KeyError):
        pass
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """By which key a token says that it is signed."""

    kind: type[Key]
    kid: str | None

    def among(self, keys: Sequence[Key]) -> list[Key]:
        return [one for one in keys if isinstance(one, self.kind) and self.kid in {None, one.kid}]


def key_named(token: str) -> Named:
    """Refused where it is no token, or signed by an algorithm that does not count."""
    if len(token) > LONGEST:
        raise NotBelieved(why="length")
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise NotBelieved(why="form") from None
    if header.get("alg") not in ALGORITHMS:
        raise NotBelieved(why="alg")
    kid = header.get("kid")
    return Named(ECKey if header["alg"].startswith("ES") else RSAKey, kid if isinstance(kid, str) else None)


def prove(token: str, keys: Sequence[Key], wanted: Wanted) -> Proved:
    """Who comes. `keys` are the provider's: exactly one of them has to be the one that the token names."""
    fitting = key_named(token).among(keys)
    if len(fitting) != 1:
        raise NotBelieved(why="kid")
    try:
        claims = jwt.decode(token, fitting[0], algorithms=list(ALGORITHMS)).claims
        _registry(wanted).validate(claims)
    except (JoseError, ValueError, TypeError, RecursionError) as wrong:
        raise NotBelieved(why=str(getattr(wrong, "claim", "signature"))) from None
    _require_party(claims, wanted)
    subject = claims["sub"]
    if len(subject) not in _SUBJECT:
        raise NotBelieved(why="sub")
    return Proved(subject, _authenticated_at(claims.get("auth_time"), wanted.now))


def _registry(wanted: Wanted) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(wanted.now.timestamp()),
        leeway=int(AHEAD.total_seconds()),
        iss={"essential": True, "value": wanted.issuer},
        aud={"essential": True, "value": wanted.client_id},
        nonce={"essential": True, "value": wanted.nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )


def _require_party(claims: JsonObject, wanted: Wanted) -> None:
    """A token for several says for which of them it was made."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else wanted.client_id) != wanted.client_id:
        raise NotBelieved(why="azp")


def _authenticated_at(said: object, now: datetime) -> datetime | None:
    if said is None:
        return None
    if not isinstance(said, int | float) or isinstance(said, bool) or not 0 < said < _SECONDS:
        raise NotBelieved(why="auth_time")
    moment = datetime.fromtimestamp(said, UTC)
    if moment > now + AHEAD:
        raise NotBelieved(why="auth_time")
    return min(moment, now)
