"""What the sealing tests share: a store, a password, and the program a recipient opens archives with."""

import subprocess
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path

import pytest

from hub.kernel.secret import Secret
from hub.plumbing.blobs import Blobs
from hub.sealing.archive import SealedSegment, directory
from hub.sealing.parcel import StoredSegment, stream_archive
from hub.sealing.stream import seal_document
from tests.peers.seven_zip import seven_zip as seven_zip_program

PASSWORD = "7KQ4M2ZPX9TV3HWA"
Opener = Callable[[str, Path, str], "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Blobs:
    return Blobs.from_url(folder.as_uri())


@pytest.fixture
def password() -> Secret:
    return Secret(PASSWORD)


@pytest.fixture(scope="session")
def seven_zip() -> Opener:
    """`7z t` or `7z x` as a person would call it."""
    program = seven_zip_program()

    def run(command: str, archive: Path, password: str) -> "subprocess.CompletedProcess[str]":
        arguments = [program, command, "-y", f"-p{password}", f"-o{archive.parent / 'out'}", str(archive)]
        if command != "x":
            del arguments[4]
        return subprocess.run(arguments, capture_output=True, text=True, check=False)

    return run


async def blocks_of(content: bytes, block_bytes: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(content), block_bytes):
        yield content[start : start + block_bytes]


async def seal(
    content: bytes, name: str, store: Blobs, path: str, block_bytes: int = 65_536
) -> SealedSegment:
    return await seal_document(
        blocks_of(content, block_bytes),
        name=name,
        expected_bytes=len(content),
        expected_sha256=sha256(content).digest(),
        password=Secret(PASSWORD),
        store=store,
        path=path,
    )


async def write_archive(
    file: Path, store: Blobs, sealed: list[tuple[str, SealedSegment]], tail: bytes | None = None
) -> None:
    """Put (path, segment) pairs together as a download would."""
    tail = directory([segment for _, segment in sealed]) if tail is None else tail
    parts = [StoredSegment(path, segment.segment_bytes) for path, segment in sealed]
    with file.open("wb") as out:
        async for piece in stream_archive(store, parts, tail):
            out.write(piece)


def files_in(folder: Path) -> list[Path]:
    return [found for found in folder.rglob("*") if found.is_file()]
