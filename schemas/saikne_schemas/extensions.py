"""A later day for the answer, as both centres sign it: one proposes, the other agrees or does not.

Source: method S78 (ten working days); design.md 1. Which day may be proposed is the hub's rule. The first due
date stays in every view.
"""

from typing import ClassVar, Literal

from saikne_schemas.statements import EXCHANGES, ExchangeStatement
from saikne_schemas.vocabulary import ExtensionReason
from saikne_schemas.wire import IDENTITY, SCHEMA, Day, Id, RandomId


class ProposeExtension(ExchangeStatement):
    """The holder proposes a later day while it owes the answer; a newer proposal replaces an older one."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/propose-extension"
    schema_: Literal["saikne.propose-extension/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    until: Day
    """A working day after the present due date, at most 30 days after it."""
    reason: ExtensionReason


class AcceptExtension(ExchangeStatement):
    """The requester agrees: the answer is due on the proposed day, and the first date is kept beside it."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/accept-extension"
    schema_: Literal["saikne.accept-extension/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    proposal: Id
    """The identity of the proposal."""


class DeclineExtension(ExchangeStatement):
    """The requester does not agree; the due date stays as it was."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/decline-extension"
    schema_: Literal["saikne.decline-extension/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    proposal: Id
    """The identity of the proposal."""
