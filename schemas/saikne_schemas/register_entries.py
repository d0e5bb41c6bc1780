"""What the register gets and answers: an entry for each move, its sealed facts, extracts of what it holds.

Source: method S80; domain 3.3 (the payload's minimum); features N10. The same documents travel over HTTP and
lie in files; `register_files` gives their canonical form and the XML twin. An entry names centres and a day;
who moved stands only in the sealed facts, and nobody but the register opens them.
"""

from typing import Annotated, ClassVar, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import Field, StringConstraints

from saikne_schemas.register_words import (
    EntryState,
    RegisterOperation,
    RegisterResult,
    RejectedBecause,
    Specialised,
)
from saikne_schemas.spelling import Spelled
from saikne_schemas.statements import Statement
from saikne_schemas.wire import (
    SCHEMA,
    Count,
    Day,
    Id,
    Moment,
    OneLine,
    Reference,
    RegistrationNumber,
    Sha256,
    WireDocument,
)

SEALED_BYTES = 64 * 1024
"""Sealed facts hold at most 64 KiB."""
SEAL_TYPE = "saikne-register-facts+jwe"
"""`typ` of the seal: a compact JWE, `ECDH-ES` on P-256 and `A256GCM`, `kid` the register key's thumbprint."""
WORD_TYPE = "saikne-register-answer+jws"
"""`typ` of the register's word: a compact JWS, `ES256`, `kid` the signing key's thumbprint."""
ENTRIES_AT_MOST = 500
"""In one page of an extract."""

_NAMESPACE = uuid5(NAMESPACE_URL, "saikne:registration")

Revision = Count
PersonalCode = Annotated[
    str,
    Spelled("[0-9]{11}", "personal-code", "a personal code has eleven digits"),
    Field(description="Eleven digits (domain 5.1)."),
]
_PART = "[A-Za-z0-9_-]"
Sealed = Annotated[
    str,
    StringConstraints(max_length=SEALED_BYTES),
    Spelled(rf"{_PART}+\.{_PART}*(?:\.{_PART}+){{3}}", "jwe", "a compact JWE has five parts of base64url"),
    Field(description="A compact JWE."),
]

RegisterWord = Annotated[
    str,
    StringConstraints(max_length=4096),
    Spelled(rf"{_PART}+\.{_PART}+\.{_PART}+", "jws", "a compact JWS has three parts of base64url"),
    Field(description="A compact JWS by the register: its payload is the answer's canonical JSON."),
]


def registration_key(case: UUID, effective_on: object, new_centre: UUID) -> UUID:
    """UUIDv5 of case, day (ISO 8601) and new centre, in lower case with colons between (domain 3.3).

    The namespace is the UUIDv5 of `saikne:registration` below the namespace of URLs.
    """
    return uuid5(_NAMESPACE, f"{case}:{effective_on}:{new_centre}")


class EntryCentre(WireDocument):
    """One of the two centres, as the register knows it."""

    name: OneLine
    registration_number: RegistrationNumber


class RegisterEntry(WireDocument):
    """What the register is asked to do. The same key and revision is the same entry, however often it comes.

    A higher revision under the same key puts the earlier one right, a lower one comes too late and is
    refused. With `replaces` the entry of that key ends, and never counts again, also when it comes later;
    a withdrawal ends its own key only.
    """

    schema_: Literal["saikne.register-entry/1"] = SCHEMA
    key: Id
    revision: Revision
    operation: RegisterOperation
    effective_on: Day
    previous: EntryCentre
    new: EntryCentre
    replaces: Id | None = None
    replaces_revision: Revision | None = None
    """The newest revision of the replaced key: up to it, it is ended. Absent: that key is ended for good."""
    sealed_sha256: Sha256 | None = None
    """Of the sealed facts; absent where nothing but the key is needed, as for a withdrawal."""
    sealed: Sealed | None = None


class SealedPerson(WireDocument):
    """Somebody of the family, inside the seal."""

    name: OneLine
    code: PersonalCode


class RegisterFacts(WireDocument):
    """What is inside the seal, and the only place where people are named."""

    schema_: Literal["saikne.register-facts/1"] = SCHEMA
    key: Id
    """Of the entry it belongs to: facts of another entry are refused."""
    effective_on: Day
    agis_id: OneLine | None = None
    """The family's, where it is known."""
    spouses: Annotated[list[SealedPerson], Field(min_length=1, max_length=2)]
    agreement: Reference
    agreed_on: Day
    specialised: Specialised
    children: Annotated[list[SealedPerson], Field(max_length=30)] = []


class RegisterAnswer(WireDocument):
    """What the register says of one entry; over HTTP the answer, in files the acknowledgement."""

    schema_: Literal["saikne.register-answer/1"] = SCHEMA
    key: Id
    revision: Revision
    entry_sha256: Sha256 | None = None
    """Of the entry's canonical JSON; absent where the register could not read it."""
    result: RegisterResult
    register_id: Reference | None = None
    registered_on: Day | None = None
    """The day of the register's own entry; both stand with `registered` and `withdrawn`."""
    reason: RejectedBecause | None = None
    word: RegisterWord | None = None
    """This answer without this field, as the register signed it; where it has a signing key."""


class ExtractEntry(WireDocument):
    """One move as the register holds it: references and centres, no people."""

    register_id: Reference
    key: Id | None = None
    """Absent where it was entered by hand."""
    revision: Revision | None = None
    new: RegistrationNumber
    effective_on: Day
    registered_on: Day
    state: EntryState


class RegisterExtract(Statement):
    """A page of what the register holds at a moment; the pages of one extract have the same `taken_at`."""

    goes_to: ClassVar[str] = "/v1/register-extracts"
    schema_: Literal["saikne.register-extract/1"] = SCHEMA
    taken_at: Moment
    page: Count
    last: bool
    """Whether no page follows. What stands on no page of a whole extract, the register does not hold."""
    entries: Annotated[list[ExtractEntry], Field(max_length=ENTRIES_AT_MOST)]
