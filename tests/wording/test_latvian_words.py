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
    r"(?<!\.)\.\.(?!\.)": "one point",
}
"""As above, of how a sentence is written; an example is a command, written as the command wants it."""
SMALL = re.compile("SMS|saikn")
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
        ("saikne ar ģimeni; bērna saikni", {"saikni"}),
        ("Jautājiet komandai saikne status; ģimenes statuss ir cits, pieprasījuma statuss ir…", {"statuss"}),
    ],
)
def test_a_forbidden_word_is_seen_and_code_is_not(said: str, words: set[str]) -> None:
    assert set(found(said, example=False)) == words
