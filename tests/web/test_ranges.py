"""One range of bytes, from its first to its last; whatever else is asked for gets the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.ranges import RangeNotSatisfiable, asked_range


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", (0, 1000)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=999-", (999, 1000)),
        ("bytes=10-5000", (10, 1000)),
        ("bytes=-5", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=a-b", None),
        ("bytes=0-1 ", None),
        ("bytes=٣-٤", None),
        ("bytes=9999999999999999-", None),
    ],
)
def test_a_range_is_read_as_rfc_9110_has_it(header: str | None, wanted: tuple[int, int] | None) -> None:
    assert asked_range(header, 1000) == wanted


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=5-4"])
def test_a_range_that_is_not_there_is_refused_with_the_size(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as refusal:
        asked_range(header, 1000)
    assert refusal.value.facts == {"size": 1000}


@given(start=st.integers(0, 2000), end=st.integers(0, 2000), size=st.integers(1, 1500))
def test_what_is_given_lies_within_the_archive(start: int, end: int, size: int) -> None:
    try:
        wanted = asked_range(f"bytes={start}-{end}", size)
    except RangeNotSatisfiable:
        assert start >= size or end < start
    else:
        assert wanted == (start, min(end + 1, size))


@given(header=st.text(max_size=50))
def test_no_header_whatever_is_our_fault(header: str) -> None:
    try:
        asked_range(header, 1000)
    except RangeNotSatisfiable:
        assert header.startswith("bytes=")
