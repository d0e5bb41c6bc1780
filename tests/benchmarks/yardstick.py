"""The bare application that the hub is measured against: on the hub's own server, with the same settings.

One handler writes the body of a PUT to a file as it comes, one inserts one row and commits; both answer when
that is on the disk, as the hub does. Neither asks who calls. Both answer at the hub's addresses, so that they
are sent the very same bytes.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from litestar import Litestar, Request, post, put
from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Uuid, func, insert
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.ops.serving import run_server
from hub.plumbing.postgres import reach
from hub.settings import Settings

FOLDER = "YARDSTICK_FOLDER"
INSTALLATION = """
CREATE TABLE IF NOT EXISTS public.yardstick (
    id uuid PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), body bytea NOT NULL
);
GRANT INSERT ON public.yardstick TO hub_app;
"""

_ROWS = Table(
    "yardstick",
    MetaData(schema="public"),
    Column("id", Uuid, primary_key=True),
    Column("at", DateTime(timezone=True), server_default=func.now()),
    Column("body", LargeBinary),
)


@put(
    "/v1/exchanges/{identity:uuid}/rounds/{round_no:int}/documents/{no:int}",
    request_max_body_size=None,
)
async def write_to_file(request: Request[Any, Any, Any], identity: UUID, round_no: int, no: int) -> None:
    path = Path(os.environ[FOLDER]) / f"{identity}-{round_no}-{no}"
    with path.open("wb") as file:  # written on the event loop: the quickest way there is
        async for block in request.stream():
            file.write(block)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())


@post("/v1/exchanges")
async def insert_one(request: Request[Any, Any, Any], engine: AsyncEngine) -> dict[str, str]:
    identity = uuid4()
    async with engine.begin() as connection:
        await connection.execute(insert(_ROWS), {"id": identity, "body": await request.body()})
    return {"id": str(identity)}


def create_app() -> Litestar:
    settings = Settings()
    assert settings.database_url is not None
    there = reach(settings.database_url)
    engine = create_async_engine(
        there.url,
        connect_args={"ssl": there.tls},
        pool_size=settings.database_connections,
        max_overflow=0,
    )
    return Litestar([write_to_file, insert_one], dependencies={"engine": lambda: engine})


if __name__ == "__main__":
    run_server("tests.benchmarks.yardstick:create_app", Settings(bind=sys.argv[1]))
