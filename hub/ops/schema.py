"""Installs the schema: roles, tables, walls, functions, queue."""

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from hub.kernel import clock
from hub.plumbing import promises
from hub.plumbing.database import APP_ROLE, OWNER_ROLE
from hub.plumbing.wall import PARTIES, ROLES, raise_wall
from hub.tables import STATEMENTS, metadata
from hub.workdays import store as workdays


async def install(admin_url: str) -> None:
    engine = create_async_engine(make_url(admin_url).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as tx:
        await tx.execute(text(ROLES))
        await tx.execute(text(f"CREATE SCHEMA hub AUTHORIZATION {OWNER_ROLE}"))
        await tx.execute(text(f"CREATE SCHEMA queue AUTHORIZATION {OWNER_ROLE}"))
        await tx.execute(text(f"GRANT USAGE ON SCHEMA hub, queue TO {APP_ROLE}"))
        await tx.execute(text(f"SET LOCAL ROLE {OWNER_ROLE}"))
        await tx.execute(text(PARTIES))
        await tx.run_sync(metadata.create_all)
        for statement in STATEMENTS:
            await tx.exec_driver_sql(statement)
        for table in metadata.sorted_tables:
            for statement in raise_wall(table):
                await tx.exec_driver_sql(statement)
        await workdays.seed(tx, clock.now())
        raw = (await tx.get_raw_connection()).driver_connection
        assert raw is not None  # noqa: S101  # an open transaction has a connection
        await raw.execute(promises.installation(APP_ROLE))
    await engine.dispose()
