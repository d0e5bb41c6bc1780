"""What may be a registration number, and that every number which people are shown as an example is one."""

import re
from pathlib import Path

import pytest
from stdnum.lv import pvn

from saikne_schemas.registration_numbers import is_registration_number

ROOT = Path(__file__).parents[2]
READ_BY_PEOPLE = (
    "*.md",
    "*.po",
    "saikne_schemas/examples/*.py",
    "json/*.json",
    "*.example",
)
SHOWN = sorted(
    {
        (path.relative_to(ROOT).as_posix(), number)
        for pattern in READ_BY_PEOPLE
        for top in ("README.md", "hub", "clients", "schemas", "deploy", ".github")
        for path in ([ROOT / top] if top.endswith(".md") else (ROOT / top).rglob(pattern))
        for number in re.findall(r"(?<![\w+-])[4-9][0-9]{10}(?!\w)", path.read_text(encoding="utf-8"))
    }
)


def test_a_number_is_one_where_a_library_of_such_rules_says_so() -> None:
    tried = [f"{first}0003521{last:03}" for first in range(4, 10) for last in range(1000)]
    taken = [number for number in tried if is_registration_number(number)]
    assert taken == [number for number in tried if pvn.is_valid(number)]
    assert len(taken) > len(tried) // 12


@pytest.mark.parametrize(
    "written",
    [
        *("", "4000352160", "400035216000", "LV40003521600", "4000352160 0", "４0003521600", "4000352160०"),
        *("16117519997", "32867300679"),  # the codes of people, rightly made
    ],
)
def test_nothing_else_is_one(written: str) -> None:
    assert not is_registration_number(written)


def test_examples_are_found_where_people_read() -> None:
    found = {path for path, _ in SHOWN}
    assert {"deploy/runbook.md", "clients/python/saikne/locale/lv.po"} <= found


@pytest.mark.parametrize(("path", "number"), SHOWN)
def test_an_example_is_valid(path: str, number: str) -> None:
    assert is_registration_number(number), path
