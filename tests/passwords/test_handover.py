"""What is told about a password never takes it back on its way, and it is not sent endlessly."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from hub.kernel.ids import CentreId, ExchangeId
from hub.passwords.handover import (
    REPORTED,
    Handover,
    HandoverState,
    Report,
    Sending,
    short_reference,
    too_many,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HANDOVER = Handover(
    ExchangeId(UUID("4f2a91bc-0000-4000-8000-000000000001")),
    2,
    CentreId(UUID("4f2a91bc-0000-4000-8000-000000000002")),
    CentreId(UUID("4f2a91bc-0000-4000-8000-000000000003")),
)


def test_a_report_moves_a_password_forward_or_not_at_all() -> None:
    moved = {pair: REPORTED.get(pair) for pair in product(HandoverState, Report)}
    assert {pair: state for pair, state in moved.items() if state} == {
        (HandoverState.SENT, Report.DELIVERED): HandoverState.DELIVERED,
        (HandoverState.SENT, Report.FAILED): HandoverState.FAILED,
        (HandoverState.FAILED, Report.DELIVERED): HandoverState.DELIVERED,
    }


def test_a_promise_carries_identifiers_and_nothing_else() -> None:
    assert Handover.of(HANDOVER.payload()) == HANDOVER
    assert HANDOVER.payload() == {
        "exchange": "4f2a91bc-0000-4000-8000-000000000001",
        "round": 2,
        "requester": "4f2a91bc-0000-4000-8000-000000000002",
        "holder": "4f2a91bc-0000-4000-8000-000000000003",
    }


def test_a_reference_leads_back_to_its_sending() -> None:
    sending = Sending(HANDOVER, 3)
    assert Sending.referred(sending.reference) == sending


def test_another_sending_has_another_identity() -> None:
    assert Sending(HANDOVER, 1).identity == Sending(HANDOVER, 1).identity
    assert Sending(HANDOVER, 1).identity != Sending(HANDOVER, 2).identity


@pytest.mark.parametrize("reference", ["", "x", "a:b:c:d:e", "1:2:3:4:5:6"])
def test_a_reference_that_is_not_ours_leads_nowhere(reference: str) -> None:
    assert Sending.referred(reference) is None


def test_people_see_the_first_eight_digits_of_the_exchange() -> None:
    assert short_reference(HANDOVER.exchange) == "4F2A91BC"


@pytest.mark.parametrize(
    ("asked", "seconds", "refused"),
    [(0, 59, True), (0, 60, False), (2, 60, False), (3, 60, True), (3, 9999, True)],
)
def test_a_password_is_sent_again_three_times_at_most_and_once_a_minute(
    asked: int, seconds: int, *, refused: bool
) -> None:
    assert too_many(asked, NOW, NOW + timedelta(seconds=seconds)) is refused
