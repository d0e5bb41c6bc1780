"""What was said of an outside centre's deed needs no typing again in the verb that states it."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer.main

from saikne.command import application
from saikne.command.questions import spoken_already
from saikne.command.speaking_for import OutsideWord, speaking_for
from saikne_schemas.statements import CameBy
from tests.client.printed import NUMBER

DAY, TYPED = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.7")
    return file


def given(*words: str) -> dict[str, Any]:
    """As `move court-told` reads them."""
    command: Any = typer.main.get_command(application("move"))
    told = command.commands["move"].commands["court-told"]
    return dict(told.make_context("court-told", [NUMBER, "--channel", "e-adrese", *words]).params)


def test_the_verb_takes_the_day_and_the_proof_that_it_lacks(scan: Path) -> None:
    with speaking_for(OutsideWord("Ozols", DAY, next(iter(CameBy)), [scan])):
        said = given()
        assert (said["on"], said["proof"]) == (DAY, [scan])
        assert given("--on", "04.03.2026")["on"] == TYPED


def test_what_this_centre_did_itself_is_asked(scan: Path) -> None:
    assert [spoken_already(one) for one in ("on", "proof", None)] == [None] * 3
    with speaking_for(OutsideWord("Ozols", DAY, next(iter(CameBy)), [scan])):
        assert spoken_already("way") is None
