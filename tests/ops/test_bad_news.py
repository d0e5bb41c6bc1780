"""What an operator is told when a command cannot do its work: always a sentence, never a trace."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from sqlalchemy import make_url

from tests.conftest import Cluster
from tests.peers.commands import ran

NOWHERE = "postgresql://postgres@127.0.0.1:1/hub"


class Desk:
    """The command `hub` as it is typed, on a machine of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *words: str, expect: int, **settings: str) -> str:
        """What is told on standard error; nothing else is, and the exit code is as expected."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        environment = {**kept, "LANG": "C.UTF-8", "HUB_HOME": str(self.home), **settings}
        ended = ran("hub", *words, environment=environment)
        assert (ended.returncode, ended.stdout) == (expect, ""), ended.stderr
        assert "Traceback" not in ended.stderr
        return ended.stderr


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[str]:
    """A database where the hub was never installed."""
    name = asyncio.run(cluster.create())
    yield cluster.url(name)
    asyncio.run(cluster.drop(name))


@pytest.mark.parametrize(
    "words",
    [("centre", "list"), ("overdue",), ("jobs", "list"), ("evidence", "verify"), ("calendar", "history")],
)
def test_a_database_that_was_never_migrated_is_told_with_the_command_that_migrates_it(
    desk: Desk, empty: str, words: tuple[str, ...]
) -> None:
    assert "Run: hub migrate" in desk(*words, expect=2, HUB_DATABASE_URL=empty)


@pytest.mark.parametrize("words", [("migrate",), ("serve",), ("worker",), ("centre", "list"), ("overdue",)])
def test_a_database_that_does_not_answer_is_told_with_where_it_is_set(
    desk: Desk, words: tuple[str, ...]
) -> None:
    told = desk(*words, expect=3, HUB_DATABASE_URL=NOWHERE)
    assert "does not answer" in told
    assert "HUB_DATABASE_URL" in told


@pytest.mark.parametrize(
    "words",
    [
        ("migrate",),
        ("centre", "list"),
        ("overdue",),
        ("jobs", "list"),
        ("evidence", "verify"),
        ("court", "list"),
    ],
)
@pytest.mark.parametrize("url", [NOWHERE, "postgresql://postgres@nowhere.invalid/hub"])
def test_an_operators_command_names_the_setting_that_leads_astray(
    desk: Desk, empty: str, words: tuple[str, ...], url: str
) -> None:
    told = desk(*words, expect=3, HUB_DATABASE_URL=empty, HUB_DATABASE_OWNER_URL=url)
    assert "that HUB_DATABASE_OWNER_URL names it" in told
    assert "HUB_DATABASE_URL" not in told


@pytest.fixture
def guest(cluster: Cluster, database_name: str) -> Iterator[str]:
    """A hub's database, by a login that may do nothing there and is nobody else."""

    async def as_admin(statement: str) -> None:
        connection = await asyncpg.connect(cluster.admin_url)
        await connection.execute(statement)
        await connection.close()

    login = f"guest_{uuid4().hex}"
    asyncio.run(as_admin(f"CREATE ROLE {login} LOGIN"))
    yield make_url(cluster.url(database_name)).set(username=login).render_as_string(hide_password=False)
    asyncio.run(as_admin(f"DROP ROLE {login}"))


@pytest.mark.parametrize("words", [("migrate",), ("centre", "list")])
def test_a_login_that_may_not_is_told_with_what_the_database_says(
    desk: Desk, guest: str, words: tuple[str, ...]
) -> None:
    told = desk(*words, expect=2, HUB_DATABASE_URL=guest)
    assert told.startswith("The database does not let the hub in: permission denied")


def test_terms_do_not_guess_a_calendar_when_the_database_that_holds_it_is_away(desk: Desk) -> None:
    told = desk("deadline", "2026-06-10", "--days", "10", "--lang", "lv", expect=3, HUB_DATABASE_URL=NOWHERE)
    assert told.startswith("Saiknes datubāze neatbild.")


@pytest.mark.parametrize(
    ("name", "value"),
    [("HUB_PROCESSES", "many"), ("HUB_DATABASE_URL", "nonsense"), ("HUB_PAYLOAD_TIME", "?")],
)
def test_a_setting_that_does_not_fit_is_named(desk: Desk, name: str, value: str) -> None:
    assert f"not what it should be: {name}." in desk("migrate", expect=2, **{name: value})


def test_a_home_that_cannot_be_made_is_named(desk: Desk) -> None:
    desk.home.joinpath("file").touch()
    told = desk("migrate", expect=2, HUB_HOME=str(desk.home / "file"))
    assert told.startswith(f"{desk.home / 'file'}: ")


@pytest.mark.parametrize("bind", ["nonsense", "127.0.0.1", "127.0.0.1:99999", ":8480"])
def test_an_address_that_is_none_is_told_with_an_example(desk: Desk, bind: str) -> None:
    assert "Write host:port" in desk("serve", "--bind", bind, expect=2)


@pytest.mark.parametrize(
    ("option", "settings"), [("--bind", "--bind, HUB_BIND"), ("--metrics", "--metrics, HUB_METRICS_BIND")]
)
def test_an_address_that_cannot_be_had_is_told_with_how_to_choose_another(
    desk: Desk, option: str, settings: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        free = ("--bind", "127.0.0.1:0") if option == "--metrics" else ()
        for wrong in (place, "nonsense"):
            assert f"({settings})." in desk("serve", *free, option, wrong, expect=2)


def test_a_worker_tells_the_same_of_its_own(desk: Desk, cluster: Cluster, database_name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        told = desk("worker", expect=2, HUB_DATABASE_URL=cluster.url(database_name), HUB_METRICS_BIND=place)
    assert "(--metrics, HUB_METRICS_BIND)." in told


def test_what_tls_cannot_be_spoken_with_is_told_before_the_server_begins(desk: Desk) -> None:
    authority = trustme.CA()
    here, other = authority.issue_cert("127.0.0.1"), authority.issue_cert("127.0.0.1")
    files = {
        name: str(desk.home / name) for name in ("hub.pem", "hub.key", "other.key", "locked.key", "none")
    }
    here.cert_chain_pems[0].write_to_path(files["hub.pem"])
    here.private_key_pem.write_to_path(files["hub.key"])
    other.private_key_pem.write_to_path(files["other.key"])
    key = load_pem_private_key(here.private_key_pem.bytes(), None)
    form = (Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    Path(files["locked.key"]).write_bytes(key.private_bytes(*form))
    for certificate, private, setting, named in (
        ("none", "hub.key", "HUB_TLS_CERTIFICATE", "none"),
        ("hub.key", "hub.key", "HUB_TLS_CERTIFICATE", "hub.key"),
        ("hub.pem", "none", "HUB_TLS_KEY", "none"),
        ("hub.pem", "hub.pem", "HUB_TLS_KEY", "hub.pem"),
        ("hub.pem", "other.key", "HUB_TLS_KEY", "other.key"),
        ("hub.pem", "locked.key", "HUB_TLS_KEY", "locked.key"),
    ):
        told = desk("serve", expect=2, HUB_TLS_CERTIFICATE=files[certificate], HUB_TLS_KEY=files[private])
        assert f"\n  {setting}: " in told
        assert files[named] in told
    for alone in ("HUB_TLS_CERTIFICATE", "HUB_TLS_KEY"):
        assert "both are set, or neither" in desk("serve", expect=2, **{alone: files["hub.pem"]})


def test_a_second_hub_does_not_share_the_port_of_the_first(desk: Desk) -> None:
    with socket.socket() as first:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        first.bind(("127.0.0.1", 0))
        first.listen()
        bind = f"127.0.0.1:{first.getsockname()[1]}"
        assert f"cannot listen on {bind}: Address already in use." in desk("serve", "--bind", bind, expect=2)


def test_the_demo_looks_at_its_port_before_it_begins(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"Port {port} is not free" in desk("demo", "--once", "--port", port, expect=2)


def test_the_demo_looks_at_the_place_to_keep_things_before_it_begins(desk: Desk) -> None:
    desk.home.joinpath("file").touch()
    told = desk("demo", "--once", "--keep", str(desk.home / "file"), "--lang", "lv", expect=2)
    assert "Izvēlieties citu mapi ar --keep." in told
