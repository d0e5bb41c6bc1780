"""Latvian sentences keep to the list of words: one term for one thing, and Latvian typography.

What a reader must not meet: earlier names of a thing ("centrmezgls", "apstrīdēt"), words of the code in a
sentence, and marks that Latvian does not use. Code is left out: facts, commands in examples, names of options
and settings, whatever stands between backticks.
"""

import re
from pathlib import Path

import pytest

from saikne_schemas.catalogue import Catalogue

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "clients/agis_sync/agis_sync/locale",
    "clients/demo/saikne_demo/locale",
    "clients/python/saikne/locale",
    "hub/wording/locale",
    "schemas/saikne_schemas/locale",
)
NEVER = {
    "centrmezgl": "Saikne",
    "mezgl": "Saikne, Saiknes serveris",
    "apmaiņas centr": "Saikne",
    r"\bdatn": "fails",
    "aizzīmog": "šifrēt",
    "noild": "paroles derīguma termiņš ir beidzies",
    "pirkstu nospied": "atslēgas nospiedums",
    r"\bvēlēt": "vēlamais",
    "glabātāj": "iepriekšējais centrs",
    "pieprasītāj": "jaunais centrs",
    "izsūt": "nosūtīt, izsniegt",
    "apstrīd": "norādīt trūkumus; pret atteikumu: iebilst",
    "manifest": "dokumentu saraksts",
    "deklarēt": "norādīts sarakstā",
    "uzrau[dg]": "pārraudzība",
    r"pārraugs\b": "pārraudzības iestāde",
    "pārraugoš": "pārraudzības iestāde",
    "likuma kalendār": "kalendārs bez pārceltajām darba dienām",
    "jauns izdevums": "jauna redakcija",
    "pa e-pastu": "e-pastā",
    r"\bSMS\b": "īsziņa",
    "nelaiž": "nevar pieslēgties",
    r"\bgalvo": "apliecināt",
    r"\b(?:ne)?tika\b": "ir, nav",
    r"\b(?:ne)?tiks\b": "who will do it: nosūtīs, atgādinās; būs",
    r"\besat \w+(?:is|usi|uši|ušas|ies|usies|ušies|ušās)\b": "vai ir saņemts …: of nobody's gender",
    r"\botr\w+ ceļ": "cits kanāls",
    "paroles laik": "paroles derīguma termiņš",
    "arhīva numur": "numurs arhīvā",
    r"izpildīt\w+ lai(?:kus|kā)\b": "izpildīts termiņā",
    "apmaiņa tagad": "Stāvoklis",
    r"\b(?:NOKAVĒT|PĒC TERMIŅA)": "small letters: nokavēts, pēc termiņa",
    "ir parādā": "pienākums",
    r"(?<!ģimenes )\bstatus[saiu]": "stāvoklis; only a family has a statuss",
    r"(?<!komandu )\bsaikn(?:e(?! [a-z])|es|i|ei|ē)\b": "Saikne; what binds people: attiecības",
}
"""By what the sentence may not hold, what it says instead."""
NO_MARKS = {
    r"\w_\w": "a word of the code",
    r" - ": "–",
    "—": "–",
    "[“\"']": "„ ”",
    r": \{(?:days|late)\}": "a sentence that counts",
    r"\b\d{4}-\d\d-\d\d(?!\d)": "dd.mm.yyyy.",
    r"\b\d\d?:\d\d\b": "a point: 10.00",
    r"(?<!\.)\.\.(?!\.)": "one point",
}
"""As above, of how a sentence is written; an example is a command, written as the command wants it."""
SMALL = re.compile("SMS|saikn|NOKAV")
"""Only in this case; other words in any."""
CODE = re.compile(
    r"`[^`]*`"
    r"|pip install \S+"
    r"|\{\{|\}\}|\{(?!days\}|late\})\w*[^{}]*\}"
    r"|--[a-z][\w-]*"
    r"|\b[A-Z][A-Z0-9]*(?:_[A-Z0-9…]+)+(?:=\S+)?"
    r"|\bsaikne-[\w+-]+"
)
PERMITTED = {
    "deklarētās dzīvesvietas": "a term of law: where a person is declared to live",
}
"""Words that look like a forbidden one and are none."""
PERMITTED_IN = {
    (
        "hub",
        "terms.not-a-date",
        "2026-11-23",
    ): "this command of operators reads no other way of writing a day",
    ("agis_sync", "help.agis-sync.run.example", "saikne"): "the host of an address in an example",
    ("saikne", "rule.day", "2026-03-09"): "a rule of the format for programs, which knows ISO days only",
    (
        "saikne",
        "rule.moment",
        "2026-03-09T08",
    ): "a rule of the format for programs, which knows ISO moments only",
    ("saikne", "rule.moment", "02:00"): "as above",
    ("saikne", "rule.hour", "09:30"): "a rule of the format for programs, which knows ISO hours only",
    ("saikne", "help.answer.way", "saiknē"): "the value itself, as it is typed",
    ("saikne", "help.offer.example", "saiknē"): "the value itself, as it is typed",
    ("saikne", "help.request.example", "saiknē"): "the value itself, as it is typed",
}
"""By program, sentence and word the reason why it may stand there."""


def program(folder: str) -> str:
    return Path(folder).parts[-2].replace("wording", "hub")


def catalogue(folder: str) -> Catalogue:
    return Catalogue(ROOT / folder)


def bare(said: str) -> str:
    """A sentence without code and without what looks like a forbidden word."""
    for words in PERMITTED:
        said = re.sub(words, "", said, flags=re.IGNORECASE)
    return CODE.sub("…", said)


def found(said: str, *, example: bool) -> dict[str, str]:
    """Every forbidden word in a sentence, and what to say instead."""
    forbidden = NEVER if example else NEVER | NO_MARKS
    left = bare(said)
    return {
        match[0]: instead
        for word, instead in forbidden.items()
        for match in re.finditer(rf"\w*(?:{word})\w*", left, 0 if SMALL.search(word) else re.IGNORECASE)
    }


def wrong(folder: str) -> dict[tuple[str, str, str], str]:
    spoken = catalogue(folder)
    return {
        (program(folder), identifier, word): instead
        for identifier in spoken.identifiers("lv")
        if identifier
        for said in spoken.forms(identifier, "lv")
        for word, instead in found(said, example=identifier.endswith(".example")).items()
    }


def test_every_latvian_catalogue_is_read() -> None:
    there = {path.parent for part in ("clients", "hub", "schemas") for path in (ROOT / part).rglob("lv.po")}
    assert there == {ROOT / folder for folder in FOLDERS}
    assert all(len(catalogue(folder).identifiers("lv")) > 20 for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_latvian_sentences_keep_to_the_list_of_words(folder: str) -> None:
    assert {where: instead for where, instead in wrong(folder).items() if where not in PERMITTED_IN} == {}


def test_every_exception_is_still_needed() -> None:
    needed = {where for folder in FOLDERS for where in wrong(folder)}
    assert PERMITTED_IN.keys() - needed == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_only_the_register_registers(folder: str) -> None:
    """What Saikne is told of is noted (atzīmēts), begun or typed in; `reģistrēt` is done in AĢIS alone."""
    spoken = catalogue(folder)
    said = {one: " ".join(spoken.forms(one, "lv")) for one in spoken.identifiers("lv")}
    registering = {one for one, words in said.items() if re.search("reģistrē", words, re.IGNORECASE)}
    assert {one for one in registering if "AĢIS" not in said[one]} == set()


PARTICIPLE = r"(?:\w{3,}(?:ti|tas|uši|ušas)|atlicis)"
NOMINATIVE = re.compile(
    rf"\b{PARTICIPLE} \{{\w+\}} (?:\w+u )?\w+u\b|\{{\w+\}} \w+u {PARTICIPLE}\b", re.IGNORECASE
)
"""Said of so many that the noun stands in the genitive: „nokavētas 10 darbdienu”."""
OF_A_CENTRE = re.compile(
    r"(?<!centrs )(?<!centrs „)\{(?:holder|requester|centre|name|receiver|owner|sender|author)\}”? "
    r"(?:(?:ir|nav) (?:\w+ )?\w+(?:is|ies|usi|usies|ts|ta)|\w+jis)\b"
)
"""A participle said of a name, whose gender nobody knows: „Ligzda ir saņēmis”."""
BARE = re.compile(r"(?:tiek )?\w+(?:ts|ta|ti|tas|usies)\b(?! \w)")
"""A state that is only a participle: of what, and of which gender, the sentence around it does not know."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_participle_agrees_with_what_is_counted(folder: str) -> None:
    spoken = catalogue(folder)
    many = {
        one: spoken.forms(one, "lv")[0].replace("\u00a0", " ")
        for one in spoken.identifiers("lv")
        if spoken.counted(one, "lv")
    }
    assert {one: said for one, said in many.items() if NOMINATIVE.search(said)} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_said_of_a_name_that_has_a_gender(folder: str) -> None:
    spoken = catalogue(folder)
    said = {one: " ".join(spoken.forms(one, "lv")) for one in spoken.identifiers("lv")}
    assert {one: words for one, words in said.items() if OF_A_CENTRE.search(words)} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_working_days_left_say_that_today_is_one_of_them(folder: str) -> None:
    spoken = catalogue(folder)
    left = {one for one in spoken.identifiers("lv") if one.endswith(".left")}
    said = {one: spoken.forms(one, "lv") for one in left}
    assert {one for one in left if not all("sākot ar šodienu" in form for form in said[one])} == set()
    assert {one for one in left if f"{one}.none" not in spoken.identifiers("lv")} == set()


def test_a_state_says_what_it_is_the_state_of() -> None:
    spoken = catalogue("schemas/saikne_schemas/locale")
    states = {one for one in spoken.identifiers("lv") if re.match(r"(?:\w+\.)?state\.", one)}
    assert len(states) > 30
    said = {one: spoken.text(one, "lv") for one in states}
    assert {one: words for one, words in said.items() if BARE.match(words)} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_help_asks_for_numbers(folder: str) -> None:
    """As people know them; identifiers are of programs."""
    spoken = catalogue(folder)
    helping = {one for one in spoken.identifiers("lv") if one.startswith("help.")}
    assert {one for one in helping if "identifikator" in spoken.text(one, "lv").lower()} == set()


@pytest.mark.parametrize(
    ("pattern", "wrong", "right"),
    [
        (NOMINATIVE, "nokavētas {late} darbdienu", "nokavēts par {late} darbdienām"),
        (NOMINATIVE, "Atlikušas {days} darbdienu", "Līdz termiņam {days} darbdienu"),
        (NOMINATIVE, "{count} darbdienu nokavētas", "{count} darbdienu pēc termiņa"),
        (NOMINATIVE, "atlicis {days} darbdienu", "{count} nokavētu pienākumu"),
        (NOMINATIVE, "atrastas {count} jaunu atšķirību", "atrastas {count} jaunas atšķirības"),
        (OF_A_CENTRE, "{holder} ir saņēmis pieprasījumu", "Jāatbild: {holder}."),
        (OF_A_CENTRE, "ko {centre} darījis", "Centri, ko norādījis centrs: {centre}"),
        (OF_A_CENTRE, "{holder} nav atbildējis", "centrs „{name}” ir saņēmis"),
        (BARE, "nosūtīts", "dokumenti nosūtīti, gaida apstiprinājumu"),
        (BARE, "tiek gatavots", "atbilde tiek gatavota"),
    ],
)
def test_each_kind_is_seen(pattern: re.Pattern[str], wrong: str, right: str) -> None:
    assert pattern.search(wrong)
    assert not pattern.match(right) if pattern is BARE else not pattern.search(right)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Centrmezgls neatbild.", {"Centrmezgls"}),
        ("Atbilde netika izsūtīta.", {"netika", "izsūtīta"}),
        ("Vēlētais veids: „{wish}”.", {"Vēlētais"}),
        ("Izvēlēties failu: saikne open FILE", set()),
        ("Deklarētās dzīvesvietas bāriņtiesa", set()),
        ("Deklarētā adrese", {"Deklarētā"}),
        ("Lauks `entry_sha256` un HUB_HOME, arī {entry_sha256}", set()),
        ("Lauks entry_sha256", {"entry_sha256"}),
        ("Parole pienāk SMS; izvēlieties sms", {"SMS"}),
        ("Dokumenti failā ar --manifest.", set()),
        ("nokavētas darbdienas: {late}.", {"darbdienas: {late}"}),
        ("NOKAVĒTS; tiks nosūtīts 10:00; nokavēts 10.00", {"NOKAVĒTS", "tiks", "10:00"}),
        ("Vai esat saņēmuši? Tas esat Jūs.", {"esat saņēmuši"}),
        ("saikne ar ģimeni; bērna saikni", {"saikni"}),
        ("Jautājiet komandai saikne status; ģimenes statuss ir cits, pieprasījuma statuss ir…", {"statuss"}),
    ],
)
def test_a_forbidden_word_is_seen_and_code_is_not(said: str, words: set[str]) -> None:
    assert set(found(said, example=False)) == words
