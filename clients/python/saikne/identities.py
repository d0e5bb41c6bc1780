"""Who is meant, from one centre's machine to another's: sealed here, opened there, and nowhere between.

Anybody can seal to a public key, and the hub could put one seal in another's place. So an opened seal counts
only where a signed statement of its author names it, by the digest of these very bytes, for this centre.
Source: method S57, S77, S108, S118; domain 2.5, 5.1; security.md 2 (the meaning is in the signed data).
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from joserfc.jwk import ECKey

from saikne.jwe import NotASealingKey, NotOpened, opened, sealed, sealed_to, sealing_key
from saikne.keys import CentreKey
from saikne.problems import LocalRefusal
from saikne.receipts import verify_statement
from saikne.signatures import SignatureNotProved
from saikne.statements import wire_bytes
from saikne_schemas import reading
from saikne_schemas.identities import IDENTITY_TYPE, Identity, SealedIdentity
from saikne_schemas.views import StatementView

_PADDED_TO_BYTES = 1024


class EncryptionKeyRefused(LocalRefusal):
    """What the hub shows as a centre's key is none that can be sealed to, or bears another's name."""

    code = "identity.key-refused"


class IdentityUnreadable(LocalRefusal):
    """It does not open: it is damaged, or it is sealed to a key that this machine no longer has."""

    code = "identity.unreadable"


class IdentityNotStated(LocalRefusal):
    """No signed statement of its author names it for this centre: nobody answers for what it says."""

    code = "identity.not-stated"


@dataclass(frozen=True)
class Meant:
    """Who is meant, by the word of a centre."""

    about: UUID
    author: UUID
    identity: Identity


def seal_identity(identity: Identity, jwk: Mapping[str, str]) -> bytes:
    """Seal to a centre's key as the hub shows it: whoever opens it has that key's private half."""
    try:
        key = sealing_key(jwk)
    except NotASealingKey as error:
        raise EncryptionKeyRefused(found=str(error)) from error
    if jwk.get("kid") != key.thumbprint():
        raise EncryptionKeyRefused(found=key.thumbprint())
    written = wire_bytes(identity)
    padded = written.ljust(-(-len(written) // _PADDED_TO_BYTES) * _PADDED_TO_BYTES)
    return sealed(padded, key, IDENTITY_TYPE).encode()


def open_identity(seal: str, keys: Sequence[CentreKey]) -> Identity:
    """Open with whichever of the centre's keys it names."""
    try:
        kid = sealed_to(seal)
        jose = next((key.jose for key in keys if key.kid == kid), None)
        if not isinstance(jose, ECKey):
            raise IdentityUnreadable(given=kid)
        return reading.read(Identity, opened(seal, jose, IDENTITY_TYPE))
    except (NotOpened, reading.Unreadable) as error:
        raise IdentityUnreadable(given="-") from error


def who_is_meant(
    one: SealedIdentity,
    statements: Sequence[StatementView],
    keys: Sequence[CentreKey],
    *,
    reader: UUID,
    hub_jwks: Mapping[str, Any],
) -> Meant:
    """Open it, where one of the record's statements says that it is its author's word to this centre."""
    named = {"to": str(reader), "sha256": hashlib.sha256(one.sealed.encode()).hexdigest()}
    for statement in statements:
        if statement.author == one.author and _names(statement, named):
            try:
                verify_statement(statement, hub_jwks)
            except SignatureNotProved as error:
                raise IdentityNotStated(exchange=str(one.about)) from error
            return Meant(one.about, one.author, open_identity(one.sealed, keys))
    raise IdentityNotStated(exchange=str(one.about))


def _names(statement: StatementView, wanted: Mapping[str, str]) -> bool:
    said = json.loads(base64.b64decode(statement.manifest))
    return any(wanted.items() <= ref.items() for ref in said.get("identities", []))
