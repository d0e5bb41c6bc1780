"""What may travel in an answer, which words certify it, and which mandatory form is missing."""

import json
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from hub.exchange.documents import Asked, check, missing
from hub.kernel.refusal import Refusal
from hub.sealing.archive import document_name
from saikne_schemas.inscription import inscription
from saikne_schemas.manifests import AnswerManifest
from saikne_schemas.vocabulary import CaseSection, Derivative, ExchangeKind, FormType, MediaType

FAMILY, CHILD, OTHER = "AG-7741", "AG-7741-B1", "AG-7741-B2"
CASE, IAP = ExchangeKind.FAMILY_CASE, ExchangeKind.CHILD_IAP
INFORMATION = ExchangeKind.CHILD_INFORMATION
CERTIFICATION = {
    "words": "KOPIJA PAREIZA",
    "officer": "Solvita Krēsliņa",
    "position": "vadītāja",
    "organisation": "Biedrība „Ligzda”",
    "on": "2026-11-20",
}
WORDS = {"copy": "KOPIJA PAREIZA", "true_copy": "NORAKSTS PAREIZS", "extract": "IZRAKSTS PAREIZS"}
TOLD = {FormType.NEEDS, FormType.CAREGIVER_HISTORY, FormType.WELFARE_GOAL}
OF_FAMILY = set(FormType) - {FormType.IAP, FormType.OTHER_CHILD} - TOLD
PER_SPOUSE = {FormType.COMPETENCE_REVIEW, FormType.SELF_ASSESSMENT}


def document(form: FormType, subject: str, spouse: int | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "form": form,
        "subject": subject,
        "spouse": spouse,
        "media_type": MediaType.PDF,
        "bytes": 100,
        "sha256": "0" * 64,
        "original": "paper",
        "derivative": Derivative.COPY,
        "certification": CERTIFICATION,
        **changes,
    }


def answer(
    *documents: dict[str, Any], spouses: int | None = 1, children: tuple[str, ...] = ()
) -> AnswerManifest:
    numbered = [{"no": number, **one} for number, one in enumerate(documents, 1)]
    return manifest(spouses=spouses, children=list(children), documents=numbered)


def manifest(**fields: Any) -> AnswerManifest:
    """Read as it comes over the wire."""
    body = {"schema": "saikne.answer/1", "id": str(uuid4()), "exchange": str(uuid4()), **fields}
    return AnswerManifest.model_validate_json(json.dumps(body))


def of_form(form: FormType) -> dict[str, Any]:
    return document(form, FAMILY if form in OF_FAMILY else CHILD, 1 if form in PER_SPOUSE else None)


def refusal_of(given: AnswerManifest, kind: ExchangeKind, asked: tuple[str, ...] = (CHILD,)) -> str | None:
    try:
        check(given, Asked(kind, FAMILY if kind is CASE else None, asked))
    except Refusal as refused:
        return refused.code
    return None


@pytest.mark.parametrize("form", list(FormType))
def test_a_childs_move_carries_the_plan_only_and_a_familys_everything_of_the_case(form: FormType) -> None:
    may_not = "exchange.document-may-not-travel"
    assert refusal_of(answer(of_form(form)), CASE) == (may_not if form in TOLD else None)
    travels = form in (FormType.IAP, FormType.OTHER_CHILD)
    assert refusal_of(answer(of_form(form)), IAP) == (None if travels else may_not)


@pytest.mark.parametrize("form", list(FormType))
def test_before_a_child_moves_only_what_is_told_of_the_child_travels(form: FormType) -> None:
    travels = form in {*TOLD, FormType.OTHER_CHILD}
    wanted = None if travels else "exchange.document-may-not-travel"
    assert refusal_of(answer(of_form(form), spouses=None), INFORMATION) == wanted


def test_needs_carers_and_goal_are_told_before_a_child_moves() -> None:
    """S106."""
    asked = Asked(INFORMATION, None, [CHILD])
    found = missing(answer(document(FormType.NEEDS, CHILD), spouses=None), asked)
    assert [(one.form.value, one.subject) for one in found] == [
        ("caregiver_history", CHILD),
        ("welfare_goal", CHILD),
    ]


@pytest.mark.parametrize(
    ("form", "subject", "kind", "code"),
    [
        (FormType.IAP, CHILD, CASE, None),
        (FormType.IAP, OTHER, CASE, "exchange.subject-not-asked"),
        (FormType.IAP, FAMILY, CASE, "exchange.subject-not-asked"),
        (FormType.IAP, OTHER, IAP, "exchange.subject-not-asked"),
        (FormType.FAMILY_CASE, "AG-1", CASE, "exchange.subject-not-asked"),
        (FormType.FAMILY_CASE, CHILD, CASE, "exchange.subject-not-asked"),
    ],
)
def test_a_document_is_about_the_family_or_a_child_that_was_asked_for(
    form: FormType, subject: str, kind: ExchangeKind, code: str | None
) -> None:
    assert refusal_of(answer(document(form, subject)), kind) == code


def test_a_child_that_only_the_holder_knows_travels_with_the_family_and_not_otherwise() -> None:
    given = answer(document(FormType.IAP, OTHER), children=(OTHER,))
    assert refusal_of(given, CASE) is None
    assert refusal_of(given, IAP) == "exchange.subject-not-asked"


def test_a_familys_answer_says_how_many_spouses_there_are() -> None:
    given = answer(of_form(FormType.FAMILY_CASE), spouses=None)
    assert refusal_of(given, CASE) == "exchange.spouses-not-stated"


@pytest.mark.parametrize("derivative", list(WORDS))
@pytest.mark.parametrize("words", list(WORDS.values()))
def test_a_copy_is_certified_by_the_words_of_its_sort(derivative: str, words: str) -> None:
    certified = CERTIFICATION | {"words": words}
    given = answer(document(FormType.IAP, CHILD, derivative=derivative, certification=certified))
    fits = WORDS[derivative] == words
    assert refusal_of(given, IAP) == (None if fits else "exchange.certification-does-not-fit")


@pytest.mark.parametrize(
    "spoiled",
    [
        {"certification": None},
        {"derivative": "original"},
        {"certification": CERTIFICATION | {"officer": " Solvita"}},
        {"certification": CERTIFICATION | {"officer": "Sol\nvita"}},
        {"certification": CERTIFICATION | {"officer": ""}},
        {"certification": {k: v for k, v in CERTIFICATION.items() if k != "on"}},
        {"spouse": 1},
        {"media_type": "text/html"},
        {"bytes": 0},
        {"bytes": 8 * 1024**3 + 1},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"name": "../../etc/passwd"},
    ],
)
def test_a_document_is_declared_whole_or_not_at_all(spoiled: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        answer(document(FormType.IAP, CHILD, **spoiled))


@pytest.mark.parametrize(
    ("form", "spouse"), [(FormType.COMPETENCE_REVIEW, None), (FormType.COMPETENCE_REVIEW, 3)]
)
def test_a_competence_form_names_one_of_two_spouses(form: FormType, spouse: int | None) -> None:
    with pytest.raises(ValidationError):
        answer(document(form, FAMILY, spouse))


@pytest.mark.parametrize("numbers", [[2], [1, 3], [2, 1], [1, 1], [0]])
def test_documents_are_numbered_from_one_in_order(numbers: list[int]) -> None:
    documents = [document(FormType.IAP, CHILD) | {"no": number} for number in numbers]
    with pytest.raises(ValidationError):
        manifest(documents=documents)


WHOLE = (
    document(FormType.FAMILY_CASE, FAMILY),
    document(FormType.COMPETENCE_REVIEW, FAMILY, 1),
    document(FormType.COMPETENCE_REVIEW, FAMILY, 2),
    document(FormType.IAP, CHILD),
    document(FormType.IAP, OTHER),
)


@pytest.mark.parametrize(
    ("left_out", "spouses", "lacking"),
    [
        ((), 2, []),
        ((), 1, []),
        ((0,), 2, [("family_case", FAMILY, None)]),
        ((1,), 2, [("competence_review", FAMILY, 1)]),
        ((2,), 2, [("competence_review", FAMILY, 2)]),
        ((2,), 1, []),
        ((3,), 2, [("iap", CHILD, None)]),
        ((4,), 2, [("iap", OTHER, None)]),
        (
            (0, 1, 3),
            2,
            [("family_case", FAMILY, None), ("competence_review", FAMILY, 1), ("iap", CHILD, None)],
        ),
    ],
)
def test_a_familys_case_lacks_what_the_method_makes_mandatory(
    left_out: tuple[int, ...], spouses: int, lacking: list[tuple[str, str, int | None]]
) -> None:
    """S47-S55: the case, a competence review for each spouse, a plan for each placed child."""
    held = [one for number, one in enumerate(WHOLE) if number not in left_out]
    found = missing(answer(*held, spouses=spouses, children=(OTHER,)), Asked(CASE, FAMILY, [CHILD]))
    assert [(one.form.value, one.subject, one.spouse) for one in found] == lacking


@pytest.mark.parametrize("optional", [FormType.SUPPORT_PLAN, FormType.SELF_ASSESSMENT, FormType.WORKER_NOTES])
def test_an_optional_form_stands_for_no_mandatory_one(optional: FormType) -> None:
    found = missing(answer(of_form(optional)), Asked(CASE, FAMILY, [CHILD]))
    assert [one.form.value for one in found] == ["family_case", "competence_review", "iap"]


def test_a_child_asked_for_and_known_is_counted_once() -> None:
    found = missing(answer(WHOLE[0], children=(CHILD, OTHER)), Asked(CASE, FAMILY, [CHILD]))
    assert [one.subject for one in found if one.form is FormType.IAP] == [CHILD, OTHER]


@pytest.mark.parametrize(("form", "lacks"), [(FormType.IAP, 0), (FormType.OTHER_CHILD, 1)])
def test_a_childs_move_lacks_nothing_but_the_plan(form: FormType, lacks: int) -> None:
    assert len(missing(answer(document(form, CHILD), spouses=None), Asked(IAP, None, [CHILD]))) == lacks


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        (MediaType.PDF, "dok-07.pdf"),
        (MediaType.ASICE, "dok-07.asice"),
        (MediaType.JPEG, "dok-07.jpg"),
        (MediaType.PNG, "dok-07.png"),
        (MediaType.TIFF, "dok-07.tif"),
    ],
)
def test_an_entrys_name_says_its_number_and_nothing_else(media_type: MediaType, name: str) -> None:
    assert document_name(7, media_type) == name


def test_the_inscription_certifies_each_copy_and_leaves_originals_alone() -> None:
    original = document(
        FormType.IAP, CHILD, derivative="original", certification=None, media_type=MediaType.ASICE
    )
    written = inscription(answer(document(FormType.IAP, CHILD), original)).decode()
    assert written.split("\r\n") == [
        "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA",
        "Pamats: Informācijas atklātības likuma 5. pants; Bērnu tiesību aizsardzības likuma 71. pants",
        "",
        "APLIECINĀJUMS",
        "",
        "dok-01.pdf: KOPIJA PAREIZA. vadītāja, Biedrība „Ligzda”, Solvita Krēsliņa, 20.11.2026.",
        "dok-02.asice: elektronisks oriģināls, pārsūtīts nemainīts.",
        "",
    ]


def set_of(*documents: dict[str, Any], **certification: Any) -> AnswerManifest:
    numbered = [{"no": number, **one} for number, one in enumerate(documents, 1)]
    return manifest(spouses=1, documents=numbered, certification=CERTIFICATION | certification)


def uncertified(form: FormType, subject: str, **changes: Any) -> dict[str, Any]:
    return document(form, subject, certification=None, **changes)


def test_a_set_of_copies_is_certified_once_above_its_list() -> None:
    """MK 558: one certification, the list of what it certifies; originals stand apart."""
    review = uncertified(FormType.COMPETENCE_REVIEW, FAMILY) | {"spouse": 2}
    signed = uncertified(FormType.IAP, CHILD, derivative="original", media_type=MediaType.ASICE)
    given = set_of(uncertified(FormType.FAMILY_CASE, FAMILY), review, signed)
    assert refusal_of(given, CASE) is None
    assert inscription(given).decode().split("\r\n") == [
        "IEROBEŽOTAS PIEEJAMĪBAS INFORMĀCIJA",
        "Pamats: Informācijas atklātības likuma 5. pants; Bērnu tiesību aizsardzības likuma 71. pants",
        "",
        "APLIECINĀJUMS",
        "",
        "KOPIJA PAREIZA",
        "Dokumentu atvasinājumu kopums, dokumentu skaits: 2.",
        "Amats: vadītāja, Biedrība „Ligzda”",
        "Vārds, uzvārds: Solvita Krēsliņa",
        "Datums: 20.11.2026.",
        "",
        "Apliecinātie dokumenti:",
        "dok-01.pdf: audžuģimenes lieta, AG-7741",
        "dok-02.pdf: kompetenču pārskats, AG-7741, 2. laulātais",
        "",
        "dok-03.asice: elektronisks oriģināls, pārsūtīts nemainīts.",
        "",
    ]


def test_an_extract_says_how_omitted_text_is_shown() -> None:
    certified = CERTIFICATION | {"words": WORDS["extract"]}
    given = answer(document(FormType.IAP, CHILD, derivative="extract", certification=certified))
    assert inscription(given).decode().endswith("Ar zīmi [..] izrakstā apzīmēts izlaists teksts.\r\n")


@pytest.mark.parametrize("form", list(FormType))
def test_every_form_has_its_name_in_the_list(form: FormType) -> None:
    given = set_of(of_form(form) | {"certification": None})
    assert f"dok-01.pdf: {form.value}" not in inscription(given).decode()
    assert "dok-01.pdf: " in inscription(given).decode()


def test_one_certification_fits_one_kind_of_derivative() -> None:
    given = set_of(
        uncertified(FormType.IAP, CHILD), uncertified(FormType.OTHER_CHILD, CHILD, derivative="extract")
    )
    assert refusal_of(given, CASE) == "exchange.certification-mixed"


@pytest.mark.parametrize("derivative", list(WORDS))
@pytest.mark.parametrize("words", list(WORDS.values()))
def test_a_set_is_certified_by_the_words_of_its_sort(derivative: str, words: str) -> None:
    given = set_of(uncertified(FormType.IAP, CHILD, derivative=derivative), words=words)
    fits = WORDS[derivative] == words
    assert refusal_of(given, CASE) == (None if fits else "exchange.certification-does-not-fit")


@pytest.mark.parametrize("derivative", list(WORDS))
def test_a_signed_container_is_never_certified_as_a_copy(derivative: str) -> None:
    certified = CERTIFICATION | {"words": WORDS[derivative]}
    signed = document(
        FormType.IAP, CHILD, media_type=MediaType.ASICE, derivative=derivative, certification=certified
    )
    assert refusal_of(answer(signed), IAP) == "exchange.signed-file-not-certified"
    whole = uncertified(FormType.IAP, CHILD, media_type=MediaType.ASICE, derivative="original")
    assert refusal_of(answer(whole), IAP) is None
    signed_pdf = uncertified(FormType.IAP, CHILD, original="electronic", derivative="original")
    assert refusal_of(answer(signed_pdf), IAP) is None


def test_a_copy_is_certified_by_itself_or_with_the_set_and_originals_not_at_all() -> None:
    for spoiled in (
        [document(FormType.IAP, CHILD)],
        [uncertified(FormType.IAP, CHILD), document(FormType.OTHER_CHILD, CHILD)],
        [uncertified(FormType.IAP, CHILD, derivative="original")],
    ):
        with pytest.raises(ValidationError):
            set_of(*spoiled)


def test_a_case_that_says_what_it_holds_is_asked_for_the_rest_of_its_ten_sections() -> None:
    sections = list(CaseSection)
    assert len(sections) == 10
    asked = Asked(CASE, FAMILY, ())

    def lacking(*held: list[CaseSection]) -> list[CaseSection | None]:
        papers = [document(FormType.FAMILY_CASE, FAMILY, sections=one) for one in held]
        review = document(FormType.COMPETENCE_REVIEW, FAMILY, 1)
        return [one.section for one in missing(answer(*papers, review), asked)]

    assert lacking([]) == []
    assert lacking(sections) == []
    assert lacking(sections[:4], sections[4:9]) == [CaseSection.SUPPORT_GROUPS]
    assert lacking([CaseSection.GENERAL]) == sections[1:]


def test_only_a_familys_case_has_sections() -> None:
    with pytest.raises(ValidationError, match="only a family's case has sections"):
        answer(document(FormType.IAP, CHILD, sections=["general"]))


def test_a_case_that_is_accounted_for_lacks_each_section_plan_review_and_iap_that_none_holds() -> None:
    asked = Asked(CASE, FAMILY, (CHILD,))
    case = document(FormType.FAMILY_CASE, FAMILY, sections=list(CaseSection)[:9])
    whole = document(FormType.FAMILY_CASE, FAMILY, sections=list(CaseSection))
    plan = document(FormType.SUPPORT_PLAN, FAMILY)
    reviews = [document(FormType.COMPETENCE_REVIEW, FAMILY, spouse) for spouse in (1, 2)]
    plans = [document(FormType.IAP, child) for child in (CHILD, OTHER)]

    def lacking(*held: dict[str, Any], accounted: bool | None = True) -> list[tuple[str, str | None, Any]]:
        said = answer(*held, spouses=2, children=(CHILD, OTHER)).model_copy(update={"accounted": accounted})
        found = missing(said, asked)
        return [(one.form.value, one.subject, one.section or one.spouse) for one in found]

    assert lacking(whole, plan, *reviews, *plans) == []
    assert lacking(case, reviews[0], plans[0]) == [
        ("support_plan", FAMILY, None),
        ("competence_review", FAMILY, 2),
        ("iap", OTHER, None),
        ("family_case", FAMILY, CaseSection.SUPPORT_GROUPS),
    ]
    unsaid = document(FormType.FAMILY_CASE, FAMILY)
    assert [what for _, _, what in lacking(unsaid, plan, *reviews, *plans)] == list(CaseSection)
    assert lacking(unsaid, *reviews, *plans, accounted=None) == [], "as older programs say it"
    assert lacking(plan, *reviews, *plans) == [("family_case", FAMILY, None)]


def test_a_supplement_to_a_confirmed_case_does_not_tell_it_again() -> None:
    asked = Asked(CASE, FAMILY, (CHILD, OTHER), more_children=(OTHER,), answered_before=True)
    said = answer(document(FormType.IAP, OTHER)).model_copy(update={"accounted": True})
    assert missing(said, asked) == []
