"""Files that say who is meant: of one family, to be sealed; of all of a centre's, to be matched against.

Tables or JSON as `saikne_schemas.brought` takes them, read on this machine. The JSON is that of a
registration's facts, so that one file serves both; a table has a row for each person, with the number of the
family's case before it where it is a list of families. Source: domain 5.1; features N10.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from saikne.personal_code import digits_of
from saikne.problems import LocalRefusal
from saikne.register_facts import PersonTwice
from saikne_schemas.brought import Brought, brought
from saikne_schemas.identities import Identity
from saikne_schemas.register_words import Specialised
from saikne_schemas.tables import Line, lines_of
from saikne_schemas.wire import OneLine, Reference

_PERSON = frozenset({"who", "name"})
_MORE = frozenset({"number", "code", "address"})
_WHO = {"spouse": True, "laulātais": True, "laulatais": True, "child": False, "bērns": False, "berns": False}
_CHILDREN_AT_MOST = 30


class WhoNotSaid(LocalRefusal):
    """A row is of a spouse or of a child."""

    code = "identity.who-not-said"


class CaseNotSaid(LocalRefusal):
    """A row of a list of families is of a case."""

    code = "families.case-not-said"


class AddressesDiffer(LocalRefusal):
    """A family has one declared residence."""

    code = "identity.addresses-differ"


class ChildNotAsked(LocalRefusal):
    """The file names a child that the statement does not."""

    code = "identity.child-not-asked"


class Person(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: OneLine
    code: Annotated[str, AfterValidator(digits_of)] | None = None


class Family(BaseModel):
    """As a file holds it; what belongs to a registration alone is passed over."""

    model_config = ConfigDict(extra="forbid")
    spouses: Annotated[list[Person], Field(max_length=2)] = []
    address: OneLine | None = None
    """The declared residence."""
    children: Annotated[dict[Reference, Person], Field(max_length=_CHILDREN_AT_MOST)] = {}
    """By their references."""
    agis_id: OneLine | None = None
    specialised: Specialised | None = None

    def people(self) -> list[Person]:
        return [*self.spouses, *self.children.values()]


def identity_from(file: Path, children: Iterable[str]) -> Identity:
    """Whom a statement means that names these children; a file that holds more is another family's."""
    content = brought(file)
    family = _family_of(content, lines_of(content, _PERSON, _MORE)) if _is_table(file) else None
    known = family or content.document(Family)
    _check(known)
    if strange := sorted(set(known.children) - set(children)):
        raise ChildNotAsked(given=", ".join(strange), found=", ".join(children) or "-")
    said = {
        "schema": "saikne.identity/1",
        "spouses": [one.model_dump(exclude_none=True) for one in known.spouses],
        "address": known.address,
        "children": [
            {"reference": reference, **one.model_dump(exclude_none=True)}
            for reference, one in known.children.items()
        ],
    }
    return Identity.model_validate(said)


def families_from(file: Path) -> dict[str, Family]:
    """All families of a table, by the numbers of their cases."""
    content = brought(file)
    rows: dict[str, list[Line]] = {}
    for line in lines_of(content, _PERSON | {"case"}, _MORE):
        if not line.cells["case"]:
            raise CaseNotSaid(path=content.path, place=line.number)
        rows.setdefault(line.cells["case"], []).append(line)
    families = {case: _family_of(content, lines) for case, lines in rows.items()}
    for family in families.values():
        _check(family)
    return families


def _is_table(file: Path) -> bool:
    return file.suffix.lower() == ".csv"


def _family_of(file: Brought, lines: list[Line]) -> Family:
    spouses: list[dict[str, Any]] = []
    children: dict[str, dict[str, Any]] = {}
    for line in lines:
        cells = line.cells
        is_spouse = _WHO.get(cells["who"].lower())
        if is_spouse is None or not (is_spouse or cells.get("number")):
            raise WhoNotSaid(path=file.path, place=line.number, given=cells["who"] or "-")
        said = {"name": cells["name"]} | ({"code": cells["code"]} if cells.get("code") else {})
        if is_spouse:
            spouses.append(said)
        elif cells["number"] in children:
            raise PersonTwice(given=cells["number"])
        else:
            children[cells["number"]] = said
    addresses = {line.cells["address"] for line in lines if line.cells.get("address")}
    if len(addresses) > 1:
        raise AddressesDiffer(path=file.path, place=lines[0].number)
    return Family.model_validate(
        {"spouses": spouses, "children": children, "address": next(iter(addresses), None)}
    )


def _check(family: Family) -> None:
    """Two of a family who bear one code: one of them would be taken for the other."""
    codes = [one.code for one in family.people() if one.code]
    if len(set(codes)) < len(codes):
        raise PersonTwice(given=", ".join(sorted(family.children)) or "-")
