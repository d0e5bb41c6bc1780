"""What an operator's file of courts may hold: CSV with a heading, or a JSON list of objects.

One court a row, by its code in the column `court`; the other columns are what may be entered of it. A cell
left empty changes nothing, so that a list may be filled in as it becomes known. Source: domain 5.3.
"""

from hub.kernel.refusal import Refusal
from hub.transfers.courts import FIELDS
from saikne_schemas.brought import Brought
from saikne_schemas.tables import lines_of

KEY = "court"


class CourtFileMalformed(Refusal):
    """`row` counts courts from one; 0 is the file as a whole."""

    code = "transfers.court-file-malformed"


def read_courts(file: Brought) -> dict[str, dict[str, str]]:
    """What the file says of each court, by code."""
    rows = _json(file) if file.text().lstrip().startswith(("[", "{")) else _csv(file)
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, start=1):
        given = {name: value.strip() for name, value in row.items() if value and value.strip()}
        court = given.pop(KEY, "")
        if not court or court in found or not given.keys() <= set(FIELDS):
            raise CourtFileMalformed(row=number)
        found[court] = given
    return found


def _json(file: Brought) -> list[dict[str, str]]:
    rows: object = file.json()
    if not isinstance(rows, list):
        raise CourtFileMalformed(row=0)
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict) or not all(isinstance(value, str | None) for value in row.values()):
            raise CourtFileMalformed(row=number)
    return rows


def _csv(file: Brought) -> list[dict[str, str]]:
    return [line.cells for line in lines_of(file, frozenset({KEY}), frozenset(FIELDS))]
