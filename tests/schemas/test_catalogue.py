"""Sentences of hub, client and job: whole in both languages, counted and dated as people do."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from agis_sync.command import CATALOGUE as JOB
from hub.wording.catalogue import CATALOGUE as HUB
from saikne.wording import CATALOGUE as CLIENT
from saikne_demo.sentences import CATALOGUE as DEMO
from saikne_schemas.catalogue import COMMON, LANGUAGES, Catalogue

ROOT = Path(__file__).parents[2]
CATALOGUES = {
    "schemas/saikne_schemas/locale": COMMON,
    "hub/wording/locale": HUB,
    "clients/python/saikne/locale": CLIENT,
    "clients/agis_sync/agis_sync/locale": JOB,
    "clients/demo/saikne_demo/locale": DEMO,
}
LATE_BY_ONE_AT_LEAST = {"mail.late_duties"}
"""Told from the first working day on; what it counts is duties."""
OF_DAYS_LATE = re.compile("nokavē.*darbdien|darbdien.*pēc termiņa", re.IGNORECASE)
HEAD = 'msgid ""\nmsgstr ""\n"Language: lv\\n"\n{rule}\n'
RULE = '"Plural-Forms: nplurals=3; plural=(n%10==0 || (n%100>=11 && n%100<=19) ? 0 : n%10==1 ? 1 : 2);\\n"'
SAID = """
msgid "late"
msgid_plural "days"
msgstr[0] "nokavēts par {days} darbdienām"
msgstr[1] "nokavēts par {days} darbdienu"
msgstr[2] "nokavēts par {days} darbdienām"

msgid "late.none"
msgstr "kopš termiņa darbdienu nav bijis"

msgid "quoted"
msgstr ""
"„{what}” un \\"{what}\\"\\n"
"otrā rinda"

msgid "due"
msgstr "līdz {due}; pieņemts {at}"
"""


def facts(forms: tuple[str, ...]) -> set[str]:
    return {fact for form in forms for fact in re.findall(r"{(\w+)", form)}


def tuples(text: str | Sequence[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.fixture
def small(tmp_path: Path) -> Catalogue:
    for language in LANGUAGES:
        (tmp_path / f"{language}.po").write_text(HEAD.format(rule=RULE) + SAID, encoding="utf-8")
    return Catalogue(tmp_path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", CATALOGUES)
def test_a_catalogue_is_read_as_the_tools_of_translators_read_it(place: str, language: str) -> None:
    def entry(message: Message) -> tuple[str, str | None, tuple[str, ...]]:
        name, *counted = tuples(message.id)
        return name, next(iter(counted), None), tuples(message.string)

    ours = CATALOGUES[place]
    with (ROOT / place / f"{language}.po").open("rb") as file:
        theirs = read_po(file, locale=language, abort_invalid=True)
    assert {entry(one) for one in theirs if one.id} == {
        (one, ours.counted(one, language), ours.forms(one, language)) for one in ours.identifiers(language)
    }


@pytest.mark.parametrize(("language", "forms"), [("lv", 3), ("en", 2)])
@pytest.mark.parametrize("place", CATALOGUES)
def test_what_counts_has_every_form_and_each_says_how_many(place: str, language: str, forms: int) -> None:
    ours = CATALOGUES[place]
    counting = {one: fact for one in ours.identifiers(language) if (fact := ours.counted(one, language))}
    assert counting or place.startswith(("schemas", "clients/demo"))
    assert [one for one in counting if len(ours.forms(one, language)) != forms] == []
    silent = [
        one
        for one, fact in counting.items()
        if any(
            facts((form,)) != facts(ours.forms(one, language)) | {fact} for form in ours.forms(one, language)
        )
    ]
    assert silent == []


@pytest.mark.parametrize("place", CATALOGUES)
def test_both_languages_say_the_same(place: str) -> None:
    ours = CATALOGUES[place]
    lv, en = (ours.identifiers(language) for language in LANGUAGES)
    assert lv == en
    assert [one for one in lv if not all((*ours.forms(one, "lv"), *ours.forms(one, "en")))] == []
    assert [one for one in lv if facts(ours.forms(one, "lv")) != facts(ours.forms(one, "en"))] == []
    assert [one for one in lv if ours.counted(one, "lv") != ours.counted(one, "en")] == []
    assert list(lv) == sorted(lv)


def test_what_a_catalogue_lacks_is_said_by_the_one_below(small: Catalogue, tmp_path: Path) -> None:
    above = tmp_path / "above"
    above.mkdir()
    for language in LANGUAGES:
        own = '\nmsgid "quoted"\nmsgstr "savs"\n'
        (above / f"{language}.po").write_text(HEAD.format(rule=RULE) + own, encoding="utf-8")
    both = Catalogue(above, small)
    assert both.text("quoted", "lv") == "savs"
    assert both.text("late", "lv", days=1) == "nokavēts par 1 darbdienu"
    assert (both.known("due"), both.known("never"), both.identifiers("lv")) == (True, False, {"quoted"})
    with pytest.raises(KeyError, match="never"):
        both.text("never", "lv")


def test_quotes_and_lines_stand_as_they_are_meant(small: Catalogue) -> None:
    assert small.text("quoted", "lv", what="a") == '„a” un "a"\notrā rinda'


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "kopš termiņa darbdienu nav bijis"),
        (1, "nokavēts par 1 darbdienu"),
        (2, "nokavēts par 2 darbdienām"),
        (10, "nokavēts par 10 darbdienām"),
        (11, "nokavēts par 11 darbdienām"),
        (21, "nokavēts par 21 darbdienu"),
        (111, "nokavēts par 111 darbdienām"),
    ],
)
def test_what_is_counted_stands_in_the_form_that_its_number_asks_for(
    small: Catalogue, number: int, said: str
) -> None:
    assert small.text("late", "lv", days=number) == said


@pytest.mark.parametrize("place", CATALOGUES)
def test_nobody_is_told_of_being_late_by_no_working_day(place: str) -> None:
    """On the days off after a term: wherever days of being late are counted, none has its own words."""
    catalogue = CATALOGUES[place]
    of_days = {
        one
        for one in catalogue.identifiers("lv")
        if catalogue.counted(one, "lv")
        and OF_DAYS_LATE.search(" ".join(catalogue.forms(one, "lv")).replace("\u00a0", " "))
    }
    meant = of_days - LATE_BY_ONE_AT_LEAST
    assert {one for one in meant if f"{one}.none" not in catalogue.identifiers("lv")} == set()


def test_days_and_moments_are_written_as_people_in_latvia_write_them(small: Catalogue) -> None:
    moment = datetime(2026, 11, 22, 7, 0, 59, tzinfo=UTC)
    said = small.text("due", "lv", due=date(2026, 11, 2), at=moment)
    assert said == "līdz 02.11.2026; pieņemts 22.11.2026 09.00"


def test_a_language_that_does_not_say_how_it_counts_counts_nothing(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.po").write_text(HEAD.format(rule="") + SAID, encoding="utf-8")
    with pytest.raises(ValueError, match="Plural-Forms"):
        Catalogue(tmp_path).text("late", "lv", days=1)
