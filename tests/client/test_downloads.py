"""An archive is fetched whole, over interruptions, and never over another file."""

import asyncio
import hashlib
import os
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from saikne.blocks import BLOCK_BYTES
from saikne.downloads import ArchiveDamaged, _Part
from saikne.home import AlreadyThere
from saikne.hub import Hub, NoArchive
from saikne.problems import HubOutage
from tests.client.hub_peer import Fault, HubPeer, running_hub
from tests.client.story import asked, dispatched


@pytest.fixture(params=["in clear", "over TLS"])
def peer(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[HubPeer]:
    if request.param == "in clear":
        with running_hub() as hub:
            yield hub
        return
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.crt")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.crt"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)
    with running_hub(tls) as hub:
        yield hub


async def test_a_download_goes_on_where_it_was_cut(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    peer.faults.append(Fault("/archive", "cut", times=1, after_bytes=1_000_000))
    peer.faults.append(Fault("/archive", "reset", times=1))
    got = await requester.download(exchange, tmp_path / "archive.zip")
    ranges = [one.headers.get("range") for one in peer.calls("GET", "/archive")]
    assert ranges[0] is None
    assert ranges[1] == "bytes=1000000-"
    assert hashlib.sha256(got.path.read_bytes()).hexdigest() == got.sha256
    assert not parts_in(tmp_path)
    assert got.path.stat().st_mode & 0o777 == 0o600


async def test_a_download_goes_on_from_whatever_byte_it_was_cut_at(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    pieces = [1, 16_383, 16_385, BLOCK_BYTES, 0, BLOCK_BYTES + 1, 300_000]
    peer.faults += [Fault("/archive", "cut", after_bytes=length) for length in pieces]
    got = await requester.download(exchange, tmp_path / "archive.zip")
    starts = [
        int(one.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        for one in peer.calls("GET", "/archive")
    ]
    assert starts == [sum(pieces[:number]) for number in range(len(pieces) + 1)]
    assert hashlib.sha256(got.path.read_bytes()).hexdigest() == got.sha256


async def test_an_archive_of_untold_length_arrives_too(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    peer.faults += [Fault("/archive", "cut", after_bytes=1_200_000), Fault("/archive", "chunked")]
    got = await requester.download(exchange, tmp_path / "archive.zip")
    assert len(peer.calls("GET", "/archive")) == 2
    assert hashlib.sha256(got.path.read_bytes()).hexdigest() == got.sha256


async def test_a_download_goes_on_after_the_hub_was_killed(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    peer.faults += [Fault("/archive", "killed", after_bytes=length) for length in (1_500_000, 600_000)]
    peer.faults.append(Fault("/archive", "reset", times=2))
    got = await requester.download(exchange, tmp_path / "archive.zip")
    assert hashlib.sha256(got.path.read_bytes()).hexdigest() == got.sha256
    assert not parts_in(tmp_path)


async def test_a_download_that_nobody_waits_for_hangs_up_and_keeps_what_it_has(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    silence = Fault("/archive", "silent", after_bytes=2 * BLOCK_BYTES)
    peer.faults.append(silence)
    arrived = asyncio.Event()
    download = asyncio.create_task(
        requester.download(exchange, tmp_path / "archive.zip", lambda *_: arrived.set())
    )
    await arrived.wait()
    download.cancel()
    with pytest.raises(asyncio.CancelledError):
        await download
    assert await asyncio.to_thread(silence.hung_up.wait, 15)
    (part,) = parts_in(tmp_path)
    kept = part.stat().st_size
    assert kept >= BLOCK_BYTES
    await requester.download(exchange, tmp_path / "archive.zip")
    assert peer.calls("GET", "/archive")[-1].headers["range"] == f"bytes={kept}-"


async def test_no_more_than_two_blocks_are_held(
    requester: Hub, holder: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held, write = [], _Part._write

    def watched(part: _Part, block: memoryview) -> None:
        held.append(part.bytes - part._file.tell())
        time.sleep(0.05)  # the next has come long before: nothing of it may be in this one
        write(part, block)

    monkeypatch.setattr(_Part, "_write", watched)
    exchange = await dispatched(requester, holder, tmp_path)
    await requester.download(exchange, tmp_path / "archive.zip")
    assert len(held) > 1
    assert max(held) < 2 * BLOCK_BYTES


async def test_progress_grows_to_the_whole(requester: Hub, holder: Hub, tmp_path: Path) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    seen: list[tuple[int, int]] = []
    got = await requester.download(exchange, tmp_path / "archive.zip", lambda *step: seen.append(step))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert {total for _, total in seen} == {got.bytes}
    assert seen[-1] == (got.bytes, got.bytes)
    assert len(seen) > 2


async def test_a_download_given_up_goes_on_in_another_process(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    peer.faults.append(Fault("/archive", "cut", times=1, after_bytes=700_000))
    peer.faults.append(Fault("/archive", "reset", times=99))
    with pytest.raises(HubOutage):
        await requester.download(exchange, tmp_path / "archive.zip")
    (part,) = parts_in(tmp_path)
    assert part.stat().st_size == 700_000
    peer.faults.clear()
    got = await requester.download(exchange, tmp_path / "archive.zip")
    assert peer.calls("GET", "/archive")[-1].headers["range"] == "bytes=700000-"
    assert got.path.stat().st_size == got.bytes


async def test_a_download_that_is_there_is_not_fetched_again(
    peer: HubPeer, requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    await requester.download(exchange, tmp_path / "archive.zip")
    await requester.download(exchange, tmp_path / "archive.zip")
    assert len(peer.calls("GET", "/archive")) == 1


async def test_another_file_of_that_name_is_not_overwritten(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    (tmp_path / "archive.zip").write_bytes(b"mine")
    with pytest.raises(AlreadyThere, match=r"^home\.already-there$"):
        await requester.download(exchange, tmp_path / "archive.zip")
    assert (tmp_path / "archive.zip").read_bytes() == b"mine"


async def test_a_damaged_download_is_thrown_away(requester: Hub, holder: Hub, tmp_path: Path) -> None:
    exchange = await dispatched(requester, holder, tmp_path)
    answer = (await requester.exchange(exchange)).answer
    assert answer is not None
    assert answer.archive_sha256 is not None
    part = tmp_path / f"archive.zip.{answer.archive_sha256[:16]}.part"
    part.write_bytes(os.urandom(1000))
    with pytest.raises(ArchiveDamaged, match=r"^archive\.damaged$"):
        await requester.download(exchange, tmp_path / "archive.zip")
    assert not part.exists()
    await requester.download(exchange, tmp_path / "archive.zip")


async def test_what_was_not_dispatched_cannot_be_downloaded(
    requester: Hub, holder: Hub, tmp_path: Path
) -> None:
    exchange = await asked(requester, holder)
    with pytest.raises(NoArchive, match=r"^archive\.not-available$"):
        await requester.download(exchange, tmp_path / "archive.zip")


def parts_in(directory: Path) -> list[Path]:
    return list(directory.glob("*.part"))
