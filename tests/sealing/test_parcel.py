import os
from hashlib import sha256
from itertools import combinations_with_replacement

import pytest

from hub.plumbing.blobs import Blobs
from hub.sealing.parcel import StoredSegment, archive_sha256, archive_size, stream_archive

CONTENTS = [os.urandom(9), os.urandom(1), os.urandom(20), os.urandom(5)]
DIRECTORY = os.urandom(7)
WHOLE = b"".join(CONTENTS) + DIRECTORY


@pytest.fixture
async def segments(store: Blobs) -> list[StoredSegment]:
    for number, content in enumerate(CONTENTS):
        await store.put_small(f"parcel/{number}", content)
    return [StoredSegment(f"parcel/{number}", len(content)) for number, content in enumerate(CONTENTS)]


async def test_any_range_of_the_archive_can_be_read(store: Blobs, segments: list[StoredSegment]) -> None:
    for start, end in combinations_with_replacement(range(len(WHOLE) + 1), 2):
        read = b"".join([piece async for piece in stream_archive(store, segments, DIRECTORY, start, end)])
        assert read == WHOLE[start:end]


async def test_a_download_resumes_where_it_broke_off(store: Blobs, segments: list[StoredSegment]) -> None:
    rest = b"".join([piece async for piece in stream_archive(store, segments, DIRECTORY, 12)])
    assert rest == WHOLE[12:]


async def test_size_and_digest_are_those_of_the_file_that_arrives(
    store: Blobs, segments: list[StoredSegment]
) -> None:
    assert archive_size(segments, DIRECTORY) == len(WHOLE)
    assert await archive_sha256(store, segments, DIRECTORY) == sha256(WHOLE).digest()


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 2), (0, len(WHOLE) + 1)])
async def test_a_range_outside_the_archive_is_our_bug(
    store: Blobs, segments: list[StoredSegment], start: int, end: int
) -> None:
    with pytest.raises(ValueError, match="not a range"):
        await anext(stream_archive(store, segments, DIRECTORY, start, end))
