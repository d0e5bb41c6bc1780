"""What a statement is: what is kept so that it can be proved years later, and how its manifest is read.

Source: design.md 1; security.md 2 (four stored things). Whose the key was says `client_key` in `access`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from hub.kernel.refusal import Refusal
from hub.signing.signature import SignedHead, verify_body
from saikne_schemas import reading
from saikne_schemas.wire import WireDocument

M = TypeVar("M", bound=WireDocument)


class ManifestMalformed(Refusal):
    code = "manifest.malformed"


class ManifestTooLarge(Refusal):
    code = "manifest.too-large"


@dataclass(frozen=True, slots=True)
class SignedStatement:
    body: bytes
    """The exact bytes of the manifest."""
    sha256: bytes
    signature_base: bytes
    signature: bytes
    key_id: str
    alg: str
    nonce: str
    created: datetime
    expires: datetime
    public_jwk: dict[str, str]


def signed_statement(head: SignedHead, body: bytes) -> SignedStatement:
    """A verified head and its body make a statement; another body is refused."""
    verify_body(head, body)
    return SignedStatement(
        body=body,
        sha256=head.digest,
        signature_base=head.signature_base,
        signature=head.signature,
        key_id=head.key_id,
        alg=head.alg,
        nonce=head.nonce,
        created=head.created,
        expires=head.expires,
        public_jwk=head.public_jwk,
    )


def read(model: type[M], statement: SignedStatement) -> M:
    """The manifest in a statement; a refusal names the places and reasons, never the values."""
    try:
        return reading.read(model, statement.body)
    except reading.Unreadable as wrong:
        raise ManifestMalformed(errors=wrong.errors[:20]) from None
