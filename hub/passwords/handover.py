"""How far a password has come on its way, and what may still happen to it.

Source: method S60, S90; security.md 6. A report that comes late, twice or out of order never takes a
password back on its way; an erased one is gone whatever is told later. Times and limits are told, not known.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, ExchangeId
from saikne_schemas.vocabulary import Workflow

TIMES_AGAIN = 3
"""How often a requester may ask for the same password once more."""
PAUSE = timedelta(minutes=1)
"""The least time between two askings."""

_LONGEST_NAME = 200
_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NUMBER = "[0-9]{1,4}"
_REFERENCE = re.compile(
    f"(?P<exchange>{_UUID}):(?P<round>{_NUMBER}):(?P<number>{_NUMBER})"
    f":(?P<requester>{_UUID}):(?P<holder>{_UUID})"
)


class HandoverState(StrEnum):
    KEPT = "kept"
    """Made and wrapped; not on its way, or promised and not yet sent."""
    SENT = "sent"
    """The gateway took it."""
    DELIVERED = "delivered"
    """The gateway says that the telephone has it."""
    FAILED = "failed"
    """It cannot be brought to the address."""
    REVEALED = "revealed"
    """Shown once to the holder's authorised person, to be read out."""
    ERASED = "erased"


class ErasedBecause(StrEnum):
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"
    WRONG_RECIPIENT = "wrong_recipient"
    UNDELIVERED = "undelivered"


class Report(StrEnum):
    """What a gateway can say about a message it took."""

    DELIVERED = "delivered"
    FAILED = "failed"


REPORTED: dict[tuple[HandoverState, Report], HandoverState] = {
    (HandoverState.SENT, Report.DELIVERED): HandoverState.DELIVERED,
    (HandoverState.SENT, Report.FAILED): HandoverState.FAILED,
    (HandoverState.FAILED, Report.DELIVERED): HandoverState.DELIVERED,
}
"""Where a report moves a password; a report that is not listed changes nothing."""


@dataclass(frozen=True, slots=True)
class Handover:
    """Whose password this is: one round of one matter, mostly an exchange. Identifiers only.

    Where a centre sends to a family, both its sides are that centre.
    """

    exchange: ExchangeId
    round: int
    requester: CentreId
    holder: CentreId
    workflow: Workflow = field(default=Workflow.COPIES, compare=False)
    """Beside the identity: a gateway's report does not name it."""

    @property
    def parties(self) -> tuple[CentreId, ...]:
        return tuple(dict.fromkeys((self.requester, self.holder)))

    def promised(self, job: str) -> str:
        """What a promise is called of which every workflow keeps its own."""
        return job if self.workflow is Workflow.COPIES else f"{job}.{self.workflow.value}"

    def payload(self) -> dict[str, str | int]:
        """As a promise carries it."""
        beside = {} if self.workflow is Workflow.COPIES else {"workflow": self.workflow.value}
        return {
            **beside,
            "exchange": str(self.exchange),
            "round": self.round,
            "requester": str(self.requester),
            "holder": str(self.holder),
        }

    @classmethod
    def of(cls, payload: JsonObject) -> Self:
        return cls(
            ExchangeId(UUID(payload["exchange"])),
            int(payload["round"]),
            CentreId(UUID(payload["requester"])),
            CentreId(UUID(payload["holder"])),
            Workflow(payload.get("workflow", Workflow.COPIES)),
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """The first, second … time that a password is sent. However often it is tried, it is one message."""

    handover: Handover
    number: int

    @property
    def identity(self) -> str:
        """The same at every try, so that a gateway or a mailbox can recognise a repetition."""
        return f"{self.handover.exchange}:{self.handover.round}:{self.number}"

    @property
    def reference(self) -> str:
        """What the gateway gives back with its report; tells it no more than random identifiers."""
        return f"{self.identity}:{self.handover.requester}:{self.handover.holder}"

    @classmethod
    def referred(cls, reference: str) -> Self | None:
        """The sending a report is about; None for what we never sent."""
        found = _REFERENCE.fullmatch(reference)
        return cls(Handover.of(found.groupdict()), int(found["number"])) if found else None


def is_message_name(name: object) -> bool:
    """Whether a gateway may call a message so: it is kept in the database and told back."""
    return isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME and name.isprintable()


def short_reference(exchange: ExchangeId) -> str:
    """What people see in an SMS or a subject line: the first eight digits of the exchange's identifier."""
    return str(exchange)[:8].upper()


def too_many(asked: int, last: datetime, now: datetime) -> bool:
    """Whether asking once more would be too often (method S60 knows one sending; security.md 6)."""
    return asked >= TIMES_AGAIN or now - last < PAUSE
