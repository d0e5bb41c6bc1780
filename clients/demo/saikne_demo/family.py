"""The invented family of the demo: who it is, which names a canary hunt looks for, who certifies.

Nobody here exists. The personal codes have the new format (`domain` 5.1) and read as made up; the
municipality does not exist either. The centre's own officer and social worker are no canaries: the
officer's name stands in every certification and so, rightly, in the signed manifest (`domain` 2.3).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    last: str
    code: str
    born: str


@dataclass(frozen=True, slots=True)
class Certification:
    """The inscription that makes a copy count (MK 558; `domain` 2.3)."""

    position: str
    organisation: str
    officer: str
    place: str
    on: date
    words: str = "KOPIJA PAREIZA"


@dataclass(frozen=True, slots=True)
class Family:
    spouses: tuple[Person, Person]
    own_child: Person
    household_adult: Person
    children: tuple[Person, Person]
    sibling: Person
    mother: Person
    other_family: str
    grandmother: str

    def people(self) -> Iterator[Person]:
        yield from (*self.spouses, self.own_child, self.household_adult)
        yield from (*self.children, self.sibling, self.mother)


FAMILY = Family(
    spouses=(
        Person("Žanete", "Mežvējiņa", "329999-00011", "14.03.1981."),
        Person("Ģederts", "Mežvējiņš", "329999-00022", "02.11.1979."),
    ),
    own_child=Person("Ādelīna", "Mežvējiņa", "329999-00033", "27.06.2013."),
    household_adult=Person("Skaidrīte", "Čakārne", "329999-00044", "19.08.1953."),
    children=(
        Person("Tālivaldis", "Ļaudaviņš", "329999-00055", "08.04.2017."),
        Person("Zeltīte", "Ļaudaviņa", "329999-00066", "30.01.2020."),
    ),
    sibling=Person("Miervaldis", "Ļaudaviņš", "329999-00077", "16.12.2014."),
    mother=Person("Vizbulīte", "Ļaudaviņa", "329999-00088", "05.05.1994."),
    other_family="Rūķakalnu",
    grandmother="Šķūnabirze",
)

CERTIFICATION = Certification(
    position="atbalsta centra vadītāja",
    organisation="Biedrība „Liepsalas ligzda”, atbalsta centrs „Ligzda”",
    officer="Solvita Krēsliņa",
    place="Liepsalā",
    on=date(2026, 11, 20),
)

ZEMGALES = Certification(
    position="atbalsta centra vadītāja",
    organisation="Biedrība „Zemgales mājas”, atbalsta centrs „Zemgales mājas”",
    officer="Ilze Kalniņa",
    place="Jelgavā",
    on=date(2026, 11, 21),
)

OZOLI = Certification(
    position="atbalsta centra vadītājs",
    organisation="Biedrība „Ozolu aleja”, atbalsta centrs „Ozoli”",
    officer="Andris Priedītis",
    place="Liepsalā",
    on=date(2026, 11, 23),
)

SOCIAL_WORKER = "Inguna Vārpiņa"
ADDRESS = "„Vējkalni”, Liepsalas pagasts, Liepsalas novads, LV-0000"

CANARY_NAMES: tuple[str, ...] = tuple(
    sorted(
        {name for person in FAMILY.people() for name in (person.first, person.last)}
        | {FAMILY.other_family, FAMILY.grandmother}
    )
)
CANARY_DETAILS: tuple[str, ...] = (*sorted(person.code for person in FAMILY.people()), "Vējkalni")


def written(day: date) -> str:
    """A date as Latvian documents write it, with a full stop at the end."""
    return f"{day:%d.%m.%Y}."


def case_facts(family_reference: str, certification: Certification) -> dict[str, Any]:
    """Everything the templates may print, as plain JSON values."""
    inscription = asdict(certification) | {"on": written(certification.on)}
    return {
        "reference": family_reference,
        "family": asdict(FAMILY),
        "address": ADDRESS,
        "worker": SOCIAL_WORKER,
        "certification": inscription,
    }
