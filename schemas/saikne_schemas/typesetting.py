"""How a sheet becomes a PDF that can be archived and read aloud: PDF/A-2a and PDF/UA-1, set on this machine.

Source: method S80, S81; domain 2.4. What a sheet says is decided by who composes it; a template inflects
nothing. Names are set in any script that the font packages have; a character that none of them has is named,
never left out: an archived sheet shows all it says.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path

_FONTS = ("manimgx_fonts", "manimgx_fonts_cjk")
"""Packages that hold nothing but fonts; typst takes them where its own lack a character."""
_NOT_SET = re.compile(r'(?:text|codepoint) `"(.+?)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class NoFontHas(ValueError):  # noqa: N818  # says what happened
    """A text that cannot be set."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.shown = text if text.isprintable() else "\ufffd"
        self.numbers = ", ".join(f"U+{ord(one):04X} {unicodedata.name(one, '')}".rstrip() for one in text)


def typeset(template: Path, said: Mapping[str, object], written_on: date) -> bytes:
    """The same facts give the same bytes, on every machine.

    Errors: `NoFontHas`; `ModuleNotFoundError` where typst or the font packages are not installed.
    """
    import typst

    try:
        letter = json.dumps(said, ensure_ascii=False).encode().decode()
    except UnicodeEncodeError as half:
        raise NoFontHas(half.object[half.start]) from half
    compiler = typst.Compiler(
        str(template),
        root=str(template.parent),
        font_paths=[str(files(package)) for package in _FONTS],
        ignore_system_fonts=True,
        sys_inputs={"letter": letter},
    )
    noon = datetime.combine(written_on, time(12), UTC)
    try:
        made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(noon.timestamp()))
    except typst.TypstError as error:
        if (named := _NOT_SET.search(str(error))) is None:
            raise
        raise NoFontHas(_ESCAPED.sub(lambda number: chr(int(number[1], 16)), named[1])) from error
    return bytes(made)  # type: ignore[arg-type]  # one file: without a path it is returned
