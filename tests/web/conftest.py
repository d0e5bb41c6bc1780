"""The whole web application over HTTP in one process, on a real database or beside one that is away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from hub.app import create_app
from hub.parts import assemble
from hub.settings import Settings
from tests.conftest import Cluster

URL = "http://hub.example"


@asynccontextmanager
async def client_of(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]  # as Litestar types it
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


@asynccontextmanager
async def hub_on(database_url: str, home: Path) -> AsyncIterator[httpx.AsyncClient]:
    parts = assemble(
        Settings(home=home, database_url=database_url, public_url=URL, plain_hosts="hub.example")
    )
    async with client_of(create_app(parts)) as client:
        yield client
    await parts.close()


@pytest.fixture(scope="module")
async def web(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """No test here changes anything, so they share one."""
    name = await cluster.create(template)
    async with hub_on(cluster.url(name), tmp_path_factory.mktemp("hub")) as client:
        yield client
    await cluster.drop(name)


@pytest.fixture
async def web_alone(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Its database does not answer."""
    async with hub_on("postgresql://nobody@127.0.0.1:1/none", tmp_path) as client:
        yield client
