"""An archive is fetched whole, over interruptions, and never over another file."""

import hashlib
import os
from pathlib import Path

import pytest

from saikne.downloads import ArchiveDamaged
from saikne.home import AlreadyThere
from saikne.hub import Hub, NoArchive
from saikne.problems import HubOutage
from tests.client.hub_peer import Fault, HubPeer
from tests.client.story import asked, dispatched


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
