"""How something is sealed to one key and opened by it: a compact JWE, and only by the agreed algorithms.

`ECDH-ES` straight to a P-256 key, so that a seal has one addressee and no key of its own inside; `A256GCM`;
the key named by its RFC 7638 thumbprint. Each seal has a key agreed on anew, so the same text sealed twice is
other bytes. Source: RFC 7516, RFC 7518 4.6; security.md 1 (fixed lists).
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

_ALGORITHMS = ["ECDH-ES", "A256GCM"]
_KIND = {"kty": "EC", "crv": "P-256"}


class NotASealingKey(ValueError):  # noqa: N818  # says what it is
    """No P-256 key; what was found instead."""


class NotOpened(ValueError):  # noqa: N818  # as above
    """Damaged, of another kind, or sealed to another key."""


def sealing_key(jwk: Mapping[str, str]) -> ECKey:
    """The public half, whatever else is said of it."""
    found = {name: jwk.get(name, "-") for name in _KIND}
    if found != _KIND:
        raise NotASealingKey(" ".join(found.values()))
    try:
        return ECKey.import_key({**_KIND, "x": jwk["x"], "y": jwk["y"]})
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise NotASealingKey("x, y") from error


def sealed(content: bytes, key: ECKey, kind: str) -> str:
    """`kind` is its `typ`: what was sealed as one thing is not opened as another."""
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.thumbprint(), "typ": kind}
    return jwe.encrypt_compact(header, content, key, algorithms=_ALGORITHMS)


def sealed_to(seal: str) -> str:
    """The name of the key that opens it."""
    head = seal.partition(".")[0]
    try:
        return str(json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotOpened from error


def opened(seal: str, key: ECKey, kind: str) -> bytes:
    try:
        found = jwe.decrypt_compact(seal, key, algorithms=_ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotOpened from error
    if found.headers().get("typ") != kind or found.plaintext is None:
        raise NotOpened
    return found.plaintext
