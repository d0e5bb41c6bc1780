"""One name is one name, however it was typed; another stays another."""

import unicodedata

import pytest

from hub.kernel.names import same

NAME = "Solvita Krēsliņa"


@pytest.mark.parametrize(
    "written",
    [
        NAME,
        unicodedata.normalize("NFD", NAME),
        NAME.upper(),
        unicodedata.normalize("NFD", NAME.upper()),
        "  Solvita   Krēsliņa ",
        "Solvita\u00a0Krēsliņa",
        "\uff33olvita Krēsliņa",
    ],
)
def test_however_it_is_written_it_is_the_same(written: str) -> None:
    assert same(NAME, written)
    assert same(written, NAME)


@pytest.mark.parametrize(
    "other", ["Solvita Kresliņa", "Solvita Krēsliņ", "SolvitaKrēsliņa", "Krēsliņa Solvita", ""]
)
def test_another_name_is_another_person(other: str) -> None:
    assert not same(NAME, other)
