"""What all wire documents have in common: strict, closed, frozen, and no room for a person's name.

References are case numbers or register ids. Whatever a person could type freely stays out, but for the
names and positions of certifying officers, who are people at work (design.md, "What stays out").
"""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_PERSONAL_CODE = re.compile(r"(?<!\d)\d{6}-?\d{5}(?!\d)")


class WireDocument(BaseModel):
    """A document as it travels: unknown fields are refused, values are not coerced, nothing is editable."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        populate_by_name=True,
        str_max_length=400,
        use_attribute_docstrings=True,
    )


def _is_random(value: UUID) -> UUID:
    if value.version != 4:  # noqa: PLR2004  # RFC 9562: version 4 is the random one
        raise ValueError("must be a random UUID (version 4)")
    return value


def _holds_no_person(value: str) -> str:
    if _PERSONAL_CODE.search(value):
        raise ValueError("looks like a personal code; give the case number or the register's id")
    if not any(character.isdigit() for character in value):
        raise ValueError("a reference holds at least one digit; names do not travel outside the archive")
    return value


def _is_one_line(value: str) -> str:
    if value != value.strip() or not value.isprintable():
        raise ValueError("one line of printable text without spaces around it")
    if _PERSONAL_CODE.search(value):
        raise ValueError("looks like a personal code; people at work are named without it")
    return value


def _is_in_utc(value: datetime) -> datetime:
    try:
        value.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a moment that has no year in UTC") from error
    return value


def _is_yes(value: bool) -> bool:  # noqa: FBT001  # a validator gets what it gets
    if not value:
        raise ValueError("must be true")
    return value


def _named_once(values: list[Any]) -> list[Any]:
    if len(set(values)) != len(values):
        raise ValueError("each is named once")
    return values


def named_twice(text: bytes) -> list[str]:
    """Names that an object in a valid JSON text gives more than once: readers would differ on its meaning."""
    twice: list[str] = []

    def note(pairs: list[tuple[str, Any]]) -> None:
        twice.extend(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)

    json.loads(text, object_pairs_hook=note)
    return twice


RandomId = Annotated[UUID, AfterValidator(_is_random), Field(strict=False)]
Id = Annotated[UUID, Field(strict=False)]
Day = Annotated[date, Field(strict=False)]
Moment = Annotated[AwareDatetime, AfterValidator(_is_in_utc), Field(strict=False)]
Reference = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9./-]{1,39}$"),
    AfterValidator(_holds_no_person),
    Field(description="A case number or register id: capital letters, digits, . / -; never a name."),
]
Sha256 = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}$"), Field(description="SHA-256, lower-case hexadecimal.")
]
TerritoryCode = Annotated[
    str,
    StringConstraints(pattern=r"^LV-[0-9A-Z]{3}$"),
    Field(description="ISO 3166-2 of a state city or municipality."),
]
EachOnce = AfterValidator(_named_once)
"""Behind a list: nothing stands in it twice."""
OneLine = Annotated[str, StringConstraints(min_length=1, max_length=160), AfterValidator(_is_one_line)]
Yes = Annotated[bool, AfterValidator(_is_yes), Field(json_schema_extra={"const": True})]
"""`true` and nothing that merely equals it."""


class ProofRef(WireDocument):
    """A proof as a statement names it: sent to the hub before, by the same centre."""

    id: RandomId
    sha256: Sha256
