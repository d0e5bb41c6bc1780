"""Files in blocks: read, hashed and written away from the event loop, never whole in memory."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from saikne.problems import LocalRefusal
from saikne_schemas.brought import opened

BLOCK_BYTES = 1024**2

Progress = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""


class FileChanged(LocalRefusal):
    """A document is not what it was when it was declared."""

    code = "document.changed-since-declared"


def silent(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def blocks_of(file: BinaryIO) -> Iterator[bytes]:
    while block := file.read(BLOCK_BYTES):
        yield block


def sha256_of(path: Path, progress: Progress = silent) -> tuple[bytes, int]:
    """Digest and size of a file."""
    digest, done = hashlib.sha256(), 0
    with opened(path) as file:
        total = os.fstat(file.fileno()).st_size
        for block in blocks_of(file):
            digest.update(block)
            done += len(block)
            progress(done, total)
    return digest.digest(), done


async def upload_blocks(
    path: Path, declared_bytes: int, progress: Progress = silent
) -> AsyncGenerator[bytes, None]:
    """A file's blocks for sending; refuses a file that is longer or shorter than was declared."""
    sent = 0
    with opened(path) as file:  # at once, not in a thread: a cancelled thread would leave it open
        while block := await asyncio.to_thread(file.read, BLOCK_BYTES):
            sent += len(block)
            if sent > declared_bytes:
                raise FileChanged(path=str(path))
            yield block
            progress(sent, declared_bytes)
    if sent != declared_bytes:
        raise FileChanged(path=str(path))
