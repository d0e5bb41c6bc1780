"""Every closed value that can be typed has a Latvian word, and no word means two of them."""

import re
from collections import Counter
from uuid import uuid4

import pytest

from hub.wording.catalogue import CATALOGUE as HUBS
from saikne.command.choices import choices
from saikne.command.questions import lacking, left
from saikne.command.speech import Console, speak_in
from saikne.problems import HubRefusal
from saikne.wording import CATALOGUE as CLIENTS
from saikne_schemas.catalogue import Catalogue
from saikne_schemas.latvian_values import LATVIAN, latvian, meant, plain, shown
from saikne_schemas.training_lists import TrainingCost
from saikne_schemas.vocabulary import DeliveryChannel, FormType
from tests.client.command_line import REQUEST, Centre
from tests.client.printed import closed_options, verbs

TYPED_WITHIN = {"ActivityParty", "CaseSection", "CompetenceCategory", "FormType", "TrainingCost"}
"""Lists whose values stand inside of what is typed: `FORM:SUBJECT=FILE`, `SECTION=REASON`, `KIND=EUR`."""
KINDS = {kind.__name__: kind for _, kind, _ in closed_options()}


def test_every_value_of_every_option_has_its_word() -> None:
    assert len(KINDS) > 45
    lacking = [
        f"{where}: {value}"
        for where, kind, values in closed_options()
        for value in values
        if not latvian(kind.__name__).get(value.value)
    ]
    assert lacking == []
    assert LATVIAN.keys() - KINDS.keys() == TYPED_WITHIN - KINDS.keys()


def test_every_word_is_of_a_value_that_there_is() -> None:
    strange = [
        f"{name}: {value}"
        for name, kind in KINDS.items()
        for value in latvian(name)
        if value not in {one.value for one in kind}
    ]
    assert strange == []


@pytest.mark.parametrize("name", sorted(LATVIAN))
def test_no_word_means_two_values(name: str) -> None:
    words = Counter(
        word for value, also in latvian(name).items() for word in {plain(one) for one in (value, *also)}
    )
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize(
    "written",
    [
        "registered_post",
        "registered-post",
        "ierakstīts-sūtījums",
        "ierakstits sutijums",
        "IERAKSTĪTS_SŪTĪJUMS ",
    ],
)
def test_a_value_is_taken_as_people_write_it(written: str) -> None:
    assert meant(DeliveryChannel, written) is DeliveryChannel.REGISTERED_POST


def test_a_list_speaks_the_language_of_the_run(saule: Centre) -> None:
    assert shown(FormType.NEEDS, "lv") == "vajadzības"
    assert shown(FormType.NEEDS, "en") == "needs"
    assert "personīgi" in saule("request", "--help", "--lang", "lv").out
    assert "in_person" not in (helped := saule("request", "--help", "--lang", "lv").out)
    assert "saiknē" in helped
    assert "in_person" in saule("request", "--help", "--lang", "en").out
    assert "audžuģimenes-lieta" in saule("request", "--kind", "visas", "--lang", "lv").err


@pytest.mark.parametrize(
    ("language", "named"),
    [("lv", "metodika-3, bāriņtiesas-lēmums"), ("en", "method_child_move, orphans_court_decision")],
)
def test_a_refusal_names_the_values_that_fit_as_they_are_typed(
    language: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    speak_in(language)
    facts = {"bases": ["method_child_move", "orphans_court_decision"]}
    refused = HubRefusal("exchange.basis-does-not-fit", "t", 422, detail="d", facts=facts)
    Console(as_json=False).problem(refused)
    assert f"--legal-basis: {named}\n" in capsys.readouterr().err
    assert left(refused) == facts["bases"]
    assert lacking(refused, {"legal_basis": "method_family_move"}) == "legal_basis"


def test_what_stands_within_a_value_has_its_words_too() -> None:
    assert meant(FormType, "kompetencu parskats") is FormType.COMPETENCE_REVIEW
    assert meant(TrainingCost, "ceļš") is TrainingCost.TRAVEL


def test_latvian_help_names_no_value_in_english() -> None:
    speak_in("lv")
    said = [
        f"{path} {one.name}: {value}"
        for path, verb in verbs()
        for one in verb.params
        for value in choices(one.type_descriptor.annotation)
        if value.value not in latvian(type(value).__name__)[value.value]
        and re.search(rf"\b{value.value}\b", one.help or "")
    ]
    speak_in("en")
    assert said == []


FOR_PROGRAMS = {
    "agis.entry-differs.detail",
    "agis.outcome-incomplete.detail",
    "hub.not-ready.detail",
    "transfers.court-file-malformed.detail",
}
"""What only they get names fields as these have them; so do columns of a file."""
OPENS = re.compile(r"\{[^}]*\}")
WRITTEN_BY_PROGRAMS = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


@pytest.mark.parametrize("catalogue", [CLIENTS, HUBS], ids=["client", "hub"])
def test_no_latvian_sentence_names_a_value_or_a_field_as_programs_do(catalogue: Catalogue) -> None:
    said = {
        identifier: found
        for identifier in catalogue.identifiers("lv")
        if not identifier.startswith("help.") and identifier not in FOR_PROGRAMS
        for form in catalogue.forms(identifier, "lv")
        if (found := WRITTEN_BY_PROGRAMS.findall(OPENS.sub("", form)))
    }
    assert said == {}


def test_what_does_not_fit_is_told_by_its_option_or_its_word(saule: Centre) -> None:
    for given, told in ((("--child", "Anna"), "bērni 2.:"), (("--family", "Kalni"), "--family:")):
        refused = saule(*REQUEST, *given, "--holder", str(uuid4()), "--lang", "lv")
        assert (refused.code, told in refused.err) == (2, True), refused.err
