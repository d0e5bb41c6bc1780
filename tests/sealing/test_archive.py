import zipfile
from pathlib import Path

import pytest

from hub.sealing.archive import (
    EXTENSIONS,
    MOST_DOCUMENTS,
    TRAILING_NAMES,
    MediaTypeNotCarried,
    SealedSegment,
    TooManyDocuments,
    directory,
    document_name,
    is_entry_name,
    local_header,
)
from tests.sealing.conftest import Opener

GIB = 1 << 30
DIGEST = bytes(32)


def test_a_document_is_named_by_its_number_and_media_type_only() -> None:
    assert document_name(1, "application/pdf") == "dok-01.pdf"
    assert document_name(2, "application/vnd.etsi.asic-e+zip") == "dok-02.asice"
    assert document_name(123, "text/plain") == "dok-123.txt"


@pytest.mark.parametrize("media_type", ["", "application/x-msdownload", "application/pdf; name=Anna.pdf"])
def test_a_media_type_that_does_not_travel_is_refused(media_type: str) -> None:
    with pytest.raises(MediaTypeNotCarried) as refusal:
        document_name(1, media_type)
    assert refusal.value.code == "sealing.media-type-not-carried"


def test_a_thousandth_document_is_refused() -> None:
    assert document_name(MOST_DOCUMENTS, "image/png") == "dok-999.png"
    with pytest.raises(TooManyDocuments) as refusal:
        document_name(MOST_DOCUMENTS + 1, "image/png")
    assert refusal.value.code == "sealing.too-many-documents"


def test_the_media_types_of_yesterday_still_travel_under_the_same_extensions() -> None:
    assert EXTENSIONS.items() >= {
        ("application/pdf", "pdf"),
        ("application/vnd.etsi.asic-e+zip", "asice"),
        ("application/x-edoc", "edoc"),
        ("image/jpeg", "jpg"),
        ("image/png", "png"),
        ("image/tiff", "tif"),
        ("text/plain", "txt"),
    }


@pytest.mark.parametrize("name", ["dok-01.pdf", "dok-99.edoc", "dok-100.tif", "proof.eml", *TRAILING_NAMES])
def test_the_hub_gives_entries_such_names(name: str) -> None:
    assert is_entry_name(name)
    assert SealedSegment(name, 0, DIGEST).name == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../dok-01.pdf",
        "/dok-01.pdf",
        "a/dok-01.pdf",
        "dok-01.pdf\n",
        "dok-00.pdf",
        "dok-1.pdf",
        "dok-001.pdf",
        "dok-1000.pdf",
        "dok-01.exe",
        "dok-01.PDF",
        "dok-١١.pdf",
        "Anna Bērziņa.pdf",
        "C:dok-01.pdf",
        "dok-01.pdf\x00.txt",
        "dok-01.eml",
        "proof.exe",
        "proof-01.pdf",
        "../proof.pdf",
    ],
)
def test_no_other_name_becomes_an_entry(name: str) -> None:
    assert not is_entry_name(name)
    with pytest.raises(ValueError, match="not a segment of ours"):
        SealedSegment(name, 0, DIGEST)


def test_two_entries_of_one_name_are_never_listed() -> None:
    twice = [SealedSegment("dok-01.pdf", 1, DIGEST)] * 2
    with pytest.raises(ValueError, match="two entries of one name"):
        directory(twice)


def write_hollow_archive(file: Path, segments: list[SealedSegment]) -> list[int]:
    """An archive of true headers and directory with holes for contents; returns the segments' offsets."""
    offsets, at = [], 0
    with file.open("wb") as out:
        for segment in segments:
            offsets.append(at)
            out.seek(at)
            out.write(local_header(segment))
            at += segment.segment_bytes
        out.seek(at)
        out.write(directory(segments))
    return offsets


@pytest.mark.parametrize(
    "sizes",
    [
        pytest.param([10, 20], id="small"),
        pytest.param([5 * GIB, 7], id="a large document, then a small one beyond 4 GiB"),
        pytest.param([3 * GIB, 3 * GIB, 0], id="classic sizes, large offsets"),
        pytest.param([0xFFFFFFFE - 28, 1], id="the largest classic size"),
        pytest.param([0xFFFFFFFF - 28, 1], id="the smallest ZIP64 size"),
        pytest.param([0xFFFFFFFF, 1], id="clear size at the limit"),
        pytest.param([1, 9 * GIB, 2, 6 * GIB, 3], id="mixed"),
    ],
)
def test_large_archives_are_listed_as_they_are(tmp_path: Path, seven_zip: Opener, sizes: list[int]) -> None:
    segments = [
        SealedSegment(document_name(number, "application/pdf"), size, DIGEST)
        for number, size in enumerate(sizes, 1)
    ]
    file = tmp_path / "archive.zip"
    offsets = write_hollow_archive(file, segments)

    with zipfile.ZipFile(file) as opened:
        listed = [(i.filename, i.file_size, i.compress_size, i.header_offset) for i in opened.infolist()]
        for entry in opened.infolist():  # the local header agrees: zipfile refuses to open it otherwise
            assert entry.flag_bits == 1
            assert entry.CRC == 0
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
    assert listed == [
        (segment.name, size, size + 28, offset)
        for segment, size, offset in zip(segments, sizes, offsets, strict=True)
    ]
    shown = seven_zip("l", file, "")
    assert shown.returncode == 0
    assert f"{sum(sizes)}" in shown.stdout
    assert "Warn" not in shown.stdout + shown.stderr


def test_the_classic_form_is_used_while_it_can_hold_the_values() -> None:
    small = [SealedSegment("dok-01.pdf", 0xFFFFFFFE - 28, DIGEST)]
    large = [SealedSegment("dok-01.pdf", 0xFFFFFFFF - 28, DIGEST)]
    zip64_field = b"\x01\x00"
    assert local_header(small[0])[40:42] != zip64_field
    assert local_header(large[0])[40:42] == zip64_field
    assert b"PK\x06\x06" in directory(large)
    assert b"PK\x06\x06" not in directory([SealedSegment("dok-01.pdf", 10, DIGEST)])


def test_a_segment_is_as_long_as_it_says() -> None:
    segment = SealedSegment("dok-01.pdf", 1000, DIGEST)
    assert segment.segment_bytes == 30 + 10 + 11 + 16 + 2 + 1000 + 10
