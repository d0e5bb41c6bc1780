"""What the orphans' court is told of a family's move, in formal Latvian, as a PDF/A made on this machine.

Source: method S81 (the new centre informs the family's court in writing); domain 2.1 (it is the court of the
declared residence; "metodikā noteiktais", never "likumā"), 2.4 (the marking is a template), 4.1 (a link that
begins a message to an e-address), 5.4 (letters need the locative of months).
The letter names people: it is written where the centre says and goes nowhere else. How it is sent, and the
proof of that, are not decided here.
"""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from saikne.problems import LocalRefusal
from saikne.typesetting import isolated, typeset
from saikne_schemas.marking import MARKING as MARKING  # noqa: PLC0414  # what a letter bears by default

_MONTHS = (
    ("janvāris", "janvārī"),
    ("februāris", "februārī"),
    ("marts", "martā"),
    ("aprīlis", "aprīlī"),
    ("maijs", "maijā"),
    ("jūnijs", "jūnijā"),
    ("jūlijs", "jūlijā"),
    ("augusts", "augustā"),
    ("septembris", "septembrī"),
    ("oktobris", "oktobrī"),
    ("novembris", "novembrī"),
    ("decembris", "decembrī"),
)
"""Nominative and locative."""


class NobodyNamed(LocalRefusal):
    """A letter about a family without its name tells the court nothing."""

    code = "letter.nobody-named"


class Signing(StrEnum):
    ELECTRONIC = "electronic"
    """The file is e-signed, as an e-address wants it: the letter says so and has no line to sign on."""
    PAPER = "paper"


@dataclass(frozen=True)
class Centre:
    """A centre and the legal person that runs it."""

    name: str
    legal_entity: str
    registration_number: str


@dataclass(frozen=True)
class LetterFacts:
    """Everything that the letter says. Names are as people write them, in the nominative."""

    court: str
    family: tuple[str, ...]
    reference: str
    previous: Centre
    new: Centre
    """It sends the letter."""
    moved_on: date
    written_on: date
    signer: str
    position: str
    children: tuple[str, ...] = ()
    """References."""
    court_address: str | None = None
    contacts: tuple[str, ...] = ()
    """Of the sender: lines of the letter's head."""
    number: str | None = None
    """Under which the sender keeps the letter."""
    signing: Signing = Signing.ELECTRONIC
    marking: str = MARKING


def compose_letter(facts: LetterFacts) -> bytes:
    """The letter as PDF/A-2a and PDF/UA-1. The same facts give the same bytes, on every machine."""
    if not facts.family or not all(name.strip() for name in facts.family):
        raise NobodyNamed
    return typeset("court_letter", _as_written(facts), facts.written_on)


def in_locative(day: date) -> str:
    """`2026. gada 1. jūlijā`: on that day."""
    return _day(day, 1)


def in_nominative(day: date) -> str:
    return _day(day, 0)


def to_the_court(name: str) -> str:
    """`Madonas novada bāriņtiesai`: to whom the letter goes."""
    return f"{name}i" if name.casefold().endswith("bāriņtiesa") else name


def e_address_link(registration_number: str) -> str:
    """Begins a message to an e-address in the browser of whoever signs in there (domain 4.1)."""
    return f"https://latvija.lv/lv/Eaddress/write?address=_default@{registration_number}"


def _day(day: date, case: int) -> str:
    """A date is not torn at a line's end: its spaces are of the kind that does not break."""
    return f"{day.year}.\u00a0gada {day.day}.\u00a0{_MONTHS[day.month - 1][case]}"


def _as_written(facts: LetterFacts) -> dict[str, object]:
    """Facts in the forms that the sentences need; the template inflects nothing."""
    marking, _, basis = facts.marking.partition("\n")
    return {
        **asdict(facts),
        "family": [isolated(name) for name in facts.family],
        "court": to_the_court(facts.court),
        "moved": facts.moved_on <= facts.written_on,
        "moved_on": in_locative(facts.moved_on),
        "moved_on_in_nominative": in_nominative(facts.moved_on),
        "written_on": in_locative(facts.written_on),
        "position": facts.position[:1].upper() + facts.position[1:],
        "marking": marking,
        "marking_basis": basis,
    }
