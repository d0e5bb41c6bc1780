"""What may stand in an archive: a closed set of names, no more and no larger than its manifest says.

Refused before anything is written: paths, absolute names, other names, a name twice, links and directories,
entries in clear or weakly encrypted, more or larger entries than declared. Source: security.md 6 (a ZIP shows
names and sizes, and entries can be added without the password) and threat 22.
"""

import re
import stat
from collections.abc import Iterable, Sequence
from typing import ClassVar

from pyzipper.zipfile_aes import AESZipInfo

from saikne.problems import LocalRefusal
from saikne_schemas.inscription import entry_name
from saikne_schemas.manifests import DOCUMENTS_AT_MOST, MANIFEST_BYTES, AnswerManifest, DeclaredDocument

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig.json"
CERTIFICATION = "apliecinajums.txt"
TRAILING = {MANIFEST: MANIFEST_BYTES, SIGNATURE: 64 * 1024, CERTIFICATION: 1024**2}
"""The hub's own entries, and how large each may be."""

_DOCUMENT = re.compile(r"dok-(\d\d|[1-9]\d\d)\.[a-z0-9]{1,5}")
_AES_256 = 3
_ENCRYPTED = 1
_FILE_TYPES = (0, stat.S_IFREG)


class ParcelRefused(LocalRefusal):
    """The archive holds something it must not, lacks something, or is not what its manifest says."""

    code = "parcel.refused"

    FOREIGN_ENTRY: ClassVar[str] = "foreign-entry"
    ENTRY_TWICE: ClassVar[str] = "entry-twice"
    TOO_MANY: ClassVar[str] = "too-many"
    TOO_LARGE: ClassVar[str] = "too-large"
    NOT_ENCRYPTED: ClassVar[str] = "not-encrypted"
    MISSING_ENTRY: ClassVar[str] = "missing-entry"
    UNEXPECTED_ENTRY: ClassVar[str] = "unexpected-entry"
    NOT_A_MANIFEST: ClassVar[str] = "not-a-manifest"
    OTHER_SIZE: ClassVar[str] = "other-size"
    OTHER_DIGEST: ClassVar[str] = "other-digest"
    OTHER_SIGNATURE: ClassVar[str] = "other-signature"
    OTHER_STATEMENT: ClassVar[str] = "other-statement"
    DAMAGED: ClassVar[str] = "damaged"

    def __init__(self, why: str, **facts: object) -> None:
        super().__init__(why=why, **facts)
        self.why = why


def by_name(entries: Sequence[AESZipInfo]) -> dict[str, AESZipInfo]:
    """The directory, if every entry may stand in it at all."""
    if len(entries) > DOCUMENTS_AT_MOST + len(TRAILING):
        raise ParcelRefused(ParcelRefused.TOO_MANY)
    named: dict[str, AESZipInfo] = {}
    for entry in entries:
        _may_stand(entry)
        if entry.filename in named:
            raise ParcelRefused(ParcelRefused.ENTRY_TWICE, entry=entry.filename)
        named[entry.filename] = entry
    _has(named, TRAILING)
    return named


def as_declared(named: dict[str, AESZipInfo], manifest: AnswerManifest) -> dict[str, DeclaredDocument]:
    """The documents by entry name, if the archive holds exactly what its manifest declares."""
    declared = {entry_name(document): document for document in manifest.documents}
    _has(named, declared)
    for name in sorted(set(named) - set(declared) - set(TRAILING)):
        raise ParcelRefused(ParcelRefused.UNEXPECTED_ENTRY, entry=name)
    for name, document in declared.items():
        if named[name].file_size != document.bytes:
            raise ParcelRefused(ParcelRefused.OTHER_SIZE, entry=name)
    return declared


def _may_stand(entry: AESZipInfo) -> None:
    name, kind = entry.orig_filename, stat.S_IFMT(entry.external_attr >> 16)
    if (
        name != entry.filename
        or not (name in TRAILING or _DOCUMENT.fullmatch(name))
        or kind not in _FILE_TYPES
    ):
        raise ParcelRefused(ParcelRefused.FOREIGN_ENTRY, entry=_shown(name))
    if not entry.flag_bits & _ENCRYPTED or entry.wz_aes_strength != _AES_256:
        raise ParcelRefused(ParcelRefused.NOT_ENCRYPTED, entry=name)
    if entry.file_size > TRAILING.get(name, entry.file_size):
        raise ParcelRefused(ParcelRefused.TOO_LARGE, entry=name)


def _has(named: dict[str, AESZipInfo], wanted: Iterable[str]) -> None:
    for name in wanted:
        if name not in named:
            raise ParcelRefused(ParcelRefused.MISSING_ENTRY, entry=name)


def _shown(name: str) -> str:
    """A stranger's name made safe to print."""
    return "".join(character if character.isprintable() else "?" for character in name[:80])
