"""`hub court` as an operator uses it, against a real database."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.kernel.clock import now, riga_day
from hub.ops.courts import app
from saikne_schemas.moments import for_people
from tests.conftest import Cluster


class Operator:
    """Somebody at the hub's command line."""

    def __init__(self, url: str) -> None:
        self._environment = {"HUB_DATABASE_URL": url, "HUB_LANG": "en"}

    def __call__(self, *words: str, expect: int = 0) -> str:
        ended = CliRunner().invoke(app, list(words), env=self._environment)
        assert ended.exit_code == expect, ended.output
        return ended.stderr if expect else ended.stdout

    def json(self, *words: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]


@pytest.fixture
def operator(cluster: Cluster, database_name: str) -> Operator:
    return Operator(cluster.url(database_name))


def test_the_courts_of_a_day_are_listed_one_a_line(operator: Operator) -> None:
    lines = operator("list", "--on", "2025-06-30").splitlines()
    assert len(lines) == 43
    assert "LV-102\tVarakļānu novada bāriņtiesa\t-\tVarakļānu novads" in lines
    assert len(operator.json("list", "--on", "2026-01-01")) == 42


def test_a_court_is_entered_and_shown(operator: Operator) -> None:
    operator("set", "LV-059", "--registration-number", "90000038741", "--email", "b@example.org")
    assert operator("show", "LV-059").splitlines() == [
        "Code: LV-059",
        "Court: Madonas novada bāriņtiesa",
        "Registration number: 90000038741",
        "E-address: _DEFAULT@90000038741",
        "E-mail: b@example.org",
        f"Entered on: {for_people(riga_day(now()))}",
        "Serves: Madonas novads (LV-059)",
    ]
    [corrected] = operator.json("set", "LV-059", "--email", "", "--name", "Vidzemes bāriņtiesa")
    assert (corrected["name"], corrected["email"]) == ("Vidzemes bāriņtiesa", None)
    assert corrected["registration_number"] == "90000038741"


def test_a_joint_court_is_made_from_a_day_on(operator: Operator) -> None:
    said = operator("join", "LV-041", "--to", "LV-JEL", "--from", "2027-01-01")
    assert said == "From 01.01.2027 served by: Jelgavas valstspilsētas bāriņtiesa.\n"
    [shown] = operator.json("show", "LV-JEL", "--on", "2027-01-01")
    assert [one["code"] for one in shown["territories"]] == ["LV-041", "LV-JEL"]
    [before] = operator.json("show", "LV-JEL", "--on", "2026-12-31")
    assert [one["code"] for one in before["territories"]] == ["LV-JEL"]


def test_a_file_of_contacts_is_entered_as_a_whole(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "courts.csv"
    file.write_text("court;registration_number\nLV-059;90000038741\nLV-RIX;40003521600\n")
    assert operator("load", str(file)) == "2 courts entered.\n"
    [riga] = operator.json("show", "LV-RIX")
    assert riga["e_address"] == "_DEFAULT@40003521600"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("court,email\nLV-059,b@example.org\nLV-999,b@example.org\n", "court: LV-999"),
        ("court,email\nLV-059,b@example.org\nLV-RIX,nobody\n", "field: email"),
        ('{"court": "LV-059"}', "The file is not a list of courts."),
    ],
)
def test_a_file_with_one_wrong_row_changes_nothing(
    operator: Operator, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "courts.csv"
    file.write_text(text)
    before = operator("list", "--json")
    assert said in operator("load", str(file), expect=2)
    assert operator("list", "--json") == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "LV-999"), "There is no such orphans' court."),
        (("set", "LV-059"), "Say what to enter"),
        (("set", "LV-059", "--registration-number", "90000038742"), "field: registration_number"),
        (("join", "LV-102", "--to", "LV-059", "--from", "2027-01-01"), "merged_into: LV-059"),
        (
            ("join", "LV-041", "LV-999", "--to", "LV-JEL", "--from", "2027-01-01"),
            "There is no such territory.",
        ),
        (("join", "LV-041", "--to", "LV-041", "--from", "2027-01-01"), "serves this territory already"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    operator: Operator, words: tuple[str, ...], said: str
) -> None:
    before = operator("list", "--on", "2027-01-02", "--json")
    assert said in operator(*words, expect=2)
    assert operator("list", "--on", "2027-01-02", "--json") == before
