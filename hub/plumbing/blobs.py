"""The one door to the object store: sealed segments in and out, on a local disk or in an S3 bucket.

Over obstore, which holds the credentials and repeats failed requests. Whatever it raises becomes one of two
outages: the store does not answer, or it is full. Paths are made by the hub, never by a caller, and are used
once: nothing is overwritten. An object appears whole or not at all, and outlasts a power cut from then on: a
disk is told so here, a bucket promises it with its answer.

Knows nothing of what is inside an object. Needs from an S3 bucket a lifecycle rule that ends unfinished
multipart uploads: a hub that is killed cannot end its own. On disk, `discard_staged` does that.
"""

import asyncio
import glob
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

from hub.kernel.refusal import Outage

if TYPE_CHECKING:  # these exist for the type checker only
    from obstore.store import ClientConfig, RetryConfig, S3Config

PART_BYTES = 5 << 20
"""One part of a multipart upload: the least that S3 takes. 10,000 of them, 52 GB, are the largest object."""

STRETCH_BYTES = 8 << 20
"""Read at once. Fewer bytes pay the way to the store too often; obstore's own stream is ten times slower."""

_PIECE_BYTES = 1 << 20
"""A disk's bytes come in pieces of this size, each handed on in the memory that it was read into."""

_PASSING_BYTES = 1 << 18
"""Bytes of a disk that only pass: they stay near the processor."""

_PARTS_AT_ONCE = 2
"""Under way to S3. A disk gains nothing from a second one, and a large object would take more memory."""
_BEHIND_BYTES = 32 << 20
"""So much a disk may have to catch up with: it writes while more is arriving, not all of it at the end."""
_REPEAT: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
_PATIENCE: "ClientConfig" = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}

_S3_SETTINGS = frozenset(
    f"aws_{name}"
    for name in (
        "access_key_id", "secret_access_key", "session_token", "region", "default_region", "endpoint",
        "endpoint_url", "virtual_hosted_style_request", "unsigned_payload", "skip_signature",
        "web_identity_token_file", "role_arn", "role_session_name", "endpoint_url_sts",
        "container_credentials_relative_uri", "container_credentials_full_uri",
        "container_authorization_token_file", "metadata_endpoint", "imdsv1_fallback",
        "server_side_encryption", "sse_kms_key_id", "sse_bucket_key_enabled",
    )
)  # fmt: skip
"""What obstore knows. Other tools' `AWS_*` stand in the same environment, and obstore refuses a stranger."""

ORPHAN_AGE = timedelta(days=2)
"""An object that no row names is an upload's remains only when no upload can still be under way."""

_FULL = re.compile(r"os error (27|28|122)\b|XMinioStorageFull|QuotaExceeded")
"""EFBIG, ENOSPC, EDQUOT of a disk; the words of MinIO and Ceph for the same."""

_ALL_RIGHTS = os.R_OK | os.W_OK | os.X_OK
_NOBODYS = "ready"
"""A path at which the hub never puts anything."""

_STAGED = re.compile(r".+#\d+")
"""What object_store calls a file that is still being written."""


See = Callable[[bytes | memoryview], object]
"""What is seen is gone with the call: its memory is used again."""


class BlobsUnavailable(Outage):
    code = "blobs.unavailable"


class BlobsFull(Outage):
    code = "blobs.full"
    retry_after = timedelta(minutes=5)


@dataclass(frozen=True)
class Blob:
    """One object as the store lists it."""

    path: str
    size_bytes: int
    last_modified: datetime


class Blobs:
    """An object store, seen from one folder or one prefix downwards."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def from_url(cls, url: str, options: Mapping[str, str] | None = None) -> Self:
        """`file:///folder` (made if absent) or `s3://bucket/prefix`; `options` are the AWS_* settings."""
        parts = urlsplit(url)
        if parts.scheme == "file":
            folder = Path(unquote(parts.path))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(folder), folder)
        if parts.scheme != "s3":
            raise ValueError("an object store is file:///... or s3://...")
        config = {key.lower(): value for key, value in (options or {}).items() if key.lower() in _S3_SETTINGS}
        endpoint = config.get("aws_endpoint", config.get("aws_endpoint_url", ""))
        client: ClientConfig = {**_PATIENCE, "allow_http": endpoint.startswith("http://")}
        settings = cast("S3Config", config)
        return cls(S3Store.from_url(url, config=settings, client_options=client, retry_config=_REPEAT))

    def put_pieces(self, path: str, pieces: Iterator[memoryview], *, size_bytes: int) -> None:
        """Write one object from pieces that may still be in the making. Blocks: call it in a thread.

        The store keeps pieces by reference until they are written, so a piece is never touched again after
        it was handed over. An exception out of `pieces` is raised here and leaves nothing in the store.
        """
        with _outages():
            obstore.put(
                self._store,
                path,
                pieces if self._folder is None else _written_behind(self._folder / path, pieces),
                use_multipart=size_bytes > PART_BYTES,
                chunk_size=PART_BYTES,
                max_concurrency=1 if self._folder else _PARTS_AT_ONCE,
            )
            self._settle(path)

    async def put_small(self, path: str, content: bytes) -> None:
        with _outages():
            await obstore.put_async(self._store, path, content, use_multipart=False)
            await asyncio.to_thread(self._settle, path)

    def _settle(self, path: str) -> None:
        """Bring a file and the folders that name it to the disk."""
        if self._folder is not None:
            file = self._folder / path
            for each in (file, *(above for above in file.parents if above.is_relative_to(self._folder))):
                _synchronise(each)

    async def stream(self, path: str, *, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`; holds 8 MiB of them at a time.

        Fewer in the store is an outage, never a short answer.
        """
        for at in range(start, end, STRETCH_BYTES):
            for piece in await self._stretch(path, at, min(at + STRETCH_BYTES, end)):
                yield piece

    async def show(self, path: str, see: See, *, end: int, on: Executor) -> None:
        """Let the first `end` bytes be seen in order, on a thread of `on`; as `stream` else, and for less."""
        loop = asyncio.get_running_loop()
        if self._folder is None:
            async for piece in self.stream(path, start=0, end=end):
                await loop.run_in_executor(on, see, piece)
            return
        for start in range(0, end, STRETCH_BYTES):
            stop = min(start + STRETCH_BYTES, end)
            with _outages():
                shown = await loop.run_in_executor(on, _show, self._folder / path, see, start, stop)
            if shown != stop - start:
                raise BlobsUnavailable

    async def _stretch(self, path: str, start: int, end: int) -> list[bytes]:
        with _outages():
            if self._folder is None:
                found = await obstore.get_range_async(self._store, path, start=start, end=end)
                pieces = [bytes(found)]
            else:
                pieces = await asyncio.to_thread(_read, self._folder / path, start, end)
        if sum(map(len, pieces)) != end - start:
            raise BlobsUnavailable
        return pieces

    async def size(self, path: str) -> int | None:
        """The object's length in bytes; None when there is none."""
        with _outages():
            try:
                return (await obstore.head_async(self._store, path))["size"]
            except FileNotFoundError:
                return None

    async def look(self) -> None:
        """An outage where objects could neither be read nor written now. Writes nothing."""
        if self._folder is not None and not await asyncio.to_thread(os.access, self._folder, _ALL_RIGHTS):
            raise BlobsUnavailable
        await self.size(_NOBODYS)

    async def delete(self, paths: Sequence[str]) -> None:
        """Remove what is there; what is absent is fine."""
        if isinstance(self._store, S3Store):
            with _outages():
                await obstore.delete_async(self._store, list(paths))
            return
        for path in paths:  # a disk stops at the first absent file, so each is asked for by itself
            with _outages():
                try:
                    await obstore.delete_async(self._store, path)
                except FileNotFoundError:
                    continue

    async def listing(self, prefix: str) -> AsyncIterator[Blob]:
        """Every whole object below a folder-like prefix, in no order."""
        with _outages():
            async for batch in obstore.list(self._store, prefix):
                for found in batch:
                    yield Blob(found["path"], found["size"], found["last_modified"])

    async def discard_orphans(self, prefix: str, known: set[str], before: datetime) -> int:
        """Remove objects below a prefix that nobody knows, written before a moment; how many."""
        orphans = [
            one.path
            async for one in self.listing(prefix)
            if one.path not in known and one.last_modified < before
        ]
        await self.delete(orphans)
        return len(orphans)

    async def discard_staged(self, before: datetime) -> int:
        """Remove files that a killed hub left half-written before a moment; how many. Nothing to do on S3."""
        if self._folder is None:
            return 0
        with _outages():
            return await asyncio.to_thread(_unlink_staged, self._folder.rglob("*"), before.timestamp())


def _written_behind(file: Path, pieces: Iterator[memoryview]) -> Iterator[memoryview]:
    """The same pieces; now and then what was written of them is brought to the disk."""
    behind = 0
    for piece in pieces:
        behind += len(piece)
        yield piece
        del piece  # its memory waits for nobody but the store
        if behind >= _BEHIND_BYTES:
            behind = 0
            for staged in file.parent.glob(f"{glob.escape(file.name)}#*"):
                _synchronise(staged)


@contextmanager
def _open(path: Path) -> Iterator[int]:
    """Past obstore: it fills fresh memory, and what is there is copied once more."""
    opened = os.open(path, os.O_RDONLY)
    try:
        yield opened
    finally:
        os.close(opened)


def _read(path: Path, start: int, end: int) -> list[bytes]:
    with _open(path) as file:
        return [os.pread(file, min(_PIECE_BYTES, end - at), at) for at in range(start, end, _PIECE_BYTES)]


def _show(path: Path, see: See, start: int, end: int) -> int:
    passing, at = memoryview(bytearray(min(_PASSING_BYTES, end - start))), start
    with _open(path) as file:
        while found := os.preadv(file, [passing[: end - at]], at):
            see(passing[:found])
            at += found
    return at - start


def _synchronise(path: Path) -> None:
    with _open(path) as file:
        os.fsync(file)


def _unlink_staged(files: Iterable[Path], before: float) -> int:
    staged = [file for file in files if _STAGED.fullmatch(file.name) and file.stat().st_mtime < before]
    for file in staged:
        file.unlink(missing_ok=True)
    return len(staged)


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as trouble:
        raise (BlobsFull if _FULL.search(str(trouble)) else BlobsUnavailable) from trouble
