"""Tables in files (CSV): as Latvian offices open and save them, read by heading and written without formulas.

Read: semicolons, commas or tabs, quoted or not, with cells left out at a row's end as spreadsheets do.
Written: semicolons, CRLF and a byte-order mark, texts in quotes and numbers bare. A text that a spreadsheet
would take for a formula gets an apostrophe before it, which reading takes off again.
"""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from saikne_schemas.brought import Brought, FileFault

Cell = str | int | None
_DELIMITERS = ";\t,"
_AROUND = " \u00a0"
_GUARD = "'"
_FORMULA = frozenset("=+-@\u2212\t\r\n")
_PASSED_OVER = "'\"`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb"
"""Quotes; with spaces and what is not seen they do not keep every program from a formula behind them."""
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cf", "Cc"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its heading; cells without spaces around them, empty where nothing was said."""

    number: int
    """In the file, from one."""
    cells: dict[str, str]


def lines_of(file: Brought, needed: frozenset[str], others: frozenset[str] = frozenset()) -> list[Line]:
    """Every row that says something; `needed` and `others` are the headings there may be."""
    text, known = file.text(), needed | others
    if not text.strip():
        raise file.fault(FileFault.EMPTY)
    by = max(_DELIMITERS, key=lambda one: len(known & _heading(text, one)))
    rows = _rows(file, text, by)
    _, heading = next(rows, (1, []))
    _check_heading(file, heading, needed, known)
    found = []
    for number, row in rows:
        if len(row) > len(heading):
            raise file.fault(FileFault.CELLS, number)
        cells = [*map(_unguarded, row), *[""] * (len(heading) - len(row))]
        found.append(Line(number, dict(zip(heading, cells, strict=True))))
    return found


def table(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A file that Latvian offices open by a double click."""
    lines = io.StringIO(newline="")
    written = csv.writer(lines, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in (heading, *rows):
        written.writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return codecs.BOM_UTF8 + lines.getvalue().encode("utf-8", "replace")


def _heading(text: str, by: str) -> set[str]:
    """The names in the first row, were this what stands between them."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=by)
        return {cell.strip() for cell in next(filter(any, rows), [])}
    except csv.Error:
        return set()


def _rows(file: Brought, text: str, by: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not empty, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=by, strict=True)
    begins = 1
    try:
        for row in reader:
            cells = [cell.strip(_AROUND) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise file.fault(FileFault.OPEN_QUOTE, begins) from None


def _check_heading(file: Brought, heading: list[str], needed: frozenset[str], known: frozenset[str]) -> None:
    twice = sorted({name for name in heading if heading.count(name) > 1})
    for names, why in (
        (twice, FileFault.HEADING_TWICE),
        (sorted(set(heading) - known), FileFault.HEADING_UNKNOWN),
        (sorted(needed - set(heading)), FileFault.HEADING_MISSING),
    ):
        if names:
            raise file.fault(why, ", ".join(names)[:200])


def _guarded(text: str) -> str:
    text = text.replace("\0", "")
    return _GUARD + text if _begins_a_formula(text) else text


def _unguarded(cell: str) -> str:
    bare = cell.removeprefix(_GUARD)
    return bare.strip(_AROUND) if bare != cell and _begins_a_formula(bare) else cell


def _begins_a_formula(text: str) -> bool:
    """Behind quotes, spaces and what is not seen too; wide forms count as their narrow ones."""
    for character in text:
        if unicodedata.normalize("NFKC", character)[:1] in _FORMULA:
            return True
        if character not in _PASSED_OVER and unicodedata.category(character) not in _UNSEEN:
            return False
    return False
