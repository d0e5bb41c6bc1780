"""Brings a database to this version's schema: roles, schemas, migrations, the first calendar. Safe to repeat.

The migrations run as `hub_owner`, which owns everything and may not log in. Roles and schemas are made where
the login may do so; on a server where it may not, `deploy/roles.sql` is run by hand first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from asyncpg import InsufficientPrivilegeError
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hub import migrations
from hub.ops.bad_news import LoginRefused, refused_by_database
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database
from hub.plumbing.postgres import reach
from hub.plumbing.wall import ROLES, SCHEMAS
from hub.workdays import store as workdays

if TYPE_CHECKING:
    from alembic.config import Config

_WHOEVER_LOGS_IN = "none"
"""The role that PostgreSQL has for it: before the first migration there may be no other."""
_USUAL_PORT = 5432
_STEPS = Path(migrations.__file__).parent / "versions"
_ONE_AT_A_TIME = 0x5A494B4E  # any number of our own: two migrations wait for each other


async def install(owner_url: str) -> None:
    """Migrate the database that `owner_url` logs in to."""
    where = reach(owner_url)
    engine = create_async_engine(where.url, poolclass=NullPool, connect_args={"ssl": where.tls})
    try:
        async with engine.begin() as tx:
            await tx.exec_driver_sql("SELECT pg_advisory_xact_lock($1)", (_ONE_AT_A_TIME,))
            with _as_far_as_the_login_may():
                await tx.exec_driver_sql(ROLES)
                await tx.exec_driver_sql(SCHEMAS)
                await tx.exec_driver_sql(f"SET LOCAL ROLE {OWNER_ROLE}")
            await tx.run_sync(_upgrade)
            await tx.exec_driver_sql(f"GRANT SELECT ON {migrations.SCHEMA}.alembic_version TO {APP_ROLE}")
            await workdays.seed(tx, (await tx.execute(select(func.now()))).scalar_one())
    finally:
        await engine.dispose()


@contextmanager
def _as_far_as_the_login_may() -> Iterator[None]:
    """Roles and schemas are the server's matter: what is refused there is the operator's to put right."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(refused := refused_by_database(error), InsufficientPrivilegeError):
            raise LoginRefused(str(refused)) from error
        raise


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def configuration() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS.parent))
    return config


def newest() -> str:
    """The last migration of this version; every start asks, so the files' own numbers tell."""
    return max(step.name.partition("_")[0] for step in _STEPS.glob("[0-9]*.py"))


async def place(url: str) -> str:
    """Where a login leads, without its password: `host:port/database`, once the server there has answered."""
    named = reach(url).url
    database = Database(url, role=_WHOEVER_LOGS_IN, pool_size=1)
    try:
        [row] = await database.alone("SELECT current_database() AS name")
    finally:
        await database.close()
    host = named.host or named.query.get("host") or "localhost"
    return f"{host}:{named.port or _USUAL_PORT}/{row['name']}"


async def version(url: str) -> str | None:
    """The migration that a database stands at; None where there is none yet."""
    database = Database(url, role=APP_ROLE, pool_size=1)
    try:
        async with database.transaction() as tx:
            if await tx.scalar(migrations.IS_THERE) is None:
                return None
            found: str | None = await tx.scalar(migrations.VERSION)
            return found
    finally:
        await database.close()
