"""Whose hand moves a move, where it is no party's."""

from enum import StrEnum


class Hand(StrEnum):
    HUB = "hub"
    """Time passing, or an exchange that moved, told by the worker."""
