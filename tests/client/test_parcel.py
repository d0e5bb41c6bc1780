"""An archive is opened whole or not at all, and only if everything in it is as the holder signed it."""

import base64
import hashlib
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from saikne.blocks import BLOCK_BYTES
from saikne.home import AlreadyThere
from saikne.keys import Algorithm, CentreKey
from saikne.parcel import open_parcel
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import WrongPassword, check_symbol
from saikne.statements import wire_bytes
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.views import StatementView
from tests.client.archives import (
    BODY,
    DIRECTORY,
    SYMLINK,
    Entry,
    Parcel,
    parcel,
    signature_record,
    write_archive,
)

PASSWORD = BODY + check_symbol(BODY)
PAGES = (b"%PDF-1.7 plan of the child " * 1000, b"%PDF-1.7 annex")


def refused(path: Path, made: Parcel, **options: Any) -> ParcelRefused:
    """Open it, and see that nothing at all was left behind."""
    archive = write_archive(path / "archive.zip", made.entries)
    with pytest.raises(ParcelRefused, match=r"^parcel\.refused$") as refusal:
        open_parcel(archive, PASSWORD, path / "opened", **options)
    assert [file.name for file in path.iterdir()] == ["archive.zip"]
    return refusal.value


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_what_was_sealed_is_extracted_bit_by_bit(tmp_path: Path, algorithm: Algorithm) -> None:
    made = parcel(*PAGES, key=CentreKey.generate(KeyUse.SIGNING, algorithm))
    archive = write_archive(tmp_path / "archive.zip", made.entries)
    seen: list[tuple[int, int]] = []
    opened = open_parcel(archive, PASSWORD, tmp_path / "opened", progress=lambda *step: seen.append(step))
    assert [opened.files[number].read_bytes() for number in (1, 2)] == list(PAGES)
    assert [(one.no, one.sha256) for one in opened.checked] == [
        (number, hashlib.sha256(page).hexdigest()) for number, page in enumerate(PAGES, start=1)
    ]
    assert opened.manifest == made.manifest
    assert opened.manifest_sha256 == hashlib.sha256(wire_bytes(made.manifest)).hexdigest()
    assert opened.archive_sha256 == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert opened.key_id == made.key.kid
    assert {file.name for file in opened.directory.iterdir()} == {entry.name for entry in made.entries}
    assert seen[-1] == (sum(map(len, PAGES)), sum(map(len, PAGES)))


def test_of_many_documents_a_few_blocks_are_in_memory(tmp_path: Path) -> None:
    page = bytes(BLOCK_BYTES + 1)
    archive = write_archive(tmp_path / "archive.zip", parcel(*[page] * 12).entries)
    open_parcel(archive, PASSWORD, tmp_path / "first")  # what is kept for good is kept by now
    tracemalloc.start()
    try:
        open_parcel(archive, PASSWORD, tmp_path / "opened")
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < 8 * BLOCK_BYTES


def test_extracted_documents_are_their_owners_only(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive.zip", parcel(*PAGES).entries)
    opened = open_parcel(archive, PASSWORD, tmp_path / "opened")
    assert opened.directory.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in opened.directory.iterdir()} == {0o600}


def test_another_archives_password_is_told_from_damage(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive.zip", parcel(*PAGES).entries)
    other = BODY[::-1]
    with pytest.raises(WrongPassword, match=r"^password\.wrong$") as refusal:
        open_parcel(archive, other + check_symbol(other), tmp_path / "opened")
    assert refusal.value.hint == "other-archive"
    assert [file.name for file in tmp_path.iterdir()] == ["archive.zip"]


@pytest.mark.parametrize(
    "entry",
    [
        Entry("../x", b"slip"),
        Entry("../../etc/cron.d/x", b"slip"),
        Entry("/tmp/x", b"absolute"),  # noqa: S108
        Entry("C:\\x.pdf", b"absolute"),
        Entry("..\\x.pdf", b"slip"),
        Entry("dok-03.pdf/../../x", b"slip"),
        Entry("dok-1.pdf", b"name"),
        Entry("DOK-03.PDF", b"name"),
        Entry("Bērziņa Anna.pdf", b"name"),
        Entry("", b"no name"),
        Entry("dok-03.pdf", b"/etc/passwd", mode=SYMLINK),
        Entry("dok-03.pdf", b"", mode=DIRECTORY),
    ],
    ids=lambda entry: f"{entry.name!r} {entry.mode:o}",
)
def test_a_foreign_entry_is_refused(tmp_path: Path, entry: Entry) -> None:
    assert refused(tmp_path, parcel(*PAGES).with_entries(entry)).why == "foreign-entry"
    assert not (tmp_path.parent / "x").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_twice_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, parcel(*PAGES).with_entries(Entry("dok-01.pdf", b"other"))).why == "entry-twice"


@pytest.mark.parametrize("name", ["dok-01.pdf", "manifest.json", "manifest.sig.json", "apliecinajums.txt"])
def test_a_missing_entry_is_refused(tmp_path: Path, name: str) -> None:
    refusal = refused(tmp_path, parcel(*PAGES).without(name))
    assert (refusal.why, refusal.facts["entry"]) == ("missing-entry", name)


def test_an_entry_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, parcel(*PAGES).with_entries(Entry("dok-03.pdf", b"more"))).why == "unexpected-entry"
    )


def test_an_entry_in_clear_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, parcel(*PAGES).changed("dok-02.pdf", encrypted=False)).why == "not-encrypted"


def test_a_weaker_cipher_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, parcel(*PAGES).changed("dok-02.pdf", strength=128)).why == "not-encrypted"


def test_a_document_of_another_size_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, parcel(*PAGES).changed("dok-02.pdf", content=PAGES[1] + b"!")).why == "other-size"
    )


def test_a_document_of_another_digest_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, parcel(*PAGES).changed("dok-02.pdf", content=PAGES[1][::-1])).why == "other-digest"
    )


def test_a_bomb_in_the_manifests_place_is_refused(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, parcel(*PAGES).changed("manifest.json", content=bytes(256 * 1024 + 1))).why
        == "too-large"
    )


def test_more_entries_than_an_answer_may_have_are_refused(tmp_path: Path) -> None:
    many = [Entry(f"dok-{number}.pdf", b"x") for number in range(100, 610)]
    assert refused(tmp_path, parcel(*PAGES).with_entries(*many)).why == "too-many"


def test_a_manifest_under_another_signature_is_refused(tmp_path: Path) -> None:
    record = json.dumps(signature_record(b"{}", CentreKey.generate(KeyUse.SIGNING))).encode()
    assert (
        refused(tmp_path, parcel(*PAGES).changed("manifest.sig.json", content=record)).why
        == "other-signature"
    )


@pytest.mark.parametrize("content", [b"", b"null", b"{}", b'{"signature_base": 1}'])
def test_an_unreadable_signature_record_is_refused(tmp_path: Path, content: bytes) -> None:
    assert (
        refused(tmp_path, parcel(*PAGES).changed("manifest.sig.json", content=content)).why
        == "other-signature"
    )


def test_a_manifest_by_another_key_than_the_hub_recorded_is_refused(tmp_path: Path) -> None:
    made = parcel(*PAGES)
    record = signature_record(wire_bytes(made.manifest), CentreKey.generate(KeyUse.SIGNING))
    assert refused(tmp_path, made, statement=statement(made, record)).why == "other-statement"


def test_the_hubs_own_record_of_the_statement_fits(tmp_path: Path) -> None:
    made = parcel(*PAGES)
    record = signature_record(wire_bytes(made.manifest), made.key)
    archive = write_archive(tmp_path / "archive.zip", made.entries)
    opened = open_parcel(archive, PASSWORD, tmp_path / "opened", statement=statement(made, record))
    assert opened.manifest == made.manifest


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99])
def test_a_cut_archive_is_refused(tmp_path: Path, keep: float) -> None:
    archive = write_archive(tmp_path / "archive.zip", parcel(*PAGES).entries)
    content = archive.read_bytes()
    archive.write_bytes(content[: keep if isinstance(keep, int) else int(len(content) * keep)])
    with pytest.raises(ParcelRefused, match=r"^parcel\.refused$") as refusal:
        open_parcel(archive, PASSWORD, tmp_path / "opened")
    assert refusal.value.why == "damaged"
    assert [file.name for file in tmp_path.iterdir()] == ["archive.zip"]


def test_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive.zip", parcel(*PAGES).entries)
    content = bytearray(archive.read_bytes())
    content[5000] ^= 1
    archive.write_bytes(content)
    with pytest.raises(ParcelRefused, match=r"^parcel\.refused$") as refusal:
        open_parcel(archive, PASSWORD, tmp_path / "opened")
    assert refusal.value.why == "damaged"
    assert [file.name for file in tmp_path.iterdir()] == ["archive.zip"]


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "archive.zip", parcel(*PAGES).entries)
    (tmp_path / "opened").mkdir()
    (tmp_path / "opened" / "mine").write_bytes(b"mine")
    with pytest.raises(AlreadyThere, match=r"^home\.already-there$"):
        open_parcel(archive, PASSWORD, tmp_path / "opened")
    assert (tmp_path / "opened" / "mine").read_bytes() == b"mine"


def statement(made: Parcel, record: dict[str, Any]) -> StatementView:
    return StatementView.model_validate(
        {
            "id": made.manifest.id,
            "kind": "answer",
            "author": made.manifest.exchange,
            "received_at": "2026-03-02T10:00:00Z",
            "manifest": base64.b64encode(wire_bytes(made.manifest)).decode(),
            "signature_base": record["signature_base"],
            "signature": record["signature"],
            "public_key": record["public_key"],
            "acceptance": "",
        }
    )
