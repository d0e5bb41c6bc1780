"""A move begins without a day, by the new centre only, and is cancelled before its day only."""

from datetime import date
from typing import Any

import pytest

from hub.duties.duty import Basis, DutyKind
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Owed
from hub.transfers.family.opening import MoveInEffect, begin, cancel
from hub.transfers.family.steps import AWAITS_A_DAY, DONE_BY_BOTH
from saikne.statements import compose
from saikne_schemas.family_move_words import MoveCancelReason
from saikne_schemas.family_moves import BeginFamilyMove, CancelMove
from tests.transfers.family.scenes import COURTS, NEW, PREVIOUS, TODAY, day, move, said, scene


def begun(**changes: Any) -> BeginFamilyMove:
    fields: dict[str, Any] = {
        "new": NEW,
        "previous": PREVIOUS,
        "family": "AG-7741",
        "children": ["AG-7741-B1"],
        "agreement": "V-2026/31",
        "agreed_on": TODAY,
        "territory": "LV-102",
    }
    return compose(BeginFamilyMove, **{**fields, **changes})


def test_a_move_begins_without_a_day_and_knows_its_court() -> None:
    outcome = begin(begun(), scene(), COURTS)
    assert (outcome.content.effective_on, outcome.content.dated_by, outcome.content.counted) == (
        None,
        None,
        [],
    )
    assert outcome.content.remaining == list(DONE_BY_BOTH)
    assert (outcome.content.court, outcome.content.court_name) == ("LV-059", "Madonas novada bāriņtiesa")
    assert outcome.opens == (
        Owed(DutyKind.TALK, NEW, TODAY, Basis.MOVE_RECORDED),
        Owed(DutyKind.ACKNOWLEDGE_NOTICE, PREVIOUS, TODAY, Basis.MOVE_RECORDED, (NEW,)),
    )
    assert outcome.tells == ((PREVIOUS, "begun"),)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreed_on": date(2026, 11, 21)}, "days.in-the-future"),
        ({"agreed_on": date(1950, 1, 1)}, "workdays.year-not-known"),
        ({"territory": "LV-999"}, "transfers.territory-unknown"),
    ],
)
def test_what_may_not_begin_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        begin(begun(**changes), scene(), COURTS)
    assert refused.value.code == code


def test_a_territory_that_nobody_serves_is_refused() -> None:
    with pytest.raises(Refusal, match=r"transfers\.territory-unknown"):
        begin(begun(agreed_on=date(2021, 6, 1)), scene(today=date(2021, 6, 2)), COURTS)


CANCELLED = said(CancelMove, reason=MoveCancelReason.FAMILY_STAYS)


@pytest.mark.parametrize("effective_on", [None, day("2026-11-21")])
def test_before_its_day_a_move_is_cancelled_with_everything_owed(effective_on: date | None) -> None:
    outcome = cancel(move(effective_on=effective_on), CANCELLED, scene(PREVIOUS))
    assert (outcome.content.cancelled, outcome.content.remaining) == (MoveCancelReason.FAMILY_STAYS, [])
    assert set(outcome.drops) == {*DONE_BY_BOTH, *AWAITS_A_DAY}
    assert outcome.tells == ((NEW, "cancelled"),)


def test_from_its_day_on_a_move_is_not_cancelled() -> None:
    with pytest.raises(MoveInEffect):
        cancel(move(effective_on=TODAY), CANCELLED, scene())
