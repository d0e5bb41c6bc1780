"""Files in blocks: read, hashed and written away from the event loop, never whole in memory."""

import asyncio
import hashlib
import os
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from saikne.problems import LocalRefusal
from saikne_schemas.brought import opened

BLOCK_BYTES = 1024**2

Progress = Callable[[int, int], None]
"""Told the bytes done and the bytes in all."""
DocumentProgress = Callable[[int, int, int], None]
"""The same of one document among others: told its number first."""


class FileChanged(LocalRefusal):
    """A document is not what it was when it was declared."""

    code = "document.changed-since-declared"


class Beside:
    """One other thread, which does what it is handed in order; work in hand is bounded, so that memory is."""

    _AT_MOST = 4

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._in_hand: deque[Future[object]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None
    ) -> None:
        self._thread.shutdown()

    def hand(self, work: Callable[..., object], *given: object) -> None:
        """Waits while there is too much of it; what earlier work raised is raised here."""
        while len(self._in_hand) >= self._AT_MOST:
            self._in_hand.popleft().result()
        self._in_hand.append(self._thread.submit(work, *given))

    def done(self) -> None:
        """Wait for all of it."""
        while self._in_hand:
            self._in_hand.popleft().result()


class HashedInPassing:
    """A file that is hashed while it is read, by another thread: once, in whatever order it is read.

    What is read in order is hashed as it passes; what was left out is read at the end.
    """

    def __init__(self, file: BinaryIO, beside: Beside) -> None:
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable
        self._file = file
        self._beside = beside
        self._digest = hashlib.sha256()
        self._hashed_bytes = 0

    def read(self, size: int = -1) -> bytes:
        at, block = self._file.tell(), self._file.read(size)
        if at <= self._hashed_bytes < at + len(block):
            self._beside.hand(self._digest.update, memoryview(block)[self._hashed_bytes - at :])
            self._hashed_bytes = at + len(block)
        return block

    def sha256(self) -> str:
        """Of all of it."""
        self._file.seek(self._hashed_bytes)
        while self.read(BLOCK_BYTES):
            pass
        self._beside.done()
        return self._digest.hexdigest()


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
