"""Every sentence that people read, by code, in Latvian and English; `locale/*.po` are the source.

A problem has two sentences: `<code>` is its title, `<code>.detail` says what to do next. Other texts
(mails, SMS, what commands tell) have ids of their own. Facts are references, days and counts, never names of
families. A code without a sentence is a failing test.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saikne_schemas.catalogue import COMMON, LANGUAGES, Catalogue

__all__ = ["CATALOGUE", "LANGUAGES", "Sentence", "language_of", "sentence", "text"]

CATALOGUE = Catalogue(Path(__file__).with_name("locale"), COMMON)
text = CATALOGUE.text


@dataclass(frozen=True, slots=True)
class Sentence:
    title: str
    detail: str | None


@cache
def sentence(code: str, language: str) -> Sentence:
    """As it stands there: what fills in facts says so."""
    detail = f"{code}.detail"
    (title,) = CATALOGUE.forms(code, language)
    return Sentence(title, CATALOGUE.forms(detail, language)[0] if CATALOGUE.known(detail) else None)


def language_of(accept_language: str) -> str:
    """The language to answer in by an Accept-Language header (RFC 9110, 12.5.4); Latvian where none fits."""
    from babel.core import negotiate_locale  # not loaded by commands, which have no such header

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
