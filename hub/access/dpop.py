"""Whether a call proves possession of the key its token is bound to (RFC 9449).

Source: security.md 1, threats 1, 2, 6. The same rule for the token endpoint and for every call under /v1.
Does not know whether a proof was used before: `store.note` remembers that.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits
from typing import Any
from urllib.parse import urlsplit

from hub.kernel.refusal import Refusal
from hub.signing import compact
from hub.signing.compact import NotSigned
from hub.signing.public_key import NotAPublicKey, Unproved, public_key

OLDEST = timedelta(seconds=60)
AHEAD = timedelta(seconds=10)
"""FAPI 2.0: a clock 10 s ahead is accepted, a proof older than 60 s is not."""
_JTI = range(8, 129)
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~")
_PLAIN = re.compile(r"(?:[!-$&-~]|%[0-9A-Fa-f]{2})+")
"""No text with a space, a control, a letter that must be encoded, or half an encoding is a URI."""
_SECONDS = 10_000_000_000  # the year 2286: later moments are not times


class ProofInvalid(Refusal):
    """`why` names the header field or claim that is wrong."""

    code = "access.proof-invalid"


class ProofReplayed(Refusal):
    code = "access.proof-replayed"


@dataclass(frozen=True, slots=True)
class Proof:
    jkt: str
    """Thumbprint of the key that made it."""
    jti: str
    issued_at: datetime


def check(proof: str, *, method: str, uri: str, now: datetime, access_token: str | None = None) -> Proof:
    """Verify a proof for one call; with `access_token` it must have been made for that token."""
    found, signature = read(proof, method=method, uri=uri, now=now, access_token=access_token)
    signature.prove()
    return found


def read(
    proof: str, *, method: str, uri: str, now: datetime, access_token: str | None = None
) -> tuple[Proof, Unproved]:
    """The same, with the arithmetic still to be done: until then the proof says nothing."""
    try:
        found = compact.read(proof)
        if found.header.get("typ") != "dpop+jwt":
            raise ProofInvalid(why="typ")
        key = public_key(found.header.get("jwk") or {})
        signature = replace(found.by(key), refusal=ProofInvalid(why="signature"))
    except NotAPublicKey as error:
        raise ProofInvalid(why="jwk") from error
    except NotSigned as error:
        raise ProofInvalid(why="signature") from error
    claimed = found.claims
    if claimed.get("htm") != method:
        raise ProofInvalid(why="htm")
    if not _same_target(claimed.get("htu"), uri):
        raise ProofInvalid(why="htu")
    if access_token is not None and not _made_for(claimed.get("ath"), access_token):
        raise ProofInvalid(why="ath")
    jti = claimed.get("jti")
    if not isinstance(jti, str) or len(jti) not in _JTI:
        raise ProofInvalid(why="jti")
    return Proof(key.key_id, jti, _issued_at(claimed.get("iat"), now)), signature


def _issued_at(iat: Any, now: datetime) -> datetime:
    if type(iat) not in {int, float} or not 0 < iat < _SECONDS:
        raise ProofInvalid(why="iat")
    issued = datetime.fromtimestamp(iat, UTC)
    if not now - OLDEST <= issued <= now + AHEAD:
        raise ProofInvalid(why="iat")
    return issued


def _made_for(ath: object, access_token: str) -> bool:
    """RFC 9449 4.2: the hash of the token, which another token's proof does not have."""
    digest = hashlib.sha256(access_token.encode()).digest()
    expected = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return isinstance(ath, str) and ath.isascii() and hmac.compare_digest(ath.encode(), expected)


def _same_target(htu: object, uri: str) -> bool:
    """RFC 9449 4.3: without query and fragment, equal as written or after RFC 3986 normalisation."""
    if not isinstance(htu, str):
        return False
    return htu == uri or _normal(htu) == _normal(uri) is not None


def _normal(uri: str) -> tuple[str, str, int | None, str] | None:
    """By RFC 3986 6.2.2 and 6.2.3: case, percent-encoding, dot segments, default port, empty path."""
    if not _PLAIN.fullmatch(uri):
        return None
    try:
        parts = urlsplit(uri)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None:
        return None
    return parts.scheme, _encoded(parts.hostname).lower(), port, _without_dots(_encoded(parts.path)) or "/"


def _encoded(text: str) -> str:
    """Only what needs it stays percent-encoded, in upper case."""

    def once(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return re.sub(r"%([0-9A-Fa-f]{2})", once, text)


def _without_dots(path: str) -> str:
    """RFC 3986 5.2.4, of a path that begins with a slash or is empty."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments and segments[-1] in {".", ".."}:
        kept.append("")
    return "".join(f"/{segment}" for segment in kept)
