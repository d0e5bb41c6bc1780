"""How an archive is fetched: into a part file that grows over interruptions and is named when it is whole.

The part file carries the archive's digest in its name, so bytes of two archives never meet. A transfer that
breaks off goes on from its last byte by `Range`; patience is counted anew whenever bytes arrived.
Downloading confirms nothing. Source: method S134; features.md 2 (12, 13).
"""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from saikne.blocks import Progress, blocks_of, sha256_of, silent
from saikne.calls import Calls
from saikne.home import PRIVATE_FILE, AlreadyThere
from saikne.problems import UNREACHABLE, HubOutage, LocalRefusal

_UNCOMPRESSED = {"Accept-Encoding": "identity"}


class ArchiveDamaged(LocalRefusal):
    """What arrived is not the archive the hub recorded at dispatch."""

    code = "archive.damaged"


@dataclass(frozen=True)
class Wanted:
    """An archive by its digest and size."""

    path: str
    sha256: str
    bytes: int


async def fetch(calls: Calls, wanted: Wanted, into: Path, progress: Progress = silent) -> None:
    """Bring an archive to a file. A file that already holds it is left; any other is not overwritten."""
    held = await asyncio.to_thread(_held, into)
    if held is not None:
        if held != wanted.sha256:
            raise AlreadyThere(path=str(into))
        progress(wanted.bytes, wanted.bytes)
        return
    part = into.with_name(f"{into.name}.{wanted.sha256[:16]}.part")
    digest = await _fill(calls, wanted, part, progress)
    if digest != wanted.sha256:
        part.unlink()
        raise ArchiveDamaged(path=str(into))
    part.rename(into)


async def _fill(calls: Calls, wanted: Wanted, path: Path, progress: Progress) -> str:
    async with _part(path) as part:
        attempt = 0
        while part.bytes < wanted.bytes:
            before = part.bytes
            try:
                await _receive(calls, wanted, part, progress)
            except HubOutage as outage:
                attempt = 1 if part.bytes > before else attempt + 1
                pause = calls.patience.pause_after(attempt, outage)
                if pause is None:
                    raise
                await asyncio.sleep(pause.total_seconds())
        progress(part.bytes, wanted.bytes)
    return part.sha256()


async def _receive(calls: Calls, wanted: Wanted, part: "_Part", progress: Progress) -> None:
    """One attempt: append what arrives, or begin anew if the hub sends all from the start."""
    start = part.bytes
    extra = _UNCOMPRESSED | ({"Range": f"bytes={start}-"} if start else {})
    async with calls.streamed(wanted.path, extra) as answer:
        if start and answer.head.status_code != HTTPStatus.PARTIAL_CONTENT:
            await part.begin_anew()
        while block := await answer.block():
            if part.bytes + len(block) > wanted.bytes:
                raise ArchiveDamaged(path=wanted.path)
            await part.append(block)
            progress(part.bytes, wanted.bytes)
    if part.bytes < wanted.bytes:
        raise HubOutage(UNREACHABLE)


class _Part:
    """The part file. A block is written and hashed by another thread while the next is received."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._writing: asyncio.Future[None] | None = None
        self.bytes = 0

    def resume(self) -> None:
        for block in blocks_of(self._file):
            self._digest.update(block)
        self.bytes = self._file.tell()

    async def append(self, block: memoryview) -> None:
        await self.written()
        self._writing = asyncio.ensure_future(asyncio.to_thread(self._write, block))
        self.bytes += len(block)

    async def written(self) -> None:
        """Wait until all is: no thread may write to a file that is closed."""
        if self._writing is not None:
            await asyncio.shield(self._writing)

    async def begin_anew(self) -> None:
        await self.written()
        self._file.seek(0)
        self._file.truncate()
        self._digest, self.bytes = hashlib.sha256(), 0

    def sha256(self) -> str:
        return self._digest.hexdigest()

    def _write(self, block: memoryview) -> None:
        self._file.write(block)
        self._digest.update(block)


@asynccontextmanager
async def _part(path: Path) -> AsyncIterator[_Part]:
    with _open_part(path) as file:
        part = _Part(file)
        await asyncio.to_thread(part.resume)
        try:
            yield part
        finally:
            await part.written()


def _held(into: Path) -> str | None:
    return sha256_of(into)[0].hex() if into.exists() else None


def _open_part(part: Path) -> BinaryIO:
    return os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b")
