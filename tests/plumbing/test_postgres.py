"""Every connection to the database is under TLS that proves the server, or ends before a word is said."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import trustme

from hub.kernel.refusal import Refusal
from hub.ops import schema
from hub.plumbing.database import APP_ROLE, Database, DatabaseNotProven
from hub.plumbing.postgres import Tls, reach, secured
from hub.plumbing.worker import Pace, Worker
from tests.conftest import Cluster
from tests.peers.commands import ran
from tests.peers.tls_postgres import TlsPostgres

AWAY = "postgresql://hub@db.example/saikne"
HERE = "postgresql://hub@127.0.0.1/saikne"
SOCKET = "postgresql://hub@/saikne?host=/run/postgresql"

Connect = Callable[[str], Awaitable[None]]


async def by_the_pool(url: str) -> None:
    database = Database(url, role=APP_ROLE, pool_size=1)
    try:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("SELECT 1")
    finally:
        await database.close()


async def alone(url: str) -> None:
    database = Database(url, role=APP_ROLE, pool_size=1)
    try:
        await database.alone("SELECT 1")
    finally:
        await database.close()


async def by_a_migration(url: str) -> None:
    await schema.install(url)


async def asking_for_the_version(url: str) -> None:
    assert await schema.version(url) == schema.newest()


async def by_a_worker(url: str) -> None:
    """It takes up its work; where it cannot, it goes on trying and is stopped here."""
    worker, began = Worker(url, pace=Pace(longest_reconnect=timedelta(seconds=0.1))), asyncio.Event()

    async def work() -> None:
        began.set()

    worker.recur("test.tick", "* * * * * *", work)
    running = asyncio.create_task(worker.run())
    try:
        await asyncio.wait_for(began.wait(), 20)
    except TimeoutError:
        raise DatabaseNotProven from None
    finally:
        worker.stop()
        await running


async def by_a_command(url: str) -> None:
    await _command(url, "centre", "list")


async def by_the_migrations_command(url: str) -> None:
    await _command(url, "migrate")


async def _command(url: str, *words: str) -> None:
    """It ends with bad input: what the settings say of the server is not so, today and tomorrow."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    ended = await asyncio.to_thread(
        partial(ran, "hub", *words, "--lang", "en", environment={**kept, "HUB_DATABASE_URL": url})
    )
    assert "Traceback" not in ended.stderr
    if ended.returncode:
        assert ended.returncode == 2, ended.stderr
        assert "does not prove that it is the hub's database" in ended.stderr
        assert "HUB_DATABASE_ROOTS" in ended.stderr
        raise DatabaseNotProven


WAYS = [
    by_the_pool,
    alone,
    by_a_migration,
    asking_for_the_version,
    by_a_worker,
    by_a_command,
    by_the_migrations_command,
]


def showing(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    return context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def roots(authority: trustme.CA, tmp_path: Path) -> str:
    authority.cert_pem.write_to_path(str(tmp_path / "roots.pem"))
    return str(tmp_path / "roots.pem")


@pytest.fixture(params=["another authority", "another name", "no TLS"])
def impostor(
    request: pytest.FixtureRequest, authority: trustme.CA, cluster: Cluster, database_name: str
) -> Iterator[TlsPostgres]:
    contexts = {
        "another authority": showing(trustme.CA(), "127.0.0.1"),
        "another name": showing(authority, "db.example"),
        "no TLS": None,
    }
    with TlsPostgres(cluster.url(database_name), contexts[request.param]) as peer:
        yield peer


@pytest.mark.parametrize("connect", WAYS)
async def test_every_connection_is_made_under_tls(
    connect: Connect, authority: trustme.CA, roots: str, cluster: Cluster, database_name: str
) -> None:
    with TlsPostgres(cluster.url(database_name), showing(authority, "127.0.0.1")) as peer:
        await connect(peer.url(sslmode="verify-full", sslrootcert=roots))
        assert (peer.passed_on > 0, peer.in_clear) == (True, 0)


@pytest.mark.parametrize(
    "connect", [way for way in WAYS if way is not by_a_migration and way is not by_a_worker]
)
async def test_nothing_is_said_to_a_server_that_does_not_prove_itself(
    connect: Connect, impostor: TlsPostgres, roots: str
) -> None:
    with pytest.raises(DatabaseNotProven):
        await connect(impostor.url(sslmode="verify-full", sslrootcert=roots))
    assert (impostor.asked > 0, impostor.passed_on, impostor.in_clear) == (True, 0, 0)


async def test_a_migration_says_nothing_to_it_either(impostor: TlsPostgres, roots: str) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await schema.install(impostor.url(sslmode="verify-full", sslrootcert=roots))
    assert (impostor.asked > 0, impostor.passed_on, impostor.in_clear) == (True, 0, 0)


async def test_a_worker_waits_for_one_that_proves_itself(impostor: TlsPostgres, roots: str) -> None:
    url = impostor.url(sslmode="verify-full", sslrootcert=roots)
    worker = Worker(url, pace=Pace(longest_reconnect=timedelta(seconds=0.05)))
    running = asyncio.create_task(worker.run())
    for _ in range(400):
        if impostor.asked >= 2:
            break
        await asyncio.sleep(0.05)
    worker.stop()
    await running
    assert (impostor.asked >= 2, impostor.passed_on, impostor.in_clear) == (True, 0, 0)


async def test_a_certificate_in_another_name_suffices_only_where_that_was_said(
    authority: trustme.CA, roots: str, cluster: Cluster, database_name: str
) -> None:
    with TlsPostgres(cluster.url(database_name), showing(authority, "db.example")) as peer:
        await by_the_pool(peer.url(sslmode="verify-ca", sslrootcert=roots))
        assert peer.passed_on == 1


@pytest.mark.parametrize("url", [AWAY, "postgresql://hub@10.1.2.3/x", "postgresql://hub@[2001:db8::1]/x"])
def test_beyond_this_machine_tls_is_demanded_where_nothing_is_said(url: str) -> None:
    tls = reach(url).tls
    assert isinstance(tls, ssl.SSLContext)
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert isinstance(reach(secured(url, None, None)).tls, ssl.SSLContext)


@pytest.mark.parametrize(
    "url",
    [
        HERE,
        SOCKET,
        "postgresql://hub@localhost/x",
        "postgresql://hub@[::1]/x",
        "postgresql://hub@127.9.9.9/x",
    ],
)
def test_on_this_machine_none_is_needed_and_one_may_be_demanded(url: str) -> None:
    assert reach(url).tls is False
    assert reach(secured(url, None, None)).tls is False
    assert isinstance(reach(secured(url, Tls.VERIFY_FULL, None)).tls, ssl.SSLContext)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///x?host=db.example",
        "postgresql://localhost/x?host=db.example",
        "postgresql:///x?host=localhost&host=db.example:5433",
        "postgresql:///x?service=away",
    ],
)
def test_a_host_that_is_named_elsewhere_in_the_url_counts_too(url: str) -> None:
    assert isinstance(reach(url).tls, ssl.SSLContext)
    assert_refused("settings.database-in-clear", f"{url}&sslmode=disable")


@pytest.mark.parametrize("name", ["PGHOST", "PGSERVICE"])
def test_a_host_that_the_environment_names_counts_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert reach("postgresql:///x").tls is False
    monkeypatch.setenv(name, "db.example")
    assert isinstance(reach("postgresql:///x").tls, ssl.SSLContext)
    assert reach(HERE).tls is False


def assert_refused(code: str, url: str, tls: Tls | None = None, roots: Path | None = None) -> None:
    with pytest.raises(Refusal) as refused:
        secured(url, tls, roots)
    assert refused.value.code == code


@pytest.mark.parametrize("url", [HERE, AWAY, SOCKET])
@pytest.mark.parametrize(
    "said", ["sslmode=allow", "sslmode=prefer", "sslmode=require", "sslmode=nonsense", "sslcrl=x",
             "ssl_min_protocol_version=TLSv1", "sslnegotiation=direct", "gssencmode=require",
             "sslmode=verify-ca&sslmode=verify-full", "SSLMODE=disable", "direct_tls=false",
             "dsn=postgresql://db.example/saikne", "DSN=postgresql://db.example/saikne",
             "hostaddr=192.0.2.1"],
)  # fmt: skip
def test_words_that_prove_nothing_or_are_not_understood_are_refused(url: str, said: str) -> None:
    joint = "&" if "?" in url else "?"
    assert_refused("settings.database-tls-unclear", f"{url}{joint}{said}")


@pytest.mark.parametrize(
    ("said", "tls"),
    [("disable", Tls.VERIFY_FULL), ("verify-full", Tls.OFF), ("verify-ca", Tls.VERIFY_FULL)],
)
def test_a_url_that_contradicts_the_setting_is_refused(said: str, tls: Tls) -> None:
    assert_refused("settings.database-tls-unclear", f"{AWAY}?sslmode={said}", tls)


def test_authorities_are_named_once(roots: str) -> None:
    url = secured(AWAY, None, Path(roots))
    assert secured(url, Tls.VERIFY_FULL, Path(roots)) == url
    assert_refused("settings.database-tls-unclear", url, None, Path("/other.pem"))
    assert "ssl" not in str(reach(url).url)
    assert "ssl" not in reach(url).dsn


def test_a_private_network_is_the_operators_word_alone() -> None:
    assert_refused("settings.database-in-clear", f"{AWAY}?sslmode=disable")
    assert reach(secured(AWAY, Tls.OFF, None)).tls is False
    assert reach(secured(f"{AWAY}?sslmode=disable", Tls.OFF, None)).tls is False
