"""How a sealed archive is laid out: neutral entry names, one segment a document, the directory at the end.

Source: PKWARE APPNOTE 6.3.10 (4.3.7, 4.3.12-4.3.16, 4.5.3); WinZip's AES note (AE-2: CRC field zero,
method 99, extra field 0x9901); `security` 6 (a ZIP shows its names and dates, so both say nothing).

A segment is everything one entry needs before the directory: local header, salt, verifier, ciphertext,
authentication code. No segment knows where it stands, so segments are written in any order, side by side;
only the directory, written last, holds offsets. The byte count of a document is known before it is sealed
(it is declared in the signed manifest), so the local header carries it and no data descriptor is needed:
programs that read an archive from the front can find the end of a stored entry only in that way.

Counts in bytes. Holds no key and does no I/O: enciphering is `ae2`, writing is `stream`, reading `parcel`.
"""

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from hub.kernel.refusal import Refusal

EXTENSIONS = {
    "application/pdf": "pdf",
    "application/vnd.etsi.asic-e+zip": "asice",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/x-edoc": "edoc",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "text/plain": "txt",
}
"""Media types that travel, and the extension that opens them at the other end. Grows, never shrinks."""

PROOF_EXTENSIONS = {**EXTENSIONS, "message/rfc822": "eml"}
"""Of what a centre keeps as a proof of its own."""

TRAILING_NAMES = ("manifest.json", "manifest.sig.json", "apliecinajums.txt")
"""The hub's own entries after the documents: what was declared, who signed it, the certification's words."""

MOST_DOCUMENTS = 999  # so the directory's own counts always fit their classic fields

SALT_BYTES, VERIFIER_BYTES, CODE_BYTES = 16, 2, 10

_DOCUMENT_NAME = re.compile(r"dok-(0[1-9]|[1-9][0-9]{1,2})\.(" + "|".join(sorted(EXTENSIONS.values())) + ")")
_PROOF_NAME = re.compile(r"proof\.(" + "|".join(sorted(PROOF_EXTENSIONS.values())) + ")")

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_END64 = struct.Struct("<IQHHIIQQQQ")
_LOCATOR64 = struct.Struct("<IIQI")

_VERSION = 51  # APPNOTE 4.4.3.2: AES encryption; covers 45, ZIP64
_MADE_BY = 3 << 8 | _VERSION  # UNIX, so that the mode below is read
_MODE = 0o100600 << 16  # a plain file, its owner's
_ENCRYPTED = 1
_AES = 99
_NO_TIME, _NO_DATE = 0, 1 << 5 | 1  # 1 January 1980: when a document was sealed is nobody's business
_AE2_EXTRA = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", 3, 0)  # AE-2, AES-256, stored
_FULL32 = 0xFFFFFFFF  # "look in the ZIP64 record"


class MediaTypeNotCarried(Refusal):
    code = "sealing.media-type-not-carried"


class TooManyDocuments(Refusal):
    code = "sealing.too-many-documents"


@dataclass(frozen=True)
class SealedSegment:
    """One sealed entry: its name in the archive, its length in clear, and the SHA-256 of the clear bytes."""

    name: str
    plain_bytes: int
    sha256: bytes

    def __post_init__(self) -> None:
        if not is_entry_name(self.name) or self.plain_bytes < 0 or len(self.sha256) != 32:  # noqa: PLR2004
            raise ValueError("not a segment of ours")

    @property
    def sealed_bytes(self) -> int:
        """The entry's "compressed size": salt, verifier, ciphertext, authentication code."""
        return SALT_BYTES + VERIFIER_BYTES + self.plain_bytes + CODE_BYTES

    @property
    def segment_bytes(self) -> int:
        """The segment's length in the object store and in the archive."""
        return len(local_header(self)) + self.sealed_bytes

    @property
    def is_large(self) -> bool:
        """Whether its sizes need the ZIP64 field; from 4 GiB on."""
        return self.sealed_bytes >= _FULL32


def document_name(number: int, media_type: str) -> str:
    """`dok-01.pdf` for the first document; refuses media types that do not travel."""
    extension = EXTENSIONS.get(media_type)
    if extension is None:
        raise MediaTypeNotCarried(carried=sorted(EXTENSIONS))
    if number > MOST_DOCUMENTS:
        raise TooManyDocuments(most=MOST_DOCUMENTS)
    return f"dok-{number:02}.{extension}"


def proof_name(media_type: str) -> str:
    """`proof.jpg`: the one entry of an archive that holds a centre's own proof."""
    return f"proof.{PROOF_EXTENSIONS[media_type]}"


def is_entry_name(name: str) -> bool:
    """Whether the hub itself would give an entry this name; no path, no accent, no surprise."""
    return name in TRAILING_NAMES or any(form.fullmatch(name) for form in (_DOCUMENT_NAME, _PROOF_NAME))


def local_header(segment: SealedSegment) -> bytes:
    """The first bytes of a segment. APPNOTE 4.3.7; large sizes move to the ZIP64 field (4.5.3), both."""
    name, extra = segment.name.encode("ascii"), _AE2_EXTRA
    sealed, plain = segment.sealed_bytes, segment.plain_bytes
    if segment.is_large:
        extra = _zip64_extra(plain, sealed) + extra
        sealed = plain = _FULL32
    fixed = _LOCAL.pack(
        0x04034B50, _VERSION, _ENCRYPTED, _AES, _NO_TIME, _NO_DATE, 0, sealed, plain, len(name), len(extra)
    )
    return fixed + name + extra


def directory(segments: Sequence[SealedSegment]) -> bytes:
    """The archive's last bytes, once the order of its segments is fixed; the first stands at offset 0."""
    if len({segment.name for segment in segments}) != len(segments):
        raise ValueError("two entries of one name")
    entries, offset = [], 0
    for segment in segments:
        entries.append(_directory_entry(segment, offset))
        offset += segment.segment_bytes
    listing = b"".join(entries)
    return listing + _end_records(len(segments), len(listing), offset)


def _directory_entry(segment: SealedSegment, offset: int) -> bytes:
    """APPNOTE 4.3.12. The ZIP64 field lists exactly the values that do not fit, in the order of 4.5.3."""
    name, moved = segment.name.encode("ascii"), []
    sealed, plain = segment.sealed_bytes, segment.plain_bytes
    if segment.is_large:
        moved += [plain, sealed]
        sealed = plain = _FULL32
    if offset >= _FULL32:
        moved.append(offset)
        offset = _FULL32
    extra = (_zip64_extra(*moved) if moved else b"") + _AE2_EXTRA
    head = (0x02014B50, _MADE_BY, _VERSION, _ENCRYPTED, _AES, _NO_TIME, _NO_DATE)
    sizes = (0, sealed, plain, len(name), len(extra))
    return _CENTRAL.pack(*head, *sizes, 0, 0, 0, _MODE, offset) + name + extra


def _zip64_extra(*values: int) -> bytes:
    return struct.pack(f"<HH{len(values)}Q", 1, 8 * len(values), *values)


def _end_records(count: int, listing_bytes: int, listing_offset: int) -> bytes:
    """APPNOTE 4.3.14-4.3.16; the ZIP64 pair only where the classic record cannot hold a value."""
    records = b""
    if listing_offset >= _FULL32:
        where = listing_offset + listing_bytes
        records = _END64.pack(
            0x06064B50, 44, _MADE_BY, _VERSION, 0, 0, count, count, listing_bytes, listing_offset
        ) + _LOCATOR64.pack(0x07064B50, 0, where, 1)
    offset = min(listing_offset, _FULL32)
    return records + _END.pack(0x06054B50, 0, 0, count, count, listing_bytes, offset, 0)
