"""The worksheet by which a person enters a family's move in AĢIS: which fields, in which order.

Source: method S33, S80; domain 3.1 (entry is by hand, online), 3.3 (the payload's minimum, in the order of
entry); features N10. It names people: it is shown and written where the centre says and goes nowhere else.
Making it meets nothing; that the move is entered is recorded by a statement of its own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from saikne.court_letter import MARKING, Centre
from saikne.personal_code import check_digit_fits, shown
from saikne.typesetting import typeset
from saikne.wording import LANGUAGES, sentence
from saikne_schemas.moments import for_people
from saikne_schemas.register_words import Specialised

BY_HAND = ("entered_on", "entered_by", "register_id")
"""What is filled in when the move has been entered."""


@dataclass(frozen=True)
class Person:
    name: str
    code: str
    """Eleven digits."""


@dataclass(frozen=True)
class Due:
    """The last day of the term by one calendar."""

    calendar: str
    on: date
    own: bool
    """Whether it is the calendar by which this centre counts."""


@dataclass(frozen=True)
class Worksheet:
    """Everything that is entered, and by when."""

    matter: UUID
    family: str
    previous: Centre
    new: Centre
    agreement: str
    agreed_on: date
    effective_on: date
    due: tuple[Due, ...]
    spouses: tuple[Person, ...]
    children: Mapping[str, Person]
    """By their references, in the order of the move."""
    specialised: Specialised
    agis_id: str | None = None


@dataclass(frozen=True)
class Row:
    """One field of the register: what it is called, what is typed, what to look at again."""

    field: str
    label: str
    value: str
    doubt: str | None = None


Days = Callable[[date], str]


def rows(sheet: Worksheet, language: str, written: Days = date.isoformat) -> list[Row]:
    """The fields in the order of entry."""

    def row(field: str, value: str, **facts: object) -> Row:
        return Row(field, sentence(f"worksheet.{field}", language, **facts), value)

    centre = {one: _centre(one, language) for one in (sheet.previous, sheet.new)}
    kind = sentence(f"worksheet.specialised.{sheet.specialised}", language)
    return [
        row("agis_id", sheet.agis_id or sentence("worksheet.agis_id.unknown", language)),
        *_people("spouse", {str(no): one for no, one in enumerate(sheet.spouses, start=1)}, language),
        row("previous", centre[sheet.previous]),
        row("new", centre[sheet.new]),
        row("agreement", sheet.agreement),
        row("agreed_on", written(sheet.agreed_on)),
        row("effective_on", written(sheet.effective_on)),
        row("specialised", kind),
        *_people("child", sheet.children, language),
        *([] if sheet.children else [row("children", sentence("worksheet.children.none", language))]),
    ]


def due_lines(sheet: Worksheet, language: str, written: Days = date.isoformat) -> list[tuple[str, str]]:
    """The term by both calendars: the day, and whose it is."""
    return [
        (
            written(due.on),
            sentence(f"worksheet.due.{'own' if due.own else 'other'}", language, calendar=calendar),
        )
        for due in sheet.due
        for calendar in [sentence(f"calendar.{due.calendar}", language)]
    ]


def compose_worksheet(sheet: Worksheet, printed_on: date, marking: str = MARKING) -> bytes:
    """The sheet in Latvian, as the register is, with a part to fill in by hand."""
    language = LANGUAGES[0]
    first, _, basis = marking.partition("\n")
    said = {
        "marking": first,
        "marking_basis": basis,
        "title": sentence("worksheet.title", language),
        "family": sheet.family,
        "matter": str(sheet.matter),
        "author": sheet.new.name,
        "labels": {
            name: sentence(f"worksheet.label.{name}", language)
            for name in ("family", "matter", "due", "field", "value", "entered", "by_hand", "page")
        },
        "due": due_lines(sheet, language, for_people),
        "rows": [[row.label, row.value, row.doubt] for row in rows(sheet, language, for_people)],
        "by_hand": [sentence(f"worksheet.by-hand.{name}", language) for name in BY_HAND],
        "record": sentence("worksheet.record", language),
        "command": record_command(sheet, language),
    }
    return typeset("register_worksheet", said, printed_on)


def record_command(sheet: Worksheet, language: str) -> str:
    """How it is recorded that the move has been entered."""
    return sentence("worksheet.command", language, matter=sheet.matter)


def _people(kind: str, people: Mapping[str, Person], language: str) -> Iterator[Row]:
    for no, (who, person) in enumerate(people.items(), start=1):
        of = sentence(f"worksheet.{kind}", language, no=no, who=who)
        doubt = None if check_digit_fits(person.code) else sentence("worksheet.check-digit", language)
        for part, value, doubted in (("code", shown(person.code), doubt), ("name", person.name, None)):
            label = sentence(f"worksheet.person.{part}", language, of=of)
            yield Row(f"{kind}.{who}.{part}", label, value, doubted)


def _centre(centre: Centre, language: str) -> str:
    number = sentence("worksheet.registration-number", language, number=centre.registration_number)
    return f"{centre.name}, {centre.legal_entity}, {number}"
