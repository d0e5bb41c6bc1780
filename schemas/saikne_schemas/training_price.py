"""What a training centre may charge: the actual cost of a participant, at most the contract's ceiling.

Source: method S66, S98, S104. Whole cents; a fraction is rounded once, for a participant, halves to the even
cent, so that an invoice reads as a price times a number. Knows no centre and no contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    average_cents: int
    """The actual cost of a participant: what the invoice must state."""
    most_cents: int
    """The ceiling for this family's participants together."""
    amount_cents: int
    """What is charged for them."""


def average(total_cents: int, participants: int) -> int:
    """A participant's part of the costs, halves rounded to the even cent."""
    whole, rest = divmod(total_cents, participants)
    half = 2 * rest - participants
    return whole + (half > 0 or (half == 0 and whole % 2 == 1))


def price(total_cents: int, participants: int, own: int, ceiling_cents: int) -> Price:
    """The price for `own` of the participants; what the ceiling cuts off stays with the training centre.

    Where all are of this family, an average rounded up would charge a cent that nobody has spent.
    """
    actual = average(total_cents, participants)
    amount = min(own * min(actual, ceiling_cents), total_cents)
    return Price(actual, own * ceiling_cents, amount)


def covered(amount_cents: int, costs: Sequence[int]) -> list[int]:
    """Which part of each cost the income covers, in proportion and adding up to the cent.

    Cents that rounding down leaves over go to the costs that lost most by it, the first named first.
    """
    total = sum(costs)
    parts = [amount_cents * cost // total for cost in costs]
    by_loss = sorted(range(len(costs)), key=lambda place: -(amount_cents * costs[place] % total))
    for place in by_loss[: amount_cents - sum(parts)]:
        parts[place] += 1
    return parts
