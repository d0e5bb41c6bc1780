from datetime import UTC, datetime, timedelta

import pytest

from hub.kernel.refusal import Refusal
from hub.reconciliation.pages import (
    CLOCKS_DIFFER,
    OlderThanCompared,
    PageDoesNotFit,
    SoFar,
    TakenInTheFuture,
    awaited,
    check,
)
from saikne_schemas.reconciliation import PAGES_AT_MOST
from saikne_schemas.register_entries import RegisterExtract

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
NOTHING = SoFar((), None, None)


def page(number: int = 1, *, last: bool = False, taken_at: datetime = NOW) -> RegisterExtract:
    return RegisterExtract(
        schema_="saikne.register-extract/1", taken_at=taken_at, page=number, last=last, entries=[]
    )


@pytest.mark.parametrize(
    ("one", "so_far"),
    [
        (page(), NOTHING),
        (page(2), NOTHING),
        (page(1, last=True), NOTHING),
        (page(3, last=True), SoFar({1, 2}, None, None)),
        (page(1), SoFar({2, 3}, 3, None)),
        (page(PAGES_AT_MOST, last=True), NOTHING),
        (page(taken_at=NOW + CLOCKS_DIFFER), NOTHING),
        (page(), SoFar((), None, NOW - timedelta(seconds=1))),
    ],
)
def test_pages_come_in_any_order(one: RegisterExtract, so_far: SoFar) -> None:
    check(one, so_far, NOW)


@pytest.mark.parametrize(
    ("one", "so_far", "refusal"),
    [
        (page(4), SoFar({3}, 3, None), PageDoesNotFit),
        (page(2, last=True), SoFar({3}, None, None), PageDoesNotFit),
        (page(2, last=True), SoFar({3}, 3, None), PageDoesNotFit),
        (page(4, last=True), SoFar({3}, 3, None), PageDoesNotFit),
        (page(PAGES_AT_MOST + 1), NOTHING, PageDoesNotFit),
        (page(taken_at=NOW + CLOCKS_DIFFER + timedelta(seconds=1)), NOTHING, TakenInTheFuture),
        (page(), SoFar((), None, NOW), OlderThanCompared),
        (page(), SoFar((), None, NOW + timedelta(seconds=1)), OlderThanCompared),
    ],
)
def test_a_page_that_cannot_belong_is_refused(
    one: RegisterExtract, so_far: SoFar, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        check(one, so_far, NOW)


def test_what_is_awaited() -> None:
    assert awaited({1}, None) == [2]
    assert awaited({3}, None) == [1, 2, 4]
    assert awaited({1, 3}, 3) == [2]
    assert awaited({1, 2, 3}, 3) == []
