"""What an operator's file of courts may hold: CSV with a heading, or a JSON list of objects.

One court a row, by its code in the column `court`; the other columns are what may be entered of it. A cell
left empty changes nothing, so that a list may be filled in as it becomes known. Spreadsheets of Latvian
offices write semicolons and a byte-order mark: both are read. Source: domain 5.3.
"""

import csv
import io
import json
from typing import Any

from hub.kernel.refusal import Refusal
from hub.transfers.courts import FIELDS

KEY = "court"


class CourtFileMalformed(Refusal):
    """`row` counts courts from one; 0 is the file as a whole or its heading."""

    code = "transfers.court-file-malformed"


def read_courts(raw: bytes) -> dict[str, dict[str, str]]:
    """What the file says of each court, by code."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourtFileMalformed(row=0) from None
    rows = _json(text) if text.lstrip().startswith("[") else _csv(text)
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=1):
        given = {name: value.strip() for name, value in row.items() if value and value.strip()}
        court = given.pop(KEY, "")
        if not court or court in found or not given.keys() <= set(FIELDS):
            raise CourtFileMalformed(row=number)
        found[court] = given
    return found


def _json(text: str) -> list[dict[str, str]]:
    try:
        rows: list[Any] = json.loads(text)
    except ValueError:
        raise CourtFileMalformed(row=0) from None
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not all(isinstance(value, str | None) for value in row.values()):
            raise CourtFileMalformed(row=number)
    return rows


def _csv(text: str) -> list[dict[str, str]]:
    heading = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in heading else ",", strict=True)
    if not set(reader.fieldnames or ()) <= {KEY, *FIELDS} or KEY not in (reader.fieldnames or ()):
        raise CourtFileMalformed(row=0)
    try:
        rows = list(reader)
    except csv.Error:
        raise CourtFileMalformed(row=0) from None
    for number, row in enumerate(rows, start=1):
        if None in row:  # more cells than the heading names
            raise CourtFileMalformed(row=number)
    return rows
