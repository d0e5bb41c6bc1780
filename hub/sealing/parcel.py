"""How a finished archive is read: segments in their order, then the directory, from any byte to any byte.

The archive is never stored as one object. Its bytes are fixed all the same from dispatch on, so a download
can be broken off and resumed, and its digest is that of the file the recipient ends up with.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from hub.plumbing.blobs import Blobs
from hub.sealing.bench import BENCHES


@dataclass(frozen=True)
class StoredSegment:
    """Where a segment lies, and its length in bytes."""

    path: str
    segment_bytes: int


@dataclass(frozen=True, slots=True)
class Archive:
    """A finished archive, ready to be read from any byte."""

    name: str
    size: int
    sha256: bytes
    segments: list[StoredSegment]
    directory: bytes

    def stream(self, blobs: Blobs, start: int, end: int) -> AsyncIterator[bytes]:
        return stream_archive(blobs, self.segments, self.directory, start, end)


def archive_size(segments: Sequence[StoredSegment], directory: bytes) -> int:
    return sum(segment.segment_bytes for segment in segments) + len(directory)


async def stream_archive(
    store: Blobs,
    segments: Sequence[StoredSegment],
    directory: bytes,
    start: int = 0,
    end: int | None = None,
) -> AsyncIterator[bytes]:
    """The archive's bytes from `start` up to, not including, `end`; to the last byte when `end` is None."""
    size = archive_size(segments, directory)
    end = size if end is None else end
    if not 0 <= start <= end <= size:
        raise ValueError("not a range of this archive")
    offset = 0
    for segment in segments:
        first, last = max(start - offset, 0), min(end - offset, segment.segment_bytes)
        if first < last:
            async for piece in store.stream(segment.path, start=first, end=last):
                yield piece
        offset += segment.segment_bytes
    tail = directory[max(start - offset, 0) : max(end - offset, 0)]
    if tail:
        yield tail


async def archive_sha256(store: Blobs, segments: Sequence[StoredSegment], directory: bytes) -> bytes:
    """SHA-256 of the whole archive, hashed away from the event loop."""
    digest = hashlib.sha256()
    for segment in segments:
        await store.show(segment.path, digest.update, end=segment.segment_bytes, on=BENCHES)
    digest.update(directory)
    return digest.digest()
