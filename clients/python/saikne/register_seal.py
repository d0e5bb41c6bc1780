"""How the facts about a family are sealed, so that nobody but the register opens them.

A compact JWE to the register's key (`jwe`). Its length tells how much was written, so about how many people
the family has and how long their names are; nothing is padded. Whose the key is, people compare by its
thumbprint. Source: method S80; domain 3.3; features N10.
"""

from collections.abc import Mapping

from joserfc.jwk import ECKey

from saikne.jwe import NotASealingKey, sealed, sealing_key
from saikne.problems import LocalRefusal
from saikne.statements import wire_bytes
from saikne_schemas.register_entries import SEAL_TYPE, RegisterFacts


class RegisterKeyRefused(LocalRefusal):
    """What should be the register's key is no P-256 key."""

    code = "register.key-refused"


class RegisterKeyMisnamed(LocalRefusal):
    """The key is not the one whose name it bears: somebody may have put another in its place."""

    code = "register.key-misnamed"


def seal(facts: RegisterFacts, jwk: Mapping[str, str]) -> str:
    """Seal the facts to a public key; where it bears a `kid`, that must be its thumbprint."""
    return sealed(wire_bytes(facts), _register_key(jwk), SEAL_TYPE)


def _register_key(jwk: Mapping[str, str]) -> ECKey:
    try:
        key = sealing_key(jwk)
    except NotASealingKey as error:
        raise RegisterKeyRefused(found=str(error)) from error
    if jwk.get("kid", key.thumbprint()) != key.thumbprint():
        raise RegisterKeyMisnamed(given=jwk["kid"], found=key.thumbprint())
    return key
