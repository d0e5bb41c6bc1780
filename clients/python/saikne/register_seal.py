"""How the facts about a family are sealed, so that nobody but the register opens them.

A compact JWE: `ECDH-ES` straight to the register's P-256 key, `A256GCM`, the key named by its RFC 7638
thumbprint. Each seal has a key of its own, so the same facts sealed twice are other bytes. Its length tells
how much was written, so about how many people the family has and how long their names are; nothing is
padded. Whose the key is, people compare by its thumbprint. Source: method S80; domain 3.3; features N10.
"""

from collections.abc import Mapping

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from saikne.problems import LocalRefusal
from saikne.statements import wire_bytes
from saikne_schemas.register_entries import SEAL_TYPE, RegisterFacts

_ALGORITHMS = ["ECDH-ES", "A256GCM"]
_KIND = {"kty": "EC", "crv": "P-256"}


class RegisterKeyRefused(LocalRefusal):
    """What should be the register's key is no P-256 key."""

    code = "register.key-refused"


class RegisterKeyMisnamed(LocalRefusal):
    """The key is not the one whose name it bears: somebody may have put another in its place."""

    code = "register.key-misnamed"


def seal(facts: RegisterFacts, jwk: Mapping[str, str]) -> str:
    """Seal the facts to a public key; where it bears a `kid`, that must be its thumbprint."""
    key = _register_key(jwk)
    header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.thumbprint(), "typ": SEAL_TYPE}
    return jwe.encrypt_compact(header, wire_bytes(facts), key, algorithms=_ALGORITHMS)


def _register_key(jwk: Mapping[str, str]) -> ECKey:
    found = {name: jwk.get(name, "-") for name in _KIND}
    if found != _KIND:
        raise RegisterKeyRefused(found=" ".join(found.values()))
    try:
        key = ECKey.import_key({**_KIND, "x": jwk["x"], "y": jwk["y"]})
    except (JoseError, KeyError, ValueError, TypeError) as error:
        raise RegisterKeyRefused(found="x, y") from error
    if jwk.get("kid", key.thumbprint()) != key.thumbprint():
        raise RegisterKeyMisnamed(given=jwk["kid"], found=key.thumbprint())
    return key
