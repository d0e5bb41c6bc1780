"""Closed lists of what is put right, taken back or begun again. They only grow; a value is what is stored.

Source: method S74, S80, S89, S106. Stands without pydantic, so that the command's help need not load it.
"""

from enum import StrEnum


class CorrectedFact(StrEnum):
    """Which day of a move a centre had told wrongly."""

    NOTICE = "notice"
    """When the family's notice reached the previous centre."""
    REGISTRATION = "registration"
    """When the move was entered in AĢIS."""


class CorrectionReason(StrEnum):
    MISTYPED = "mistyped"
    PROOF_SAYS_OTHERWISE = "proof_says_otherwise"
    """The letter, the message or the extract that was looked at again."""
    TOLD_OF_ANOTHER = "told_of_another"
    """It was another family's, or another entry."""


class ItemCorrected(StrEnum):
    """Why another number of a registered item is told than at first."""

    MISTYPED = "mistyped"
    OTHER_ITEM = "other_item"
    """The number of another item was told."""


class OfferTakenBack(StrEnum):
    """Why a centre does not tell what it has offered to tell about a child."""

    WRONG_RECEIVER = "wrong_receiver"
    WRONG_CHILD = "wrong_child"
    MOVE_CANCELLED = "move_cancelled"
    OFFERED_TWICE = "offered_twice"


class DespiteReason(StrEnum):
    """Why a request or a move is begun although one about the same family or child is open."""

    OTHER_FAMILY = "other_family"
    """The number is the same; the family or the child is another."""
    FIRST_IS_WRONG = "first_is_wrong"
    """What was told in the first one cannot be put right there."""
    FIRST_STANDS_STILL = "first_stands_still"
    MOVES_AGAIN = "moves_again"
    """It has moved back meanwhile, and moves once more."""
    ASKED_BY_COURT = "asked_by_court"
