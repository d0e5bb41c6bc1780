"""What the pages of people work with, put together once by the composition root."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.people.gateways.providers import Providers
from hub.people.gateways.push_services import PushServices
from hub.people.person import Person
from hub.plumbing.database import Database, Tx
from hub.signing.keyring import Keyring

HASHES_AT_ONCE = 2
"""Of passwords in one process: each takes 64 MiB and half a second of a processor."""


@dataclass(frozen=True, slots=True)
class Counter:
    """One piece of work with people: an open transaction, and the time."""

    tx: Tx
    now: datetime


def back_to(public_url: str, centre: CentreId) -> str:
    """Where a provider sends browsers: for each centre another address, so that none answers for another."""
    return f"{public_url}/sign-in/organisation/{centre}/back"


@dataclass(frozen=True, slots=True)
class PeopleOffice:
    database: Database
    keyring: Keyring
    public_url: str
    link_suffices: bool = False
    """For a first look on one's own machine: an invitation signs in by itself."""
    providers: Providers = field(default_factory=Providers)
    push: PushServices = field(default_factory=PushServices)
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HASHES_AT_ONCE))

    @property
    def host(self) -> str:
        """What a passkey belongs to."""
        return urlsplit(self.public_url).hostname or ""

    @property
    def origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    def back(self, centre: CentreId) -> str:
        return back_to(self.public_url, centre)

    @asynccontextmanager
    async def counter(self) -> AsyncIterator[Counter]:
        """One transaction for nobody yet: whose it is, is found out in it."""
        async with self.database.transaction() as tx:
            yield Counter(tx, clock.now())

    @asynccontextmanager
    async def counter_of(self, person: Person) -> AsyncIterator[Counter]:
        """One that acts for a person's centre."""
        async with self.database.transaction([person.centre]) as tx:
            yield Counter(tx, clock.now())
