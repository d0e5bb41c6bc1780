"""Catalogues of sentences for people: a folder with `lv.po` and `en.po`, for hub, client and job alike.

gettext's own format, read as it is written, so that nothing has to be compiled first. An identifier stands
where gettext has an English text. Where a sentence counts, `msgid_plural` names the fact that is counted, and
the language's own rule (`Plural-Forms`) chooses the form: 0 dienu, 1 diena, 2 dienas, 11 dienu, 21 diena.
Days and moments among the facts are written as people write them (`saikne_schemas.moments`).
Source: domain 5.4.
"""

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import date
from functools import cached_property
from gettext import c2py
from pathlib import Path

from saikne_schemas.moments import for_people

LANGUAGES = ("lv", "en")
"""The first is spoken where nothing is wished."""
OF_NONE = ".none"
"""Where a counted sentence reads wrongly of none at all, another one stands beside it under this name."""

_ENTRY = re.compile(r'^msgid "(.*)"\n(?:msgid_plural "(.*)"\n)?((?:msgstr.*\n|".*"\n)+)', re.MULTILINE)
_FORM = re.compile(r'^msgstr(?:\[\d\])? "(.*(?:"\n".*)*)"$', re.MULTILINE)
_ESCAPED = re.compile(r'"\n"|\\(.)')
_RULE = re.compile(r"plural=([^;]+);")
_ESCAPES = {"n": "\n", "t": "\t", None: ""}


class Catalogue:
    """The sentences of one program; what it lacks is said by the catalogues that it stands on."""

    def __init__(self, folder: Path, *below: "Catalogue") -> None:
        self.spoken: dict[str, list[_Spoken]] = {
            language: [
                _Spoken(folder / f"{language}.po"),
                *(one for catalogue in below for one in catalogue.spoken[language]),
            ]
            for language in LANGUAGES
        }

    def known(self, identifier: str, language: str = LANGUAGES[0]) -> bool:
        return any(identifier in one.entries for one in self.spoken[language])

    def text(self, identifier: str, language: str, **facts: object) -> str:
        """A sentence with its facts filled in."""
        return self._by(identifier, language).text(identifier, facts)

    def forms(self, identifier: str, language: str) -> tuple[str, ...]:
        """As it stands there: one form, or as many as the language counts with."""
        return self._by(identifier, language).forms(identifier)

    def counted(self, identifier: str, language: str) -> str | None:
        """The fact by which the form is chosen."""
        return self._by(identifier, language).entries[identifier][0] or None

    def identifiers(self, language: str) -> AbstractSet[str]:
        """Of its own sentences, without those that it stands on."""
        return self.spoken[language][0].entries.keys()

    def _by(self, identifier: str, language: str) -> "_Spoken":
        for one in self.spoken[language]:
            if identifier in one.entries:
                return one
        raise KeyError(identifier)


class _Spoken:
    """One language of a catalogue; read when first spoken, and a sentence taken apart when said."""

    def __init__(self, source: Path) -> None:
        self._source = source

    @cached_property
    def entries(self) -> dict[str, tuple[str, str]]:
        """By identifier the fact that is counted, if one is, and what is written."""
        return {identifier: (counted, said) for identifier, counted, said in self._written if identifier}

    def text(self, identifier: str, facts: dict[str, object]) -> str:
        counted, _ = self.entries[identifier]
        if counted and int(str(facts[counted])) == 0 and identifier + OF_NONE in self.entries:
            return self.text(identifier + OF_NONE, facts)
        form = self._rule(int(str(facts[counted]))) if counted else 0
        shown = {name: for_people(fact) if isinstance(fact, date) else fact for name, fact in facts.items()}
        return self.forms(identifier)[form].format(**shown)

    def forms(self, identifier: str) -> tuple[str, ...]:
        return _forms(self.entries[identifier][1])

    @cached_property
    def _written(self) -> list[tuple[str, str, str]]:
        return _ENTRY.findall(self._source.read_text(encoding="utf-8"))

    @cached_property
    def _rule(self) -> Callable[[int], int]:
        """How the language counts, by the head of the file."""
        (head,) = _forms(next(said for identifier, _, said in self._written if not identifier))
        rule = _RULE.search(head)
        if rule is None:
            raise ValueError(f"{self._source} does not say how it counts (Plural-Forms)")
        return c2py(rule[1])


def _forms(said: str) -> tuple[str, ...]:
    return tuple(_ESCAPED.sub(_meant, form) for form in _FORM.findall(said))


def _meant(mark: re.Match[str]) -> str:
    return _ESCAPES.get(mark[1], mark[1])


COMMON = Catalogue(Path(__file__).with_name("locale"))
"""What all say alike: what is wrong with a file that somebody brought."""
