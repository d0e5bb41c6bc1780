"""Which files a centre may keep as proofs, and how one comes back: out of its archive, whole or not at all.

Source: method S41, S74, S88, S89; features N12. Sending and fetching is `hub`; that a proof keeps its
identity when a command is given again is `journal`.
"""

import hashlib
import os
import secrets
from pathlib import Path

from saikne.answer import DocumentKindUnknown, DocumentUnreadable, media_type_of
from saikne.blocks import blocks_of, sha256_of
from saikne.home import PRIVATE_FILE, AlreadyThere
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import Password, WrongPassword
from saikne.problems import LocalRefusal
from saikne_schemas.inscription import EXTENSIONS
from saikne_schemas.proofs import PROOF_BYTES, ProofMediaType, ProofView

_ENDINGS = {".eml": ProofMediaType.MAIL, ".txt": ProofMediaType.TEXT}
_EXTENSIONS = {
    **{kind.value: extension for kind, extension in EXTENSIONS.items()},
    ProofMediaType.MAIL.value: "eml",
    ProofMediaType.TEXT.value: "txt",
}


class ProofKindUnknown(LocalRefusal):
    """A file whose ending is not of a kind that is kept, or whose content is not what its ending says."""

    code = "proof.kind-unknown"


class ProofTooLarge(LocalRefusal):
    code = "proof.too-large"


def proof_media_type(path: Path) -> ProofMediaType:
    """By the file's ending, if its first bytes agree where a kind has such."""
    kind = _ENDINGS.get(path.suffix.lower())
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


def extract_proof(archive: Path, password: Password, proof: ProofView, directory: Path) -> Path:
    """Write the file that an archive holds under the proof's own name, and drop the archive.

    A file that is there already is left if it is the same, and never overwritten. Blocks its thread.
    """
    from saikne.parcel import refusing_damage

    target = directory / f"proof-{proof.id}.{_EXTENSIONS[proof.media_type]}"
    if target.exists():
        if sha256_of(target)[0].hex() != proof.sha256:
            raise AlreadyThere(path=str(target))
        archive.unlink()
        return target
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with refusing_damage():
            _decipher(archive, password, proof, unfinished)
        unfinished.rename(target)
        archive.unlink()
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _decipher(archive: Path, password: Password, proof: ProofView, into: Path) -> None:
    from pyzipper import AESZipFile

    name = f"proof.{_EXTENSIONS[proof.media_type]}"
    with AESZipFile(archive) as opened:
        opened.setpassword(password.reveal())
        if opened.namelist() != [name]:
            raise ParcelRefused(ParcelRefused.MISSING_ENTRY, entry=name)
        if opened.getinfo(name).file_size != proof.bytes:
            raise ParcelRefused(ParcelRefused.OTHER_SIZE, entry=name)
        try:
            source = opened.open(name)
        except RuntimeError as error:  # the library's word for a password that does not fit
            raise WrongPassword(hint=WrongPassword.OTHER_ARCHIVE) from error
        handle = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with source, os.fdopen(handle, "wb") as target:
            digest = hashlib.sha256()
            for block in blocks_of(source):
                digest.update(block)
                target.write(block)
    if digest.hexdigest() != proof.sha256:
        raise ParcelRefused(ParcelRefused.OTHER_DIGEST, entry=name)
