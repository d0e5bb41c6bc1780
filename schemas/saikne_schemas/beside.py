"""One more is begun although another about the same is open: which one that is, and why.

Source: method S57, S73, S77, S108. The two centres would otherwise do the same twice, or take the one for the
other. The reason is of a closed list, so that no name can travel in it.
"""

from typing import Annotated

from pydantic import Field

from saikne_schemas.correction_words import DespiteReason
from saikne_schemas.wire import EachOnce, Id, View, WireDocument


class Despite(WireDocument):
    """What is open already between the same two centres about the same family or child, and why one more."""

    already: Annotated[list[Id], Field(min_length=1, max_length=20), EachOnce]
    """Every such exchange or matter; the refusal names them."""
    reason: DespiteReason


class DespiteView(View):
    """The same, as both centres are shown it."""

    already: list[Id]
    reason: DespiteReason

    @classmethod
    def of(cls, despite: Despite | None) -> "DespiteView | None":
        return None if despite is None else cls(already=despite.already, reason=despite.reason)
