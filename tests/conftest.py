"""Real PostgreSQL for every test: one server a session, one fresh database for each test that asks."""

import asyncio
import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import make_url

from hub.ops.schema import install
from hub.plumbing import embedded
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    # Hundreds of the hub's processes are started: they need not each compile everything anew.
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="saikne-bytecode-")
    atexit.register(shutil.rmtree, os.environ["PYTHONPYCACHEPREFIX"], ignore_errors=True)

# Commands speak as LANG says, which tests set; these would be asked before it.
for asked_first in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(asked_first, None)

# No test's verdict hangs on how fast the machine is at the moment.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


_LOOKED_THROUGH_AFTER = 50_000
"""Objects made and not given back."""
_ROOM_FOR_DATABASES = 4 << 30
"""Bytes; a server takes some 300 MB of it."""


@dataclass(frozen=True)
class Cluster:
    """A server with a migrated template; `HUB_TEST_DATABASE_URL` names another one."""

    admin_url: str

    def url(self, database: str) -> str:
        return make_url(self.admin_url).set(database=database).render_as_string(hide_password=False)

    async def create(self, template: str | None = None) -> str:
        name = f"hub_{uuid4().hex[:12]}"
        connection = await asyncpg.connect(self.admin_url)
        source = f" TEMPLATE {template} STRATEGY FILE_COPY" if template else ""  # half as long as by the log
        await connection.execute(f"CREATE DATABASE {name}{source}")
        await connection.close()
        return name

    async def drop(self, name: str) -> None:
        connection = await asyncpg.connect(self.admin_url)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await connection.close()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--without-browser", action="store_true", help="leave out tests that need a browser")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is left out is counted as such: whoever has no browser sees how much was not tried."""
    if config.getoption("--without-browser"):
        left = [one for one in items if {"browser", "other_browser"} & {*getattr(one, "fixturenames", ())}]
        config.hook.pytest_deselected(items=left)
        items[:] = [one for one in items if one not in left]


def pytest_collection_finish() -> None:
    """What was collected stays to the end: it is not looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_LOOKED_THROUGH_AFTER)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    if url := os.environ.get("HUB_TEST_DATABASE_URL"):
        yield Cluster(url)
        return
    home = Path(tempfile.mkdtemp(prefix="saikne-tests-", dir=_where_files_are_made_quickly()))
    server = embedded.start(home / "postgres")
    asyncio.run(_forget_the_disk(server.admin_url))
    yield Cluster(server.admin_url)
    embedded.stop(home / "postgres")
    shutil.rmtree(home, ignore_errors=True)


def _where_files_are_made_quickly() -> Path | None:
    """In memory, where there is enough of it; else where temporary files usually are.

    A database is a thousand files. Made and removed on a disk for each test, they took up to half of a
    suite's time: ext4 looks through all inodes that were given back lately before it gives one away.
    """
    memory = Path("/dev/shm")  # noqa: S108  # `mkdtemp` makes a folder of its own there
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM_FOR_DATABASES
    return memory if roomy else None


async def _forget_the_disk(admin_url: str) -> None:
    """Nothing on this server outlives the tests: what is to survive a crash stands on servers of its own."""
    connection = await asyncpg.connect(admin_url)
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        await connection.execute(f"ALTER SYSTEM SET {setting} = off")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.close()


@pytest.fixture(scope="session")
def template(cluster: Cluster) -> Iterator[str]:
    """The name of a migrated database that others are copied from."""
    name = asyncio.run(cluster.create())
    asyncio.run(install(cluster.url(name)))
    yield name
    asyncio.run(cluster.drop(name))


@pytest.fixture
async def database_name(cluster: Cluster, template: str) -> AsyncIterator[str]:
    name = await cluster.create(template)
    yield name
    await cluster.drop(name)


@pytest.fixture
async def database(cluster: Cluster, database_name: str) -> AsyncIterator[Database]:
    """A fresh database as the application sees it: role hub_app, behind the wall."""
    database = Database(cluster.url(database_name), role=APP_ROLE, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
async def owner(cluster: Cluster, database_name: str) -> AsyncIterator[Database]:
    """The same database as the operator's commands see it: role hub_owner."""
    database = Database(cluster.url(database_name), role=OWNER_ROLE, pool_size=2)
    yield database
    await database.close()
