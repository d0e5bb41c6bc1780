"""The worksheet on paper: every field in the order of entry, marked, and in a file that can be archived."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pypdfium2
import pytest

from saikne.court_letter import Centre
from saikne.register_worksheet import Due, Person, Worksheet, compose_worksheet, rows
from saikne_schemas.register_words import Specialised

SHEET = Worksheet(
    matter=UUID("3c1d5a7e-08b4-5d2f-9a61-c4e07b9f1d23"),
    family="AG-2001",
    previous=Centre("Atbalsta centrs „Ligzda”", "SIA „Ligzda”", "40003521600"),
    new=Centre("Zemgales atbalsta centrs", "Biedrība „Baltā māja”", "50008021661"),
    agreement="V-2026/31",
    agreed_on=date(2026, 6, 10),
    effective_on=date(2026, 7, 1),
    due=(Due("statutory", date(2026, 7, 6), own=True), Due("moved", date(2026, 7, 7), own=False)),
    spouses=(Person("Anna Bērziņa-Šķēle", "16117519997"), Person("Jānis Ģirts Ķēniņš", "16117519990")),
    children={"AG-2001-B1": Person("Uldis Ņikiforovs-Žagars", "32867300679")},
    specialised=Specialised.CRISIS,
    agis_id="AGIS-4711",
)
PRINTED_ON = date(2026, 7, 2)
WHOLE = (
    "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA"
    " Pamats: Informācijas atklātības likuma 5. pants; Bērnu tiesību aizsardzības likuma 71. pants"
    " Darba lapa audžuģimenes pārejas ievadei AĢIS"
    " Audžuģimenes lieta: AG-2001 Pārejas identifikators: 3c1d5a7e-08b4-5d2f-9a61-c4e07b9f1d23"
    " Metodikā noteiktais termiņš (trīs darbdienas pēc pārejas)"
    " 06.07.2026 kalendārs bez pārceltajām darba dienām; pēc tā skaita šis centrs"
    " 07.07.2026 kalendārs ar pārceltajām darba dienām, salīdzinājumam"
    " Lauks Ievadāmais Ievadīts"
    " 1 Audžuģimenes numurs AĢIS AGIS-4711"
    " 2 1. laulātais, personas kods 161175-19997"
    " 3 1. laulātais, vārds, uzvārds Anna Bērziņa-Šķēle"
    " 4 2. laulātais, personas kods 161175-19990 pārbaudiet: pēdējais cipars neatbilst pārējiem"
    " 5 2. laulātais, vārds, uzvārds Jānis Ģirts Ķēniņš"
    " 6 Iepriekšējais atbalsta centrs Atbalsta centrs „Ligzda”, SIA „Ligzda”, reģ. Nr. 40003521600"
    " 7 Jaunais atbalsta centrs Zemgales atbalsta centrs, Biedrība „Baltā māja”, reģ. Nr. 50008021661"
    " 8 Vienošanās ar audžuģimeni, numurs V-2026/31"
    " 9 Vienošanās ar audžuģimeni, datums 10.06.2026"
    " 10 Pārejas datums 01.07.2026"
    " 11 Specializētā audžuģimene jā: krīzes audžuģimene"
    " 12 1. bērns (AG-2001-B1), personas kods 328673-00679"
    " 13 1. bērns (AG-2001-B1), vārds, uzvārds Uldis Ņikiforovs-Žagars"
    " Aizpilda pēc ievades Ievades datums Ievadīja (vārds, uzvārds, amats) Ieraksta numurs AĢIS"
    " Darba lapa pati pienākumu neizpilda. Kad pāreja ievadīta AĢIS, atzīmējiet to:"
    " saikne move registered 3c1d5a7e-08b4-5d2f-9a61-c4e07b9f1d23"
    " AG-2001 lapa 1/1"
)


def pages(made: bytes) -> list[str]:
    """What each page says, line ends as spaces."""
    document = pypdfium2.PdfDocument(made)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def test_the_sheet_is_what_one_works_from_in_the_order_of_entry() -> None:
    assert pages(compose_worksheet(SHEET, PRINTED_ON)) == [WHOLE]


def test_the_sheet_is_to_be_archived_and_to_be_read_aloud() -> None:
    made = compose_worksheet(SHEET, PRINTED_ON)
    marks = dict(re.findall(rb"<(pdf(?:aid|uaid):\w+)>(\w+)</", made))
    assert marks == {b"pdfaid:part": b"2", b"pdfaid:conformance": b"A", b"pdfuaid:part": b"1"}
    assert b"<rdf:li>lv</rdf:li>" in made
    assert made == compose_worksheet(replace(SHEET), PRINTED_ON)


def test_every_page_bears_the_marking_that_the_centre_wants() -> None:
    many = {f"AG-2001-B{number}": Person("Uldis Kalns", "32867300679") for number in range(1, 31)}
    said = pages(compose_worksheet(replace(SHEET, children=many), PRINTED_ON, "DIENESTA\nLīdz 2031"))
    assert len(said) > 2
    assert all(page.startswith("DIENESTA Līdz 2031") for page in said)
    assert all(page.endswith(f"AG-2001 lapa {no}/{len(said)}") for no, page in enumerate(said, start=1))


def test_what_is_written_in_a_name_is_no_instruction() -> None:
    named = replace(SHEET, spouses=(Person('#read("court_letter.typ") *$[', "32867300679"),))
    (said,) = pages(compose_worksheet(named, PRINTED_ON))
    assert 'vārds, uzvārds #read("court_letter.typ") *$[ 4 Iepriekšējais' in said


def test_what_is_not_known_and_who_is_not_there_is_said() -> None:
    bare = replace(SHEET, agis_id=None, children={}, specialised=Specialised.NONE)
    shown = {row.field: row.value for row in rows(bare, "lv")}
    assert shown["agis_id"] == "nav zināms; meklēt pēc personas koda"
    assert (shown["children"], shown["specialised"]) == ("nav", "nē")


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_kind_of_specialised_family_has_its_word(language: str) -> None:
    words = [
        {row.field: row.value for row in rows(replace(SHEET, specialised=kind), language)}
        for kind in Specialised
    ]
    assert len({word["specialised"] for word in words}) == len(Specialised)
