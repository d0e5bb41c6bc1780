import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest
import pyzipper

from hub.kernel.secret import Secret
from hub.plumbing.blobs import Blobs, BlobsUnavailable
from hub.sealing.archive import directory
from hub.sealing.bench import BENCHES
from hub.sealing.stream import (
    TRAY_BYTES,
    TRAYS_UNDER_WAY,
    DigestMismatch,
    DocumentTooLong,
    DocumentTruncated,
    seal_bytes,
    seal_document,
)
from tests.sealing.bucket import serving
from tests.sealing.conftest import PASSWORD, Opener, blocks_of, files_in, seal, write_archive

MIB = 1 << 20
SIZES = [0, 1, 15, 16, 17, MIB - 1, MIB, MIB + 1, 3 * MIB, 7 * MIB + 12_345]


async def declared(
    content: bytes, store: Blobs, *, size: int | None = None, digest: bytes | None = None
) -> None:
    await seal_document(
        blocks_of(content),
        name="dok-01.pdf",
        expected_bytes=len(content) if size is None else size,
        expected_sha256=digest or sha256(content).digest(),
        password=Secret(PASSWORD),
        store=store,
        path="parcel/1",
    )


async def test_what_7_zip_takes_out_is_bit_for_bit_what_was_put_in(
    store: Blobs, tmp_path: Path, seven_zip: Opener
) -> None:
    contents = {f"dok-{number:02}.pdf": os.urandom(size) for number, size in enumerate(SIZES, 1)}
    sealed = [(name, await seal(content, name, store, name)) for name, content in contents.items()]
    archive = tmp_path / "archive.zip"
    await write_archive(archive, store, sealed)

    tested, taken_out = seven_zip("t", archive, PASSWORD), seven_zip("x", archive, PASSWORD)

    assert tested.returncode == taken_out.returncode == 0
    assert "Everything is Ok" in tested.stdout
    assert "Warn" not in tested.stdout + tested.stderr
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == contents


async def test_pyzipper_opens_it_too_and_sees_aes_256(store: Blobs, tmp_path: Path) -> None:
    contents = {f"dok-{number:02}.pdf": os.urandom(size) for number, size in enumerate(SIZES, 1)}
    sealed = [(name, await seal(content, name, store, name)) for name, content in contents.items()]
    archive = tmp_path / "archive.zip"
    await write_archive(archive, store, sealed)

    with pyzipper.AESZipFile(archive) as opened:
        opened.setpassword(PASSWORD.encode())
        assert {name: opened.read(name) for name in opened.namelist()} == contents
        for entry in opened.infolist():
            assert (entry.wz_aes_version, entry.wz_aes_strength) == (2, 3)


@pytest.mark.parametrize("wrong", ["", "7KQ4M2ZPX9TV3HWB", "7kq4m2zpx9tv3hwa"])
async def test_no_other_password_opens_it(
    store: Blobs, tmp_path: Path, seven_zip: Opener, wrong: str
) -> None:
    segment = await seal(b"copy" * 1000, "dok-01.pdf", store, "one")
    archive = tmp_path / "archive.zip"
    await write_archive(archive, store, [("one", segment)])

    assert seven_zip("t", archive, wrong).returncode == 2
    assert "Wrong password" in seven_zip("t", archive, wrong or "x").stderr
    with pyzipper.AESZipFile(archive) as opened, pytest.raises(RuntimeError, match="password"):
        opened.read("dok-01.pdf", pwd=wrong.encode())


async def test_the_hubs_own_entries_are_sealed_the_same_way(
    store: Blobs, tmp_path: Path, seven_zip: Opener, password: Secret
) -> None:
    manifest, words = b'{"documents": []}', "Norāksts ir pareizs".encode()
    sealed = [
        ("m", await seal_bytes(manifest, name="manifest.json", password=password, store=store, path="m")),
        ("w", await seal_bytes(words, name="apliecinajums.txt", password=password, store=store, path="w")),
    ]
    archive = tmp_path / "archive.zip"
    await write_archive(archive, store, sealed)

    assert seven_zip("x", archive, PASSWORD).returncode == 0
    assert (tmp_path / "out" / "manifest.json").read_bytes() == manifest
    assert (tmp_path / "out" / "apliecinajums.txt").read_bytes() == words
    assert sealed[0][1].sha256 == sha256(manifest).digest()


async def test_any_changed_bit_of_a_segment_is_noticed(
    store: Blobs, folder: Path, tmp_path: Path, seven_zip: Opener
) -> None:
    segment = await seal(b"0123456789abcdefX", "dok-01.pdf", store, "one")
    whole = (folder / "one").read_bytes()
    tail = directory([segment])
    first = len(whole) - segment.sealed_bytes
    for bit in range(8 * first, 8 * len(whole)):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        archive = tmp_path / "damaged.zip"
        archive.write_bytes(bytes(damaged) + tail)
        with pyzipper.AESZipFile(archive) as opened:
            opened.setpassword(PASSWORD.encode())
            with pytest.raises((RuntimeError, pyzipper.BadZipFile)):
                opened.read("dok-01.pdf")
        if bit % 8 == 0:
            assert seven_zip("t", archive, PASSWORD).returncode == 2


@pytest.mark.parametrize("block_bytes", [1000, 65_536, TRAY_BYTES, 3 * MIB + 1, 8 * MIB])
async def test_how_the_blocks_were_cut_does_not_show(
    store: Blobs, tmp_path: Path, seven_zip: Opener, block_bytes: int
) -> None:
    content = os.urandom(7 * MIB + 3)
    segment = await seal(content, "dok-01.pdf", store, "one", block_bytes)
    await write_archive(tmp_path / "a.zip", store, [("one", segment)])
    assert seven_zip("x", tmp_path / "a.zip", PASSWORD).returncode == 0
    assert (tmp_path / "out" / "dok-01.pdf").read_bytes() == content


async def test_the_segment_in_the_store_is_as_long_as_the_record_says(store: Blobs, folder: Path) -> None:
    segment = await seal(b"x" * 12_345, "dok-01.pdf", store, "one")
    assert (folder / "one").stat().st_size == segment.segment_bytes


async def test_two_sealings_of_one_document_share_nothing_but_the_header(store: Blobs, folder: Path) -> None:
    first = await seal(b"x" * 100_000, "dok-01.pdf", store, "one")
    await seal(b"x" * 100_000, "dok-01.pdf", store, "two")
    header = first.segment_bytes - first.sealed_bytes
    one, two = (folder / "one").read_bytes(), (folder / "two").read_bytes()
    assert one[:header] == two[:header]
    assert one[header : header + 16] != two[header : header + 16]
    assert one[header + 18 : header + 50] != two[header + 18 : header + 50]


@pytest.mark.parametrize("missing", [1, MIB, 6 * MIB])
async def test_a_truncated_document_is_refused_and_nothing_stays(
    store: Blobs, folder: Path, missing: int
) -> None:
    with pytest.raises(DocumentTruncated) as refusal:
        await declared(bytes(6 * MIB), store, size=6 * MIB + missing)
    assert refusal.value.code == "sealing.document-truncated"
    assert refusal.value.facts == {"declared_bytes": 6 * MIB + missing, "arrived_bytes": 6 * MIB}
    assert files_in(folder) == []


async def test_a_longer_document_is_refused_at_its_first_surplus_byte(store: Blobs, folder: Path) -> None:
    sent = []

    async def sender() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield bytes(MIB)

    with pytest.raises(DocumentTooLong) as refusal:
        await seal_document(
            sender(),
            name="dok-01.pdf",
            expected_bytes=6 * MIB - 1,
            expected_sha256=bytes(32),
            password=Secret(PASSWORD),
            store=store,
            path="one",
        )
    assert refusal.value.code == "sealing.document-too-long"
    assert sent == [0, 1, 2, 3, 4, 5]
    assert files_in(folder) == []


@pytest.mark.parametrize("size", [0, 1, MIB, 12 * MIB + 1])
async def test_another_document_than_declared_is_refused_and_nothing_stays(
    store: Blobs, folder: Path, size: int
) -> None:
    with pytest.raises(DigestMismatch) as refusal:
        await declared(bytes(size), store, digest=sha256(b"another").digest())
    assert refusal.value.code == "sealing.digest-mismatch"
    assert files_in(folder) == []


async def test_a_document_can_be_sent_again_after_a_refusal(store: Blobs, folder: Path) -> None:
    with pytest.raises(DigestMismatch):
        await declared(b"x", store, digest=bytes(32))
    await declared(b"x", store)
    assert files_in(folder) == [folder / "parcel" / "1"]


async def test_documents_arrive_side_by_side(store: Blobs, tmp_path: Path, seven_zip: Opener) -> None:
    contents = {f"dok-{number:02}.pdf": os.urandom(4 * MIB + number) for number in range(1, 7)}
    segments = await asyncio.gather(
        *(seal(content, name, store, name, 50_000) for name, content in contents.items())
    )
    await write_archive(tmp_path / "a.zip", store, list(zip(contents, segments, strict=True)))
    assert seven_zip("x", tmp_path / "a.zip", PASSWORD).returncode == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == contents


async def endless(arrived: asyncio.Event, after: int) -> AsyncIterator[bytes]:
    """A sender who stops in the middle and never hangs up."""
    for _ in range(after):
        yield bytes(100_000)
    arrived.set()
    await asyncio.Event().wait()


async def start_and_cancel(store: Blobs, blocks: int, path: str = "one") -> None:
    arrived = asyncio.Event()
    upload = asyncio.create_task(
        seal_document(
            endless(arrived, blocks),
            name="dok-01.pdf",
            expected_bytes=1 << 40,
            expected_sha256=bytes(32),
            password=Secret(PASSWORD),
            store=store,
            path=path,
        )
    )
    await arrived.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload


@pytest.mark.parametrize("blocks", [0, 1, 200])
async def test_a_sender_who_goes_away_leaves_nothing(store: Blobs, folder: Path, blocks: int) -> None:
    await start_and_cancel(store, blocks)
    assert files_in(folder) == []


async def test_a_sender_whose_line_breaks_leaves_nothing(store: Blobs, folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield bytes(8 * MIB)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await seal_document(
            broken(),
            name="dok-01.pdf",
            expected_bytes=9 * MIB,
            expected_sha256=bytes(32),
            password=Secret(PASSWORD),
            store=store,
            path="one",
        )
    assert files_in(folder) == []


async def test_senders_who_go_away_hold_no_thread(store: Blobs) -> None:
    await start_and_cancel(store, 3)
    for number in range(40):
        await start_and_cancel(store, 3, f"more/{number}")
    clerks = [thread for thread in threading.enumerate() if thread.name.startswith("sealing-clerk")]
    assert len(clerks) < 20  # a thread that were still held would not have been reused
    await asyncio.wait_for(seal(b"x", "dok-01.pdf", store, "last"), timeout=5)


async def test_waiting_senders_hold_no_bench(store: Blobs, tmp_path: Path, seven_zip: Opener) -> None:
    arrived = [asyncio.Event() for _ in range(20)]
    waiting = [
        asyncio.create_task(
            seal_document(
                endless(event, 11),
                name="dok-01.pdf",
                expected_bytes=1 << 40,
                expected_sha256=bytes(32),
                password=Secret(PASSWORD),
                store=store,
                path=f"slow/{number}",
            )
        )
        for number, event in enumerate(arrived)
    ]
    await asyncio.gather(*(event.wait() for event in arrived))
    segment = await asyncio.wait_for(seal(bytes(9 * MIB), "dok-02.pdf", store, "quick"), timeout=20)
    for upload in waiting:
        upload.cancel()
    assert all(
        isinstance(end, asyncio.CancelledError)
        for end in await asyncio.gather(*waiting, return_exceptions=True)
    )
    await write_archive(tmp_path / "a.zip", store, [("quick", segment)])
    assert seven_zip("t", tmp_path / "a.zip", PASSWORD).returncode == 0


async def test_while_the_benches_are_busy_the_sender_waits_and_the_event_loop_does_not(store: Blobs) -> None:
    everyone, free = threading.Barrier(BENCHES._max_workers + 1), threading.Event()
    sent: list[int] = []

    def hold_a_bench() -> None:
        everyone.wait()
        free.wait()

    for _ in range(BENCHES._max_workers):
        BENCHES.submit(hold_a_bench)
    await asyncio.to_thread(everyone.wait)

    async def sender() -> AsyncIterator[bytes]:
        for number in range(2 * TRAYS_UNDER_WAY):
            sent.append(number)
            yield bytes(TRAY_BYTES)

    content = bytes(2 * TRAYS_UNDER_WAY * TRAY_BYTES)
    upload = asyncio.create_task(
        seal_document(
            sender(),
            name="dok-01.pdf",
            expected_bytes=len(content),
            expected_sha256=sha256(content).digest(),
            password=Secret(PASSWORD),
            store=store,
            path="one",
        )
    )
    for _ in range(1000):
        await asyncio.sleep(0)
    assert len(sent) == TRAYS_UNDER_WAY + 1

    free.set()
    assert (await upload).plain_bytes == len(content)


async def test_no_clear_byte_is_ever_in_the_store(store: Blobs, folder: Path) -> None:
    canary = b"Bernu dzirnavas 1987, kanarijputnins"
    content = canary * 1_200_000  # several times what may be under way, so that the store is seen at work
    seen: list[bool] = []

    async def watched() -> AsyncIterator[bytes]:
        async for block in blocks_of(content, MIB):
            seen.extend(canary[:12] in file.read_bytes() for file in files_in(folder))
            yield block

    await seal_document(
        watched(),
        name="dok-01.pdf",
        expected_bytes=len(content),
        expected_sha256=sha256(content).digest(),
        password=Secret(PASSWORD),
        store=store,
        path="one",
    )
    assert len(seen) > 1
    assert not any(seen)
    kept = (folder / "one").read_bytes()
    assert canary[:12] not in kept
    assert PASSWORD.encode() not in kept


async def test_a_store_that_cannot_take_the_object_is_an_outage(store: Blobs, folder: Path) -> None:
    (folder / "file").write_bytes(b"in the way")
    with pytest.raises(BlobsUnavailable) as outage:
        await seal(bytes(30 * MIB), "dok-01.pdf", store, "file/one")
    assert outage.value.code == "blobs.unavailable"
    assert files_in(folder) == [folder / "file"]


FULL_DISK = """
import asyncio, resource, sys
from hub.plumbing.blobs import BlobsFull
from tests.sealing.conftest import Blobs, seal

async def main() -> None:
    store = Blobs.from_url(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        await seal(bytes(int(sys.argv[3])), "dok-01.pdf", store, "one")
    except BlobsFull as outage:
        print(outage.code)
    await seal(bytes(1000), "dok-01.pdf", store, "small")
    print("and on")

asyncio.run(main())
"""


@pytest.mark.parametrize("size", [3 * MIB, 40 * MIB])
def test_a_full_disk_is_an_outage_of_its_own_and_nothing_half_written_stays(folder: Path, size: int) -> None:
    limit = 2 * MIB
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, folder.as_uri(), str(limit), str(size)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert ended.stdout.split("\n") == ["blobs.full", "and on", ""], ended.stderr
    assert files_in(folder) == [folder / "small"]


async def test_a_bucket_takes_segments_as_a_disk_does(tmp_path: Path, seven_zip: Opener) -> None:
    with serving() as bucket:
        store = bucket.blobs()
        contents = {"dok-01.pdf": os.urandom(17 * MIB + 5), "dok-02.pdf": b"small"}
        sealed = [(name, await seal(content, name, store, name)) for name, content in contents.items()]
        await write_archive(tmp_path / "a.zip", store, sealed)
    assert seven_zip("x", tmp_path / "a.zip", PASSWORD).returncode == 0
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == contents


async def test_a_refused_or_broken_upload_leaves_neither_object_nor_parts_in_a_bucket() -> None:
    with serving() as bucket:
        store = bucket.blobs()
        with pytest.raises(DigestMismatch):
            await declared(bytes(12 * MIB), store, digest=bytes(32))
        with pytest.raises(DocumentTruncated):
            await declared(bytes(12 * MIB), store, size=13 * MIB)
        await start_and_cancel(store, 150)
        assert [blob async for blob in store.listing("")] == []
        assert bucket.unfinished_uploads() == 0


async def test_a_bucket_lost_in_mid_upload_is_an_outage() -> None:
    with serving() as bucket:
        store = bucket.blobs()

        async def outliving() -> AsyncIterator[bytes]:
            for number in range(20):
                if number == 10:
                    await asyncio.to_thread(bucket.server.stop)
                yield bytes(MIB)

        with pytest.raises(BlobsUnavailable):
            await seal_document(
                outliving(),
                name="dok-01.pdf",
                expected_bytes=20 * MIB,
                expected_sha256=sha256(bytes(20 * MIB)).digest(),
                password=Secret(PASSWORD),
                store=store,
                path="one",
            )
        bucket.server.start()
