"""How a sheet becomes a PDF that can be archived and read aloud: PDF/A-2a and PDF/UA-1, set on this machine.

Source: method S80, S81; domain 2.4 (every page bears the marking). What a sheet says is decided by who
composes it; the templates in `letters/` inflect nothing. Names are set in any script that the fonts of the
extra have; a character that none of them has is named, never left out: an archived sheet shows all it says.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path

from saikne.problems import LocalRefusal

_TEMPLATES = Path(__file__).parent / "letters"
_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Packages that hold nothing but fonts; typst takes them where its own lack a character."""
_NOT_SET = re.compile(r'(?:text|codepoint) `"(.+?)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


class LettersNotInstalled(LocalRefusal):
    """The library that sets letters is an extra: a centre may do without."""

    code = "letter.not-installed"


class CharacterNotSet(LocalRefusal):
    """No font has it; `given` is the character, `found` its number and name in Unicode."""

    code = "letter.character-not-set"

    @classmethod
    def of(cls, text: str) -> "CharacterNotSet":
        shown = text if text.isprintable() else "\ufffd"
        numbers = ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, '')}".rstrip() for one in text)
        return cls(given=shown, found=numbers)


def typeset(template: str, said: Mapping[str, object], written_on: date) -> bytes:
    """The same facts give the same bytes, on every machine."""
    try:
        import typst

        fonts = [str(files(package)) for package in _FONTS]
    except ModuleNotFoundError as absent:
        raise LettersNotInstalled from absent
    try:
        letter = json.dumps(said, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError as half:
        raise CharacterNotSet.of(half.object[half.start]) from half
    compiler = typst.Compiler(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"letter": letter},
    )
    noon = datetime.combine(written_on, time(12), UTC)
    try:
        made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(noon.timestamp()))
    except typst.TypstError as error:
        if (named := _NOT_SET.search(str(error))) is None:
            raise
        text = _ESCAPED.sub(lambda number: chr(int(number[1], 16)), named[1])
        raise CharacterNotSet.of(text) from error
    return bytes(made)  # type: ignore[arg-type]  # one file: without a path it is returned


def isolated(name: str) -> str:
    """A name among others on a line: written from right to left it keeps to itself (UAX 9, isolates)."""
    if any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in name):
        return f"\u2068{name}\u2069"
    return name
