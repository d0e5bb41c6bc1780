"""A later day for the answer, as both centres sign it: one proposes, the other agrees or does not.

Source: method S78 (ten working days); design.md 1. Which day may be proposed is the hub's rule. The first due
date stays in every view.
"""

from typing import Literal

from pydantic import Field

from saikne_schemas.vocabulary import ExtensionReason
from saikne_schemas.wire import Day, Id, RandomId, WireDocument


class ProposeExtension(WireDocument):
    """The holder proposes a later day while it owes the answer; a newer proposal replaces an older one."""

    schema_: Literal["saikne.propose-extension/1"] = Field(alias="schema")
    id: RandomId
    exchange: Id
    until: Day
    """A working day after the present due date, at most 30 days after it."""
    reason: ExtensionReason


class AcceptExtension(WireDocument):
    """The requester agrees: the answer is due on the proposed day, and the first date is kept beside it."""

    schema_: Literal["saikne.accept-extension/1"] = Field(alias="schema")
    id: RandomId
    exchange: Id
    proposal: Id
    """The identity of the proposal."""


class DeclineExtension(WireDocument):
    """The requester does not agree; the due date stays as it was."""

    schema_: Literal["saikne.decline-extension/1"] = Field(alias="schema")
    id: RandomId
    exchange: Id
    proposal: Id
    """The identity of the proposal."""
