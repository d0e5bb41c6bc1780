"""Amounts as people type and read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saikne.euros import cents_of, euros


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("12,50", 1250), ("12.50", 1250), ("12", 1200), ("1 234,50 €", 123_450), ("1\u00a0234,50", 123_450)],
)
def test_an_amount_is_typed_with_a_comma_or_a_point(typed: str, cents: int) -> None:
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["", "12,5", "12,505", "1,234.50", "-5", "five", "1e3", "€"])
def test_what_could_be_read_in_two_ways_is_no_amount(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        cents_of(typed)


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(123_450, "1\u00a0234,50\u00a0€"), (5, "0,05\u00a0€"), (100_000_000, "1\u00a0000\u00a0000,00\u00a0€")],
)
def test_an_amount_is_shown_as_latvians_write_it(cents: int, shown: str) -> None:
    assert euros(cents) == shown


@given(st.integers(0, 10**10))
def test_what_is_shown_can_be_typed(cents: int) -> None:
    assert cents_of(euros(cents)) == cents
