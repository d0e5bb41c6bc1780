"""How the register opens what a centre has sealed to its key, what it refuses to open, and how it signs.

Source: domain 3.3; features N10; RFC 7516, 7518, 7638. One way to agree on a key and one cipher, both fixed:
whatever else a header asks for is refused before any of it is computed.
"""

from collections.abc import Mapping
from typing import Any

from joserfc import jwe, jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import to_bytes, urlsafe_b64decode

from saikne_schemas.reading import strict_json
from saikne_schemas.register_entries import (
    SEAL_TYPE,
    SEALED_BYTES,
    WORD_TYPE,
    RegisterAnswer,
    RegisterFacts,
)
from saikne_schemas.register_files import FileDamaged, canonical, read

ALGORITHMS = ["ECDH-ES", "A256GCM"]
HEADER = frozenset({"alg", "enc", "epk", "kid", "typ"})
"""Exactly these: nothing is packed (`zip`), and nothing is demanded that we do not know (`crit`)."""


class SealRefused(ValueError):  # noqa: N818  # the trade's word
    """It is not sealed facts for this key. Does not say more, so that nothing is learned by trying."""


def opened(sealed: str, private_jwk: Mapping[str, str]) -> RegisterFacts:
    """The facts inside a compact JWE, by the register's private key (P-256); SealRefused else."""
    return opened_with(sealed, ECKey.import_key(dict(private_jwk)))


def opened_with(sealed: str, key: ECKey) -> RegisterFacts:
    """As `opened`, for whoever keeps the key ready."""
    if len(sealed) > SEALED_BYTES or not sealed.isascii():
        raise SealRefused
    try:
        header = _header(sealed)
        expected = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.thumbprint(), "typ": SEAL_TYPE}
        if header.keys() != HEADER or {name: header[name] for name in expected} != expected:
            raise SealRefused
        plain = jwe.decrypt_compact(sealed, key, algorithms=ALGORITHMS).plaintext
        return read(RegisterFacts, plain or b"")
    except (JoseError, FileDamaged, ValueError, TypeError, KeyError):
        raise SealRefused from None  # the cause may quote what is inside


def signed(answer: RegisterAnswer, key: ECKey) -> RegisterAnswer:
    """The answer with the register's own word for it."""
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": WORD_TYPE}
    return answer.model_copy(update={"word": jws.serialize_compact(header, canonical(answer), key)})


def public_half(key: ECKey) -> dict[str, str]:
    """As a JWK whose `kid` is its thumbprint (RFC 7638)."""
    public: dict[str, Any] = key.as_dict(private=False)
    return {name: str(public[name]) for name in ("kty", "crv", "x", "y")} | {"kid": key.thumbprint()}


def _header(sealed: str) -> dict[str, Any]:
    content = urlsafe_b64decode(to_bytes(sealed.partition(".")[0]))
    header = strict_json(content)
    if not isinstance(header, dict):
        raise SealRefused
    return header
