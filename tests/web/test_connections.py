"""Which connections go, and in which order: on real sockets of this process, at moments that are given."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic
from typing import Any, cast

import pytest
from litestar.types import Scope

from hub.web import connections
from hub.web.connections import CALL, Bounds, Connections, _traffic, let_in, network

BOUNDS = Bounds(
    an_address=4, in_all=10, rest=timedelta(seconds=20), silence=timedelta(seconds=60), bytes_a_second=1000
)
LONG = 10_000.0


class Desk:
    """A port, what is connected to it, and the watch over it."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self.watch = Connections(bounds, self.sockets)
        self.door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.held: list[tuple[socket.socket, socket.socket]] = []
        self.calls = ExitStack()
        self.now = monotonic()

    def sockets(self) -> Iterator[tuple[int, int]]:
        """Its own, and none of what other tests of this process have open."""
        for each in (self.door, *(end for pair in self.held for end in pair)):
            if each.fileno() >= 0:
                yield os.fstat(each.fileno()).st_ino, each.fileno()

    def connect(self, host: str = "127.0.0.9", *, looked_at: bool = True) -> int:
        """Its number."""
        far = socket.create_connection(self.door.getsockname(), source_address=(host, 0))
        near, _ = self.door.accept()
        near.setblocking(False)
        self.held.append((far, near))
        if looked_at:
            self.look(later=0.001)
        return len(self.held) - 1

    def calls_from(self, number: int, *, known: bool = False) -> Scope:
        host, port = self.held[number][0].getsockname()
        scope = cast("Scope", {"client": (host, str(port)), "http_version": "1.1"})  # as the server tells it
        self.calls.enter_context(self.watch.call(scope))
        if known:
            let_in(scope)
        return scope

    def waits_for_a_body_of(self, number: int) -> None:
        cast("dict[str, Any]", self.calls_from(number))[CALL].waits = True

    def calls_end(self) -> None:
        self.calls.close()

    def look(self, later: float = 0.0) -> None:
        self.now += later
        self.watch.look(self.now)

    def cut(self) -> set[int]:
        """Those whose far end has been told that it is over."""
        gone = set()
        for number, (_, near) in enumerate(self.held):
            try:
                if near.recv(1, socket.MSG_PEEK) == b"":
                    gone.add(number)
            except BlockingIOError:
                continue
            except OSError:  # reset, or closed by the server
                gone.add(number)
        return gone

    def let_go(self) -> None:
        """Close what was cut, as the server does."""
        for number in self.cut():
            self.held[number][1].close()

    def close(self) -> None:
        self.calls.close()
        for both in self.held:
            for one in both:
                one.close()
        self.door.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def test_of_one_address_the_oldest_at_rest_go(desk: Desk) -> None:
    for _ in range(6):
        desk.connect()
    other = desk.connect("127.0.0.10")
    assert desk.cut() == {0, 1}
    assert other not in desk.cut()


def test_so_many_are_cut_at_once_and_the_rest_at_the_next_looks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come again, all together, and each costs a call's work."""
    monkeypatch.setattr(connections, "_CUT_AT_ONCE", 2)
    for _ in range(9):
        desk.connect(looked_at=False)
    left = []
    for _ in range(4):
        desk.look()
        desk.let_go()
        left.append(sum(near.fileno() >= 0 for _, near in desk.held))
    assert left == [7, 5, 4, 4]


def test_what_is_over_the_bound_of_all_is_cut_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_CUT_AT_ONCE", 1)
    for _ in range(14):
        desk.connect(looked_at=False)
    desk.look()
    assert len(desk.cut()) == 14 - BOUNDS.in_all


def test_as_many_as_an_address_may_have_stay(desk: Desk) -> None:
    for _ in range(4):
        desk.connect()
    desk.look(later=1)
    assert desk.cut() == set()


def test_who_holds_goes_before_who_calls_and_who_was_let_in_stays(desk: Desk) -> None:
    centre, stranger, dripping, idle = (desk.connect() for _ in range(4))
    desk.calls_from(centre, known=True)
    desk.calls_from(stranger)
    desk.waits_for_a_body_of(dripping)
    desk.look(later=3)
    newcomers = []
    for gone in (idle, dripping):
        newcomers.append(desk.connect())
        assert gone in desk.cut()
    assert not {centre, stranger, *newcomers} & desk.cut()


def test_a_centre_at_rest_stays_longer_than_strangers_that_call(desk: Desk) -> None:
    centre = desk.connect()
    desk.calls_from(centre, known=True)
    desk.calls_end()
    strangers = [desk.connect() for _ in range(3)]
    for number in strangers:
        desk.waits_for_a_body_of(number)
    desk.look(later=3)
    newcomer = desk.connect()
    assert desk.cut() == {strangers[0]}
    assert newcomer not in desk.cut()


def test_calls_that_were_let_in_are_not_bounded_by_the_watch(desk: Desk) -> None:
    for number in [desk.connect(looked_at=False) for _ in range(6)]:
        scope = desk.calls_from(number, known=True)
        assert cast("dict[str, Any]", scope)[CALL].let_in
    desk.look()
    assert desk.cut() == set()


def test_of_all_those_of_the_largest_crowd_go(desk: Desk) -> None:
    alone = [desk.connect(f"127.0.0.{number}") for number in range(20, 27)]
    crowd = [desk.connect() for _ in range(4)]
    desk.look()
    assert desk.cut() == {crowd[0]}
    assert not set(alone) & desk.cut()


def test_who_never_calls_goes_in_time(desk: Desk) -> None:
    number = desk.connect()
    desk.look(later=19)
    assert desk.cut() == set()
    desk.look(later=2)
    assert desk.cut() == {number}


def test_rest_begins_anew_with_every_call(desk: Desk) -> None:
    number = desk.connect()
    desk.calls_from(number)
    desk.look(later=LONG)
    desk.calls_end()
    desk.look(later=1)
    desk.look(later=19)
    assert desk.cut() == set()
    desk.calls_from(number)
    desk.calls_end()  # between two looks
    desk.look(later=19)
    desk.look(later=19)
    assert desk.cut() == set()
    desk.look(later=2)
    assert desk.cut() == {number}


def test_an_answer_may_be_read_slowly_but_has_to_be_read(
    desk: Desk,
) -> None:
    slow, never = desk.connect(), desk.connect()
    for number in (slow, never):
        desk.calls_from(number)
    sent = {number: fill(desk.held[number][1]) for number in (slow, never)}
    desk.look()
    desk.calls_end()
    desk.look()
    far, near = desk.held[slow]
    while _traffic(near.fileno()).waiting:
        read(far, min(sent[slow], 500_000))
        sent[slow] -= 500_000
        until_it_is_seen(near)
        desk.look(later=19)
    assert desk.cut() == {never}


def test_a_reader_who_takes_no_piece_of_a_long_answer_is_cut(desk: Desk) -> None:
    number = desk.connect()
    call = cast("dict[str, Any]", desk.calls_from(number, known=True))[CALL]
    call.unread_since = desk.now
    desk.look(later=59)
    assert desk.cut() == set()
    desk.look(later=1100)
    assert desk.cut() == {number}


def test_other_sockets_of_the_process_are_let_alone(desk: Desk) -> None:
    number = desk.connect()
    desk.look(later=LONG)
    assert desk.cut() == {number}
    far, _ = desk.held[number]
    far.settimeout(5)
    assert far.recv(1) == b""  # the door's end was closed, this one only heard of it
    assert far.getsockname()


@pytest.mark.parametrize(
    ("host", "same_as"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
    ],
)
def test_what_one_subscriber_is_given_counts_as_one_address(host: str, same_as: str) -> None:
    assert network(host) == network(same_as)
    assert network(host) not in {network("2001:db8:1:3::1"), network("192.0.2.8")}


def until_it_is_seen(near: socket.socket) -> None:
    """At the sender's end, that the far end has taken something."""
    before = _traffic(near.fileno())
    for _ in range(500):
        now = _traffic(near.fileno())
        if now.acked > before.acked or not now.waiting:
            return
        time.sleep(0.01)


def read(near: socket.socket, count: int) -> None:
    near.setblocking(True)
    near.settimeout(10)
    while count:
        count -= len(near.recv(min(count, 1 << 16)))
    near.setblocking(False)


def fill(near: socket.socket) -> int:
    """Send until nothing more is taken; how much was."""
    sent = 0
    while True:
        try:
            sent += near.send(b"a" * (1 << 16))
        except BlockingIOError:
            return sent
