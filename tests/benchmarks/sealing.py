"""Sealing 512 MB against 7-Zip and stream-zip, from one file to another.

All read the same file from the page cache and write a new file to the same folder; rounds alternate, and a
ratio is the median of the rounds' ratios. The hub's own time covers its real upload line: blocks on the
event loop, SHA-256 of the clear bytes compared with the declared one, keys, sealing, and the object whole in
the store. The other two check no digest, so a second figure leaves ours out. stream-zip is given the CRC-32
it asks for, and its clock does not run while that is computed. Nobody waits until the disk has it.
"""

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

from obstore.store import LocalStore
from stream_zip import NO_COMPRESSION_64, stream_zip

from hub.kernel.secret import Secret
from hub.plumbing.blobs import Blobs
from hub.sealing.archive import SealedSegment, directory
from hub.sealing.stream import _Line, seal_document
from tests.benchmarks.limits.passes import sealed_by_two
from tests.benchmarks.row import Limit, Row
from tests.peers.seven_zip import seven_zip

DOCUMENT_BYTES = 512 * 1024 * 1024
BLOCK_BYTES = 256 * 1024
ROUNDS = 7
PASSWORD = "7KQ4M2ZPX9TV3HWA"
LIMIT = "limit"
_KEPT = (
    "kept: the same file read, enciphered by AES-256 in one thread that also writes, authenticated by"
    " HMAC-SHA1 in another, both by OpenSSL; left out: event loop, keys by PBKDF2, the ZIP's headers and"
    " its way of counting, the object store"
)
BOUNDS = {"7z": 1.4, "stream-zip": 2.8}


def run() -> dict[str, object]:
    """MB/s (10^6 bytes) of each in its best round, and how many times faster than each peer the hub is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clear = folder / "clear"
        digest, crc = _write_document(clear)
        segment = SealedSegment("dok-01.pdf", DOCUMENT_BYTES, digest)
        store = Blobs(LocalStore(folder / "store", mkdir=True))  # nobody here waits for the disk
        contenders: dict[str, Callable[[], object]] = {
            "hub": lambda: asyncio.run(_seal(clear, segment, store)),
            "hub, no digest": lambda: asyncio.run(_seal_unhashed(clear, segment, store)),
            LIMIT: lambda: sealed_by_two(clear, folder / "limit.zip"),
            "7z": lambda: _seven_zip(clear, folder / "7z.zip"),
            "stream-zip": lambda: _stream_zip(clear, folder / "stream.zip", crc),
        }
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for contender, seal in contenders.items():
                _make_room(folder)
                started = time.perf_counter()
                seal()
                seconds[contender].append(time.perf_counter() - started)
    return _figures(seconds)


def sealing() -> dict[str, Row]:
    """A row for each peer. The peers compare no digest, so the hub's figure is that of sealing alone."""
    raw = run()
    faster: Any = raw["times_faster_median_of_pairs"]
    return {
        f"sealing against {peer}": Row(
            what=f"AE-2 sealing of {DOCUMENT_BYTES >> 20} MiB against {peer}, as fast",
            figure=faster["hub, no digest"][peer],
            at_least=bound,
            limit=Limit(_KEPT, faster[LIMIT][peer]),
            raw=raw,
        )
        for peer, bound in BOUNDS.items()
    }


def _figures(seconds: dict[str, list[float]]) -> dict[str, object]:
    def faster(ours: str, peer: str) -> float:
        pairs = zip(seconds[ours], seconds[peer], strict=True)
        return round(median(theirs / mine for mine, theirs in pairs), 2)

    def best(ours: str, peer: str) -> float:
        return round(min(seconds[peer]) / min(seconds[ours]), 2)

    ours = ("hub", "hub, no digest", LIMIT)
    return {
        "document_bytes": DOCUMENT_BYTES,
        "rounds": ROUNDS,
        "best_mb_per_second": {
            name: round(DOCUMENT_BYTES / min(took) / 1e6) for name, took in seconds.items()
        },
        "median_mb_per_second": {
            name: round(DOCUMENT_BYTES / median(took) / 1e6) for name, took in seconds.items()
        },
        "times_faster_median_of_pairs": {
            name: {peer: faster(name, peer) for peer in BOUNDS} for name in ours
        },
        "times_faster_best_to_best": {name: {peer: best(name, peer) for peer in BOUNDS} for name in ours},
        "bounds": BOUNDS,
    }


def _write_document(file: Path) -> tuple[bytes, int]:
    """Bytes that do not compress, as scans do not; their SHA-256 and CRC-32."""
    digest, crc = sha256(), 0
    with file.open("wb") as out:
        for _ in range(DOCUMENT_BYTES >> 20):
            block = os.urandom(1 << 20)
            digest.update(block)
            crc = zlib.crc32(block, crc)
            out.write(block)
    return digest.digest(), crc


def _make_room(folder: Path) -> None:
    """Remove the last result and touch as much memory as the next one takes.

    A virtual machine gives freed pages back to its host; whoever writes first would pay for fetching them.
    """
    shutil.rmtree(folder / "store")
    (folder / "store").mkdir()
    for archive in folder.glob("*.zip"):
        archive.unlink()
    touched = folder / "touched"
    with touched.open("wb", buffering=0) as out:
        for _ in range(DOCUMENT_BYTES >> 20):
            out.write(bytes(1 << 20))
    touched.unlink()


def _blocks(file: Path, block_bytes: int) -> Iterator[bytes]:
    with file.open("rb", buffering=0) as read:
        while block := read.read(block_bytes):
            yield block


async def _arriving(file: Path) -> AsyncIterator[bytes]:
    for block in _blocks(file, BLOCK_BYTES):
        yield block


async def _seal(clear: Path, segment: SealedSegment, store: Blobs) -> None:
    sealed = await seal_document(
        _arriving(clear),
        name=segment.name,
        expected_bytes=segment.plain_bytes,
        expected_sha256=segment.sha256,
        password=Secret(PASSWORD),
        store=store,
        path="parcel/1",
    )
    await store.put_small("parcel/directory", directory([sealed]))


class _LineWithoutDigest(_Line):
    def _hash(self, tray: memoryview) -> None:
        self._enciphering.then(partial(self._encipher, tray))

    def _compare(self) -> None:
        self._enciphering.then(partial(self._authenticating.then, self._close))


async def _seal_unhashed(clear: Path, segment: SealedSegment, store: Blobs) -> None:
    line = _LineWithoutDigest(segment, Secret(PASSWORD), store, "parcel/1")
    async for block in _arriving(clear):
        await line.take(block)
    await line.finish()
    await store.put_small("parcel/directory", directory([segment]))


def _seven_zip(clear: Path, archive: Path) -> None:
    arguments = ["a", "-tzip", "-mem=AES256", "-mx0", f"-p{PASSWORD}", str(archive), str(clear)]
    subprocess.run([seven_zip(), *arguments], stdout=subprocess.DEVNULL, check=True)


def _stream_zip(clear: Path, archive: Path, crc: int) -> None:
    method = NO_COMPRESSION_64(DOCUMENT_BYTES, crc)
    member = ("dok-01.pdf", datetime.now(UTC), 0o100600, method, _blocks(clear, 1 << 20))
    with archive.open("wb", buffering=0) as out:
        for piece in stream_zip([member], password=PASSWORD):
            out.write(piece)
