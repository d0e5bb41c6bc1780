"""How a centre's letter becomes a PDF: set on this machine from a template in `letters/`, or refused."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from saikne.problems import LocalRefusal
from saikne_schemas import typesetting

_TEMPLATES = Path(__file__).parent / "letters"
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class LettersNotInstalled(LocalRefusal):
    """The library that sets letters is an extra: a centre may do without."""

    code = "letter.not-installed"


class CharacterNotSet(LocalRefusal):
    """No font has it; `given` is the character, `found` its number and name in Unicode."""

    code = "letter.character-not-set"


def typeset(template: str, said: Mapping[str, object], written_on: date) -> bytes:
    """PDF/A-2a and PDF/UA-1; the same facts give the same bytes, on every machine."""
    try:
        return typesetting.typeset(_TEMPLATES / f"{template}.typ", said, written_on)
    except ModuleNotFoundError as absent:
        raise LettersNotInstalled from absent
    except typesetting.NoFontHas as lacking:
        raise CharacterNotSet(given=lacking.shown, found=lacking.numbers) from lacking


def isolated(name: str) -> str:
    """A name among others on a line: written from right to left it keeps to itself (UAX 9, isolates)."""
    if any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in name):
        return f"\u2068{name}\u2069"
    return name
