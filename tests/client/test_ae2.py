"""Our quicker reading of an archive finds what pyzipper's own finds, in good archives and in damaged ones."""

import hashlib
import io
import random
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import pyzipper
from hypothesis import given, settings
from hypothesis import strategies as st
from pyzipper.zipfile_aes import WZ_AES_V1, WZ_AES_V2

from saikne import parcel
from saikne.ae2 import SealedArchive
from saikne.blocks import Beside, HashedInPassing
from saikne.parcel import open_parcel
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import WrongPassword
from tests.client.archives import BODY, Entry, Parcel, write_archive
from tests.client.archives import parcel as made
from tests.peers.seven_zip import seven_zip

PAGES = (b"%PDF-1.7 plan of the child " * 20, b"%")
OTHER_BODY = BODY[::-1]
LOCAL_BYTES, SALT_BYTES, VERIFIER_BYTES, CODE_BYTES = 30, 16, 2, 10

Found = tuple[object, ...]


def found(archive: Path, password: str, reading: type[pyzipper.AESZipFile]) -> Found:
    """Everything that opening an archive tells, in this way of reading."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(parcel, "SealedArchive", reading)
        patch.setattr(parcel, "BLOCK_BYTES", 64)  # blocks of an entry, and entries of every length to a block
        into = Path(folder) / "opened"
        try:
            opened = open_parcel(archive, password, into)
        except ParcelRefused as refusal:
            assert list(Path(folder).iterdir()) == []
            return refusal.code, refusal.why, refusal.facts
        except WrongPassword as refusal:
            assert list(Path(folder).iterdir()) == []
            return refusal.code, refusal.hint
        assert opened.archive_sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
        files = {file.name: file.read_bytes() for file in into.iterdir()}
        return opened.archive_sha256, opened.key_id, opened.manifest, opened.checked, files


READERS = (SealedArchive, pyzipper.AESZipFile)


def found_alike(archive: Path, password: str = BODY) -> Found:
    ours = found(archive, password, SealedArchive)
    assert ours == found(archive, password, pyzipper.AESZipFile)
    return ours


def write(path: Path, sealed: Parcel, compression: int, version: int) -> Path:
    with pyzipper.AESZipFile(path, "w", compression=compression) as archive:
        archive.setpassword(BODY.encode())
        archive.setencryption(pyzipper.WZ_AES, nbits=256, force_wz_aes_version=version)
        for entry in sealed.entries:
            info = archive.zipinfo_cls(entry.name)
            info.external_attr, info.compress_type = entry.mode << 16, compression
            archive.writestr(info, entry.content)
    return path


@settings(max_examples=40, deadline=None)
@given(
    pages=st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=3),
    compression=st.sampled_from([pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED, pyzipper.ZIP_BZIP2]),
    version=st.sampled_from([WZ_AES_V1, WZ_AES_V2]),
    password=st.sampled_from([BODY, BODY, BODY, OTHER_BODY]),
    place=st.integers(0, 10**6),
    change=st.integers(1, 255),
)
def test_any_archive_is_found_alike(  # noqa: PLR0917
    pages: list[bytes], compression: int, version: int, password: str, place: int, change: int
) -> None:
    with TemporaryDirectory() as folder:
        archive = write(Path(folder) / "archive.zip", made(*pages), compression, version)
        whole = found_alike(archive, password)
        assert (len(whole) == 5) == (password == BODY)
        content = bytearray(archive.read_bytes())
        content[place % len(content)] ^= change
        archive.write_bytes(content)
        if password == BODY:
            found_alike(archive, password)
        else:  # two things are wrong: either may be told first, and neither opens it
            assert all(len(found(archive, password, reader)) < 5 for reader in READERS)


def regions(archive: Path, name: str) -> dict[str, range]:
    """Where the parts of an entry stand."""
    with pyzipper.AESZipFile(archive) as opened:
        entry = opened.getinfo(name)
    header = archive.read_bytes()[entry.header_offset :][:LOCAL_BYTES]
    lengths = {
        "local header": LOCAL_BYTES,
        "name": int.from_bytes(header[26:28], "little"),
        "extra field": int.from_bytes(header[28:30], "little"),
        "salt": SALT_BYTES,
        "verifier": VERIFIER_BYTES,
        "data": entry.compress_size - SALT_BYTES - VERIFIER_BYTES - CODE_BYTES,
        "code": CODE_BYTES,
    }
    found, at = {}, entry.header_offset
    for region, length in lengths.items():
        found[region] = range(at, at + length)
        at += length
    return found


@pytest.mark.parametrize("region", ["name", "salt", "verifier", "data", "code"])
@pytest.mark.parametrize("name", ["dok-01.pdf", "manifest.json", "manifest.sig.json", "apliecinajums.txt"])
def test_a_changed_byte_of_an_entry_is_damage(tmp_path: Path, name: str, region: str) -> None:
    archive = write_archive(tmp_path / "archive.zip", made(*PAGES).entries)
    content, places = archive.read_bytes(), regions(archive, name)[region]
    for place in {places[0], places[len(places) // 2], places[-1]}:
        archive.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert found_alike(archive) == ("parcel.refused", "damaged", {"why": "damaged"})


@pytest.mark.parametrize("region", ["local header", "extra field", "directory"])
def test_a_changed_byte_around_the_entries_is_found_alike(tmp_path: Path, region: str) -> None:
    archive = write_archive(tmp_path / "archive.zip", made(*PAGES).entries)
    content = archive.read_bytes()
    places = regions(archive, "dok-01.pdf").get(region) or range(content.index(b"PK\x01\x02"), len(content))
    for place in places[:: 1 + len(places) // 40]:
        archive.write_bytes(content[:place] + bytes([content[place] ^ 0x41]) + content[place + 1 :])
        found_alike(archive)


@pytest.mark.parametrize("trailing", [b"\0", b"more", b"PK\x05\x06" + bytes(18)])
def test_what_was_added_behind_an_archive_is_found_alike(tmp_path: Path, trailing: bytes) -> None:
    archive = write_archive(tmp_path / "archive.zip", made(*PAGES).entries)
    archive.write_bytes(archive.read_bytes() + trailing)
    found_alike(archive)


@pytest.mark.parametrize("place", [2**31, 2**62, 2**63, 2**64 - 1])
def test_an_entry_that_stands_beyond_every_file_is_damage(tmp_path: Path, place: int) -> None:
    with pyzipper.AESZipFile(write_archive(tmp_path / "archive.zip", made(*PAGES).entries), "a") as archive:
        archive.filelist[0].header_offset = place
        archive._didModify = True
    assert found_alike(tmp_path / "archive.zip") == ("parcel.refused", "damaged", {"why": "damaged"})


@pytest.mark.parametrize("how", ["-mx0", "-mx5"])
def test_an_archive_by_7_zip_is_opened_alike(tmp_path: Path, how: str) -> None:
    sealed = made(b"%PDF-1.7 plan " * 5000, b"%PDF")
    for entry in sealed.entries:
        (tmp_path / entry.name).write_bytes(entry.content)
    subprocess.run(
        [seven_zip(), "a", "-tzip", "-mem=AES256", how, f"-p{BODY}", "archive.zip"]
        + [entry.name for entry in sealed.entries],
        cwd=tmp_path,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    *_, files = found_alike(tmp_path / "archive.zip")
    assert files == {entry.name: entry.content for entry in sealed.entries}


def test_entries_in_another_order_than_declared_are_opened_alike(tmp_path: Path) -> None:
    sealed = made(b"1" * 500, b"2" * 500, b"3" * 500)
    archive = write_archive(tmp_path / "archive.zip", sealed.entries[::-1])
    *_, files = found_alike(archive)
    assert files == {entry.name: entry.content for entry in sealed.entries}


def test_entries_under_two_passwords_are_damage(tmp_path: Path) -> None:
    sealed = made(*PAGES).changed("dok-01.pdf", password=OTHER_BODY)
    archive = write_archive(tmp_path / "archive.zip", sealed.entries)
    assert found_alike(archive) == ("parcel.refused", "damaged", {"why": "damaged"})
    assert found_alike(archive, OTHER_BODY) == ("parcel.refused", "damaged", {"why": "damaged"})


def test_other_strengths_are_read_as_pyzipper_reads_them(tmp_path: Path) -> None:
    entries = [Entry(f"{strength}.txt", b"text" * 100, strength=strength) for strength in (128, 192, 256)]
    with SealedArchive(write_archive(tmp_path / "archive.zip", entries)) as archive:
        archive.setpassword(BODY.encode())
        assert [archive.read(entry.name) for entry in entries] == [entry.content for entry in entries]


def test_a_file_is_hashed_in_passing_in_whatever_order_it_is_read() -> None:
    chance = random.Random(11)  # noqa: S311  # the same walks each time
    content = chance.randbytes(5000)
    for _ in range(200):
        with Beside() as beside:
            file = HashedInPassing(io.BytesIO(content), beside)
            for _ in range(chance.randrange(12)):
                start, length = chance.randrange(5100), chance.choice([-1, 0, 1, 100, 3000])
                file.seek(start)
                assert file.read(length) == content[start:][: length if length >= 0 else None]
            assert file.sha256() == hashlib.sha256(content).hexdigest()


def test_work_beside_is_done_in_order_and_its_failure_is_told() -> None:
    done: list[object] = []

    with Beside() as beside:
        for number in range(20):
            beside.hand(done.append, number)
        beside.done()
        assert done == list(range(20))
        beside.hand(int, "no number")
        with pytest.raises(ValueError, match="no number"):
            beside.done()
