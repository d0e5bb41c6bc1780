"""Every row of the method that binds the hub or its neighbours has a room and a test that holds it."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "schemas" / "method.json").read_text(encoding="utf-8"))
CORE = (
    *(1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 14, 19),
    *(33, 34, 35, 36, 39, 40, 41, 42, 43),
    *(47, 48, 49, 50, 51, 52, 55, 56, 57, 58, 59, 60, 61, 69),
    *(72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 86, 87, 88, 89, 90, 91),
    *(105, 106, 108, 109, 110, 111, 112, 113, 114, 115),
    *(129, 131, 132, 133, 134, 135),
)
ADJACENT = (
    *(10, 12, 15, 16, 17, 18, 20, 22, 37, 38, 44, 45, 62, 63, 64, 65, 66, 67, 83, 84, 85),
    *(92, 93, 94, 95, 96, 97, 98, 99, 100, 101, 102, 103, 104, 107),
    *(116, 117, 118, 119, 120, 121, 122, 124, 139, 140, 143, 145, 153, 155),
)


def test_no_row_is_missing_and_none_is_there_twice() -> None:
    listed = [(row["row"], row["tag"]) for row in TABLE]
    wanted = {f"S{number}": "C" for number in CORE} | {f"S{number}": "A" for number in ADJACENT}
    assert dict(listed) == wanted
    assert len(listed) == len(wanted) == 118


@pytest.mark.parametrize("row", TABLE, ids=[row["row"] for row in TABLE])
def test_a_row_has_its_room_and_its_test(row: dict[str, str]) -> None:
    assert row["rule"]
    assert any((ROOT / row["room"]).glob("*.py"))
    file, _, name = row["test"].partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
