"""How a received archive is opened: all is checked, and the documents appear whole or not at all.

Documents are written under neutral names into a new directory that gets its name only at the end. Every one
is hashed as it is written and compared with the signed manifest inside, and the archive itself as it is read:
the digest that is told is that of the very bytes that were opened. Source: method S59, S134.
"""

import base64
import errno
import hashlib
import json
import lzma
import os
import secrets
import shutil
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pyzipper import BadZipFile
from pyzipper.zipfile_aes import AESZipExtFile, AESZipInfo

from saikne.ae2 import SealedArchive
from saikne.blocks import BLOCK_BYTES, Beside, HashedInPassing, Progress, silent
from saikne.home import PRIVATE_DIRECTORY, PRIVATE_FILE, AlreadyThere, make_private
from saikne.parcel_entries import CERTIFICATION, MANIFEST, SIGNATURE, ParcelRefused, as_declared, by_name
from saikne.passwords import Password, WrongPassword, password_of
from saikne.receipts import covers
from saikne.signatures import SignatureNotProved, components_proved, thumbprint
from saikne_schemas.brought import opened
from saikne_schemas.manifests import AnswerManifest, CheckedDocument, DeclaredDocument
from saikne_schemas.reading import kept
from saikne_schemas.views import StatementView

_DAMAGE = (BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, struct.error, ValueError)
_DAMAGE_BY_NUMBER = (None, errno.EINVAL)
"""Of `OSError`: bzip2's way of saying it, and a place before the beginning of a file."""


@dataclass(frozen=True)
class OpenedParcel:
    """What was found in an archive: computed here, not believed."""

    directory: Path
    archive_sha256: str
    manifest: AnswerManifest
    manifest_sha256: str
    key_id: str
    """The thumbprint of the key under the manifest: the holder's, as the hub's statement will say."""
    files: dict[int, Path]
    checked: list[CheckedDocument]


def open_parcel(
    archive: Path,
    password: Password | str,
    into: Path,
    *,
    statement: StatementView | None = None,
    progress: Progress = silent,
) -> OpenedParcel:
    """Check an archive and extract it into a new directory; works without the hub, and blocks its thread.

    With the hub's record of the holder's statement, manifest and key are compared with it too.
    """
    password = password_of(password) if isinstance(password, str) else password
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise AlreadyThere(path=str(into))
    with opened(archive) as file, Beside() as beside, _unfinished(into) as directory, refusing_damage():
        passing = HashedInPassing(file, beside)
        with SealedArchive(passing) as parcel:
            parcel.setpassword(password.reveal())
            named = by_name(parcel.infolist())
            entries = _under_password(parcel, named)
            trailing = {name: entries[name].read() for name in (MANIFEST, SIGNATURE)}
            key_id = _signer(trailing[MANIFEST], trailing[SIGNATURE], statement)
            manifest = _manifest(trailing[MANIFEST])
            declared = as_declared(named, manifest)
            checked = _extract(entries, declared, directory, beside, progress)
            trailing[CERTIFICATION] = entries[CERTIFICATION].read()
            for name, content in trailing.items():
                _write_new(directory / name, content)
        archive_sha256 = passing.sha256()
    return OpenedParcel(
        directory=into,
        archive_sha256=archive_sha256,
        manifest=manifest,
        manifest_sha256=hashlib.sha256(trailing[MANIFEST]).hexdigest(),
        key_id=key_id,
        files={document.no: into / name for name, document in declared.items()},
        checked=checked,
    )


@contextmanager
def _unfinished(into: Path) -> Iterator[Path]:
    """A private directory beside the wished one, which takes its name only if all went well."""
    make_private(into.parent)
    directory = into.with_name(f".{into.name}.{secrets.token_hex(6)}")
    directory.mkdir(mode=PRIVATE_DIRECTORY)
    try:
        yield directory
        if into.exists():
            into.rmdir()
        directory.rename(into)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Around the reading of an archive: whatever its libraries find wrong is damage."""
    try:
        yield
    except _DAMAGE as error:
        raise ParcelRefused(ParcelRefused.DAMAGED) from error
    except OSError as error:
        if error.errno not in _DAMAGE_BY_NUMBER:
            raise
        raise ParcelRefused(ParcelRefused.DAMAGED) from error


def _under_password(parcel: SealedArchive, named: Mapping[str, AESZipInfo]) -> dict[str, AESZipExtFile]:
    """Each entry carries a two-byte verifier: if none fits, it is the password; if some do, it is damage."""
    entries = {}
    for name, entry in named.items():
        with suppress(RuntimeError):  # the library's word for a password that does not fit
            entries[name] = parcel.open(entry)
    if not entries:
        raise WrongPassword(hint=WrongPassword.OTHER_ARCHIVE)
    if len(entries) < len(named):
        raise ParcelRefused(ParcelRefused.DAMAGED)
    return entries


def _signer(manifest: bytes, signed: bytes, statement: StatementView | None) -> str:
    """The thumbprint of the key under the manifest."""
    record = _record(signed)
    try:
        base, signature = (
            base64.b64decode(record[name], validate=True) for name in ("signature_base", "signature")
        )
        key = record["public_key"]
        covers(components_proved(base, signature, key), manifest, key)
        key_id = thumbprint(key)
        if record["key_id"] != key_id or record["sha256"] != hashlib.sha256(manifest).hexdigest():
            raise ParcelRefused(ParcelRefused.OTHER_SIGNATURE)
    except (SignatureNotProved, KeyError, ValueError, TypeError) as error:
        raise ParcelRefused(ParcelRefused.OTHER_SIGNATURE) from error
    if statement is not None:
        same_bytes = base64.b64decode(statement.manifest) == manifest
        if not same_bytes or thumbprint(statement.public_key) != key_id:
            raise ParcelRefused(ParcelRefused.OTHER_STATEMENT)
    return key_id


def _record(content: bytes) -> dict[str, Any]:
    try:
        record = json.loads(content)
    except ValueError as error:
        raise ParcelRefused(ParcelRefused.OTHER_SIGNATURE) from error
    return record if isinstance(record, dict) else {}


def _manifest(content: bytes) -> AnswerManifest:
    try:
        return kept(AnswerManifest, content)
    except ValidationError as error:
        raise ParcelRefused(ParcelRefused.NOT_A_MANIFEST) from error


def _extract(
    entries: dict[str, AESZipExtFile],
    declared: Mapping[str, DeclaredDocument],
    directory: Path,
    beside: Beside,
    progress: Progress,
) -> list[CheckedDocument]:
    """Deciphers here while another thread hashes and writes what was deciphered before."""
    total, before, checked = sum(document.bytes for document in declared.values()), 0, []
    for name, document in declared.items():
        digest, written = hashlib.sha256(), 0
        with entries.pop(name) as source, _new_file(directory / name) as target:
            while block := source.read(BLOCK_BYTES):
                written += len(block)
                if written > document.bytes:
                    raise ParcelRefused(ParcelRefused.TOO_LARGE, entry=name)
                beside.hand(digest.update, block)
                beside.hand(target.write, block)
                progress(before + written, total)
            beside.done()
        if written != document.bytes:
            raise ParcelRefused(ParcelRefused.OTHER_SIZE, entry=name)
        if digest.hexdigest() != document.sha256:
            raise ParcelRefused(ParcelRefused.OTHER_DIGEST, entry=name)
        before += written
        checked.append(CheckedDocument(no=document.no, sha256=digest.hexdigest(), bytes=written))
    return checked


def _new_file(path: Path) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


def _write_new(path: Path, content: bytes) -> None:
    with _new_file(path) as target:
        target.write(content)
