"""Help in Latvian holds no English word: not in a placeholder or a default, nor in what an example types."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import typer.main
from typer._click.core import Context

import agis_sync.command
from saikne.command import application
from saikne.command.choices import choices
from saikne.command.speech import speak_from, speak_in
from saikne.wording import CATALOGUE
from saikne_schemas.latvian_values import shown
from tests.client.printed import verbs

WIDE = 4000
"""No line is broken."""
WORD = re.compile(r"(?<![\w-])[A-Za-z]{2,}(?![\w-])")
CODE = re.compile(
    r"--[\w-]+|\b(?:saikne|agis-sync)(?: [a-z-]+){1,2}|\b[A-Z]+(?:_[A-Z]+)+\b|\w+://\S+|\S+@\S+"
    r'|"[^"]*"'
)
"""Names of options, of verbs and of settings are the same in every language; so is what an example quotes."""
NAMES = {"Saikne", "Ligzda", "Zemgale", "Madonas", "Ozols"}
"""Whom the examples are about."""
FORMATS = {
    *("CSV", "JSON", "PDF", "PNG", "JPG", "TIFF", "EDOC", "ASICE", "PEM", "SSH"),
    *("asice", "edoc", "eml", "jpg", "json", "pdf", "txt", "zip"),
}
THE_SAME = {
    **dict.fromkeys(("lv", "en"), "languages, as they are named to every program"),
    **dict.fromkeys(("DD", "MM", "HH", "EUR", "IAP", "iap"), "written the same in both languages"),
    **dict.fromkeys(("EdDSA", "Prometheus", "marking"), "a name: of an algorithm, a program, a file"),
    **dict.fromkeys(("vestule", "vienosanas"), "a file in an example"),
    **dict.fromkeys(
        ("case", "child", "spouse", "number", "who", "code", "address"), "columns of a file, as it has them"
    ),
    **dict.fromkeys(("srv", "agis", "in", "out"), "folders in an example"),
    **dict.fromkeys(("children", "spouses", "specialised"), "fields of a JSON file"),
    **dict.fromkeys(("no", "to", "specialists"), "Latvian words too"),
}
COMMANDS = {
    "saikne": (application, CATALOGUE),
    "agis-sync": (agis_sync.command.application, agis_sync.command.CATALOGUE),
}


def shown_help(command: Any, path: str) -> Iterator[tuple[str, str]]:
    yield (
        path,
        command.get_help(Context(command, info_name=path, terminal_width=WIDE, max_content_width=WIDE)),
    )
    for name, below in getattr(command, "commands", {}).items():
        yield from shown_help(below, f"{path} {name}")


@cache
def helps(name: str, language: str) -> dict[str, str]:
    """Of every verb of a command what it shows."""
    build, catalogue = COMMANDS[name]
    speak_from(catalogue)
    speak_in(language)
    try:
        return dict(shown_help(typer.main.get_command(build()), name))
    finally:
        speak_from(CATALOGUE)
        speak_in("lv")


def words(text: str) -> set[str]:
    return set(WORD.findall(CODE.sub("", text)))


@pytest.mark.parametrize("name", COMMANDS)
def test_no_word_of_the_english_help_is_left_in_the_latvian(name: str) -> None:
    latvian, english = helps(name, "lv"), helps(name, "en")
    assert latvian.keys() == english.keys()
    of_verbs = {word for path in latvian for word in path.split()}
    may = of_verbs | NAMES | FORMATS | THE_SAME.keys()
    left = {path: words(said) & words(english[path]) - may for path, said in latvian.items()}
    assert {path: found for path, found in left.items() if found} == {}


def test_no_exception_is_left_over() -> None:
    both = set()
    for name in COMMANDS:
        for path, said in helps(name, "lv").items():
            both |= words(said) & words(helps(name, "en")[path])
    assert (NAMES | FORMATS | THE_SAME.keys()) - both == set()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_no_type_of_the_code_stands_for_what_is_to_be_typed(language: str) -> None:
    for name in COMMANDS:
        typed = {path: re.findall(r"<[\w\[\] |]+>", said) for path, said in helps(name, language).items()}
        assert {path: found for path, found in typed.items() if found} == {}


def test_what_is_not_given_is_said_in_latvian() -> None:
    assert "[noklusējums: papīrs]" in helps("saikne", "lv")["saikne answer"]
    assert "[noklusējums: --dispatch]" in helps("saikne", "lv")["saikne answer"]
    for said in helps("saikne", "lv").values():
        assert not re.search(r"\b(?:required|default|env var)\b", said)


def test_an_example_types_a_value_by_its_latvian_word() -> None:
    english = {
        value.value
        for _, command in verbs()
        for parameter in command.params
        for value in choices(parameter.type_descriptor.annotation)
        if shown(value, "lv") != value.value
    }
    examples = {
        one: CATALOGUE.forms(one, "lv") for one in CATALOGUE.identifiers("lv") if one.endswith("example")
    }
    typed = {
        one: [word for said in forms for word in re.findall(r"--[\w-]+ ([a-z_]+)\b", said) if word in english]
        for one, forms in examples.items()
    }
    assert len(typed) > 20
    assert {one: found for one, found in typed.items() if found} == {}
