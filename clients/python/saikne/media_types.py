"""Of which kind a document or a proof is: by its file's ending, if its first bytes agree.

Source: method S41, S74, S88, S89; features N12.
"""

from pathlib import Path

from saikne.problems import LocalRefusal
from saikne_schemas.brought import FileFaulty, opened
from saikne_schemas.proofs import PROOF_BYTES, ProofMediaType
from saikne_schemas.vocabulary import MediaType

MEDIA_TYPES = {
    ".pdf": MediaType.PDF,
    ".asice": MediaType.ASICE,
    ".edoc": MediaType.ASICE,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
    ".tif": MediaType.TIFF,
    ".tiff": MediaType.TIFF,
}
_BEGINNINGS = {
    MediaType.ASICE: (b"PK\x03\x04",),
    MediaType.JPEG: (b"\xff\xd8\xff",),
    MediaType.PNG: (b"\x89PNG\r\n\x1a\n",),
    MediaType.TIFF: (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
}
_PDF, _PDF_WITHIN = b"%PDF-", 1024
"""What a PDF begins with may stand behind other bytes, as scanners and mail gateways put there."""
_OF_PROOFS_ONLY = {".eml": ProofMediaType.MAIL, ".txt": ProofMediaType.TEXT}


class DocumentUnreadable(LocalRefusal):
    """A file that is absent, empty, or may not be read."""

    code = "document.unreadable"


class DocumentKindUnknown(LocalRefusal):
    """A file whose ending is not of a kind that travels, or whose content is not what its ending says."""

    code = "document.kind-unknown"


class ProofKindUnknown(LocalRefusal):
    """A file whose ending is not of a kind that is kept, or whose content is not what its ending says."""

    code = "proof.kind-unknown"


class ProofTooLarge(LocalRefusal):
    code = "proof.too-large"


def media_type_of(path: Path) -> MediaType:
    """By the file's ending, if its first bytes agree."""
    kind = MEDIA_TYPES.get(path.suffix.lower())
    try:
        with opened(path) as file:
            beginning = file.read(_PDF_WITHIN)
    except (FileFaulty, OSError) as error:
        raise DocumentUnreadable(path=str(path)) from error
    if not beginning:
        raise DocumentUnreadable(path=str(path))
    if kind is None or not _fits(kind, beginning):
        raise DocumentKindUnknown(path=str(path))
    return kind


def _fits(kind: MediaType, beginning: bytes) -> bool:
    return _PDF in beginning if kind is MediaType.PDF else beginning.startswith(_BEGINNINGS[kind])


def proof_media_type(path: Path) -> ProofMediaType:
    """By the file's ending, if its first bytes agree where a kind has such."""
    kind = _OF_PROOFS_ONLY.get(path.suffix.lower())
    try:
        size = path.stat().st_size
    except OSError as error:
        raise DocumentUnreadable(path=str(path)) from error
    if size > PROOF_BYTES:
        raise ProofTooLarge(path=str(path))
    if kind is not None and size:
        return kind
    try:
        return ProofMediaType(media_type_of(path).value)
    except DocumentKindUnknown as error:
        raise ProofKindUnknown(path=str(path)) from error
