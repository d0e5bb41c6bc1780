"""What proves a call, with `cryptography` alone: the token, the proof of possession, the signature.

The least that has to be checked of RFC 9068, 9449 and 9421, in the one form in which these benchmarks' calls
write them; any other form is refused. What is proved for good is remembered: a token, and the key of a proof.
"""

import hashlib
import json
import re
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

Headers = Mapping[bytes, bytes]
Verify = Callable[[bytes, bytes], None]
"""Takes a signature and what was signed; raises where it does not fit."""

_VALID_SECONDS, _AHEAD_SECONDS, _REMEMBERED_SECONDS = 60, 10, 60
_COVERED = (b"@method", b"@target-uri", b"authorization", b"dpop", b"content-type", b"content-digest")
_INPUT = b"saikne=(" + b" ".join(b'"%s"' % name for name in _COVERED) + b")"
_PARAMETER = re.compile(rb';(created|expires|nonce|keyid|alg|tag)=(?:(\d{1,10})|"([!#-\[\]-~]{1,64})")')
_PARAMETERS = frozenset({b"created", b"expires", b"nonce", b"keyid", b"alg", b"tag"})
_ES256 = ECDSA(SHA256())


class NotProved(Exception):  # noqa: N818  # says what happened
    """The call is not what it says, or says it in another form."""


@dataclass(frozen=True, slots=True)
class Token:
    """One that the hub has signed."""

    centre: UUID
    jti: str
    jkt: str
    ath: str
    """Its hash, as a proof names it."""
    expires: int


@dataclass(frozen=True, slots=True)
class Signed:
    """What a signature says, and what of it is kept."""

    base: bytes
    signature: bytes
    key: str
    algorithm: str
    sha256: bytes
    """That the body must have."""


@dataclass(frozen=True, slots=True)
class Proved:
    """A call that is genuine; `used` may count no second time until the moments beside."""

    centre: UUID
    jti: str
    used: list[bytes]
    until: list[datetime]
    signed: Signed | None


@dataclass(frozen=True, slots=True)
class SigningKey:
    verify: Verify
    algorithm: str
    """By the name of the RFC 9421 registry."""
    jwk: str


class Prover:
    """Knows the hub's keys for tokens and the centres' for signatures, by their names."""

    def __init__(
        self, issuer: str, token_keys: Mapping[str, Verify], signing_keys: Mapping[str, SigningKey]
    ) -> None:
        self._issuer, self._token_keys, self._signing_keys = issuer, token_keys, signing_keys
        self._tokens: dict[bytes, Token] = {}
        self._proof_keys: dict[bytes, tuple[Verify, str]] = {}

    def prove(self, method: str, path: str, query: str, headers: Headers) -> Proved:
        now = time.time()
        uri = f"{self._issuer}{path}"
        scheme, _, written = headers[b"authorization"].partition(b" ")
        token = self._tokens.get(written) or self._token(written)
        if scheme != b"DPoP" or now >= token.expires:
            raise NotProved("token")
        jti, issued = self._possession(headers[b"dpop"], token, method, uri, now)
        used, until = [_seen("dpop", token.jkt, jti)], [_moment(issued + _VALID_SECONDS)]
        if b"signature" not in headers:
            return Proved(token.centre, token.jti, used, until, None)
        target = f"{uri}?{query}" if query else uri
        signed, nonce, expires = self._signature(method, target, headers, now)
        used.append(_seen("signature", signed.key, nonce))
        until.append(_moment(expires))
        return Proved(token.centre, token.jti, used, until, signed)

    def _token(self, written: bytes) -> Token:
        head, claimed, data, signature = _parts(written)
        if head["typ"] != "at+jwt" or head["alg"] != "EdDSA":
            raise NotProved("token")
        self._token_keys[head["kid"]](signature, data)
        if claimed["iss"] != self._issuer or claimed["aud"] != f"{self._issuer}/v1":
            raise NotProved("token")
        ath = _b64url(hashlib.sha256(written).digest())
        centre, jkt = UUID(claimed["tenant"]), claimed["cnf"]["jkt"]
        token = self._tokens[written] = Token(centre, claimed["jti"], jkt, ath, claimed["exp"])
        return token

    def _possession(self, proof: bytes, token: Token, method: str, uri: str, now: float) -> tuple[str, float]:
        head, _, rest = proof.partition(b".")
        verify, jkt = self._proof_keys.get(head) or self._proof_key(head)
        said, _, signature = rest.partition(b".")
        verify(_unb64url(signature), proof[: len(head) + 1 + len(said)])
        claimed = json.loads(_unb64url(said))
        issued, jti = claimed["iat"], claimed["jti"]
        wanted = (method, uri, token.ath, token.jkt)
        if (claimed["htm"], claimed["htu"], claimed["ath"], jkt) != wanted:
            raise NotProved("proof")
        if not now - _VALID_SECONDS <= issued <= now + _AHEAD_SECONDS or not 8 <= len(jti) <= 128:
            raise NotProved("proof")
        return jti, issued

    def _proof_key(self, written: bytes) -> tuple[Verify, str]:
        head = json.loads(_unb64url(written))
        jwk = head["jwk"]
        if (head["typ"], head["alg"], jwk["crv"]) != ("dpop+jwt", "ES256", "P-256"):
            raise NotProved("proof")
        members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
        canonical = json.dumps(members, sort_keys=True, separators=(",", ":")).encode()
        found = by_p256(jwk), _b64url(hashlib.sha256(canonical).digest())
        self._proof_keys[written] = found
        return found

    def _signature(self, method: str, target: str, headers: Headers, now: float) -> tuple[Signed, str, int]:
        written, signature = headers[b"signature-input"], headers[b"signature"]
        said = written.removeprefix(_INPUT)
        found = _PARAMETER.findall(said)
        given = {name: number or text for name, number, text in found}
        whole = sum(len(name) + len(number or text) + (2 if number else 4) for name, number, text in found)
        if whole != len(said) or len(found) != len(given) or given.keys() != _PARAMETERS:
            raise NotProved("signature")
        created, expires = int(given[b"created"]), int(given[b"expires"])
        key_id, algorithm = given[b"keyid"].decode(), given[b"alg"].decode()
        key = self._signing_keys[key_id]
        if algorithm != key.algorithm or given[b"tag"] != b"saikne-request-1":
            raise NotProved("signature")
        in_time = created <= now + _AHEAD_SECONDS and now <= expires <= created + _VALID_SECONDS
        if not in_time or len(written) == len(said) or not signature.startswith(b"saikne=:"):
            raise NotProved("signature")
        lines = [b'"@method": %s' % method.encode(), b'"@target-uri": %s' % target.encode()]
        lines += [b'"%s": %s' % (name, headers[name]) for name in _COVERED[2:]]
        base = b"\n".join((*lines, b'"@signature-params": %s' % written.removeprefix(b"saikne=")))
        raw = urlsafe_b64decode(signature[8:-1].translate(_URLSAFE))
        key.verify(raw, base)
        digest = headers[b"content-digest"]
        if not digest.startswith(b"sha-256=:") or not digest.endswith(b":"):
            raise NotProved("digest")
        sha256 = urlsafe_b64decode(digest[9:-1].translate(_URLSAFE))
        return Signed(base, raw, key_id, algorithm, sha256), given[b"nonce"].decode(), expires


_URLSAFE = bytes.maketrans(b"+/", b"-_")


def by_ed25519(key: Ed25519PublicKey) -> Verify:
    return key.verify


def by_p256(jwk: Mapping[str, str]) -> Verify:
    x, y = (int.from_bytes(_unb64url(jwk[name].encode())) for name in ("x", "y"))
    key: EllipticCurvePublicKey = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()

    def verify(signature: bytes, data: bytes) -> None:
        if len(signature) != 64:
            raise NotProved("signature")
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        key.verify(encode_dss_signature(r, s), data, _ES256)

    return verify


def signing_key(jwk: Mapping[str, str], written: str) -> SigningKey:
    if jwk["kty"] == "EC":
        return SigningKey(by_p256(jwk), "ecdsa-p256-sha256", written)
    material = Ed25519PublicKey.from_public_bytes(_unb64url(jwk["x"].encode()))
    return SigningKey(by_ed25519(material), "ed25519", written)


def _parts(token: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Header, claims, what was signed, the signature."""
    data, _, signature = token.rpartition(b".")
    head, _, claimed = data.partition(b".")
    return json.loads(_unb64url(head)), json.loads(_unb64url(claimed)), data, _unb64url(signature)


def _seen(kind: str, who: str, what: str) -> bytes:
    """As the hub names what was used."""
    return hashlib.sha256(f"{kind}\0{who}\0{what}".encode()).digest()


def _moment(until: float) -> datetime:
    return datetime.fromtimestamp(until + _REMEMBERED_SECONDS, UTC)


def _b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unb64url(text: bytes) -> bytes:
    return urlsafe_b64decode(text + b"==")
