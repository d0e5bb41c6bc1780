"""How commands reach the database: as its owner for the operator's work, embedded where no URL is set."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from hub.kernel.ids import CentreId
from hub.plumbing import embedded
from hub.plumbing.database import OWNER_ROLE, Database, Tx
from hub.settings import Settings

T = TypeVar("T")


def app_url(settings: Settings) -> str:
    if settings.database_url:
        return settings.database_url
    return embedded.start(settings.embedded_directory).app_url


def owner_url(settings: Settings) -> str:
    if settings.database_url:
        return settings.database_owner_url or settings.database_url
    return embedded.start(settings.embedded_directory).admin_url


@asynccontextmanager
async def owner_transaction(parties: Iterable[CentreId] = ()) -> AsyncIterator[Tx]:
    """One transaction as the owner of the tables; row-level security applies to it too."""
    database = Database(owner_url(Settings()), role=OWNER_ROLE, pool_size=1)
    try:
        async with database.transaction(parties) as tx:
            yield tx
    finally:
        await database.close()


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
