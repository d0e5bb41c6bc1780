"""A hub, and a register beside it: over HTTP, in folders on this disk, and over SFTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from agis_sync.gateways.places import Folder, Place
from agis_sync.gateways.sftp import SftpPlace, sftp_access
from saikne.home import write_private
from saikne.installation import Installation
from saikne_demo.register import Faults, Manners, Register
from saikne_schemas.enrolment import Contacts, LegalEntity
from tests.agis_sync.sftp_server import SftpServer, running_sftp
from tests.conftest import Cluster
from tests.journeys.conftest import playing
from tests.journeys.play import Play
from tests.journeys.registrations import register_key, the_register
from tests.peers.stage import Stage

PAUSES = {"HUB_REGISTER_FIRST_PAUSE": "PT0.2S", "HUB_REGISTER_LONGEST_PAUSE": "PT1S"}


@pytest.fixture(scope="package")
async def play(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Play]:
    """A hub that does not wait long between two tries."""
    name = await cluster.create(template)
    stage = Stage(tmp_path_factory.mktemp("sync-stage"), database_url=cluster.url(name), environment=PAUSES)
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start)
    async with playing(stage, tmp_path_factory.mktemp("sync-play")) as play:
        await register_key(play)
        yield play
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


@pytest.fixture(scope="package")
async def side(play: Play) -> Installation:
    """The job's own set-up, on the register's side."""
    return await play.stage.enrol(
        "IeM IC",
        legal_entity=LegalEntity(name="Informācijas centrs", registration_number="90000288142"),
        contacts=Contacts(notices="agis@iemic.example"),
        register_side=True,
    )


@pytest.fixture
def register() -> Iterator[Register]:
    key = {name: str(value) for name, value in the_register().as_dict(private=True).items()}
    manners = Manners(retry_after_seconds=0, slow_seconds=0.1)
    with Register(private_key=key, faults=Faults(7, manners)) as running:
        yield running


@pytest.fixture
def online(register: Register, tmp_path: Path) -> tuple[str, ...]:
    secret = tmp_path / "secret"
    write_private(secret, b"register-secret")
    return (
        *("--online", register.url, "--token-url", register.token_url),
        *("--client-id", "saikne-hub", "--secret", str(secret)),
    )


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What the register's keeper makes once."""
    root = tmp_path / "agis"
    for name in ("out", "in"):
        (root / name).mkdir(parents=True)
    return root


@pytest.fixture
async def sftp(folder: Path, tmp_path: Path) -> AsyncIterator[SftpServer]:
    async with running_sftp(folder, tmp_path / "keys") as server:
        yield server


@pytest.fixture(params=["folder", "sftp"])
async def place(request: pytest.FixtureRequest, folder: Path, sftp: SftpServer) -> AsyncIterator[Place]:
    chosen: Place = Folder(folder)
    if request.param == "sftp":
        chosen = SftpPlace(sftp_access(sftp.url, sftp.identity, sftp.known_hosts))
    yield chosen
    await chosen.close()
