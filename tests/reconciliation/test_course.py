from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hub.reconciliation.course import (
    STEPS,
    Action,
    Actor,
    Before,
    ClosedAlready,
    Found,
    NothingToSend,
    fits,
    found,
)
from saikne_schemas.reconciliation import DifferenceState
from saikne_schemas.register_words import DifferenceResolution

OPEN, RESOLVED, VANISHED = DifferenceState
DECIDED_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
BEFORE, AFTER = DECIDED_AT - timedelta(minutes=1), DECIDED_AT + timedelta(minutes=1)
ALLOWED = {
    (OPEN, Action.DECIDE, Actor.CENTRE): {RESOLVED},
    (OPEN, Action.MISS, Actor.HUB): {VANISHED},
}


def test_the_table_lists_these_steps_and_no_others() -> None:
    every = product(DifferenceState, Action, Actor)
    assert {one: after for one in every if (after := STEPS.leads(*one))} == ALLOWED


def test_what_is_closed_is_not_decided_about() -> None:
    with pytest.raises(ClosedAlready):
        STEPS.take(RESOLVED, Action.DECIDE, Actor.CENTRE)


@pytest.mark.parametrize("how", DifferenceResolution)
def test_only_what_a_machine_registered_can_be_sent_again(how: DifferenceResolution) -> None:
    fits(how, by_machine=True)
    if how is DifferenceResolution.SEND_AGAIN:
        with pytest.raises(NothingToSend):
            fits(how, by_machine=False)
    else:
        fits(how, by_machine=False)


def test_what_was_never_found_or_had_gone_is_new() -> None:
    assert found(None, AFTER) is Found.NEW
    assert found(Before(VANISHED, None, DECIDED_AT), AFTER) is Found.NEW


def test_what_is_open_is_the_same_difference() -> None:
    assert found(Before(OPEN, None, None), BEFORE) is found(Before(OPEN, None, None), AFTER) is Found.STILL


@pytest.mark.parametrize("how", DifferenceResolution)
def test_what_was_decided_comes_back_where_the_register_still_shows_it_later(
    how: DifferenceResolution,
) -> None:
    decided = Before(RESOLVED, how, DECIDED_AT)
    assert found(decided, BEFORE) is Found.SETTLED
    quiet = how is DifferenceResolution.NO_DIFFERENCE
    assert found(decided, AFTER) is (Found.SETTLED if quiet else Found.NEW)
