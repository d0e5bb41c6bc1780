"""What becomes of a difference: found, found again, gone, decided; and which decision fits which difference.

Source: features N10 (rules say which difference is whose; a person decides). Nobody but the centre concerned
decides about one. What a person called no difference stays quiet for as long as both sides stay as they were.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hub.kernel import steps
from hub.kernel.refusal import Refusal
from saikne_schemas.reconciliation import DifferenceState
from saikne_schemas.register_words import DifferenceResolution


class Action(StrEnum):
    DECIDE = "decide"
    MISS = "miss"
    """A later extract no longer shows it."""


class Actor(StrEnum):
    CENTRE = "centre"
    REGISTER_SIDE = "register_side"
    HUB = "hub"


class ClosedAlready(steps.StepNotAllowed):
    """It was decided, or has vanished; or the deciding is not this one's."""

    code = "reconciliation.closed-already"


STEPS = steps.Steps(
    {
        (DifferenceState.OPEN, Action.DECIDE): {Actor.CENTRE: DifferenceState.RESOLVED},
        (DifferenceState.OPEN, Action.MISS): {Actor.HUB: DifferenceState.VANISHED},
    },
    ClosedAlready,
)


class NothingToSend(Refusal):
    """What was entered by hand, or is not known here at all, no machine can send."""

    code = "reconciliation.nothing-to-send"


def fits(how: DifferenceResolution, *, by_machine: bool) -> None:
    """Refuse to send again what has no registration of its own."""
    if how is DifferenceResolution.SEND_AGAIN and not by_machine:
        raise NothingToSend


@dataclass(frozen=True, slots=True)
class Before:
    """The newest difference with these very sides."""

    state: DifferenceState
    how: DifferenceResolution | None
    closed_at: datetime | None


class Found(StrEnum):
    """What a finding is, after what was found before."""

    NEW = "new"
    STILL = "still"
    SETTLED = "settled"
    """Decided, and nothing since says that the decision did not hold."""


def found(before: Before | None, taken_at: datetime) -> Found:
    """An extract taken before a decision does not say whether it was carried out."""
    if before is None or before.state is DifferenceState.VANISHED:
        return Found.NEW
    if before.state is DifferenceState.OPEN:
        return Found.STILL
    if before.how is DifferenceResolution.NO_DIFFERENCE:
        return Found.SETTLED
    assert before.closed_at is not None  # noqa: S101  # it is resolved
    return Found.NEW if taken_at > before.closed_at else Found.SETTLED
