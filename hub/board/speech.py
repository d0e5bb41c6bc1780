"""How a page speaks: its language, days as people write them, and words for what the hub knows by code."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hub.kernel.clock import RIGA, riga_day
from hub.wording.catalogue import CATALOGUE, LANGUAGES, text
from saikne_schemas.moments import for_people

COOKIE = "saikne-language"
OTHERS = {"lv": ("en", "English"), "en": ("lv", "Latviski")}
"""The other language, called by itself."""
_HELD = re.compile(r"(?<=plkst\.) |(?<=\d) (?=\w)")
"""Spaces at which no line breaks: between a number and what it counts."""


class HasMethod(Protocol):
    """A duty, or the figures of one kind of them."""

    @property
    def by_method(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Speech:
    language: str

    def t(self, sentence: str, **facts: object) -> str:
        """A sentence of the pages, by what comes after `page.`."""
        return _HELD.sub("\u00a0", text(f"page.{sentence}", self.language, **facts))

    def counted(self, sentence: str, count: int) -> tuple[str, str]:
        """The number, and what there are so many of, for a page that writes one larger than the other."""
        number, _, what = self.t(sentence, count=count).partition("\u00a0")
        return number, what

    def word(self, identifier: str) -> str:
        """What all programs call something; the code itself where nobody has named it yet."""
        known = CATALOGUE.known(identifier, self.language)
        return text(identifier, self.language) if known else identifier.rpartition(".")[2]

    def own(self, term: HasMethod) -> str:
        """Behind a term that the method does not name: whose it is."""
        return "" if term.by_method else f"; {self.t('own-term')}"

    def day(self, when: date) -> str:
        """A day, or that of a moment in Riga."""
        said = for_people(riga_day(when) if isinstance(when, datetime) else when)
        return f"{said}." if self.language == "lv" else said

    def moment(self, moment: datetime) -> str:
        return f"{self.day(moment)} {self.at(moment)}"

    def at(self, moment: datetime) -> str:
        return self.t("at", time=f"{moment.astimezone(RIGA):%H:%M}")

    def long_day(self, day: date) -> str:
        """`pirmdiena, 2026. gada 30. novembris`."""
        names = {"weekday": self.t(f"weekday.{day.isoweekday()}"), "month": self.t(f"month.{day.month}")}
        return self.t("long-day", day=day.day, year=day.year, **names)


def first_letter_large(said: str) -> str:
    return said[:1].upper() + said[1:]


def spoken(wished: str | None, fallback: str) -> str:
    return wished if wished in LANGUAGES else fallback
