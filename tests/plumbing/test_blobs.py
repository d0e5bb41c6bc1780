import os
import stat
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hub.plumbing.blobs import PART_BYTES, STRETCH_BYTES, Blobs, BlobsFull, BlobsUnavailable
from tests.sealing.bucket import serving


@pytest.fixture(params=["disk", "bucket"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    if request.param == "disk":
        yield Blobs.from_url((tmp_path / "a folder").as_uri())
        return
    with serving() as bucket:
        yield bucket.blobs()


async def read(blobs: Blobs, path: str, start: int, end: int) -> bytes:
    return b"".join([piece async for piece in blobs.stream(path, start=start, end=end)])


async def paths(blobs: Blobs, prefix: str = "") -> set[str]:
    return {blob.path async for blob in blobs.listing(prefix)}


def in_pieces(content: bytes, piece_bytes: int = 1 << 20) -> Iterator[memoryview]:
    for start in range(0, len(content), piece_bytes):
        yield memoryview(content)[start : start + piece_bytes]


async def test_what_was_put_can_be_read_from_any_byte(blobs: Blobs) -> None:
    await blobs.put_small("one/two", b"0123456789")
    assert await read(blobs, "one/two", 0, 10) == b"0123456789"
    assert await read(blobs, "one/two", 3, 7) == b"3456"
    assert await read(blobs, "one/two", 3, 3) == b""
    assert await blobs.size("one/two") == 10


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 17])
async def test_an_object_in_pieces_is_one_object(blobs: Blobs, size: int) -> None:
    content = os.urandom(size)
    blobs.put_pieces("one", in_pieces(content), size_bytes=size)
    assert await blobs.size("one") == size
    assert await read(blobs, "one", 0, size) == content


async def test_a_stream_begins_and_ends_where_it_is_told(blobs: Blobs) -> None:
    content = os.urandom(STRETCH_BYTES + 1000)
    blobs.put_pieces("one", in_pieces(content), size_bytes=len(content))
    assert await read(blobs, "one", 10, STRETCH_BYTES + 500) == content[10 : STRETCH_BYTES + 500]


@pytest.mark.parametrize("end", [0, 1, STRETCH_BYTES, STRETCH_BYTES + 500])
async def test_an_object_is_shown_from_its_first_byte_in_order(blobs: Blobs, end: int) -> None:
    content = os.urandom(STRETCH_BYTES + 1000)
    blobs.put_pieces("one", in_pieces(content), size_bytes=len(content))
    seen = bytearray()
    with ThreadPoolExecutor(1) as thread:
        await blobs.show("one", seen.extend, end=end, on=thread)
    assert seen == content[:end]


@pytest.mark.parametrize("size", [1, 3 * PART_BYTES])
async def test_pieces_that_break_off_leave_nothing(blobs: Blobs, size: int) -> None:
    def breaking() -> Iterator[memoryview]:
        yield from in_pieces(bytes(size))
        raise LookupError

    with pytest.raises(LookupError):
        blobs.put_pieces("one", breaking(), size_bytes=size + 1)
    assert await paths(blobs) == set()


async def test_absent_objects_are_deleted_without_complaint_and_present_ones_for_good(blobs: Blobs) -> None:
    await blobs.put_small("one", b"1")
    await blobs.put_small("two", b"2")
    await blobs.delete(["absent", "one", "nowhere/absent"])
    await blobs.delete([])
    assert await paths(blobs) == {"two"}
    assert await blobs.size("one") is None


async def test_a_listing_shows_one_prefix_with_sizes_and_times(blobs: Blobs) -> None:
    await blobs.put_small("parcel/1/a", b"123")
    await blobs.put_small("parcel/1/b", b"12345")
    await blobs.put_small("parcel/10/c", b"")
    found = {blob.path: blob async for blob in blobs.listing("parcel/1")}
    assert {path: blob.size_bytes for path, blob in found.items()} == {"parcel/1/a": 3, "parcel/1/b": 5}
    age = datetime.now(UTC) - found["parcel/1/a"].last_modified
    assert timedelta(minutes=-1) < age < timedelta(minutes=5)


async def test_an_absent_or_shortened_object_is_an_outage_when_read(blobs: Blobs) -> None:
    with pytest.raises(BlobsUnavailable) as outage:
        await read(blobs, "absent", 0, 1)
    assert outage.value.code == "blobs.unavailable"
    await blobs.put_small("short", b"12")
    with pytest.raises(BlobsUnavailable):
        await read(blobs, "short", 0, 3)
    with pytest.raises(BlobsUnavailable):
        await read(blobs, "short", 2, 3)


@pytest.mark.parametrize("path", ["absent", "short"])
async def test_an_absent_or_shortened_object_is_an_outage_when_shown(blobs: Blobs, path: str) -> None:
    await blobs.put_small("short", b"12")
    with ThreadPoolExecutor(1) as thread, pytest.raises(BlobsUnavailable):
        await blobs.show(path, bytes, end=3, on=thread)


async def test_a_store_that_does_not_answer_is_an_outage() -> None:
    with serving() as bucket:
        blobs = bucket.blobs()
        bucket.server.stop()
        with pytest.raises(BlobsUnavailable):
            await blobs.size("one")
        with pytest.raises(BlobsUnavailable):
            await blobs.put_small("one", b"")
        with pytest.raises(BlobsUnavailable):
            await blobs.delete(["one"])
        with pytest.raises(BlobsUnavailable):
            await paths(blobs)
        bucket.server.start()


async def test_a_folder_that_is_gone_is_an_outage(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    blobs = Blobs.from_url(tmp_path.as_uri())
    with pytest.raises(BlobsUnavailable):
        await blobs.put_small("file/one", b"")


async def test_files_left_half_written_are_not_listed_and_are_discarded_by_age(tmp_path: Path) -> None:
    blobs = Blobs.from_url(tmp_path.as_uri())
    await blobs.put_small("parcel/1", b"whole")
    (tmp_path / "parcel" / "2#1").write_bytes(b"half")
    (tmp_path / "parcel" / "3#1").write_bytes(b"half, still growing")
    yesterday = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    os.utime(tmp_path / "parcel" / "2#1", (yesterday, yesterday))

    assert await paths(blobs) == {"parcel/1"}
    assert await blobs.discard_staged(datetime.now(UTC) - timedelta(hours=1)) == 1
    assert {file.name for file in (tmp_path / "parcel").iterdir()} == {"1", "3#1"}


async def test_a_bucket_has_no_half_written_files() -> None:
    with serving() as bucket:
        assert await bucket.blobs().discard_staged(datetime.now(UTC)) == 0


@pytest.mark.parametrize("url", ["", "http://localhost/bucket", "/folder", "gs://bucket"])
def test_other_kinds_of_store_are_not_opened(url: str) -> None:
    with pytest.raises(ValueError, match="an object store is"):
        Blobs.from_url(url)


def test_the_two_outages_keep_their_codes_and_tell_when_to_come_again() -> None:
    assert (BlobsUnavailable.code, BlobsFull.code) == ("blobs.unavailable", "blobs.full")
    assert BlobsUnavailable.retry_after < BlobsFull.retry_after


async def test_what_is_stored_on_a_disk_is_nobody_elses_to_look_into(tmp_path: Path) -> None:
    folder = tmp_path / "objects"
    await Blobs.from_url(folder.as_uri()).put_small("segments/a", b"sealed")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
