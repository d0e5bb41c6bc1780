"""How a sheet becomes a PDF that can be archived and read aloud: PDF/A-2a and PDF/UA-1, set on this machine.

Source: method S80, S81; domain 2.4 (every page bears the marking). What a sheet says is decided by who
composes it; the templates in `letters/` inflect nothing.
"""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

from saikne.problems import LocalRefusal

_TEMPLATES = Path(__file__).parent / "letters"


class LettersNotInstalled(LocalRefusal):
    """The library that sets letters is an extra: a centre may do without."""

    code = "letter.not-installed"


def typeset(template: str, said: Mapping[str, object], written_on: date) -> bytes:
    """The same facts give the same bytes, on every machine."""
    try:
        import typst
    except ModuleNotFoundError as absent:
        raise LettersNotInstalled from absent
    compiler = typst.Compiler(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        ignore_system_fonts=True,
        sys_inputs={"letter": json.dumps(said)},
    )
    noon = datetime.combine(written_on, time(12), UTC)
    made = compiler.compile(format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=int(noon.timestamp()))
    return bytes(made)  # type: ignore[arg-type]  # one file: without a path it is returned
