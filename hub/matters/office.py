"""What the routes of matters work with, put together once by the composition root."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from litestar.di import NamedDependency
from litestar.params import SkipValidation

from hub.access.caller import Gatekeeper
from hub.kernel import clock
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf


@dataclass(frozen=True, slots=True)
class MattersOffice:
    database: Database
    gatekeeper: Gatekeeper
    keyring: Keyring
    calendars: CalendarShelf

    @asynccontextmanager
    async def desk(self, *parties: CentreId) -> AsyncIterator[Desk]:
        """One transaction for these parties, with everything casework needs."""
        async with self.database.transaction(parties) as tx:
            yield Desk(tx=tx, now=clock.now(), keyring=self.keyring, calendars=self.calendars)


AnyOffice = NamedDependency[SkipValidation[MattersOffice]]
"""For a handler: that of the room above, which can do more, stands for it."""
