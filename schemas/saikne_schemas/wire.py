"""What all wire documents have in common: strict, closed, frozen, and no room for a person's name.

References are case numbers or register ids. Whatever a person could type freely stays out, but for the
names and positions of certifying officers, who are people at work (design.md, "What stays out").
"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from saikne_schemas import spelling
from saikne_schemas.rules import Broken
from saikne_schemas.spelling import Spelled


class WireDocument(BaseModel):
    """A document as it travels: unknown fields are refused, values are not coerced, nothing is editable."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        defer_build=True,
        populate_by_name=True,
    )


class View(BaseModel):
    """Clients ignore fields they do not know: answers may grow."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


def build() -> None:
    """Build the validators of all documents that are known by now.

    Else a document builds its own when it is first used, since a command uses few. A server's first callers
    would wait for that.
    """
    known: list[type[BaseModel]] = [WireDocument, View]
    for document in known:
        document.model_rebuild()
        known += document.__subclasses__()


SCHEMA: Any = Field(alias="schema")
IDENTITY: Any = Field()
"""Behind `schema_` and `id`: both are required on the wire. As they look like defaults, a type checker asks
only for the other fields, where `saikne.compose` fills in these."""


class _EachOnce:
    """Nothing stands twice in the list."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(_named_once, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | {"uniqueItems": True}


def _named_once(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise Broken("named-once", "each is named once")
    return values


def _is_yes(value: bool) -> bool:  # noqa: FBT001  # a validator gets what it gets
    if not value:
        raise Broken("must-be-true", "must be true")
    return value


EachOnce = _EachOnce()
"""Behind a list: nothing stands in it twice."""
Yes = Annotated[bool, AfterValidator(_is_yes), Field(json_schema_extra={"const": True})]
"""`true` and nothing that merely equals it."""
Count = Annotated[int, Field(ge=1, le=1_000_000)]
"""Which one of many: a round, a revision, an attempt."""

RandomId = Annotated[
    UUID,
    Spelled(spelling.RANDOM_ID, "random-id", "must be a random UUID (version 4), in lower case"),
    Field(strict=False),
]
Id = Annotated[
    UUID,
    Spelled(spelling.ID, "id", "an identity is a UUID in lower case with four hyphens"),
    Field(strict=False),
]
Day = Annotated[
    date,
    Spelled(spelling.DAY, "day", "a day is written as 2026-03-09, from 1900 to 2099", format="date"),
    Field(strict=False),
]
Moment = Annotated[
    AwareDatetime,
    Spelled(spelling.MOMENT, "moment", "a moment is written as 2026-03-09T08:41:00Z or with +02:00 for Z"),
    Field(strict=False),
]
_NO_PERSON = Broken(
    "reference-names-nobody", "looks like a personal code; give the case number or the register's id"
)
_NUMBERED = (
    "a reference is a number, with at most four capital letters before one of its parts and two before"
    " the others; never a name"
)
Reference = Annotated[
    str,
    StringConstraints(min_length=2, max_length=40),
    Spelled(spelling.numbered(), "reference", _NUMBERED, {spelling.IN_A_REFERENCE: _NO_PERSON}),
    Field(
        description="A case number or register id, as AG-2001-B1: digits, `.`, `/`, `-`, and at most four"
        " capital letters (Latvian too) before one part, two before any other and behind the last; no name,"
        " no personal code, however split."
    ),
]
Stated = Annotated[str, Field(description="A case number or register id, as a centre has stated it.")]
OneLine = Annotated[
    str,
    StringConstraints(min_length=1, max_length=160),
    Spelled(
        spelling.LINE,
        "one-line",
        "one line of letters, digits and signs that are seen, without spaces around it",
        {
            spelling.IN_A_LINE: Broken(
                "line-without-code", "looks like a personal code; people at work are named without it"
            )
        },
    ),
]
Sha256 = Annotated[
    str,
    Spelled("[0-9a-f]{64}", "digest", "a digest is 64 hexadecimal digits in lower case"),
    Field(description="SHA-256, lower-case hexadecimal."),
]
Thumbprint = Annotated[str, Spelled("[A-Za-z0-9_-]{43}", "thumbprint", "43 symbols of base64url")]
"""Of a key (RFC 7638), or a coordinate of one."""
TerritoryCode = Annotated[
    str,
    Spelled("LV-[0-9A-Z]{3}", "territory", "a territory is written as LV-041"),
    Field(description="ISO 3166-2 of a state city or municipality."),
]
Month = Annotated[
    str,
    Spelled(spelling.MONTH, "month", "a month is written as 2026-03"),
    Field(description="A year and a month, as `2026-11`."),
]


RegistrationNumber = Annotated[
    str,
    Spelled(
        "[4-9][0-9]{10}",
        "registration-number",
        "a registration number has eleven digits, the first from 4 to 9",
    ),
    Field(
        description="Of a legal entity, in the register of enterprises; its check digit counts (domain 5.2)."
    ),
]


class ProofRef(WireDocument):
    """A proof as a statement names it: sent to the hub before, by the same centre."""

    id: RandomId
    sha256: Sha256


class IdentityRef(WireDocument):
    """A sealed identity as a statement names it: sent to the hub before, by the same centre."""

    to: Id
    """The centre whose key it is sealed to: a party of what the statement is about."""
    id: RandomId
    sha256: Sha256
    """Of the compact JWE."""


IdentityRefs = Annotated[list[IdentityRef], Field(max_length=12), EachOnce]
