import contextlib
import re
from datetime import date
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument, PdfPage

from saikne_demo.documents import CANARY_NAMES, CERTIFICATION, CaseDocument, Certification, make_case
from saikne_demo.family import FAMILY, SOCIAL_WORKER


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> list[CaseDocument]:
    return make_case(tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def texts(case: list[CaseDocument]) -> dict[str, str]:
    """What a reader finds in each typeset document."""
    return {d.path.name: words(d.path) for d in case if d.form != "other_family"}


def words(pdf: Path) -> str:
    with PdfDocument(pdf) as document:
        return " ".join(" ".join(text_of(page) for page in document).split())


def first_page(pdf: Path) -> str:
    with PdfDocument(pdf) as document:
        return text_of(document[0])


def text_of(page: PdfPage) -> str:
    with contextlib.closing(page.get_textpage()) as text:
        return str(text.get_text_range()).replace("\r\n", "\n")


def the(case: list[CaseDocument], form: str) -> list[CaseDocument]:
    return [document for document in case if document.form == form]


def test_a_case_has_every_mandatory_form_for_two_spouses_and_two_children(case: list[CaseDocument]) -> None:
    assert [(d.form, d.subject, d.spouse, d.child) for d in case] == [
        ("family_case", "AG-2001", None, None),
        ("support_plan", "AG-2001", None, None),
        ("competence_review", "AG-2001", 1, None),
        ("competence_review", "AG-2001", 2, None),
        ("self_assessment", "AG-2001", 1, None),
        ("iap", "AG-2001-B1", None, "AG-2001-B1"),
        ("iap", "AG-2001-B2", None, "AG-2001-B2"),
        ("other_family", "AG-2001", None, None),
    ]


def test_every_document_is_a_pdf_with_a_neutral_name(case: list[CaseDocument]) -> None:
    assert [d.path.name for d in case] == [f"dok-{number:02}.pdf" for number in range(1, 9)]
    assert {d.path.read_bytes()[:5] for d in case} == {b"%PDF-"}
    assert {d.media_type for d in case} == {"application/pdf"}


def test_the_first_page_says_kopija(case: list[CaseDocument]) -> None:
    pages = [first_page(d.path) for d in case if d.form != "other_family"]
    assert all(re.search(r"^K ?O ?P ?I ?J ?A$", page, re.MULTILINE) for page in pages)


def test_every_copy_ends_with_a_certification(texts: dict[str, str]) -> None:
    inscription = (
        "KOPIJA PAREIZA Biedrība „Liepsalas ligzda”, atbalsta centrs „Ligzda”, "
        "atbalsta centra vadītāja Solvita Krēsliņa Liepsalā, 20.11.2026."
    )
    assert all(inscription in text for text in texts.values())


def test_part_one_has_the_ten_sections_of_the_method(texts: dict[str, str]) -> None:
    titles = (
        "Vispārīgā informācija",
        "Audžuģimenes mājokļa un apkārtējās vides raksturojums",
        "Ģimenes statuss/-i",
        "Noslēgtā sadarbības vienošanās un līgums ar specializēto audžuģimeni",
        "Audžuģimenes kapacitāte",
        "Nepilngadīgie bērni ģimenē",
        "Vienā mājsaimniecībā dzīvojošās pilngadīgās personas",
        "Audžuģimenē ievietotie bērni",
        "Apmeklētie izglītojošie kursi un pilnveides mācības",
        "Apmeklētās atbalsta grupas",
    )
    found = [texts["dok-01.pdf"].find(f"{number}. {title}") for number, title in enumerate(titles, 1)]
    assert -1 not in found
    assert found == sorted(found)


def test_the_plan_is_agreed_in_column_ten(texts: dict[str, str]) -> None:
    plan = texts["dok-02.pdf"]
    assert all(f" {column}. " in plan for column in range(1, 11))
    assert "saskaņots" in plan


def test_each_spouse_has_an_own_review_in_six_categories(
    case: list[CaseDocument], texts: dict[str, str]
) -> None:
    for document, person in zip(the(case, "competence_review"), FAMILY.spouses, strict=True):
        review = texts[document.path.name]
        assert f"{person.first} {person.last}" in review
        assert review.count("Piezīmes/kopsavilkums:") == 6
        assert "to neparaksta" in review


def test_each_child_has_an_own_plan_with_caregivers_needs_goal_and_siblings(
    case: list[CaseDocument], texts: dict[str, str]
) -> None:
    for document, child in zip(the(case, "iap"), FAMILY.children, strict=True):
        plan = texts[document.path.name]
        assert f"Vārds, uzvārds {child.first} {child.last}" in plan
        for section in (
            "Aprūpētāju maiņas vēsture",
            "Bērna vajadzības",
            "Bērna labklājības mērķis",
            "Saskarsme ar brāļiem un māsām",
        ):
            assert section in plan


def test_all_latvian_letters_come_through(texts: dict[str, str]) -> None:
    assert set("āčēģīķļņšūžĀČĒĢĪĻŠŽ") - set("".join(texts.values())) == set()


def test_every_canary_stands_in_the_papers_but_not_in_what_the_hub_is_told(
    case: list[CaseDocument], texts: dict[str, str]
) -> None:
    printed = "".join(texts.values())
    assert [name for name in CANARY_NAMES if name not in printed] == []
    told = " ".join(f"{d.path.name} {d.form} {d.subject} {d.child} {d.title}" for d in case)
    assert [name for name in CANARY_NAMES if name in told] == []


def test_the_officer_who_certifies_is_no_canary() -> None:
    staff = {*CERTIFICATION.officer.split(), *SOCIAL_WORKER.split()}
    assert staff.isdisjoint(CANARY_NAMES)


def test_the_personal_codes_have_the_new_format() -> None:
    assert all(re.fullmatch(r"3[2-9]\d{4}-\d{5}", person.code) for person in FAMILY.people())


def test_the_scan_weighs_sixty_megabytes_and_opens(case: list[CaseDocument]) -> None:
    (scan,) = the(case, "other_family")
    assert 60_000_000 <= scan.path.stat().st_size < 66_000_000
    with PdfDocument(scan.path) as seen:
        assert len(seen) == 17


def test_the_same_seed_gives_the_same_bytes(case: list[CaseDocument], tmp_path: Path) -> None:
    again = make_case(tmp_path)
    assert [d.path.read_bytes() for d in again] == [d.path.read_bytes() for d in case]


def test_another_seed_is_another_case_and_the_certification_is_the_one_asked_for(
    case: list[CaseDocument], tmp_path: Path
) -> None:
    other = Certification("direktors", "Biedrība „Cita”", "Aldis Kļaviņš", "Citviet", date(2027, 1, 4))
    made = make_case(tmp_path, seed=2, certification=other)
    assert made[0].subject == "AG-2002"
    assert made[-1].path.read_bytes() != case[-1].path.read_bytes()
    inscription = "KOPIJA PAREIZA Biedrība „Cita”, direktors Aldis Kļaviņš Citviet, 04.01.2027."
    assert inscription in words(made[0].path)
