"""The actual cost of a participant, to the cent, and never above the ceiling (method S66, S98)."""

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saikne_schemas.training_price import Price, average, covered, price

CENTS = st.integers(1, 100_000_000)
COSTS = st.lists(CENTS, min_size=1, max_size=50)
PARTICIPANTS = st.integers(1, 500)


@pytest.mark.parametrize(
    ("total", "participants", "each"),
    [(46_150, 12, 3846), (100, 3, 33), (5, 2, 2), (7, 2, 4), (1, 2, 0), (3, 2, 2), (200, 3, 67), (9, 1, 9)],
)
def test_an_average_is_rounded_once_and_halves_go_to_the_even_cent(
    total: int, participants: int, each: int
) -> None:
    assert average(total, participants) == each


@given(total=st.integers(1, 10**10), participants=PARTICIPANTS)
def test_an_average_is_what_an_accountant_would_write(total: int, participants: int) -> None:
    exact = Decimal(total) / participants
    assert average(total, participants) == exact.quantize(Decimal(1), ROUND_HALF_EVEN)


@given(total=st.integers(1, 10**10), participants=PARTICIPANTS)
def test_all_averages_together_miss_the_costs_by_half_a_cent_a_participant_at_most(
    total: int, participants: int
) -> None:
    assert 2 * abs(average(total, participants) * participants - total) <= participants


@given(total=st.integers(1, 10**10), participants=PARTICIPANTS, own=st.integers(1, 2), ceiling=CENTS)
def test_nobody_is_charged_above_the_ceiling_nor_above_the_average(
    total: int, participants: int, own: int, ceiling: int
) -> None:
    charged = price(total, participants, own, ceiling)
    assert charged.amount_cents <= own * ceiling == charged.most_cents
    assert charged.amount_cents <= own * charged.average_cents
    assert charged.amount_cents in {own * ceiling, own * charged.average_cents, total}


@given(total=st.integers(1, 10**10), more=st.integers(0, 498), own=st.integers(1, 2), ceiling=CENTS)
def test_nobody_is_charged_more_than_all_of_it_cost(total: int, more: int, own: int, ceiling: int) -> None:
    charged = price(total, own + more, own, ceiling)
    assert charged.amount_cents <= total
    assert charged.amount_cents in {total, own * min(charged.average_cents, ceiling)}


def test_a_family_trained_alone_is_not_charged_the_cent_that_rounding_adds() -> None:
    assert price(7, 2, 2, 4500) == Price(average_cents=4, most_cents=9000, amount_cents=7)
    assert price(5, 2, 2, 4500) == Price(average_cents=2, most_cents=9000, amount_cents=4)


def test_what_the_ceiling_cuts_off_is_not_charged_but_stays_in_sight() -> None:
    assert price(60_000, 10, 2, 4500) == Price(average_cents=6000, most_cents=9000, amount_cents=9000)


@given(costs=COSTS, amount=CENTS)
def test_the_covered_parts_add_up_and_none_is_off_by_a_cent(costs: list[int], amount: int) -> None:
    parts = covered(amount, costs)
    assert sum(parts) == amount
    for part, cost in zip(parts, costs, strict=True):
        assert abs(part * sum(costs) - amount * cost) < sum(costs)


@given(costs=COSTS, share=st.integers(1, 100))
def test_an_income_below_the_costs_covers_no_cost_more_than_once(costs: list[int], share: int) -> None:
    amount = sum(costs) * share // 100
    assert all(part <= cost for part, cost in zip(covered(amount, costs), costs, strict=True))
