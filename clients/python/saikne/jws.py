"""How JSON is signed and proved: JWS by EdDSA or ES256, and nothing else.

joserfc warns that the name `EdDSA` is giving way to `Ed25519` (RFC 9864). Both sides here speak `EdDSA`, so
the list of algorithms is kept here, without the warning. Source: RFC 7515; security.md 1 (fixed lists).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import KeySet

from saikne.keys import CentreKey
from saikne.problems import LocalRefusal

_ALGORITHMS = ("EdDSA", "ES256")
_LARGEST_PAYLOAD_BYTES = 1024**2


class _Registry(jws.JWSRegistry):
    max_payload_length = _LARGEST_PAYLOAD_BYTES

    def get_alg(self, name: str) -> JWSAlgModel:
        if name not in _ALGORITHMS:
            raise UnsupportedAlgorithmError(f"{name} is not on our list")
        return self.algorithms[name]


_REGISTRY = _Registry(algorithms=_ALGORITHMS)


class NotSignedByTheHub(LocalRefusal):
    """A document that should carry the hub's signature and does not verify under its published keys."""

    code = "receipt.not-signed-by-hub"


def compact(header: Mapping[str, Any], payload: bytes, key: CentreKey) -> str:
    return jws.serialize_compact(
        {"alg": key.algorithm.value, **header}, payload, key.jose, registry=_REGISTRY
    )


def general(payload: bytes, keys: Sequence[CentreKey]) -> bytes:
    """JWS in general JSON form, signed by every key."""
    members: list[Any] = [{"protected": {"alg": key.algorithm.value, "kid": key.kid}} for key in keys]
    by_kid = {key.kid: key.jose for key in keys}
    document = jws.serialize_json(
        members, payload, lambda signature: by_kid[signature.headers()["kid"]], registry=_REGISTRY
    )
    return json.dumps(document, indent=1).encode()


def proved(document: str, jwks: Mapping[str, Any], *, kind: str) -> bytes:
    """The payload of a compact JWS by one of the hub's keys, whose `typ` is what is expected."""
    try:
        keys = KeySet.import_key_set({"keys": jwks["keys"]})
        signed = jws.deserialize_compact(document, keys, registry=_REGISTRY)
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise NotSignedByTheHub(kind=kind) from error
    if signed.headers().get("typ") != kind:
        raise NotSignedByTheHub(kind=kind)
    return signed.payload
