"""What the hub reads and writes as a compact JWS: EdDSA and ES256, whatever else a header asks for.

Source: RFC 7515; security.md 0, 1 (traps 1, 2, 10). EdDSA is known by its old name and by that of RFC 9864;
the hub writes the old one, which every library knows. Keys come from the caller, never from a header.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.util import urlsafe_b64decode

from hub.kernel.documents import JsonObject
from hub.signing.public_key import ECDSA_P256, ED25519, PublicKey, Unproved

ALGORITHMS = ("EdDSA", "ES256")
"""As they are announced."""
_ALGORITHMS_OF = {ED25519: ("EdDSA", "Ed25519"), ECDSA_P256: ("ES256",)}
LONGEST = 4096
"""Characters of a compact JWS that the hub still looks at."""


class NotSigned(ValueError):  # noqa: N818  # says what it is
    """Not a compact JWS, not by this key, or by an algorithm that the hub does not accept."""


class _Registry(jws.JWSRegistry):
    def get_alg(self, name: str) -> Any:
        """Asked for in writing only. The library's own would warn of EdDSA's old name each time."""
        return self.algorithms[name]


_REGISTRY = _Registry()


def write(header: JsonObject, payload: bytes, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> str:
    """Sign `payload`; `alg` is added to the header."""
    alg = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256"
    return jws.serialize_compact({"alg": alg, **header}, payload, _jose(key), registry=_REGISTRY)


@lru_cache(maxsize=16)
def _jose(key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> OKPKey | ECKey:
    return OKPKey.import_key(key) if isinstance(key, Ed25519PrivateKey) else ECKey.import_key(key)


@dataclass(frozen=True, slots=True)
class Compact:
    """Header and claims of a token as they were read. Nothing in them may be trusted yet."""

    header: JsonObject
    claims: JsonObject
    _signed: bytes
    _signature: bytes

    def by(self, key: PublicKey) -> Unproved:
        """That `key` signed it is still to be proved; what the header asks for is refused here if need be."""
        try:
            _REGISTRY.check_header(self.header)
        except JoseError as error:
            raise NotSigned("a header that is not understood") from error
        if self.header["alg"] not in _ALGORITHMS_OF[key.algorithm]:
            raise NotSigned("not this key's algorithm")
        return Unproved(key, self._signature, self._signed, NotSigned("not signed by this key"))


def read(token: str) -> Compact:
    """A token whose key is still to be found."""
    if len(token) > LONGEST:
        raise NotSigned("too long")
    try:
        found = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY)
        header, claimed = found.headers(), json.loads(found.payload)
        signature = urlsafe_b64decode(found.segments["signature"])
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise NotSigned("not a compact JWS") from error
    if not isinstance(claimed, dict):
        raise NotSigned("not claims")
    return Compact(
        header, claimed, b".".join((found.segments["header"], found.segments["payload"])), signature
    )
