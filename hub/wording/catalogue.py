"""Every sentence that people read, by code, in Latvian and English.

A problem has two sentences: `<code>` is its title, `<code>.detail` says what to do next. Other texts
(mails, SMS) have ids of their own. Latvian first; a code without a sentence is a failing test.
The `.po` files are the source; they are read once at start.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.pofile import read_po

LANGUAGES = ("lv", "en")
_LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Sentence:
    title: str
    detail: str | None


@cache
def messages(language: str) -> dict[str, str]:
    """All messages of a language by id."""
    with (_LOCALE / f"{language}.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def sentence(code: str, language: str) -> Sentence:
    known = messages(language)
    return Sentence(known[code], known.get(f"{code}.detail"))


def text(message: str, language: str, **facts: object) -> str:
    """A text with its facts filled in; facts are references, dates and counts, never names of families."""
    return messages(language)[message].format(**facts)


def language_of(accept_language: str) -> str:
    """The language to answer in by an Accept-Language header (RFC 9110, 12.5.4); Latvian where none fits."""
    wished = [_wish(part) for part in accept_language[:200].split(",")]
    tags = [tag for tag, weight in sorted(wished, key=lambda wish: -wish[1]) if tag and weight > 0]
    return negotiate_locale(tags, LANGUAGES, sep="-") or "lv"


def _wish(part: str) -> tuple[str, float]:
    """A tag and its weight; a malformed weight is none."""
    tag, _, weight = part.partition(";")
    value = weight.strip().removeprefix("q=")
    if not weight:
        return tag.strip(), 1.0
    return tag.strip(), float(value) if re.fullmatch(r"[01](\.[0-9]{0,3})?", value) else 0.0
