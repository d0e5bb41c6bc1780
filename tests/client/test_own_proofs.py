"""A proof comes out of its archive as it was sent, or not at all."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from saikne import ParcelRefused, WrongPassword, password_of
from saikne.media_types import proof_media_type
from saikne.own_proofs import extract_proof
from saikne_schemas.proofs import ProofMediaType, ProofView
from tests.client.archives import BODY, Entry, write_archive

CONTENT = b"Labdien! No 1. decembra p\xc4\x81rejam pie jums."


def described(content: bytes = CONTENT) -> ProofView:
    return ProofView(
        id=uuid4(),
        media_type=ProofMediaType.TEXT,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        sealed_at=datetime(2026, 11, 23, tzinfo=UTC),
        archive_bytes=1,
        archive_sha256="0" * 64,
    )


def archive_of(folder: Path, *entries: Entry) -> Path:
    return write_archive(folder / ".proof.zip", entries)


def test_a_proof_is_written_for_its_owner_alone_and_its_archive_dropped(tmp_path: Path) -> None:
    proof, archive = described(), archive_of(tmp_path, Entry("proof.txt", CONTENT))
    file = extract_proof(archive, password_of(BODY), proof, tmp_path)
    assert file.read_bytes() == CONTENT
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([Entry("proof.txt", CONTENT[::-1])], ParcelRefused.OTHER_DIGEST),
        ([Entry("proof.txt", CONTENT + b"!")], ParcelRefused.OTHER_SIZE),
        ([Entry("proof.pdf", CONTENT)], ParcelRefused.MISSING_ENTRY),
        ([Entry("../proof.txt", CONTENT)], ParcelRefused.MISSING_ENTRY),
        ([Entry("proof.txt", CONTENT), Entry("more.txt", b"more")], ParcelRefused.MISSING_ENTRY),
        ([], ParcelRefused.MISSING_ENTRY),
    ],
)
def test_another_file_than_was_sent_is_not_written(tmp_path: Path, entries: list[Entry], why: str) -> None:
    archive = archive_of(tmp_path, *entries)
    with pytest.raises(ParcelRefused) as refusal:
        extract_proof(archive, password_of(BODY), described(), tmp_path)
    assert refusal.value.why == why
    assert list(tmp_path.iterdir()) == [archive]


def test_a_damaged_archive_is_told_from_a_wrong_password(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, Entry("proof.txt", CONTENT))
    with pytest.raises(WrongPassword) as wrong:
        extract_proof(archive, password_of("Z" * 16), described(), tmp_path)
    assert wrong.value.hint == WrongPassword.OTHER_ARCHIVE
    archive.write_bytes(b"PK" + archive.read_bytes()[:40])
    with pytest.raises(ParcelRefused) as refusal:
        extract_proof(archive, password_of(BODY), described(), tmp_path)
    assert refusal.value.why == ParcelRefused.DAMAGED
    assert list(tmp_path.iterdir()) == [archive]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("letter.eml", b"From: a", ProofMediaType.MAIL),
        ("message.TXT", b"text", ProofMediaType.TEXT),
        ("sheet.pdf", b"%PDF-1.7", ProofMediaType.PDF),
        ("signed.edoc", b"PK\x03\x04", ProofMediaType.ASICE),
        ("scan.tif", b"II*\x00", ProofMediaType.TIFF),
    ],
)
def test_a_files_kind_follows_from_its_ending_and_beginning(
    tmp_path: Path, name: str, content: bytes, kind: ProofMediaType
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert proof_media_type(path) is kind
