"""The hub's own keys at work: the newest of a kind signs or covers, the older ones verify and uncover.

Source: security.md 0, 2, 6; RFC 7517. Four kinds: `token` signs access tokens, `receipt` signs acceptances
and receipts, `wrapping` (AES-256-GCM) covers passwords, `push` (P-256) makes the hub known to push services.
The first ones are made together; where none of `push` is there, nobody is told by push messages. All may be
renewed and retired while the hub runs: a process looks at their directory before it covers anything, when it
meets a key it does not know, and otherwise once a second. What it cannot read it leaves out, and says so.
"""

import json
import secrets
import time
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.kernel.clock import now
from hub.kernel.refusal import OutageOf
from hub.kernel.secret import Secret
from hub.signing import compact, key_files
from hub.signing.key_files import ID_BYTES, NEEDED, Key, KeyFileWrong, Kind
from hub.signing.public_key import PublicKey, b64url

__all__ = ["KeyMissing", "Keyring", "Kind", "OwnKey"]

LOOK_SECONDS = 1.0
"""So long at most a process goes on with a key that is no longer the newest, or was withdrawn."""
_FORM = b"\x01"
_NONCE_BYTES = 12

log = structlog.get_logger(__name__)


class KeyMissing(OutageOf):
    """A key is needed that is not in the directory: nothing is lost, and it goes on once the file is back."""

    code = "keys.missing"
    retry_after = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A key as the operator may see it."""

    kind: Kind
    key_id: str
    created: str
    withdrawn: str | None
    works: bool
    """The newest of its kind, by which everything new is signed or covered."""

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.key_id}"


class Keyring:
    """Hands out deeds, never keys: it signs, wraps and unwraps, and shows public halves."""

    def __init__(self, directory: Path, *, whole: bool = True) -> None:
        """Open the keyring in `directory`. No wrong file is passed over.

        Where there is nothing at all, the first key of each kind is made. Where some are there and a kind has
        none, that one is lost, not awaited: KeyMissing, unless it is to be opened as it is (`whole`).
        """
        self._directory = directory
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with key_files.alone(directory):
            if whole and not key_files.listed(directory):
                for kind in Kind:
                    key_files.make(directory, kind, now())
        if whole:
            self.look()
        else:
            self._read_all()
        self._keys: dict[str, Key] = {}
        self._wrong: set[str] = set()
        self._look_at = 0.0
        self._look()

    def __repr__(self) -> str:
        return "Keyring(...)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a keyring stays where it is")

    def look(self) -> None:
        """Read every file anew; KeyMissing where no key of a kind that is needed does its work."""
        at_work = {key.kind for key in self._read_all() if key.withdrawn is None}
        for kind in Kind:
            if kind in NEEDED - at_work:
                raise KeyMissing(key=kind.value)

    def _read_all(self) -> list[Key]:
        return [key_files.read(self._directory / name) for name in key_files.listed(self._directory)]

    def renew(self, kind: Kind) -> str:
        """Add a key that does the work of its kind from now on; other processes take it up as they notice."""
        with key_files.alone(self._directory):
            key_id = key_files.make(self._directory, kind, now())
        self._look()
        return key_id

    def retire(self, kind: Kind, key_id: str) -> Path:
        """Take a key out of use that is not its kind's newest; where what is left of it lies.

        Whether anything is still covered by it the caller has made sure of (`store.no_new_ones`).
        """
        with key_files.alone(self._directory):
            self._look()
            key = self._find(kind, key_id)
            if key is None or key is self._newest(kind):
                raise ValueError("only a key that does no more work is retired")
            kept = key_files.take_out(self._directory, key, now())
        self._look()
        return kept

    def newest(self, kind: Kind) -> str:
        """The key that does the work of its kind; KeyMissing where there is none."""
        self._look()
        return self._newest(kind).key_id

    def own(self) -> list[OwnKey]:
        """Every key there is, oldest first."""
        self._look()
        found = sorted(self._keys.values(), key=lambda key: (list(Kind).index(key.kind), key.created))
        return [
            OwnKey(
                *(key.kind, key.key_id, key.created, key.withdrawn),
                works=key.withdrawn is None and key is self._newest(key.kind),
            )
            for key in found
        ]

    def sign_token(self, claims: dict[str, object]) -> str:
        """An access token (RFC 9068)."""
        return self._sign(Kind.TOKEN, "at+jwt", json.dumps(claims).encode())

    def sign_jws(self, typ: str, payload: bytes) -> str:
        """A compact JWS over an acceptance or a receipt; `typ` says which."""
        return self._sign(Kind.RECEIPT, typ, payload)

    def push_key(self) -> PublicKey | None:
        """By which new subscriptions to push messages are made; None where there are to be none."""
        self._look_sometimes()
        key = self._newest_if_any(Kind.PUSH)
        return key.public if key is not None else None

    def sign_push(self, key_id: str, claims: dict[str, object]) -> tuple[str, PublicKey] | None:
        """A token for a push service (RFC 8292 2) by the key that a subscription was made with; and that key.

        None where it was withdrawn: nobody is told by that subscription any more. KeyMissing where it is not
        there.
        """
        self._look_sometimes()
        key = self._find(Kind.PUSH, key_id)
        if key is None:
            if any(one.withdrawn is not None and one.key_id == key_id for one in self._keys.values()):
                return None
            raise KeyMissing(key=f"{Kind.PUSH}-{key_id}")
        assert isinstance(key.private, EllipticCurvePrivateKey)  # noqa: S101  # by its kind
        assert key.public is not None  # noqa: S101  # as above
        return compact.write({"typ": "JWT"}, json.dumps(claims).encode(), key.private), key.public

    def token_key(self, key_id: str) -> PublicKey | None:
        return self._public(Kind.TOKEN, key_id)

    def receipt_key(self, key_id: str) -> PublicKey | None:
        return self._public(Kind.RECEIPT, key_id)

    def public_jwks(self) -> dict[str, list[dict[str, str]]]:
        """Every public key the hub ever signed with, by which old tokens and receipts are verified.

        Those withdrawn stand apart: nobody verifies by them unawares, and who knows the day still can.
        """
        self._look()
        shown: dict[str, list[dict[str, str]]] = {"keys": []}
        for key in self._keys.values():
            if key.public is None or key.kind is Kind.PUSH:  # by which nothing of the hub's is verified
                continue
            jwk = {**key.public.jwk(), "use": "sig", "alg": "EdDSA"}
            if key.withdrawn is None:
                shown["keys"].append(jwk)
            else:
                shown.setdefault("withdrawn", []).append({**jwk, "withdrawn_at": key.withdrawn})
        return shown

    def wrap(self, secret: Secret, aad: bytes) -> bytes:
        """Cover a secret; `aad` says what it belongs to, and only there can it be uncovered."""
        self._look()
        key = self._newest(Kind.WRAPPING)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        head = _FORM + urlsafe_b64decode(key.key_id + "==") + nonce
        return head + _cipher(key).encrypt(nonce, secret.reveal().encode(), head + aad)

    def unwrap(self, wrapped: bytes, aad: bytes) -> Secret:
        """Uncover; bytes that were changed or moved to another `aad` raise InvalidTag."""
        head = wrapped[: 1 + ID_BYTES + _NONCE_BYTES]
        if not head.startswith(_FORM):
            raise ValueError("not wrapped by this keyring")
        key_id = b64url(head[1 : 1 + ID_BYTES])
        self._look_sometimes()
        key = self._find(Kind.WRAPPING, key_id)
        if key is None:
            log.error("key missing", key=f"{Kind.WRAPPING}-{key_id}")
            raise KeyMissing(key=f"{Kind.WRAPPING}-{key_id}")
        opened = _cipher(key).decrypt(head[1 + ID_BYTES :], wrapped[len(head) :], head + aad)
        return Secret(opened.decode())

    def _sign(self, kind: Kind, typ: str, payload: bytes) -> str:
        self._look_sometimes()
        key = self._newest(kind)
        assert isinstance(key.private, Ed25519PrivateKey)  # noqa: S101  # by its kind
        return compact.write({"typ": typ, "kid": key.key_id}, payload, key.private)

    def _public(self, kind: Kind, key_id: str) -> PublicKey | None:
        self._look_sometimes()
        key = self._find(kind, key_id)
        return key.public if key is not None else None

    def _newest(self, kind: Kind) -> Key:
        key = self._newest_if_any(kind)
        if key is None:
            raise KeyMissing(key=kind.value)
        return key

    def _newest_if_any(self, kind: Kind) -> Key | None:
        at_work = [key for key in self._keys.values() if key.kind is kind and key.withdrawn is None]
        return max(at_work, key=lambda key: (key.created, key.key_id), default=None)

    def _find(self, kind: Kind, key_id: str) -> Key | None:
        """One that is not withdrawn. Another process may have made it meanwhile: then look once more."""
        name = f"{kind}-{key_id}.json"
        if name not in self._keys:
            self._look()
        return self._keys.get(name)

    def _look_sometimes(self) -> None:
        if time.monotonic() >= self._look_at:
            self._look()

    def _look(self) -> None:
        """See what is in the directory now; only files with new names are read.

        A directory that is away for a moment takes nothing from a running process, nor does one that has lost
        the last key of a kind.
        """
        self._look_at = time.monotonic() + LOOK_SECONDS
        try:
            names = key_files.listed(self._directory)
        except OSError as away:
            log.error("keys away", cause=away)  # noqa: TRY400  # its kind is enough
            return
        if names == self._keys.keys():
            return
        found = {name: key for name in sorted(names) if (key := self._perhaps(name)) is not None}
        withdrawn = {f"{key.name}.json" for key in found.values() if key.withdrawn is not None}
        found = {name: key for name, key in found.items() if name not in withdrawn}
        left = {key.kind for key in found.values() if key.withdrawn is None}
        lost = {name: key for name, key in self._keys.items() if key.kind not in left}
        self._keys = found | lost

    def _perhaps(self, name: str) -> Key | None:
        try:
            key = self._keys.get(name) or key_files.read(self._directory / name)
        except KeyFileWrong as wrong:
            if name not in self._wrong:
                log.error("key file wrong", file=name, cause=wrong.__cause__)  # noqa: TRY400  # as above
            self._wrong.add(name)
            return None
        self._wrong.discard(name)
        return key


def _cipher(key: Key) -> AESGCM:
    assert isinstance(key.private, AESGCM)  # noqa: S101  # by its kind
    return key.private
