"""How commands reach the database: as its owner for the operator's work, embedded where no URL is set."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from asyncpg import InvalidParameterValueError, UndefinedTableError
from sqlalchemy.exc import DBAPIError

from hub.kernel.ids import CentreId
from hub.ops.bad_news import SETTING
from hub.plumbing import embedded, standard_time
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database, DatabaseUnavailable, Tx
from hub.settings import Settings
from hub.workdays import store as workdays
from hub.workdays.calendars import Calendars

T = TypeVar("T")


def app_url(settings: Settings) -> str:
    """Where the application connects; starts the embedded server where no URL is set."""
    return settings.database_url or embedded.start(settings.embedded_directory).app_url


def owner_url(settings: Settings) -> str:
    """Where the owner of the tables connects."""
    if settings.database_url:
        return settings.database_owner_url or settings.database_url
    return embedded.start(settings.embedded_directory).admin_url


def owner_setting(settings: Settings) -> str:
    """Which setting the owner's address comes from."""
    return "HUB_DATABASE_OWNER_URL" if settings.database_owner_url else "HUB_DATABASE_URL"


@contextmanager
def named(setting: str) -> Iterator[None]:
    """Where the database is not reached, whoever hears of it is told which setting leads there."""
    try:
        yield
    except DatabaseUnavailable as away:
        away.facts[SETTING] = setting
        raise
    except OSError as away:
        if away.filename is not None:
            raise
        raise DatabaseUnavailable(**{SETTING: setting}) from away


@asynccontextmanager
async def owner_transaction(parties: Iterable[CentreId] = ()) -> AsyncIterator[Tx]:
    """One transaction as the owner of the tables; row-level security applies to it too."""
    settings = Settings()
    with named(owner_setting(settings)):
        async with transaction(owner_url(settings), OWNER_ROLE, parties) as tx:
            yield tx


@asynccontextmanager
async def transaction(url: str, role: str, parties: Iterable[CentreId] = ()) -> AsyncIterator[Tx]:
    """One transaction; from here on the command goes by the database's clock."""
    async with connected(url, role) as database, database.transaction(parties) as tx:
        await standard_time.ask_within(tx)
        yield tx


@asynccontextmanager
async def connected(url: str, role: str) -> AsyncIterator[Database]:
    database = Database(url, role=role, pool_size=1)
    try:
        yield database
    finally:
        await database.close()


def read_calendars() -> Calendars | None:
    """The operator's calendars, where a database is configured or the embedded one runs; else None."""
    settings = Settings()
    url = settings.database_url
    if url is None:
        if not embedded.is_running(settings.embedded_directory):
            return None
        url = app_url(settings)

    async def read() -> Calendars | None:
        try:
            async with transaction(url, APP_ROLE) as tx:
                return await workdays.load(tx)
        except DBAPIError as not_installed:
            if isinstance(not_installed.orig.__cause__, (UndefinedTableError, InvalidParameterValueError)):  # type: ignore[union-attr]
                return None
            raise

    return run(read())


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
