"""How a support plan is packed for its family: an encrypted archive, and its password for another way.

Two steps, never one message: the archive to the e-mail address that the family named, the password by SMS, by
telephone or in a message of its own. Entries bear numbers for names, the time of packing is not told, and the
password is made here: 80 bits, to be typed exactly as it is written. Source: method S133; security.md 6.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyzipper import WZ_AES, ZIP_DEFLATED, AESZipFile, BadZipFile
from pyzipper.zipfile_aes import WZ_AES_V2, AESZipInfo

from saikne.blocks import blocks_of, sha256_of
from saikne.home import AlreadyThere, make_private, write_private
from saikne.passwords import ALPHABET, SYMBOLS
from saikne.problems import LocalRefusal
from saikne_schemas.brought import opened

_GROUP = 4
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest moment that an archive can name."""
_ENDING = re.compile(r"\.[a-z0-9]{1,5}")
_ADDRESS = re.compile(r"(?P<first>[A-Za-z0-9])[^@\s]*@(?P<host>[A-Za-z0-9])[^@\s]*\.(?P<last>[a-z]{2,18})")


class NotAnArchive(LocalRefusal):
    """What was sent is no archive of which every file is encrypted: anybody on its way could read it."""

    code = "plan.not-an-archive"


class AddressNotRead(LocalRefusal):
    """What was given as the family's e-mail address is none."""

    code = "plan.address-not-read"


@dataclass(frozen=True)
class Packed:
    archive: Path
    password_file: Path
    """Readable by its owner only; to be deleted when the password has been told."""
    sha256: str
    """Of the archive."""


def pack_plan(files: Sequence[Path], directory: Path) -> Packed:
    """Write the archive and, beside it, the file with its password. Blocks its thread."""
    for file in files:
        opened(file).close()  # before anything is made
    name = f"plans-{secrets.token_hex(4)}"
    archive, password_file = directory / f"{name}.zip", directory / f"{name}.parole.txt"
    if archive.exists() or password_file.exists():
        raise AlreadyThere(path=str(archive))
    password = _new_password()
    make_private(directory)
    try:
        with AESZipFile(archive, "x", compression=ZIP_DEFLATED) as parcel:
            parcel.setpassword(password.encode("ascii"))
            parcel.setencryption(WZ_AES, nbits=256, force_wz_aes_version=WZ_AES_V2)
            for number, file in enumerate(files, start=1):
                _add(parcel, file, number)
        write_private(password_file, f"{password}\n".encode("ascii"))
    except BaseException:
        archive.unlink(missing_ok=True)
        raise
    return Packed(archive, password_file, sha256_of(archive)[0].hex())


def require_sealed(archive: Path) -> None:
    """Refuses whatever is no ZIP archive with AES, as `pack_plan` makes them. Blocks its thread."""
    with opened(archive) as source:
        try:
            with AESZipFile(source) as parcel:
                entries = parcel.infolist()
        except BadZipFile as wrong:
            raise NotAnArchive from wrong
    if not entries or any(entry.wz_aes_version is None for entry in entries):
        raise NotAnArchive


def masked(address: str) -> str:
    """`anna@example.lv` as `a***@e***.lv`: all of it that ever leaves this machine."""
    read = _ADDRESS.fullmatch(address.strip())
    if read is None:
        raise AddressNotRead
    return f"{read['first']}***@{read['host']}***.{read['last']}"


def _new_password() -> str:
    symbols = [secrets.choice(ALPHABET) for _ in range(SYMBOLS)]
    groups = ["".join(symbols[at : at + _GROUP]) for at in range(0, SYMBOLS, _GROUP)]
    return "-".join(groups)


def _add(parcel: AESZipFile, file: Path, number: int) -> None:
    ending = file.suffix.lower()
    entry = AESZipInfo(f"{number:02}{ending if _ENDING.fullmatch(ending) else ''}", date_time=_LONG_AGO)
    entry.compress_type = ZIP_DEFLATED
    with opened(file) as source, parcel.open(entry, "w", force_zip64=True) as target:
        for block in blocks_of(source):
            target.write(block)
