"""What the routes and jobs of the exchange work with, put together once by the composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.exchange.casework.case import Desk
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.matters.office import MattersOffice
from hub.plumbing.blobs import Blobs
from hub.web.bodies import Wait
from hub.web.limits import Limits
from hub.web.uploads import Entrance


@dataclass(frozen=True, slots=True)
class Office(MattersOffice):
    """That of all matters, with what exchanges need beside."""

    blobs: Blobs
    payload_time: timedelta
    preparation_time: timedelta
    upload_wait: Wait
    """A sender who says nothing for longer has broken off."""
    entrance: Entrance
    limits: Limits

    @asynccontextmanager
    async def desk(self, *parties: CentreId, now: datetime | None = None) -> AsyncIterator[Desk]:
        """One transaction for these parties, with everything casework needs; `now`: for what came before."""
        async with self.database.transaction(parties) as tx:
            yield Desk(
                tx=tx,
                now=now or clock.now(),
                keyring=self.keyring,
                calendars=self.calendars,
                payload_time=self.payload_time,
                preparation_time=self.preparation_time,
                limits=self.limits,
            )
