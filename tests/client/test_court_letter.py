"""The letter to the orphans' court: whole sentences in Latvian, in a file that can be archived."""

import re
import sys
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from saikne.court_letter import (
    Centre,
    LetterFacts,
    NobodyNamed,
    Signing,
    compose_letter,
    e_address_link,
    in_locative,
    in_nominative,
    to_the_court,
)
from saikne.typesetting import LettersNotInstalled

FACTS = LetterFacts(
    court="Madonas novada bāriņtiesa",
    court_address="Parauga laukums 1, Madona, LV-4801",
    family=("Anna Bērziņa-Šķēle", "Jānis Ģirts Ķēniņš"),
    reference="AG-2001",
    children=("AG-2001-B1", "AG-2001-B2"),
    previous=Centre("Atbalsta centrs „Ligzda”", "SIA „Ligzda”", "40003521600"),
    new=Centre("Zemgales atbalsta centrs", "Biedrība „Baltā māja”", "50008021661"),
    moved_on=date(2026, 7, 1),
    written_on=date(2026, 7, 2),
    signer="Solvita Krēsliņa",
    position="vadītāja",
    contacts=("Parauga iela 1, Jelgava", "info@centrs.example"),
    number="1-8/26/14",
)


def pages(letter: bytes) -> list[str]:
    """What each page says, line ends as spaces."""
    document = pypdfium2.PdfDocument(letter)
    texts = [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    document.close()
    return texts


def test_the_letter_says_who_moved_from_where_to_where_and_when() -> None:
    (said,) = pages(compose_letter(FACTS))
    for part in (
        "Zemgales atbalsta centrs Biedrība „Baltā māja”, reģistrācijas Nr. 50008021661",
        "Parauga iela 1, Jelgava · info@centrs.example",
        "2026. gada 2. jūlijā Nr. 1-8/26/14",
        "Madonas novada bāriņtiesai Parauga laukums 1, Madona, LV-4801",
        "Par audžuģimenes pāreju uz citu atbalsta centru",
        (
            "Informējam, ka audžuģimene, kuras deklarētā dzīvesvieta atrodas Jūsu darbības teritorijā,"
            " 2026. gada 1. jūlijā ir pārgājusi uz citu ārpusģimenes aprūpes atbalsta centru."
        ),
        "Audžuģimene Anna Bērziņa-Šķēle, Jānis Ģirts Ķēniņš",
        "Lietas numurs AG-2001",
        "Pārejas datums 2026. gada 1. jūlijs",
        "Iepriekšējais atbalsta centrs Atbalsta centrs „Ligzda” SIA „Ligzda”, reģ. Nr. 40003521600",
        "Jaunais atbalsta centrs Zemgales atbalsta centrs Biedrība „Baltā māja”, reģ. Nr. 50008021661",
        "Ievietoto bērnu lietu numuri AG-2001-B1, AG-2001-B2",
        "sniedz jaunais atbalsta centrs. Informāciju sniedzam metodikā noteiktajā kārtībā",
        "Vadītāja Solvita Krēsliņa",
    ):
        assert part in said


def test_the_letter_is_to_be_archived_and_to_be_read_aloud() -> None:
    letter = compose_letter(FACTS)
    marks = dict(re.findall(rb"<(pdf(?:aid|uaid):\w+)>(\w+)</", letter))
    assert marks == {b"pdfaid:part": b"2", b"pdfaid:conformance": b"A", b"pdfuaid:part": b"1"}
    assert b"<rdf:li>lv</rdf:li>" in letter


def test_the_same_facts_give_the_same_bytes() -> None:
    assert compose_letter(FACTS) == compose_letter(replace(FACTS))


def test_a_move_to_come_is_told_as_one_to_come() -> None:
    (said,) = pages(compose_letter(replace(FACTS, moved_on=date(2026, 8, 1))))
    assert "2026. gada 1. augustā pāries uz citu" in said
    assert "bērniem sniegs jaunais atbalsta centrs." in said


def test_what_is_not_known_leaves_no_gap() -> None:
    bare = replace(FACTS, children=(), number=None, contacts=(), court_address=None)
    (said,) = pages(compose_letter(bare))
    assert "bērnu lietu numuri" not in said
    assert "Nr. 50008021661 2026. gada 2. jūlijā Madonas novada bāriņtiesai Par audžuģimenes" in said
    assert "None" not in said


def test_a_letter_is_signed_by_hand_or_electronically() -> None:
    electronic, paper = (pages(compose_letter(replace(FACTS, signing=way)))[0] for way in Signing)
    assert electronic.endswith("AR DROŠU ELEKTRONISKO PARAKSTU UN SATUR LAIKA ZĪMOGU")
    assert paper.endswith("Vadītāja Solvita Krēsliņa")


def test_every_page_bears_the_marking_that_the_centre_wants() -> None:
    many = tuple(f"AG-2001-B{number}" for number in range(1, 400))
    said = pages(compose_letter(replace(FACTS, marking="IEROBEŽOTA PIEEJAMĪBA\nLīdz 2031", children=many)))
    assert len(said) > 1
    assert all(page.startswith("IEROBEŽOTA PIEEJAMĪBA Līdz 2031") for page in said)


def test_what_is_written_in_a_name_is_no_instruction() -> None:
    (said,) = pages(compose_letter(replace(FACTS, family=('#read("court_letter.typ") *$[', "Jānis"))))
    assert 'Audžuģimene #read("court_letter.typ") *$[, Jānis' in said


@pytest.mark.parametrize("family", [(), ("",), ("Anna Bērziņa", " ")])
def test_a_letter_about_nobody_is_refused(family: tuple[str, ...]) -> None:
    with pytest.raises(NobodyNamed):
        compose_letter(replace(FACTS, family=family))


def test_a_missing_library_is_refused_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(LettersNotInstalled, match=r"^letter\.not-installed$"):
        compose_letter(FACTS)


@pytest.mark.parametrize(
    ("month", "nominative", "locative"),
    [
        (1, "janvāris", "janvārī"),
        (2, "februāris", "februārī"),
        (3, "marts", "martā"),
        (4, "aprīlis", "aprīlī"),
        (5, "maijs", "maijā"),
        (6, "jūnijs", "jūnijā"),
        (7, "jūlijs", "jūlijā"),
        (8, "augusts", "augustā"),
        (9, "septembris", "septembrī"),
        (10, "oktobris", "oktobrī"),
        (11, "novembris", "novembrī"),
        (12, "decembris", "decembrī"),
    ],
)
def test_a_day_is_written_in_two_cases_and_not_torn(month: int, nominative: str, locative: str) -> None:
    day = date(2026, month, 17)
    assert in_nominative(day) == f"2026.\u00a0gada 17.\u00a0{nominative}"
    assert in_locative(day) == f"2026.\u00a0gada 17.\u00a0{locative}"


def test_a_court_is_addressed_in_the_dative() -> None:
    assert to_the_court("Rīgas bāriņtiesa") == "Rīgas bāriņtiesai"
    assert to_the_court("Pierīgas Bāriņtiesa") == "Pierīgas Bāriņtiesai"
    assert to_the_court("Bāriņtiesu centrs") == "Bāriņtiesu centrs"


def test_a_message_to_the_court_begins_with_its_e_address() -> None:
    link = "https://latvija.lv/lv/Eaddress/write?address=_default@90000038741"
    assert e_address_link("90000038741") == link
