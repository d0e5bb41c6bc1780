"""What the routes of the proofs work with, put together once by the composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from hub.access.caller import Gatekeeper
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database
from hub.proofs.casework import Desk, Shelf
from hub.proofs.gateways.examination import Examiners
from hub.signing.keyring import Keyring
from hub.web.bodies import Wait
from hub.web.uploads import Entrance


@dataclass(frozen=True, slots=True)
class Cabinet:
    database: Database
    blobs: Blobs
    gatekeeper: Gatekeeper
    keyring: Keyring
    entrance: Entrance
    """The same that the other uploads of a centre pass: together they take so many places."""
    upload_wait: Wait
    unused_bytes_at_most: int
    examiners: Examiners

    @property
    def shelf(self) -> Shelf:
        return Shelf(self.blobs, self.examiners)

    @asynccontextmanager
    async def desk(self, owner: CentreId) -> AsyncIterator[Desk]:
        """One transaction on one centre's proofs."""
        async with self.database.transaction([owner]) as tx:
            yield Desk(tx, owner, clock.now(), self.keyring, self.unused_bytes_at_most)
