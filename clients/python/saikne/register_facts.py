"""What only the centre knows of a family that it enters in the register: names, personal codes, its status.

Source: domain 3.3 (the payload's minimum), 5.1; features N10. It is read on this machine and leaves it only
under the register's seal: no document that the hub reads has a field for it.
"""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from saikne.personal_code import digits_of
from saikne.problems import LocalRefusal
from saikne.register_worksheet import Person
from saikne_schemas.brought import brought
from saikne_schemas.family_moves import FamilyMove
from saikne_schemas.register_entries import RegisterFacts, SealedPerson
from saikne_schemas.register_words import Specialised
from saikne_schemas.wire import OneLine, Reference


class PersonTwice(LocalRefusal):
    """Two of the family bear one personal code: one of them would be entered as the other."""

    code = "facts.person-twice"


class PersonFacts(BaseModel):
    """Somebody of the family."""

    model_config = ConfigDict(extra="forbid")
    name: OneLine
    code: Annotated[str, AfterValidator(digits_of)]

    def person(self) -> Person:
        return Person(self.name, self.code)

    def sealed(self) -> SealedPerson:
        return SealedPerson(name=self.name, code=self.code)


class FamilyFacts(BaseModel):
    """As a file holds it; what is not said is None or empty."""

    model_config = ConfigDict(extra="forbid")
    agis_id: OneLine | None = None
    spouses: Annotated[list[PersonFacts], Field(max_length=2)] = []
    children: dict[Reference, PersonFacts] = {}
    """By their references."""
    specialised: Specialised | None = None


def family_facts(file: Path | None, typed: dict[str, Any]) -> FamilyFacts:
    """From a file and as typed; what is typed counts, and its children join the file's."""
    written = brought(file).document(FamilyFacts) if file else FamilyFacts()
    said = FamilyFacts.model_validate({name: value for name, value in typed.items() if value})
    given = {name: getattr(said, name) for name in said.model_fields_set}
    known = written.model_copy(update={**given, "children": {**written.children, **said.children}})
    people = {str(no): one.code for no, one in enumerate(known.spouses, start=1)}
    people |= {reference: one.code for reference, one in known.children.items()}
    if twice := [who for who, code in people.items() if list(people.values()).count(code) > 1]:
        raise PersonTwice(given=", ".join(twice))
    return known


def facts_to_seal(known: FamilyFacts, move: FamilyMove, key: UUID) -> RegisterFacts:
    """Of a move whose day is fixed and whose people are all named; children in the order of the move."""
    said = {
        "schema": "saikne.register-facts/1",
        "key": key,
        "effective_on": move.effective_on,
        "agis_id": known.agis_id,
        "spouses": [one.sealed() for one in known.spouses],
        "agreement": move.agreement,
        "agreed_on": move.agreed_on,
        "specialised": known.specialised,
        "children": [known.children[one].sealed() for one in move.children],
    }
    return RegisterFacts.model_validate(said)
