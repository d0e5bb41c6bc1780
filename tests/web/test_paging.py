"""A cursor is the hub's own or it is refused; it never becomes our fault."""

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.paging import CursorMalformed, cursor, moment, place

KINDS = (moment, UUID)
KEY = uuid4()


def made_of(keys: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode()


@given(when=st.datetimes(timezones=st.just(UTC)), key=st.uuids())
def test_a_cursor_leads_back_to_its_place(when: datetime, key: UUID) -> None:
    assert place(cursor(when, key), *KINDS) == (when, key)


@given(when=st.dates(), key=st.uuids())
def test_a_cursor_of_a_day_leads_back_to_its_place(when: date, key: UUID) -> None:
    assert place(cursor(when, key), date.fromisoformat, UUID) == (when, key)


@given(
    text=st.text(max_size=500)
    | st.binary(max_size=300).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(CursorMalformed):
        place(text, *KINDS)


values = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)


@given(
    keys=st.recursive(
        values, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3)
    )
)
def test_a_cursor_of_other_things_is_refused(keys: object) -> None:
    with pytest.raises(CursorMalformed):
        place(made_of(keys), *KINDS)


@pytest.mark.parametrize(
    "keys",
    [
        ["2026-03-02T09:30:00", str(KEY)],
        ["0001-01-01T00:00:00+14:00", str(KEY)],
        ["9999-12-31T23:59:59-14:00", str(KEY)],
        ["2026-03-02T09:30:00+00:00"],
        ["2026-03-02T09:30:00+00:00", str(KEY), str(KEY)],
        {"2026-03-02T09:30:00+00:00": 1, str(KEY): 2, "x": 3},
    ],
)
def test_a_cursor_that_names_no_moment_or_too_much_is_refused(keys: object) -> None:
    with pytest.raises(CursorMalformed):
        place(made_of(keys), *KINDS)
