"""How a received archive is opened: all is checked, and the documents appear whole or not at all.

Documents are written under neutral names into a new directory that gets its name only at the end. Every one
is hashed as it is written and compared with the signed manifest inside. Source: method S59, S134.
"""

import base64
import hashlib
import json
import os
import secrets
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pyzipper import AESZipFile, BadZipFile
from pyzipper.zipfile_aes import AESZipInfo

from saikne.blocks import BLOCK_BYTES, Progress, sha256_of, silent
from saikne.home import PRIVATE_DIRECTORY, PRIVATE_FILE, AlreadyThere, make_private
from saikne.parcel_entries import MANIFEST, SIGNATURE, TRAILING, ParcelRefused, as_declared, by_name
from saikne.passwords import Password, WrongPassword, password_of
from saikne.receipts import covers
from saikne.signatures import SignatureNotProved, components_proved, thumbprint
from saikne_schemas.manifests import AnswerManifest, CheckedDocument, DeclaredDocument
from saikne_schemas.reading import kept
from saikne_schemas.views import StatementView


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
    archive_sha256, _ = sha256_of(archive)
    with _unfinished(into) as directory, refusing_damage(), AESZipFile(archive) as opened:
        opened.setpassword(password.reveal())
        named = by_name(opened.infolist())
        _try_password(opened, named)
        manifest_bytes, key_id = _signed_manifest(opened, named, statement)
        manifest = _manifest(manifest_bytes)
        declared = as_declared(named, manifest)
        checked = _extract(opened, named, declared, directory, progress)
        for name in TRAILING:
            _write_new(directory / name, opened.read(name))
    return OpenedParcel(
        directory=into,
        archive_sha256=archive_sha256.hex(),
        manifest=manifest,
        manifest_sha256=hashlib.sha256(manifest_bytes).hexdigest(),
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
    """Around the reading of an archive: whatever its library finds wrong is damage."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ParcelRefused(ParcelRefused.DAMAGED) from error


def _try_password(opened: AESZipFile, named: Mapping[str, AESZipInfo]) -> None:
    """Each entry carries a two-byte verifier: if none fits, it is the password; if some do, it is damage."""
    fitting = 0
    for entry in named.values():
        try:
            opened.open(entry).close()
            fitting += 1
        except RuntimeError:
            continue
    if fitting == 0:
        raise WrongPassword(hint=WrongPassword.OTHER_ARCHIVE)
    if fitting < len(named):
        raise ParcelRefused(ParcelRefused.DAMAGED)


def _signed_manifest(
    opened: AESZipFile, named: Mapping[str, AESZipInfo], statement: StatementView | None
) -> tuple[bytes, str]:
    manifest, record = opened.read(named[MANIFEST]), _record(opened.read(named[SIGNATURE]))
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
    return manifest, key_id


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
    opened: AESZipFile,
    named: Mapping[str, AESZipInfo],
    declared: Mapping[str, DeclaredDocument],
    directory: Path,
    progress: Progress,
) -> list[CheckedDocument]:
    total, before, checked = sum(document.bytes for document in declared.values()), 0, []
    for name, document in declared.items():
        digest, written = hashlib.sha256(), 0
        with opened.open(named[name]) as source, _new_file(directory / name) as target:
            while block := source.read(BLOCK_BYTES):
                written += len(block)
                if written > document.bytes:
                    raise ParcelRefused(ParcelRefused.TOO_LARGE, entry=name)
                digest.update(block)
                target.write(block)
                progress(before + written, total)
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
