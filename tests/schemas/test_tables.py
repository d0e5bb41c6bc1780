"""Tables: read as offices save them, written so that no cell is a formula, and the one fits the other."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saikne_schemas.brought import Brought, FileFault, FileFaulty
from saikne_schemas.tables import Cell, lines_of, table
from tests.bad_files import ENCODINGS, LINE_ENDS, written

NEEDED, OTHERS = frozenset({"court"}), frozenset({"name", "email"})
READ = [
    (2, {"court": "LV-059", "name": 'Madonas "jaunā"; bāriņtiesa', "email": ""}),
    (4, {"court": "LV-RIX", "name": "Rīgas\tbāriņtiesa", "email": "r@example.org"}),
]


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    return [(line.number, line.cells) for line in lines_of(Brought(content), NEEDED, OTHERS)]


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS.keys())
@pytest.mark.parametrize("end", LINE_ENDS, ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("by", [";", ",", "\t"], ids=["semicolon", "comma", "tab"])
def test_a_table_is_read_as_offices_save_it(encoding: str, end: str, by: str) -> None:
    lines = [
        by.join(["court", "name ", "email", ""]),
        by.join(["LV-059", '"Madonas ""jaunā""; bāriņtiesa"']),
        by * 3,
        by.join(["LV-RIX", '"Rīgas\tbāriņtiesa"', "r@example.org", "", ""]),
    ]
    assert read(written(end.join(lines), encoding)) == READ


@pytest.mark.parametrize(
    ("text", "why", "place"),
    [
        ("", FileFault.EMPTY, ""),
        ("\ufeff\r\n", FileFault.EMPTY, ""),
        (";;\n", FileFault.HEADING_MISSING, "court"),
        ("name;email\nA;b@example.org\n", FileFault.HEADING_MISSING, "court"),
        ("court;phone\nLV-059;1\n", FileFault.HEADING_UNKNOWN, "phone"),
        ("court,name;email\nLV-059,A;b\n", FileFault.HEADING_UNKNOWN, "court,name"),
        ("court;name;name\nLV-059;A;B\n", FileFault.HEADING_TWICE, "name"),
        ("court;name; court\nLV-059;A;LV-RIX\n", FileFault.HEADING_TWICE, "court"),
        ("court;name\nLV-059;A;more\n", FileFault.CELLS, "2"),
        ("court;name\n\nLV-059;A;;;more\n", FileFault.CELLS, "3"),
        ('court;name\nLV-RIX;B\nLV-059;"A\n', FileFault.OPEN_QUOTE, "3"),
        ('court;"name\nLV-RIX;B\n', FileFault.OPEN_QUOTE, "1"),
        ('court;name\nLV-059;"A"B"\n', FileFault.OPEN_QUOTE, "2"),
        ('court;name\nLV-059;"' + "A" * 200_000, FileFault.OPEN_QUOTE, "2"),
        ("court;name\nLV-059;A\0\n", FileFault.NUL, "2"),
        ("{}", FileFault.HEADING_UNKNOWN, "{}"),
    ],
)
def test_what_is_no_such_table_is_refused_by_its_fault_and_place(
    text: str, why: FileFault, place: str
) -> None:
    with pytest.raises(FileFaulty) as refused:
        read(text.encode())
    assert (refused.value.why, refused.value.place) == (why, place)


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
MEANT = st.text(st.sampled_from("=+-@\t\r\n '\";,|A1−＝＋＠\u00a0\u200b\u202f“„0"), max_size=8)
CELLS = st.one_of(TEXTS, MEANT, st.integers(), st.none())


@given(st.lists(CELLS, min_size=2, max_size=2))
@example(["=1+1", -5])
@example([" \"=cmd|' /C calc'!A0", None])
@example(["'=1", "''=1"])
@example(["a,=1;=2\t=3\r\n=4", "\u200b=1"])
def test_no_cell_begins_a_formula_and_what_was_written_comes_back(cells: list[Cell]) -> None:
    content = table(["court", "name"], [["LV-059", "x"], cells])
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    for cell, was in zip(rows[2], cells, strict=True):
        if isinstance(was, str):
            seen = cell.lstrip(" \u00a0")
            assert not unicodedata.normalize("NFKC", seen[:1]).startswith(
                ("=", "+", "-", "@", "\t", "\r", "\n")
            )
        else:
            assert cell == ("" if was is None else str(was))
    found = [line.cells for line in lines_of(Brought(content), frozenset({"court", "name"}))]
    meant = ["" if one is None else str(one).strip(" \u00a0") for one in cells]
    assert found[1:] == ([dict(zip(["court", "name"], meant, strict=True))] if any(meant) else [])


def test_a_table_opens_by_a_double_click_in_a_latvian_office() -> None:
    content = table(["month", "centre", "due"], [["2026-11", "Centrs „Ligzda”; Rīga", -5]])
    assert content == (
        b"\xef\xbb\xbf" + '"month";"centre";"due"\r\n"2026-11";"Centrs „Ligzda”; Rīga";-5\r\n'.encode()
    )
    assert not re.search(rb"(?<!\r)\n", content)
