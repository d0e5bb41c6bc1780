"""The library's reference page says what the code says."""

from pathlib import Path

from saikne.reference import page

PAGE = Path(__file__).parents[2] / "clients" / "python" / "REFERENCE.md"


def test_the_page_is_what_the_code_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
