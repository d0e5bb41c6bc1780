"""A centre's own list of families, and which of them another centre means.

The list lies in the centre's home for the owner alone, as its keys do, and never leaves this machine. A
personal code decides; a name with the declared address makes it likely; a name alone is a hint, and one
beside another code hardly that, though a code can change (domain 5.1).
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from saikne.home import write_private
from saikne.identity_files import Family, Person
from saikne_schemas.identities import Identity, NamedPerson


class Sure(IntEnum):
    """How sure a match is; the higher the surer."""

    OTHER_CODE = 1
    NAME = 2
    NAME_AND_ADDRESS = 3
    CODE = 4


@dataclass(frozen=True)
class Match:
    case: str
    sure: Sure
    children: Mapping[str, str]
    """The centre's own numbers of the children, by those that the other centre uses."""


class FamilyList:
    def __init__(self, home: Path) -> None:
        self._path = home / "families.json"

    def replace(self, families: Mapping[str, Family]) -> None:
        """Put a new list in the place of the one that was there."""
        written = {
            case: family.model_dump(exclude_none=True, mode="json") for case, family in families.items()
        }
        write_private(self._path, json.dumps(written, ensure_ascii=False).encode(), replace=True)

    def all(self) -> dict[str, Family]:
        if not self._path.exists():
            return {}
        written = json.loads(self._path.read_bytes())
        return {case: Family.model_validate(family) for case, family in written.items()}


def matches(identity: Identity, families: Mapping[str, Family]) -> list[Match]:
    """Those families that are meant, as surely as anything says so; several where several are."""
    people: list[NamedPerson] = [*identity.spouses, *identity.children]
    sure = {case: _sureness(people, identity.address, family) for case, family in families.items()}
    best = max((one for one in sure.values() if one), default=None)
    return [
        Match(case, best, _children(identity, families[case]))
        for case, one in sure.items()
        if best is not None and one == best
    ]


def _sureness(people: list[NamedPerson], address: str | None, family: Family) -> Sure | None:
    found = [_alike(one, other) for one in people for other in family.people()]
    best = max((one for one in found if one), default=None)
    if best is Sure.NAME and address and family.address and _plain(address) == _plain(family.address):
        return Sure.NAME_AND_ADDRESS
    return best


def _alike(one: NamedPerson, other: Person) -> Sure | None:
    if one.code and one.code == other.code:
        return Sure.CODE
    if _plain(one.name) != _plain(other.name):
        return None
    return Sure.OTHER_CODE if one.code and other.code else Sure.NAME


def _children(identity: Identity, family: Family) -> dict[str, str]:
    found = {}
    for child in identity.children:
        alike = {number: _alike(child, own) for number, own in family.children.items()}
        known = {number: sure for number, sure in alike.items() if sure and sure > Sure.OTHER_CODE}
        if known:
            found[child.reference] = max(known, key=lambda number: known[number])
    return found


def _plain(written: str) -> tuple[str, ...]:
    """Words in any order, without regard to case, marks over letters and what stands between them."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", written.casefold()) if not unicodedata.combining(one)
    )
    words = "".join(one if one.isalnum() else " " for one in bare).split()
    return tuple(sorted(words))
