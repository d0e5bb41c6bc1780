"""How an archive is fetched: into a part file that grows over interruptions and is named when it is whole.

The part file carries the archive's digest in its name, so bytes of two archives never meet. A transfer that
breaks off goes on from its last byte by `Range`; patience is counted anew whenever bytes arrived.
Downloading confirms nothing. Source: method S134; features.md 2 (12, 13).
"""

import asyncio
import hashlib
import os
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


async def _fill(calls: Calls, wanted: Wanted, part: Path, progress: Progress) -> str:
    with _open_part(part) as file:
        digest = await asyncio.to_thread(_digest_so_far, file)
        attempt = 0
        while file.tell() < wanted.bytes:
            before = file.tell()
            try:
                digest = await _receive(calls, wanted, file, digest, progress)
            except HubOutage as outage:
                attempt = 1 if file.tell() > before else attempt + 1
                pause = calls.patience.pause_after(attempt, outage)
                if pause is None:
                    raise
                await asyncio.sleep(pause.total_seconds())
        progress(file.tell(), wanted.bytes)
    return digest.hexdigest()


async def _receive(
    calls: Calls, wanted: Wanted, file: BinaryIO, digest: "hashlib._Hash", progress: Progress
) -> "hashlib._Hash":
    """One attempt: append what arrives. Returns the digest, begun anew if the hub sent all from the start."""
    start = file.tell()
    extra = _UNCOMPRESSED | ({"Range": f"bytes={start}-"} if start else {})
    async with calls.streamed(wanted.path, extra) as answer:
        if start and answer.status_code != HTTPStatus.PARTIAL_CONTENT:
            file.seek(0)
            file.truncate()
            digest = hashlib.sha256()
        async for block in answer.aiter_raw():
            if file.tell() + len(block) > wanted.bytes:
                raise ArchiveDamaged(path=wanted.path)
            await asyncio.to_thread(_append, file, digest, block)
            progress(file.tell(), wanted.bytes)
    if file.tell() < wanted.bytes:
        raise HubOutage(UNREACHABLE)
    return digest


def _held(into: Path) -> str | None:
    return sha256_of(into)[0].hex() if into.exists() else None


def _open_part(part: Path) -> BinaryIO:
    return os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, PRIVATE_FILE), "r+b")


def _digest_so_far(file: BinaryIO) -> "hashlib._Hash":
    digest = hashlib.sha256()
    for block in blocks_of(file):
        digest.update(block)
    return digest


def _append(file: BinaryIO, digest: "hashlib._Hash", block: bytes) -> None:
    file.write(block)
    digest.update(block)
