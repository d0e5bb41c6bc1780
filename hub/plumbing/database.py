"""The one way to PostgreSQL: a transaction is opened for named centres, as a role that owns nothing.

The parties of a transaction are set transaction-locally with its first statement; row-level security
(`plumbing.wall`) reads them. Without parties no row is visible. Source: security.md 4.
"""

import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import MetaData, PoolResetState, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hub.kernel.ids import CentreId
from hub.kernel.refusal import Outage
from hub.plumbing.postgres import Reach, reach

APP_ROLE = "hub_app"
OWNER_ROLE = "hub_owner"

PATIENCE = timedelta(seconds=10)
"""How long a call waits for a connection, or for a row that another one holds."""
CONNECT_SECONDS = 10
LONE_CONNECTIONS = 4
"""Beside those of the pool, for statements that stand alone: each is over in a moment."""
IDLE_AT_MOST = timedelta(minutes=1)
"""A transaction whose process no longer says anything is ended: it may hold what others wait for."""

metadata = MetaData(
    schema="hub",
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

_DEEPEST = 5
"""Adapters wrap the driver's error a few times."""
_AFTERWARDS, _FORGOTTEN = "afterwards", "forgotten"
_FORGET = "RESET ALL"
"""A session-level setting must not reach the next user of a connection (security.md 4)."""

Tx = AsyncConnection
"""An open transaction. Rooms read and write through it and never commit it."""


class DatabaseUnavailable(Outage):
    code = "database.unavailable"
    retry_after = timedelta(seconds=2)


class DatabaseNotProven(DatabaseUnavailable):
    """Who answers at the database's address offers no TLS, or does not prove that it is the database."""

    code = "database.not-proven"
    retry_after = timedelta(minutes=1)


class Database:
    """A pool of connections to one database, all in one role."""

    def __init__(
        self, url: str, *, role: str = APP_ROLE, pool_size: int = 10, patience: timedelta = PATIENCE
    ) -> None:
        self._patience = patience
        where = reach(url)
        self._engine = _engine(where, role, pool_size, patience)
        self._lone: asyncpg.Pool[asyncpg.Record] | None = None
        self._open_lone = partial(_lone, where, role, patience)

    @asynccontextmanager
    async def transaction(self, parties: Iterable[CentreId] = ()) -> AsyncIterator[Tx]:
        """One transaction that may touch the rows of `parties`; commits when the block ends well."""
        with _outages():
            async with self._engine.connect() as tx:
                await _driver(tx).execute(f"BEGIN; {acting_for(parties)}")
                yield tx
                last = "; ".join(["COMMIT", *tx.info.pop(_AFTERWARDS, ()), _FORGET])
                await _driver(tx).execute(last)
                tx.info[_FORGOTTEN] = True

    async def alone(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """One statement for nobody, on a connection for such. It sets nothing, and what it writes stays."""
        with _outages():
            if self._lone is None:
                self._lone = self._open_lone()
            pool = await self._lone
            clock = None if pool.get_idle_size() else self._patience.total_seconds()  # only for who waits
            async with pool.acquire(timeout=clock) as connection:
                rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
                return rows

    async def close(self) -> None:
        await self._engine.dispose()
        if self._lone is not None:
            await self._lone.close()


async def act_for(tx: Tx, parties: Iterable[CentreId]) -> None:
    """From here to its end the transaction may touch the rows of exactly these centres."""
    await _driver(tx).execute(acting_for(parties))


def acting_for(parties: Iterable[CentreId]) -> str:
    return f"SET LOCAL hub.parties = '{{{','.join(centre.hex for centre in parties)}}}'"


def afterwards(tx: Tx, statement: str) -> None:
    """Run `statement` once the transaction is committed, never if it fails."""
    tx.info.setdefault(_AFTERWARDS, {})[statement] = None


class Row(asyncpg.Record):  # type: ignore[misc]  # the driver has no types
    """A row as the driver gives it, whose columns are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


async def fetch(tx: AsyncConnection, statement: str, *values: object) -> list[Row]:
    """A statement in PostgreSQL's own words, run by the driver: a third of what it costs through SQLAlchemy.

    For what every call does. Its errors are the driver's, `asyncpg.PostgresError`.
    """
    rows: list[Row] = await _driver(tx).fetch(statement, *values, record_class=Row)
    return rows


def _driver(tx: AsyncConnection) -> asyncpg.Connection:
    assert tx.sync_connection is not None  # noqa: S101  # an open connection has one
    return tx.sync_connection.connection.driver_connection


def _engine(where: Reach, role: str, pool_size: int, patience: timedelta) -> AsyncEngine:
    engine = create_async_engine(
        where.url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=patience.total_seconds(),
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",  # BEGIN and COMMIT are said here, with what belongs to them
        hide_parameters=True,
        connect_args={
            "server_settings": _settings(role, patience),
            "timeout": CONNECT_SECONDS,
            "ssl": where.tls,
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def meet(_dbapi: object, record: Any, _proxy: object) -> None:
        """A connection that was lost while it lay idle is not handed out: another one is made."""
        if record.driver_connection.is_closed():
            raise DisconnectionError

    @event.listens_for(engine.sync_engine, "reset")
    def forget_the_last_user(dbapi: Any, record: Any, state: PoolResetState) -> None:
        """Undo what was not committed, and what was set; a transaction that ended well has done so itself."""
        record.info.pop(_AFTERWARDS, None)
        if not record.info.pop(_FORGOTTEN, False) and not state.terminate_only:
            undo = "ROLLBACK; " if record.driver_connection.is_in_transaction() else ""
            dbapi.run_async(lambda connection: connection.execute(f"{undo}{_FORGET}"))

    return engine


def _lone(where: Reach, role: str, patience: timedelta) -> "asyncpg.Pool[asyncpg.Record]":
    """Connections for statements that stand alone. Nothing has to be undone there between two of them."""

    async def leave(_connection: object) -> None: ...

    return asyncpg.create_pool(
        where.dsn,
        ssl=where.tls,
        min_size=0,
        max_size=LONE_CONNECTIONS,
        reset=leave,
        timeout=CONNECT_SECONDS,
        server_settings=_settings(role, patience),
    )


def _settings(role: str, patience: timedelta) -> dict[str, str]:
    return {
        "role": role,
        "application_name": "saikne-hub",
        "timezone": "UTC",
        "lock_timeout": _milliseconds(patience),
        "idle_in_transaction_session_timeout": _milliseconds(IDLE_AT_MOST),
    }


def _milliseconds(time: timedelta) -> str:
    return str(time // timedelta(milliseconds=1))


class _outages:  # noqa: N801  # reads as a block
    """Turns a lost, refused or too long awaited connection or row into an Outage; all else stays our bug."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if _is_unproven(error):
            raise DatabaseNotProven from error
        if isinstance(error, DBAPIError) and (error.connection_invalidated or _is_outage(error.orig)):
            raise DatabaseUnavailable from error
        if _is_outage(error):
            raise DatabaseUnavailable from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it was made of, down to the driver's own."""
    for _ in range(_DEEPEST):
        if error is None:
            return
        yield error
        error = error.__cause__ or getattr(error, "orig", None)


def _is_unproven(error: BaseException | None) -> bool:
    """A certificate that does not fit, or no TLS at all, for which the driver has no kind of its own."""
    return any(isinstance(one, ssl.SSLError) or "rejected SSL upgrade" in str(one) for one in _causes(error))


def _is_outage(error: BaseException | None) -> bool:
    return any(isinstance(one, _OUTAGES) or _is_closed(one) for one in _causes(error))


_OUTAGES = (
    ConnectionError,
    TimeoutError,
    socket.gaierror,  # its name is not found just now
    asyncpg.CannotConnectNowError,
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # the server went away in the middle of a word
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    NoConnectionFree,
)


def _is_closed(error: BaseException) -> bool:
    """What two libraries say of a server that is gone: a closed connection, a socket without its file."""
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error)
    return isinstance(error, FileNotFoundError) and error.filename is None
