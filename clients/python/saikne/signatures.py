"""How a request is signed and how a stored signature is proved: RFC 9421 with RFC 9530 Content-Digest.

Covered are method, target, authorization, DPoP proof, content type and content digest; valid for a minute,
usable once. What was signed is kept by the hub for years, so the proof needs no HTTP library and no hub:
`components_proved` takes the signature base, the signature and the public key. Source: security.md 2.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from saikne.keys import Algorithm, CentreKey
from saikne.problems import LocalRefusal

LABEL = "saikne"
TAG = "saikne-request-1"
COVERED = ("@method", "@target-uri", "authorization", "dpop", "content-type", "content-digest")
VALID_FOR = timedelta(seconds=60)

_P256_BYTES = 32


class SignatureNotProved(LocalRefusal):
    """A stored signature does not hold: another key, edited text, or other bytes than were signed."""

    code = "statement.not-proved"


@dataclass
class _Message:
    method: str
    url: str
    headers: dict[str, str]


def content_digest(sha256: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256).decode()}:"


def sign_request(method: str, url: str, headers: dict[str, str], key: CentreKey, now: datetime) -> None:
    """Add `Signature-Input` and `Signature` to the headers, which must hold every covered field."""
    from http_message_signatures import (
        HTTPMessageSigner,
        MappingKeyResolver,
    )  # whoever only reads signs nothing
    from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519

    signer = HTTPMessageSigner(
        signature_algorithm=ED25519 if key.algorithm is Algorithm.EDDSA else ECDSA_P256_SHA256,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key.kid: key.private_key}),
    )
    signer.sign(
        _Message(method, url, headers),
        key_id=key.kid,
        created=now,
        expires=now + VALID_FOR,
        nonce=secrets.token_urlsafe(24),
        label=LABEL,
        tag=TAG,
        covered_component_ids=COVERED,
        use_existing_digest=True,
    )


def components_proved(
    signature_base: bytes, signature: bytes, public_jwk: Mapping[str, Any]
) -> dict[str, str]:
    """The signed components by name, if the signature over them holds; with `cryptography` alone."""
    try:
        _verify(_public_key(public_jwk), signature, signature_base)
        lines = [line.split(": ", 1) for line in signature_base.decode("ascii").split("\n")]
        return {name.strip('"'): value for name, value in lines}
    except (InvalidSignature, JoseError, ValueError, KeyError, TypeError) as error:
        raise SignatureNotProved(what="signature") from error


def thumbprint(public_jwk: Mapping[str, Any]) -> str:
    return _jose(public_jwk).thumbprint()


def _jose(public_jwk: Mapping[str, Any]) -> OKPKey | ECKey:
    members = {name: public_jwk[name] for name in ("kty", "crv", "x", "y") if public_jwk.get(name)}
    return OKPKey.import_key(members) if members["kty"] == "OKP" else ECKey.import_key(members)


def _public_key(public_jwk: Mapping[str, Any]) -> object:
    return _jose(public_jwk).public_key


def _verify(key: object, signature: bytes, signed: bytes) -> None:
    if isinstance(key, Ed25519PublicKey):
        key.verify(signature, signed)
    elif isinstance(key, EllipticCurvePublicKey) and len(signature) == 2 * _P256_BYTES:
        r, s = (int.from_bytes(half) for half in (signature[:_P256_BYTES], signature[_P256_BYTES:]))
        key.verify(encode_dss_signature(r, s), signed, ECDSA(SHA256()))
    else:
        raise ValueError("neither Ed25519 nor P-256")
