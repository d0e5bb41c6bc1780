"""What the hub reads and writes as a compact JWS: EdDSA and ES256, whatever else a header asks for.

Source: RFC 7515; security.md 0, 1 (traps 1, 2, 10). EdDSA is known by its old name and by that of RFC 9864;
the hub writes the old one, which every library knows. Keys come from the caller, never from a header.
"""

import json
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import ECKey, OKPKey

from hub.signing.public_key import PublicKey

ALGORITHMS = ("EdDSA", "ES256")
"""As they are announced."""
_READ = {*ALGORITHMS, "Ed25519"}
LONGEST = 4096
"""Characters of a compact JWS that the hub still looks at."""


class NotSigned(ValueError):  # noqa: N818  # says what it is
    """Not a compact JWS, not by this key, or by an algorithm that the hub does not accept."""


class _Accepted(jws.JWSRegistry):
    def get_alg(self, name: str) -> Any:
        if name not in _READ:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


_REGISTRY = _Accepted()


def write(header: dict[str, Any], payload: bytes, key: Ed25519PrivateKey) -> str:
    """Sign `payload`; `alg` is added to the header."""
    signing = OKPKey.import_key(key)
    return jws.serialize_compact({"alg": "EdDSA", **header}, payload, signing, registry=_REGISTRY)


def unverified(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token whose key is still to be found. Nothing in them may be trusted yet."""
    if len(token) > LONGEST:
        raise NotSigned("too long")
    try:
        found = jws.extract_compact(token.encode("ascii"), registry=_REGISTRY)
        header, claimed = found.headers(), json.loads(found.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise NotSigned("not a compact JWS") from error
    if not isinstance(header, dict) or not isinstance(claimed, dict):
        raise NotSigned("not claims")
    return header, claimed


def claims(token: str, key: PublicKey) -> dict[str, Any]:
    """The claims of a token signed by `key`."""
    if len(token) > LONGEST:
        raise NotSigned("too long")
    verifying = _jose(key)
    try:
        opened = jws.deserialize_compact(token.encode("ascii"), verifying, registry=_REGISTRY)
        read = json.loads(opened.payload)
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise NotSigned("not signed by this key") from error
    if not isinstance(read, dict):
        raise NotSigned("not claims")
    return read


@lru_cache(maxsize=4096)
def _jose(key: PublicKey) -> OKPKey | ECKey:
    members: dict[str, Any] = key.jwk()
    return OKPKey.import_key(members) if members["kty"] == "OKP" else ECKey.import_key(members)
