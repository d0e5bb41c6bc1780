"""The hub's own keys: in files beside the database, never in it; the newest of a kind works, the rest verify.

Source: security.md 0, 2, 6; RFC 7517. Three kinds: `token` signs access tokens, `receipt` signs acceptances
and receipts, `wrapping` (AES-256-GCM) covers passwords of archives. A kind's first key is made on first use.
Old keys stay: what they signed must verify for years. Several processes may share the directory.
"""

import fcntl
import json
import os
import secrets
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.kernel.clock import iso, now
from hub.kernel.secret import Secret
from hub.signing import compact
from hub.signing.public_key import PublicKey, of_material

_FORM = b"\x01"
_ID_BYTES = 16
_NONCE_BYTES = 12


class Kind(StrEnum):
    TOKEN = "token"  # noqa: S105  # a kind of key, not a secret
    RECEIPT = "receipt"
    WRAPPING = "wrapping"


class KeyMissing(Exception):  # noqa: N818  # says what it is
    """A file of the keyring that is needed is gone or open to strangers: a person must look."""


@dataclass(frozen=True, slots=True)
class _Key:
    kind: Kind
    key_id: str
    created: str
    private: Ed25519PrivateKey | AESGCM = field(repr=False)


class Keyring:
    """Hands out deeds, never keys: it signs, wraps and unwraps, and shows public halves."""

    def __init__(self, directory: Path) -> None:
        """Open the keyring in `directory`; make what is not there yet."""
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(directory):
            existing = {key.kind for key in _read(directory)}
            for kind in Kind:
                if kind not in existing:
                    _make(directory, kind)
        self._keys: list[_Key] = []
        self._names: set[str] = set()
        self._look_again()

    def __repr__(self) -> str:
        return "Keyring(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring stays where it is")

    def renew(self, kind: Kind) -> str:
        """Add a key that does the work of its kind from now on; other processes take it up as they notice."""
        with _alone(self._directory):
            key_id = _make(self._directory, kind)
        self._look_again()
        return key_id

    def sign_token(self, claims: dict[str, Any]) -> str:
        """An access token (RFC 9068)."""
        return self._sign(Kind.TOKEN, "at+jwt", json.dumps(claims).encode())

    def sign_jws(self, typ: str, payload: bytes) -> str:
        """A compact JWS over an acceptance or a receipt; `typ` says which."""
        return self._sign(Kind.RECEIPT, typ, payload)

    def token_key(self, key_id: str) -> PublicKey | None:
        return self._public(Kind.TOKEN, key_id)

    def receipt_key(self, key_id: str) -> PublicKey | None:
        return self._public(Kind.RECEIPT, key_id)

    def public_jwks(self) -> dict[str, list[dict[str, str]]]:
        """Every public key the hub ever signed with, by which old tokens and receipts are verified."""
        self._look_again()
        return {
            "keys": [
                {**of_material(key.private.public_key()).jwk(), "use": "sig", "alg": "EdDSA"}
                for key in self._keys
                if isinstance(key.private, Ed25519PrivateKey)
            ]
        }

    def wrap(self, secret: Secret, aad: bytes) -> bytes:
        """Cover a secret; `aad` says what it belongs to, and only there can it be uncovered."""
        key = self._newest(Kind.WRAPPING)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = _FORM + urlsafe_b64decode(key.key_id + "==") + nonce
        return head + _cipher(key).encrypt(nonce, secret.reveal().encode(), head + aad)

    def unwrap(self, wrapped: bytes, aad: bytes) -> Secret:
        """Uncover; bytes that were changed or moved to another `aad` raise InvalidTag."""
        head = wrapped[: 1 + _ID_BYTES + _NONCE_BYTES]
        if not head.startswith(_FORM):
            raise ValueError("not wrapped by this keyring")
        key = self._find(Kind.WRAPPING, _b64url(head[1 : 1 + _ID_BYTES]))
        if key is None:
            raise KeyMissing(f"a wrapping key that is still needed is not in {self._directory}")
        opened = _cipher(key).decrypt(head[1 + _ID_BYTES :], wrapped[len(head) :], head + aad)
        return Secret(opened.decode())

    def _sign(self, kind: Kind, typ: str, payload: bytes) -> str:
        key = self._newest(kind)
        assert isinstance(key.private, Ed25519PrivateKey)  # noqa: S101  # by its kind
        return compact.write({"typ": typ, "kid": key.key_id}, payload, key.private)

    def _public(self, kind: Kind, key_id: str) -> PublicKey | None:
        key = self._find(kind, key_id)
        if key is None or not isinstance(key.private, Ed25519PrivateKey):
            return None
        return of_material(key.private.public_key())

    def _newest(self, kind: Kind) -> _Key:
        return max((key for key in self._keys if key.kind is kind), key=lambda key: (key.created, key.key_id))

    def _find(self, kind: Kind, key_id: str) -> _Key | None:
        """Another process may have made it meanwhile: look into the directory once more."""
        for _ in range(2):
            for key in self._keys:
                if key.kind is kind and key.key_id == key_id:
                    return key
            if not self._look_again():
                break
        return None

    def _look_again(self) -> bool:
        """Read the directory if its files changed since the last look; whether they did."""
        names = {path.name for path in self._directory.glob("*.json")}
        if names == self._names:
            return False
        self._keys, self._names = _read(self._directory), names
        return True


def _cipher(key: _Key) -> AESGCM:
    assert isinstance(key.private, AESGCM)  # noqa: S101  # by its kind
    return key.private


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time makes keys."""
    with (directory / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(directory: Path) -> list[_Key]:
    keys = []
    for path in sorted(directory.glob("*.json")):
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise KeyMissing(f"{path} is open to every user of this machine; make its mode 0600")
        written = json.loads(path.read_text())
        secret = urlsafe_b64decode(written["private"] + "==")
        kind = Kind(written["kind"])
        private = AESGCM(secret) if kind is Kind.WRAPPING else Ed25519PrivateKey.from_private_bytes(secret)
        keys.append(_Key(kind, written["kid"], written["created"], private))
    return keys


def _make(directory: Path, kind: Kind) -> str:
    """Write a new key's file: whole or not at all, readable by its owner only."""
    secret = secrets.token_bytes(32)
    if kind is Kind.WRAPPING:
        key_id = _b64url(secrets.token_bytes(_ID_BYTES))
    else:
        key_id = of_material(Ed25519PrivateKey.from_private_bytes(secret).public_key()).key_id
    written = {
        "kind": kind,
        "kid": key_id,
        "created": iso(now()),
        "private": _b64url(secret),
    }
    draft = directory / f".{kind}-{key_id}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        json.dump(written, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(directory / f"{kind}-{key_id}.json")
    return key_id


def _b64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
