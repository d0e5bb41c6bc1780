"""Every sentence the command prints, by identifier, in Latvian and English; Latvian where nothing is wished.

The hub's own sentences come from the hub, in the language asked for. Counts stand after a colon, so that no
sentence needs a plural. The files in `sentences/` are the source, one a subject.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LANGUAGES = ("lv", "en")


_PLACES = [Path(__file__).with_name("sentences")]


def also_from(folder: Path) -> None:
    """Speak the sentences of another command that stands on this library too."""
    if folder not in _PLACES:
        _PLACES.append(folder)
        sentences.cache_clear()


@cache
def sentences() -> dict[str, dict[str, str]]:
    """All sentences: identifier to language to text."""
    found: dict[str, dict[str, str]] = {}
    for source in [file for place in _PLACES for file in sorted(place.glob("*.json"))]:
        found |= json.loads(source.read_text(encoding="utf-8"))
    return found


def known(identifier: str) -> bool:
    return identifier in sentences()


def sentence(identifier: str, language: str, **facts: object) -> str:
    return sentences()[identifier][language].format(**facts)


def wished_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """By `--lang`, else `SAIKNE_LANG`, else the system's own setting."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return _one_of_ours(arguments[place + 1])
        if argument.startswith("--lang="):
            return _one_of_ours(argument.removeprefix("--lang="))
    for name in ("SAIKNE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _one_of_ours(environment[name])
    return LANGUAGES[0]


def without_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--lang`, which may stand anywhere."""
    kept, skip = [], False
    for argument in arguments:
        if not skip and argument != "--lang" and not argument.startswith("--lang="):
            kept.append(argument)
        skip = argument == "--lang"
    return kept


def _one_of_ours(wished: str) -> str:
    """English for systems that speak it or nothing in particular; Latvian otherwise."""
    return "en" if wished.lower().startswith(("en", "c.", "posix")) or wished == "C" else LANGUAGES[0]
