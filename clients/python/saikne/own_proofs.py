"""How a proof comes back: out of its archive, whole or not at all.

Source: method S41, S74, S88, S89; features N12. Which files may be proofs is `media_types`, sending and
fetching `hub`; that a proof keeps its identity when a command is given again is `journal`.
"""

import hashlib
import os
import secrets
from pathlib import Path

from saikne.ae2 import SealedArchive
from saikne.blocks import blocks_of, sha256_of
from saikne.home import PRIVATE_FILE, AlreadyThere
from saikne.parcel import refusing_damage
from saikne.parcel_entries import ParcelRefused
from saikne.passwords import Password, WrongPassword
from saikne_schemas.inscription import EXTENSIONS
from saikne_schemas.proofs import ProofMediaType, ProofView

_EXTENSIONS = {
    **{kind.value: extension for kind, extension in EXTENSIONS.items()},
    ProofMediaType.MAIL.value: "eml",
    ProofMediaType.TEXT.value: "txt",
}


def extract_proof(archive: Path, password: Password, proof: ProofView, directory: Path) -> Path:
    """Write the file that an archive holds under the proof's own name, and drop the archive.

    A file that is there already is left if it is the same, and never overwritten. Blocks its thread.
    """
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
    name = f"proof.{_EXTENSIONS[proof.media_type]}"
    with SealedArchive(archive) as opened:
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
