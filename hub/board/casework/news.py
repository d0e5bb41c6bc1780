"""News: who has a list open, and one look a second for all of them at what has moved since they read it.

Source: board.md 5. A list is as old as the end of its centre's chain when it was made; whatever the chain
says of a matter after that is news. A stream says how many matters moved and nothing else, does not lengthen
the session that opened it, and ends with it: a person who is suspended hears no more at the next look.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from hub.evidence.store import moved_since
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.people.store import sessions_in_force
from hub.plumbing.database import Database
from hub.web import stopping

LOOK_SECONDS = 1.0
BEAT_SECONDS = 20.0
"""A word that says nothing, so that nobody on the way takes the silence for an end."""
OF_A_SESSION = 8
"""Streams at most, in one process: over HTTP/1.1 a browser has six connections to a site in all."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open list."""

    session: bytes
    tenant: CentreId
    since: int
    """The end of the centre's chain when the list was made."""
    moved: int = 0
    """Matters that have moved since then."""
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, moved: int) -> None:
        if moved != self.moved:
            self.moved = moved
            self.changed.set()

    def end(self) -> None:
        self.over = True
        self.changed.set()


class News:
    """Of one process; nobody looks while nobody listens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None

    async def of(self, session: bytes, tenant: CentreId, since: int) -> AsyncIterator[int | None]:
        """How many matters have moved, each time that it changes; None where nothing did for a while."""
        listener = Listener(session, tenant, since)
        self._listeners.add(listener)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_on(), name="news")
        try:
            while not listener.over:
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        await listener.changed.wait()
                except TimeoutError:
                    yield None
                    continue
                listener.changed.clear()
                if not listener.over:
                    yield listener.moved
        finally:
            self._listeners.discard(listener)

    def has_room_for(self, session: bytes) -> bool:
        return sum(one.session == session for one in self._listeners) < OF_A_SESSION

    async def _look_on(self) -> None:
        """Until nobody listens. A look that fails ends all streams: browsers come again by themselves."""
        try:
            while self._listeners and not stopping.begun():
                await self._look(tuple(self._listeners))
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            for one in self._listeners:
                one.end()

    async def _look(self, listeners: Sequence[Listener]) -> None:
        """Two statements, however many listen."""
        async with self._database.transaction({one.tenant for one in listeners}) as tx:
            in_force = await sessions_in_force(tx, {one.session for one in listeners}, clock.now())
            moved = await moved_since(tx, {(one.tenant, one.since) for one in listeners})
        for one in listeners:
            if one.session in in_force:
                one.tell(moved.get((one.tenant, one.since), 0))
            else:
                one.end()
