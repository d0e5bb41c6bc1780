"""A chain tells every kind of tampering, without a database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from hub.evidence.chain import BEFORE_THE_FIRST, Event, Flaw, Head, Link, contains, link_hash, verify
from hub.kernel.ids import CentreId

CENTRE = CentreId(UUID("11111111-1111-4111-8111-111111111111"))
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def chain(length: int, *, tenant: CentreId = CENTRE, body: bytes = b"{}") -> list[Event]:
    events: list[Event] = []
    for seq in range(1, length + 1):
        prev = events[-1].hash if events else BEFORE_THE_FIRST
        at = START + timedelta(microseconds=seq)
        event = Event(tenant, seq, at, "exchange.request.opened", uuid4(), body, prev, b"")
        events.append(replace(event, hash=link_hash(event)))
    return events


def end(events: list[Event]) -> Head:
    return Head(events[-1].seq, events[-1].hash)


def relinked(events: list[Event]) -> list[Event]:
    """What somebody does who edits a chain and knows how it is made."""
    fresh: list[Event] = []
    for event in events:
        prev = fresh[-1].hash if fresh else BEFORE_THE_FIRST
        moved = replace(event, prev=prev)
        fresh.append(replace(moved, hash=link_hash(moved)))
    return fresh


def test_a_chain_that_was_only_added_to_holds() -> None:
    events = chain(5)
    verdict = verify(events, head=end(events))
    assert verdict.holds
    assert verdict.last == end(events)


def test_a_chain_of_nothing_holds() -> None:
    assert verify([], head=Head(0, BEFORE_THE_FIRST)).holds


def test_a_check_goes_on_from_where_it_ended() -> None:
    events = chain(7)
    first = verify(events[:3])
    assert verify(events[3:], head=end(events), after=first).holds
    assert verify(events[4:], after=first).broken_at == 5


EDITS: dict[str, Callable[[Event], Event]] = {
    "body": lambda event: replace(event, body=b'{"a":1}'),
    "kind": lambda event: replace(event, kind="exchange.request.withdrawn"),
    "moment": lambda event: replace(event, at=event.at + timedelta(microseconds=1)),
    "another matter": lambda event: replace(event, about=uuid4()),
    "no matter": lambda event: replace(event, about=None),
    "hash": lambda event: replace(event, hash=bytes(32)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_event_is_found(edit: Callable[[Event], Event]) -> None:
    events = chain(5)
    events[2] = edit(events[2])
    verdict = verify(events)
    assert (verdict.flaw, verdict.broken_at) == (Flaw.ALTERED, 3)
    assert verdict.last.seq == 2


def test_an_edited_event_with_its_own_link_made_anew_no_longer_carries_the_next() -> None:
    events = chain(5)
    edited = replace(events[2], body=b'{"a":1}')
    events[2] = replace(edited, hash=link_hash(edited))
    verdict = verify(events)
    assert (verdict.flaw, verdict.broken_at) == (Flaw.UNLINKED, 4)


@pytest.mark.parametrize(("gone", "found_at"), [(0, 2), (2, 4)])
def test_a_deleted_event_is_found(gone: int, found_at: int) -> None:
    events = chain(5)
    del events[gone]
    verdict = verify(events)
    assert (verdict.flaw, verdict.broken_at) == (Flaw.GAP, found_at)


def test_events_out_of_order_are_found() -> None:
    events = chain(5)
    events[1], events[2] = events[2], events[1]
    assert verify(events).flaw is Flaw.GAP
    renumbered = [replace(event, seq=seq) for seq, event in enumerate(events, start=1)]
    assert verify(renumbered).flaw is Flaw.UNLINKED


def test_a_cut_chain_is_found_by_its_noted_end() -> None:
    events = chain(5)
    verdict = verify(events[:3], head=end(events))
    assert (verdict.flaw, verdict.broken_at) == (Flaw.HEAD, 4)


def test_an_event_added_past_the_noted_end_is_found() -> None:
    events = chain(5)
    verdict = verify(events, head=end(events[:4]))
    assert (verdict.flaw, verdict.broken_at) == (Flaw.HEAD, 5)


def test_another_centres_event_does_not_fit() -> None:
    events = chain(3)
    events[1] = chain(3, tenant=CentreId(uuid4()))[1]
    assert verify(events).flaw is Flaw.FOREIGN


def test_a_chain_written_anew_holds_in_itself_and_is_told_by_an_old_receipt() -> None:
    events = chain(5)
    receipt = Link(events[3].seq, events[3].hash, events[3].at)
    assert contains(events, receipt)
    forged = relinked([events[0], replace(events[1], body=b'{"forged":1}'), *events[2:]])
    assert verify(forged, head=end(forged)).holds
    assert not contains(forged, receipt)


def test_a_link_is_the_same_on_every_machine() -> None:
    event = Event(CENTRE, 1, START, "exchange.request.opened", None, b"{}", BEFORE_THE_FIRST, b"")
    assert link_hash(event).hex() == "b294c70060b7e068723586c4ba1c509d7423fc96a7fd358c13d5cb330b045adb"
