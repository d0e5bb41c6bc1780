"""How events are linked, and how a chain is checked without the database that holds it.

A link is SHA-256 over fixed fields in a fixed order: the byte 0x02 (0x00 and 0x01 belong to the leaves and
nodes of RFC 9162 trees), tenant (16 bytes), number, microseconds since 1970 UTC (8 bytes each, big-endian),
length of the kind (4 bytes) and the kind, 0x00 or 0x01 and the exchange or what else it is about (16 bytes),
SHA-256 of the body, and the link before; 32 zero bytes stand before the first. `store` computes the same in
SQL.
Source: design.md 6; security.md 3.

A chain shows that it was edited. That it was written anew as a whole shows only against a link which
somebody else kept: every receipt carries one, and `contains` asks for it.
"""

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hub.kernel.ids import CentreId

BEFORE_THE_FIRST = bytes(32)
_LINK = b"\x02"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Link:
    """Where an event stands in a chain: enough to find it again and to know it by."""

    seq: int
    hash: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, by the hub's own note beside it."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Event:
    """One event as stored. `kind` is text: a checker reads kinds which it does not know."""

    tenant: CentreId
    seq: int
    at: datetime
    kind: str
    about: UUID | None
    body: bytes
    prev: bytes
    hash: bytes


class Flaw(StrEnum):
    GAP = "gap"
    """An event is missing before this one, or stands out of order."""
    UNLINKED = "unlinked"
    """It does not follow the event before it."""
    ALTERED = "altered"
    """Its content is not what its link was made of."""
    FOREIGN = "foreign"
    """It belongs to another centre's chain."""
    HEAD = "head"
    """The chain does not end where the hub noted its end: events were cut off or added."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: the last event that follows, and the first flaw with its number, if any."""

    tenant: CentreId | None = None
    last: Head = Head(0, BEFORE_THE_FIRST)
    flaw: Flaw | None = None
    broken_at: int | None = None

    @property
    def holds(self) -> bool:
        return self.flaw is None


def link_hash(event: Event) -> bytes:
    kind = event.kind.encode()
    about = b"\x00" + bytes(16) if event.about is None else b"\x01" + event.about.bytes
    microseconds = (event.at - _EPOCH) // timedelta(microseconds=1)
    return hashlib.sha256(
        _LINK
        + event.tenant.bytes
        + struct.pack(">qqI", event.seq, microseconds, len(kind))
        + kind
        + about
        + hashlib.sha256(event.body).digest()
        + event.prev
    ).digest()


def verify(events: Iterable[Event], head: Head | None = None, after: Verdict | None = None) -> Verdict:
    """Check one chain in order, up to its first flaw; `after` goes on from where an earlier check ended.

    With `head`, the chain must end there. Without, only what was given is judged.
    """
    verdict = after or Verdict()
    for event in events:
        if not verdict.holds:
            return verdict
        flaw = _flaw(verdict, event)
        if flaw is not None:
            return replace(verdict, tenant=verdict.tenant or event.tenant, flaw=flaw, broken_at=event.seq)
        verdict = Verdict(event.tenant, Head(event.seq, event.hash))
    if head is None or not verdict.holds or head == verdict.last:
        return verdict
    missing = min(head.seq, verdict.last.seq) + (head.seq != verdict.last.seq)
    return replace(verdict, flaw=Flaw.HEAD, broken_at=missing)


def contains(events: Iterable[Event], link: Link) -> bool:
    """Is this the chain that a receipt's link was taken from? The chain itself must hold as well."""
    return any((event.seq, event.hash, event.at) == (link.seq, link.hash, link.at) for event in events)


def _flaw(verdict: Verdict, event: Event) -> Flaw | None:
    if verdict.tenant not in (None, event.tenant):
        return Flaw.FOREIGN
    if event.seq != verdict.last.seq + 1:
        return Flaw.GAP
    if event.prev != verdict.last.hash:
        return Flaw.UNLINKED
    return None if event.hash == link_hash(event) else Flaw.ALTERED
