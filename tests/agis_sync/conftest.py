"""A register's folders, reached on this disk and over SFTP."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agis_sync.gateways.places import Folder, Place
from agis_sync.gateways.sftp import SftpPlace, sftp_access
from tests.agis_sync.sftp_server import SftpServer, running_sftp


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
