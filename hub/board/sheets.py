"""A table as a file of an office: CSV, or a workbook (XLSX), in which no text becomes a formula or a link."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import xlsxwriter

from saikne_schemas.tables import table

Cell = str | int | date | None
_WIDEST, _NARROWEST = 60, 8


class Kind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Kind.CSV: "text/csv",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    heading: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    day: Callable[[date], str]
    """How a day is written where a file knows none."""
    made_at: datetime


def file_of(sheet: Sheet, kind: Kind) -> bytes:
    return _workbook(sheet) if kind is Kind.XLSX else _text(sheet)


def _text(sheet: Sheet) -> bytes:
    said = ([sheet.day(cell) if isinstance(cell, date) else cell for cell in row] for row in sheet.rows)
    return table(sheet.heading, said)


def _workbook(sheet: Sheet) -> bytes:
    """A heading that stays in sight and filters; days are days, and every text is written as text."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        book.set_properties({"title": sheet.title, "created": sheet.made_at.replace(tzinfo=None)})
        page = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        page.freeze_panes(1, 0)
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        for column, name in enumerate(sheet.heading):
            longest = max(
                len(name) + 3, *(len(str(row[column] or "")) for row in sheet.rows[:200]), _NARROWEST
            )
            page.set_column(column, column, min(longest + 1, _WIDEST))
            page.write_string(0, column, name, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif isinstance(cell, int):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, cell)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.heading) - 1)
    return kept.getvalue()
