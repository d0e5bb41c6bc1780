"""What a centre hands to the hub's operator to be admitted, made on the centre's own machine.

The file is a JWS in general JSON form: the payload is the enrolment, signed by every private key whose
public half it names, so that possession is proved. Private keys never leave the centre. Source: method S1,
S13, S91; domain 2.1 (one legal entity may run several centres), 2.3 (participation agreement, MK 473 p. 3).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from saikne_schemas import spelling
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled
from saikne_schemas.vocabulary import CalendarPolicy, Scope
from saikne_schemas.wire import (
    IDENTITY,
    SCHEMA,
    Day,
    OneLine,
    RandomId,
    RegistrationNumber,
    Thumbprint,
    WireDocument,
)

Email = Annotated[
    str,
    Spelled(
        "[!#$%&'*+/=?^_`{|}~A-Za-z0-9.-]{1,64}@[A-Za-z0-9.-]{1,190}",
        "email",
        "an e-mail address is written as a@example.org",
    ),
]
Phone = Annotated[
    str,
    Spelled(r"\+[1-9][0-9]{6,14}", "phone", "a number is written with its country, as +37120000001"),
    Field(description="E.164."),
]


AgreementVersion = Annotated[
    str,
    StringConstraints(max_length=20),
    Spelled(
        spelling.numbered("[A-Za-z]", "[.-]"),
        "version",
        "a version is a number, with at most four letters before one of its parts",
        {
            spelling.IN_A_REFERENCE: Broken(
                "version-names-nobody", "looks like a personal code; a version names nobody"
            )
        },
    ),
]


class KeyUse(StrEnum):
    OAUTH = "oauth"
    """Signs client assertions at the token endpoint."""
    SIGNING = "signing"
    """Signs requests; what it signed is kept for years."""
    ENCRYPTION = "encryption"
    """Opens what other centres seal to this one; older centres have none. It signs the file that names it."""


class PublicKey(WireDocument):
    """A public key as JWK: Ed25519 (`OKP`) or P-256 (`EC`). `kid` is its RFC 7638 thumbprint.

    A key for encryption is P-256 with `alg` `ECDH-ES`: what opens can then sign once for itself, by `ES256`,
    as those that sign do.
    """

    kty: Literal["OKP", "EC"]
    crv: Literal["Ed25519", "P-256"]
    x: Thumbprint
    y: Thumbprint | None = None
    kid: Thumbprint
    alg: Literal["EdDSA", "ES256", "ECDH-ES"]
    use: KeyUse


class LegalEntity(WireDocument):
    name: OneLine
    registration_number: RegistrationNumber
    """Checked by its check digit (domain 5.2)."""


class Contacts(WireDocument):
    """Where a centre is reached. Archive and password never share an address (method S90, S91)."""

    notices: Email
    """Gets notices without personal data."""
    archive_email: Email | None = None
    """The notified address for two-step e-mail."""
    password_phone: Phone | None = None
    """A mobile number that gets passwords by SMS."""
    password_email: Email | None = None
    """A second mailbox that gets passwords."""
    voice_phone: Phone | None = None
    """The number to which passwords are read out."""
    authorised_persons: Annotated[list[AuthorisedPerson], Field(max_length=20)] = []
    """Who may read a password out for this centre (method S13)."""


class Agreement(WireDocument):
    """The participation agreement that lets a request in the hub count as a written one (MK 473 p. 3)."""

    version: AgreementVersion
    signed_on: Day


class Enrolment(WireDocument):
    schema_: Literal["saikne.enrolment/1"] = SCHEMA
    id: RandomId = IDENTITY
    """Becomes the centre's identifier in the hub."""
    role: Literal["centre", "oversight", "register"]
    legal_entity: LegalEntity
    name: OneLine
    """The centre's own name; several centres may share a legal entity."""
    contacts: Contacts
    calendar: CalendarPolicy
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    agreement: Agreement
    keys: Annotated[list[PublicKey], Field(min_length=2, max_length=3)]


class KeyRotation(WireDocument):
    """New keys for an enrolled centre; signed by the new keys and by the signing key in force."""

    schema_: Literal["saikne.key-rotation/1"] = SCHEMA
    id: RandomId = IDENTITY
    centre: RandomId
    keys: Annotated[list[PublicKey], Field(min_length=1, max_length=3)]
