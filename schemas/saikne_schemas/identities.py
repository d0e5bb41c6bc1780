"""Who a family and its children are, as one centre tells another: sealed to that centre's key.

Statements hold references, and two centres have two numbers for one family. What tells who is meant is sent
beside the statement, as a compact JWE that opens on the addressee's own machine; the statement names it by
its digest. So the statement stays as it came when the seal is erased, which is when the matter ends.
Source: method S57, S77, S108, S118; domain 5.1 (a personal code can change: nothing is kept under it), 2.5.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from saikne_schemas import spelling
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled
from saikne_schemas.wire import SCHEMA, EachOnce, Id, Moment, OneLine, Reference, Sha256, View, WireDocument
from saikne_schemas.wire import IdentityRef as IdentityRef  # noqa: PLC0414  # identities are spoken of from here

SEALED_AT_MOST = 32 * 1024
"""A sealed identity holds at most 32 KiB."""
IDENTITY_TYPE = "saikne-identity+jwe"
"""`typ` of the seal: a compact JWE, `ECDH-ES` on P-256 and `A256GCM`, `kid` the thumbprint of the key."""

Code = Annotated[
    str,
    Spelled(
        spelling.PERSONAL_CODE,
        "personal-code-begins",
        "a personal code has eleven digits and begins with a day of birth, or with 32 to 39",
    ),
    Field(description="Eleven digits, without a hyphen (domain 5.1)."),
]


class NamedPerson(WireDocument):
    name: OneLine
    code: Code | None = None


class NamedChild(NamedPerson):
    reference: Reference
    """As the statement names the child."""


class Identity(WireDocument):
    """What is inside the seal. The hub has no key to it, and no document of its own has room for it.

    It is padded with spaces behind it to whole kibibytes, so that a seal's length tells nothing of names.
    """

    schema_: Literal["saikne.identity/1"] = SCHEMA
    spouses: Annotated[list[NamedPerson], Field(max_length=2)] = []
    address: OneLine | None = None
    """The family's declared residence."""
    children: Annotated[list[NamedChild], Field(max_length=30), EachOnce] = []

    @model_validator(mode="after")
    def _names_somebody(self) -> "Identity":
        if not self.spouses and not self.children:
            raise Broken("identity-names", "an identity names one of the spouses or a child")
        return self


class SealedIdentitySent(View):
    """A sealed identity that waits for the statement that names it; unnamed, it is erased after a day."""

    id: Id
    to: Id
    """The centre whose key it is sealed to."""
    sha256: Sha256


class SealedIdentity(View):
    """A sealed identity as the centre gets it to whose key it is sealed, until the matter ends."""

    id: Id
    about: Id
    """The exchange or matter whose statement named it."""
    author: Id
    sha256: Sha256
    """As the statement names it: what is not named there is nobody's word."""
    sealed: str
    """A compact JWE; its `kid` says which key opens it."""
    sent_at: Moment


class SealedIdentityPage(View):
    items: list[SealedIdentity]
    next: str | None = None
