"""Every row of the method that binds the hub or its neighbours has a room and a test that holds it.

Which rows bind, says the method itself (`hub/sources/method.md`); a test that only compares lists holds none.
"""

import json
import re
from pathlib import Path

import pytest

from tests.schemas.held import asserts, exercises, module_of, parsed

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "schemas" / "method.json").read_text(encoding="utf-8"))
BINDING = re.compile(r"^\| (S\d+) \|.*\| ([CA]) \|$", re.MULTILINE)


def test_no_row_is_missing_and_none_is_there_twice() -> None:
    method = (ROOT / "hub" / "sources" / "method.md").read_text(encoding="utf-8")
    wanted = BINDING.findall(method)
    assert [(row["row"], row["tag"]) for row in TABLE] == wanted
    assert len(dict(wanted)) == len(wanted) == 118


@pytest.mark.parametrize("row", TABLE, ids=[row["row"] for row in TABLE])
def test_a_row_has_its_room_and_a_test_that_exercises_it(row: dict[str, str]) -> None:
    assert row["rule"]
    assert any((ROOT / row["room"]).glob("*.py"))
    file, _, name = row["test"].partition("::")
    module = module_of(ROOT / file)
    assert name.startswith("test_")
    assert name in module.functions
    assert exercises(module, name), "it compares lists and lets nothing of ours decide"
    assert asserts(module, name), "it cannot fail"


LISTS = """
from saikne_schemas.training_lists import TrainingKind
from hub.training.clauses import missing

WAY = {"initial": ()}
LACKING = [("topic", {})]

def test_compared():
    assert set(WAY) == {"initial"}

def test_listed():
    assert [one.value for one in TrainingKind] == ["initial"]

def test_made_of_a_list():
    assert TrainingKind("initial") is TrainingKind.INITIAL

@pytest.mark.parametrize("row", LACKING)
def test_of_its_own_table(row):
    assert row.index("topic") == 0

def test_never_asserted():
    missing(1)

def test_asked():
    assert missing(1) == []

def asked():
    return missing(1)

def test_asked_by_a_helper():
    assert asked() == []

def test_by_a_fixture(play):
    assert play.hub.tell("") is None
"""


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("compared", False),
        ("listed", False),
        ("made_of_a_list", False),
        ("of_its_own_table", False),
        ("never_asserted", False),
        ("asked", True),
        ("asked_by_a_helper", True),
        ("by_a_fixture", True),
    ],
)
def test_what_only_compares_lists_holds_nothing(name: str, holds: bool) -> None:  # noqa: FBT001
    module = parsed(LISTS)
    assert (exercises(module, f"test_{name}") and asserts(module, f"test_{name}")) is holds
