"""How JSON is signed and proved: JWS by EdDSA or ES256, and nothing else.

joserfc warns that the name `EdDSA` is giving way to `Ed25519` (RFC 9864). Both sides here speak `EdDSA`, so
the warning is muted where it arises. Source: RFC 7515; security.md 1 (fixed lists of algorithms).
"""

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet

from saikne.keys import CentreKey
from saikne.problems import LocalRefusal

ALGORITHMS = ("EdDSA", "ES256")
_REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS)
_REGISTRY.max_payload_length = 1024**2


class NotSignedByTheHub(LocalRefusal):
    """A document that should carry the hub's signature and does not verify under its published keys."""

    code = "receipt.not-signed-by-hub"


def compact(header: Mapping[str, Any], payload: bytes, key: CentreKey) -> str:
    with _muted():
        return jws.serialize_compact(
            {"alg": key.algorithm.value, **header}, payload, key.jose, registry=_REGISTRY
        )


def general(payload: bytes, keys: Sequence[CentreKey]) -> bytes:
    """JWS in general JSON form, signed by every key."""
    with _muted():
        members: list[Any] = [{"protected": {"alg": key.algorithm.value, "kid": key.kid}} for key in keys]
        by_kid = {key.kid: key.jose for key in keys}
        document = jws.serialize_json(
            members, payload, lambda signature: by_kid[signature.headers()["kid"]], registry=_REGISTRY
        )
    return json.dumps(document, indent=1).encode()


def proved(document: str, jwks: Mapping[str, Any], *, kind: str) -> bytes:
    """The payload of a compact JWS by one of the hub's keys, whose `typ` is what is expected."""
    try:
        with _muted():
            keys = KeySet.import_key_set({"keys": jwks["keys"]})
            signed = jws.deserialize_compact(document, keys, registry=_REGISTRY)
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise NotSignedByTheHub(kind=kind) from error
    if signed.headers().get("typ") != kind:
        raise NotSignedByTheHub(kind=kind)
    return signed.payload


@contextmanager
def _muted() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        yield
