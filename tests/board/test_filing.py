"""A sheet for the file shows all that it says, or is refused."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from hub.board.casework.filing import NotToBeSet, sheet
from hub.board.casework.record import Party, RecordPage
from hub.board.speech import Speech
from hub.kernel.ids import MatterId

MOMENT = datetime(2026, 11, 30, 12, tzinfo=UTC)


def record(name: str) -> RecordPage:
    return RecordPage(
        id=MatterId(UUID(int=7)),
        workflow="family_move",
        about="family_move",
        reference="VG-0001",
        family="AG-2001",
        children=["AG-2001-B1"],
        state="family_move.state.agreed",
        parties=[Party(name, "family_move.role.new", own=False)],
        owed=[],
        line=[],
        looks=[],
        exchange=None,
        opened_at=MOMENT,
        moved_at=MOMENT,
    )


def made(name: str) -> bytes:
    return sheet(record(name), Speech("lv"), "https://saikne.example", MOMENT)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert made("Atbalsta centrs „Ligzda”") == made("Atbalsta centrs „Ligzda”")


@pytest.mark.parametrize("name", ["支援中心", "مركز", "Центр", '#import "x"; $x$ *b* <a>'])
def test_a_name_in_any_script_is_shown_as_it_is(name: str) -> None:
    assert made(name).startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["\ue000", "\ud800", "\U0010fffd"])
def test_a_character_that_no_font_has_is_refused(name: str) -> None:
    with pytest.raises(NotToBeSet):
        made(f"Ligzda {name}")
