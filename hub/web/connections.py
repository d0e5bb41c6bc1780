"""Which connections are held and which are cut: those at rest for too long, and those that are too many.

The server (granian) takes whatever comes until it takes nothing any more, and its own limit of time is for
the head of an HTTP/1 call only. So each of its processes looks at its own sockets again and again: at how
many there are of one address and in all, and how long each has been without a call. Who holds connections
without calling goes first, then who has only come, or keeps the hub waiting for a body, then strangers whose
call is in work; a call of a centre that was let in is never cut for being one too many. Connections are told
apart by address and port of the far end, as the server gives them with every call. It needs Linux (`/proc`).
"""

import os
import resource
import socket
import stat
import struct
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from hub.web.calls import open_scope

if TYPE_CHECKING:
    from litestar.types import Scope  # the process that starts the servers takes only what it needs from here

log = structlog.get_logger(__name__)

CALL = "hub.call"
"""Where the scope of a call keeps its `Call`."""

Peer = tuple[str, int]
Sockets = Callable[[], Iterable[tuple[int, int]]]
_NOBODY = ("", 0)
_OWN_FILES = "/proc/self/fd"
_OTHER_FILES = 512
_LOOK_SECONDS = 0.5
_HANDSHAKE_SECONDS = 2.0
"""Who has just come, or has just called, does not count as one who only holds a connection."""
_CUT_AT_ONCE = 128
"""At each look: who is cut comes again, and thousands that come at once would make everybody wait."""
HEAD_BYTES = 64 * 1024
"""Of a call: its target and all header fields."""
PIECE_BYTES = 1 << 20
"""An answer is given to the server in pieces of this size at most."""
_NETWORK_BITS = 64
_TCP_INFO = "=24xI92xQ16xI"  # of struct tcp_info: unacked; bytes_acked; notsent_bytes
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class Bounds:
    an_address: int
    in_all: int
    rest: timedelta
    """How long a connection is held without a call."""
    silence: timedelta
    """How long an answer waits for a reader who takes nothing of it."""
    bytes_a_second: int
    """The slowest that an answer is read."""


@dataclass(slots=True, eq=False)
class Call:
    """One call that is under way."""

    let_in: bool = False
    waits: bool = False
    """For more of its body."""
    unread_since: float | None = None
    """Since when a piece of the answer waits to be taken."""


@dataclass(slots=True)
class _Caller:
    """The far end of one connection, as its calls show it."""

    under_way: set[Call] = field(default_factory=set)
    begun: int = 0
    let_in: bool = False


@dataclass(frozen=True, slots=True)
class _Traffic:
    waiting: bool = False
    """Whether something sent has not arrived."""
    acked: int = 0


@dataclass(slots=True, eq=False)
class _Line:
    """A socket of this process, as the watch sees it."""

    fd: int
    port: int
    """At this end."""
    peer: Peer
    """At the far end; `_NOBODY` where it listens."""
    network: str
    since: float
    """When its rest began."""
    born: float
    begun: int = 0
    reads: _Traffic | None = None
    """When it was first seen that the last answer is still being read."""
    caller: _Caller = field(default_factory=_Caller)

    def rank(self, now: float) -> int | None:
        """Lower goes first; None never goes."""
        calls = tuple(self.caller.under_way)
        if any(call.let_in for call in calls):
            return None
        if self.caller.let_in or any(not call.waits for call in calls):
            return 2
        return 1 if calls or now - self.since < _HANDSHAKE_SECONDS else 0


def room_for(wanted: int) -> int:
    """How many connections a process may hold beside all else that it has open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(wanted, max((files - _OTHER_FILES) * 4 // 5, 1))


def let_in(scope: "Scope") -> None:
    """Note that whoever makes this call has proved who it is."""
    call = open_scope(scope).get(CALL)
    if call is not None:  # absent where an application stands without its door
        call.let_in = True


class Connections:
    """Of one server process. Calls are told by its event loop; the watch is a thread of its own.

    `sockets`: inode and file descriptor of every socket that is looked at.
    """

    def __init__(self, bounds: Bounds, sockets: Sockets | None = None) -> None:
        self._bounds = bounds
        self._sockets = sockets or _sockets
        self._callers: defaultdict[Peer, _Caller] = defaultdict(_Caller)
        self._lines: dict[int, _Line] = {}
        self._stop = Event()

    @contextmanager
    def call(self, scope: "Scope") -> Iterator[Call]:
        """One call, from its head to the last byte of its answer."""
        host, port = scope.get("client") or ("", 0)
        caller = self._callers[host.partition("%")[0], int(port)]  # the server gives it as text
        call = Call()
        open_scope(scope)[CALL] = call
        caller.under_way.add(call)
        caller.begun += 1
        try:
            yield call
        finally:
            caller.let_in |= call.let_in
            caller.under_way.discard(call)

    @contextmanager
    def watched(self) -> Iterator[None]:
        if not os.path.isdir(_OWN_FILES):  # noqa: PTH112  # a mere question
            yield
            return
        watch = Thread(target=self._watch, name="connections", daemon=True)
        watch.start()
        try:
            yield
        finally:
            self._stop.set()
            watch.join()

    def _watch(self) -> None:
        pause = _LOOK_SECONDS
        while not self._stop.wait(pause):
            began = monotonic()
            try:
                self.look(began)
            except Exception:
                log.exception("failed", path="connections")
            pause = max(_LOOK_SECONDS, 20 * (monotonic() - began))  # a twentieth of one core at most

    def look(self, now: float) -> None:
        """Look once at every connection, and cut those that have to go."""
        held = self._take_stock(now)
        idle = {line for line in held if self._is_idle(line, now)}
        too_many = self._too_many([line for line in held if line not in idle], now)
        at_once = max(_CUT_AT_ONCE, len(held) - self._bounds.in_all)
        for line in (*idle, *too_many)[:at_once]:
            _cut(line)
        if too_many:
            log.warning("connections cut", too_many=len(too_many), held=len(held))

    def _take_stock(self, now: float) -> list[_Line]:
        """What is connected to a port that this process listens at."""
        known, self._lines = self._lines, {}
        for inode, fd in self._sockets():
            line = known.get(inode)
            if line is None or line.fd != fd:
                line = _line(fd, now)
            if line is not None:
                self._lines[inode] = line
        doors = {line.port for line in self._lines.values() if line.peer == _NOBODY}
        held = [line for line in self._lines.values() if line.peer != _NOBODY and line.port in doors]
        for line in held:
            line.caller = self._callers.get(line.peer, line.caller)
        gone = self._callers.keys() - {line.peer for line in held}
        for peer in gone:
            if not self._callers[peer].under_way:
                del self._callers[peer]
        return held

    def _is_idle(self, line: _Line, now: float) -> bool:
        """Whether it is at rest for too long, or does not read its answer."""
        bounds, caller = self._bounds, line.caller
        if calls := tuple(caller.under_way):
            patience = bounds.silence.total_seconds() + PIECE_BYTES / bounds.bytes_a_second
            return any(call.unread_since and now - call.unread_since > patience for call in calls)
        if line.begun != caller.begun:
            line.begun, line.since, line.reads = caller.begun, now, None
        rest_seconds = bounds.rest.total_seconds()
        if now - line.since <= rest_seconds:
            return False
        traffic = _traffic(line.fd)
        if traffic.waiting:  # what was answered is still being read
            line.reads = line.reads or traffic
            read_seconds = (traffic.acked - line.reads.acked) / bounds.bytes_a_second
            return now - line.since > 2 * rest_seconds + read_seconds
        if line.reads:
            line.since, line.reads = now, None
            return False
        return True

    def _too_many(self, lines: list[_Line], now: float) -> list[_Line]:
        crowds = Counter(line.network for line in lines)

        def first_to_go(some: list[_Line], excess: int) -> list[_Line]:
            if excess <= 0:
                return []
            ranks = {line: rank for line in some if (rank := line.rank(now)) is not None}
            order = sorted(ranks, key=lambda line: (ranks[line], -crowds[line.network], line.born))
            return order[:excess]

        too_many: list[_Line] = []
        for network, count in crowds.items():
            if count > self._bounds.an_address:
                there = [line for line in lines if line.network == network]
                too_many += first_to_go(there, count - self._bounds.an_address)
        going = set(too_many)
        left = [line for line in lines if line not in going]
        return too_many + first_to_go(left, len(left) - self._bounds.in_all)


def _sockets() -> Iterator[tuple[int, int]]:
    """Inode and file descriptor of every socket of this process."""
    for name in os.listdir(_OWN_FILES):  # noqa: PTH208  # thousands, several times a second
        try:
            found = os.fstat(int(name))
        except OSError:
            continue  # closed meanwhile, as the listing itself is
        if stat.S_ISSOCK(found.st_mode):
            yield found.st_ino, int(name)


@contextmanager
def _borrowed(fd: int) -> Iterator[socket.socket]:
    """A socket that somebody else goes on owning."""
    borrowed = socket.socket(fileno=fd)
    try:
        yield borrowed
    finally:
        borrowed.detach()


def _line(fd: int, now: float) -> _Line | None:
    try:
        with _borrowed(fd) as found:
            if found.family not in (socket.AF_INET, socket.AF_INET6) or found.type != socket.SOCK_STREAM:
                return None
            port = found.getsockname()[1]
            if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                return _Line(fd, port, _NOBODY, "", now, now)
            peer = _peer(found)
            return _Line(fd, port, peer, network(peer[0]), now, now)
    except OSError:  # not connected yet, or no longer
        return None


def _peer(connected: socket.socket) -> Peer:
    host, port = connected.getpeername()[:2]
    return host.partition("%")[0], port


@lru_cache(4096)
def network(host: str) -> str:
    """What counts as one address; of IPv6 what one subscriber is given."""
    address = ip_address(host)
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(int(address) >> (128 - _NETWORK_BITS))


def _traffic(fd: int) -> _Traffic:
    try:
        with _borrowed(fd) as found:
            told = found.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, struct.calcsize(_TCP_INFO))
    except OSError:
        return _Traffic()
    if len(told) < struct.calcsize(_TCP_INFO):
        return _Traffic()
    unacked, acked, not_sent = struct.unpack(_TCP_INFO, told)
    return _Traffic(bool(unacked or not_sent), acked)


def _cut(line: _Line) -> None:
    """End a connection under the server's hands: it reads the end, and closes."""
    try:
        with socket.socket(fileno=os.dup(line.fd)) as held:
            if _peer(held) == line.peer:  # else the number has come to stand for another file
                if line.reads:
                    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                held.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it ended by itself
