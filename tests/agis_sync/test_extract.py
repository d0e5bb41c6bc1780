"""The register's extract gets to the hub page by page, and goes on where it was interrupted."""

from datetime import date
from pathlib import Path

import pytest

from saikne.installation import Installation
from saikne_demo.register import Book, Register
from saikne_demo.register.desk import Extracts
from saikne_schemas.register_entries import ENTRIES_AT_MOST, RegisterExtract
from saikne_schemas.register_files import extract_files
from tests.agis_sync.processes import run

LINES = ENTRIES_AT_MOST + 20
"""Two pages."""
ELSEWHERE = "40008009999"
"""A centre that is not at this hub."""


def enter(book: Book) -> None:
    for _ in range(LINES):
        book.enter_by_hand(ELSEWHERE, date(2026, 9, 1))


async def test_an_extract_is_brought_whole_and_compared(
    side: Installation, register: Register, online: tuple[str, ...]
) -> None:
    enter(register.book)
    end = await run(side.home, "extract", *online, "--json")
    assert (end.code, [one["page"] for one in end.lines]) == (0, [1, 2])
    assert end.lines[0]["compared"] is None
    assert end.lines[1]["compared"]["entries"] == LINES


@pytest.fixture
def pages() -> list[RegisterExtract]:
    book = Book()
    enter(book)
    extracts = Extracts(book)
    first = extracts.page("1", "")
    assert first is not None
    second = extracts.page("2", first.taken_at.isoformat())
    assert second is not None
    return [first, second]


def lay(folder: Path, page: RegisterExtract) -> None:
    for name, content in extract_files(page).items():
        (folder / "in" / name).write_bytes(content)


async def test_an_interrupted_one_goes_on_with_the_page_that_was_missing(
    side: Installation, folder: Path, pages: list[RegisterExtract]
) -> None:
    first, second = pages
    lay(folder, first)
    broken = await run(side.home, "extract", "--folder", str(folder), "--json")
    assert broken.code == 3
    assert broken.lines[-1]["problem"]["code"] == "register.unanswered.no_extract"
    said = broken.err.strip().removeprefix("Go on with: ").split()
    assert said == ["--taken-at", first.taken_at.isoformat(), "--from-page", "2"]
    lay(folder, second)
    end = await run(side.home, "extract", "--folder", str(folder), *said, "--json")
    assert (end.code, [one["page"] for one in end.lines]) == (0, [2])
    assert end.lines[0]["compared"]["entries"] == LINES


async def test_the_same_extract_again_gets_the_same_answers(
    side: Installation, folder: Path, pages: list[RegisterExtract]
) -> None:
    for page in pages:
        lay(folder, page)
    first, again = [await run(side.home, "extract", "--folder", str(folder), "--json") for _ in range(2)]
    assert (first.code, again.code) == (0, 0)
    assert again.lines[-1]["sha256"] == first.lines[-1]["sha256"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (("--from-page", "2"), "extract.page-without-moment"),
        (("--taken-at", "yesterday"), "usage.wrong"),
        (("--taken-at", "2026-05-04T03:00:00"), "usage.wrong"),
    ],
)
async def test_a_later_page_needs_the_moment_of_its_extract(
    side: Installation, folder: Path, given: tuple[str, ...], code: str
) -> None:
    end = await run(side.home, "extract", "--folder", str(folder), *given, "--json")
    assert (end.code, [one["problem"]["code"] for one in end.lines]) == (2, [code])


async def test_people_are_told_what_came_of_it(
    side: Installation, folder: Path, pages: list[RegisterExtract]
) -> None:
    for page in pages:
        lay(folder, page)
    end = await run(side.home, "extract", "--folder", str(folder))
    assert end.code == 0
    assert "Page 2 is at the hub." in end.out
    assert "The extract is whole." in end.out
