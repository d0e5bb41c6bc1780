"""The files of the hub's own keys: how one is written, read, and taken out of use.

Source: security.md 0, 2, 6. A file is whole or not there, on the disk before it is counted on, and for its
owner only. A wrapping key out of use is put aside under `retired`: an older backup of the database may need
it. Of a signing key that is withdrawn only the public half stays. Many processes share the directory.
"""

import fcntl
import json
import os
import secrets
import stat
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.kernel.clock import iso
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage
from hub.signing.public_key import PublicKey, b64url, of_material, public_key

ID_BYTES = 16
"""Of a wrapping key; a signing key is called by its thumbprint."""
_SECRET_BYTES = 32
_ENDING, _WITHDRAWN = ".json", ".withdrawn.json"
_STRANGERS = stat.S_IROTH | stat.S_IWOTH


class Kind(StrEnum):
    TOKEN = "token"  # noqa: S105  # a kind of key, not a secret
    RECEIPT = "receipt"
    WRAPPING = "wrapping"
    PUSH = "push"
    """By which push services know the hub (RFC 8292): P-256, for they know no other."""


NEEDED = frozenset({Kind.TOKEN, Kind.RECEIPT, Kind.WRAPPING})
"""Without one of these the hub does not work. Without a key for push messages it sends none."""


class KeyFileWrong(Outage):
    """A file of the keyring is open to strangers, cut short or not readable: a person must look."""

    code = "keys.file-wrong"
    retry_after = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Key:
    kind: Kind
    key_id: str
    created: str
    private: Ed25519PrivateKey | EllipticCurvePrivateKey | AESGCM | None = field(repr=False)
    """None once it is withdrawn."""
    public: PublicKey | None
    """None of a wrapping key, which has no halves."""
    withdrawn: str | None = None

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.key_id}"


def listed(directory: Path) -> set[str]:
    """The names of the key files that are there now."""
    return {name for name in os.listdir(directory) if name.endswith(_ENDING) and name[0] != "."}  # noqa: PTH208  # at every look


def read(path: Path) -> Key:
    """One key, or what is wrong with its file."""
    try:
        if path.stat().st_mode & _STRANGERS:
            raise KeyFileWrong(file=path.name)
        key = _of(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise KeyFileWrong(file=path.name) from wrong
    if path.name != f"{key.name}{_ENDING if key.withdrawn is None else _WITHDRAWN}":
        raise KeyFileWrong(file=path.name)  # a copy would do its work when the key itself is retired
    return key


def _of(written: JsonObject) -> Key:
    kind, key_id, created = Kind(written["kind"]), str(written["kid"]), str(written["created"])
    if datetime.fromisoformat(created).tzinfo is None:
        raise ValueError("a moment without a zone")
    if "withdrawn" in written:
        return Key(kind, key_id, created, None, public_key(written["public"]), str(written["withdrawn"]))
    secret = urlsafe_b64decode(written["private"] + "==")
    if kind is Kind.WRAPPING:
        return Key(kind, key_id, created, AESGCM(secret), None)
    private = _signing(kind, secret)
    return Key(kind, key_id, created, private, of_material(private.public_key()))


def _signing(kind: Kind, secret: bytes) -> Ed25519PrivateKey | EllipticCurvePrivateKey:
    if kind is Kind.PUSH:
        return derive_private_key(int.from_bytes(secret), SECP256R1())
    return Ed25519PrivateKey.from_private_bytes(secret)


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """One process at a time makes keys and takes them away; what one left half-done is cleared."""
    with (directory / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for draft in directory.glob(".draft-*"):
            draft.unlink()
        for done in directory.glob(f"*{_WITHDRAWN}"):
            done.with_name(done.name.removesuffix(_WITHDRAWN) + _ENDING).unlink(missing_ok=True)
        yield


def make(directory: Path, kind: Kind, now: datetime) -> str:
    """A new key that is newer than all of its kind, whatever clocks they were made by. Held `alone`."""
    secret = secrets.token_bytes(_SECRET_BYTES)
    if kind is Kind.PUSH:  # not every number of that length is a key of its curve
        secret = generate_private_key(SECP256R1()).private_numbers().private_value.to_bytes(_SECRET_BYTES)
    if kind is Kind.WRAPPING:
        key_id = b64url(secrets.token_bytes(ID_BYTES))
    else:
        key_id = of_material(_signing(kind, secret).public_key()).key_id
    earlier = [read(directory / name).created for name in listed(directory) if name.startswith(f"{kind}-")]
    latest = max((datetime.fromisoformat(moment) for moment in earlier), default=now)
    created = max(now, latest + timedelta(microseconds=1))
    content = {"kind": kind, "kid": key_id, "created": iso(created), "private": b64url(secret)}
    _write(directory, f"{kind}-{key_id}{_ENDING}", content)
    return key_id


def take_out(directory: Path, key: Key, now: datetime) -> Path:
    """Put a wrapping key aside, or leave a signing key's public half only; where it is now. Held `alone`."""
    file = directory / f"{key.name}{_ENDING}"
    if key.public is None:
        aside = directory / "retired"
        aside.mkdir(mode=0o700, exist_ok=True)
        _give_to_owner_of(directory, aside)
        file = file.rename(aside / file.name)
        _settle(aside)
    else:
        content = {"kind": key.kind, "kid": key.key_id, "created": key.created, "withdrawn": iso(now)}
        withdrawn = f"{key.name}{_WITHDRAWN}"
        _write(directory, withdrawn, {**content, "public": key.public.jwk()})
        file.unlink(missing_ok=True)
        file = directory / withdrawn
    _settle(directory)
    return file


def _write(directory: Path, name: str, content: JsonObject) -> None:
    """Whole or not at all, and on the disk before it has its name."""
    draft = directory / f".draft-{name}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    _give_to_owner_of(directory, draft)
    draft.rename(directory / name)
    _settle(directory)


def _give_to_owner_of(directory: Path, new: Path) -> None:
    """An operator's command runs as root where the hub does not: it must be able to read what was made."""
    whose = directory.stat()
    if os.geteuid() == 0 != whose.st_uid:
        os.chown(new, whose.st_uid, whose.st_gid)


def _settle(directory: Path) -> None:
    """What was named, renamed or removed is so after a power cut too."""
    opened = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
