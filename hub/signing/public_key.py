"""Which public keys the hub accepts: Ed25519 and P-256 as JWK, named by their RFC 7638 thumbprint.

Source: security.md 0, 2. A key is named by what it is, so a name can be cached for ever; whether a centre
may use it is asked elsewhere, every time. Stands on `cryptography` alone: offline verifiers use it too.
"""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

ED25519 = "ed25519"
ECDSA_P256 = "ecdsa-p256-sha256"
ECDH_P256 = "ecdh-es-p256"
"""Of a key that opens instead of signing; not of the registry of HTTP signatures, where it has no place."""

_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}")
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_HALF_BYTES = 32
"""Of an ECDSA P-256 signature as RFC 9421 3.3.4 and RFC 7518 3.4 write it: r, then s."""


class NotAPublicKey(ValueError):  # noqa: N818  # says what it is
    """The JWK is not a public Ed25519 or P-256 key, or holds more than a public key may."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    key_id: str
    """The RFC 7638 thumbprint."""
    algorithm: str
    """Its one signature algorithm, by the name of the RFC 9421 registry."""
    material: Ed25519PublicKey | EllipticCurvePublicKey = field(compare=False)
    _members: Mapping[str, str] = field(compare=False, repr=False)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Whether `signature` (64 raw bytes for both algorithms) was made over `data`."""
        try:
            if isinstance(self.material, Ed25519PublicKey):
                self.material.verify(signature, data)
            elif len(signature) == 2 * _HALF_BYTES:
                r, s = signature[:_HALF_BYTES], signature[_HALF_BYTES:]
                der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
                self.material.verify(der, data, ECDSA(SHA256()))
            else:
                return False
        except InvalidSignature:
            return False
        return True

    def jwk(self) -> dict[str, str]:
        """The public JWK with the thumbprint as `kid`: what is stored beside a signature."""
        return {**self._members, "kid": self.key_id}


@dataclass(frozen=True, slots=True)
class Unproved:
    """A signature that was read and is still to be verified: arithmetic for beside the event loop."""

    key: PublicKey
    signature: bytes
    data: bytes
    refusal: Exception

    def prove(self) -> None:
        if not self.key.verify(self.signature, self.data):
            raise self.refusal


def prove(*signatures: Unproved) -> None:
    """Verify in order; raises the refusal of the first that does not hold."""
    for one in signatures:
        one.prove()


def public_key(jwk: Mapping[str, object]) -> PublicKey:
    """Read a JWK; a private or symmetric one, or any other curve, is refused."""
    if not isinstance(jwk, Mapping) or _PRIVATE_MEMBERS & jwk.keys():
        raise NotAPublicKey("a private or symmetric key")
    x, y = jwk.get("x"), jwk.get("y", "")
    elliptic = (jwk.get("kty"), jwk.get("crv")) == ("EC", "P-256")
    if not elliptic and (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519"):
        raise NotAPublicKey("neither Ed25519 nor P-256")
    if not isinstance(x, str) or not isinstance(y, str):
        raise NotAPublicKey("coordinates are text")
    return _read(elliptic, x, y)


@lru_cache(maxsize=4096)
def _read(elliptic: bool, x: str, y: str) -> PublicKey:  # noqa: FBT001  # positional: the cache's key
    material: Ed25519PublicKey | EllipticCurvePublicKey
    try:
        if elliptic:
            point = (int.from_bytes(_coordinate(x), "big"), int.from_bytes(_coordinate(y), "big"))
            material = EllipticCurvePublicNumbers(*point, SECP256R1()).public_key()
        else:
            material = Ed25519PublicKey.from_public_bytes(_coordinate(x))
    except ValueError as error:
        raise NotAPublicKey("not a point of its curve") from error
    members = _members(material)
    if members["x"] != x or members.get("y", "") != y:
        raise NotAPublicKey("not written the one canonical way")
    canonical = json.dumps(members, sort_keys=True, separators=(",", ":"))
    thumbprint = b64url(hashlib.sha256(canonical.encode()).digest())
    return PublicKey(thumbprint, ECDSA_P256 if elliptic else ED25519, material, members)


def of_material(material: Ed25519PublicKey | EllipticCurvePublicKey) -> PublicKey:
    return public_key(_members(material))


def _members(material: Ed25519PublicKey | EllipticCurvePublicKey) -> dict[str, str]:
    """The required members of RFC 7638, nothing else."""
    if isinstance(material, Ed25519PublicKey):
        return {"crv": "Ed25519", "kty": "OKP", "x": b64url(material.public_bytes_raw())}
    point = material.public_numbers()
    x, y = (b64url(number.to_bytes(_HALF_BYTES, "big")) for number in (point.x, point.y))
    return {"crv": "P-256", "kty": "EC", "x": x, "y": y}


def _coordinate(text: str) -> bytes:
    if not _COORDINATE.fullmatch(text):
        raise ValueError("not 32 bytes in base64url")
    return base64.urlsafe_b64decode(text + "=")


def fingerprint(key_id: str) -> str:
    """A key's thumbprint as hexadecimal in groups of four, as the centre's own command shows it."""
    digits = base64.urlsafe_b64decode(key_id + "=").hex()
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def b64url(data: bytes) -> str:
    """As JOSE writes bytes: without padding (RFC 7515 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
