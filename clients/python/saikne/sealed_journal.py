"""What of a sealed registration is remembered until the hub has it, so that a run that was killed goes on.

A seal is other bytes each time, and the statement names them by their digest: so both are kept together,
privately, and erased once the hub has taken them. Of the facts themselves only a salted scrypt digest stays
beside them: facts that were put right meanwhile are sealed anew. Source: design.md 1; features N10.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from saikne.home import write_private
from saikne.register_seal import seal
from saikne.statements import compose, wire_bytes
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.register_entries import RegisterFacts
from saikne_schemas.registrations import PrepareRegistration

_SALT_BYTES = 16


@dataclass(frozen=True)
class ToRegister:
    """What a centre registers: about which move, the facts, to which key, and who decided it."""

    matter: UUID
    facts: RegisterFacts
    jwk: Mapping[str, str]
    """The register's key, with its `kid`."""
    by: AuthorisedPerson


@dataclass(frozen=True)
class SealedRegistration:
    """The statement, and the bytes that it announces."""

    statement: PrepareRegistration
    sealed: bytes


class SealedJournal:
    def __init__(self, home: Path) -> None:
        self._place = home / "journal"

    def pending(self, wish: ToRegister) -> SealedRegistration:
        """What was begun for the same facts and may have arrived, else a new seal with its statement."""
        path = self._path(wish.facts.key)
        if path.exists():
            kept = json.loads(path.read_bytes())
            if _digest(wish, bytes.fromhex(kept["salt"])) == kept["facts"]:
                statement = PrepareRegistration.model_validate_json(json.dumps(kept["statement"]))
                return SealedRegistration(statement, kept["sealed"].encode())
        made, salt = sealed_registration(wish), secrets.token_bytes(_SALT_BYTES)
        written = {
            "salt": salt.hex(),
            "facts": _digest(wish, salt),
            "statement": json.loads(wire_bytes(made.statement)),
            "sealed": made.sealed.decode(),
        }
        write_private(path, json.dumps(written).encode(), replace=True)
        return made

    def taken(self, key: UUID) -> None:
        """The hub has answered to the statement and to the sealed bytes."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: UUID) -> Path:
        return self._place / f"sealed-{key}.json"


def sealed_registration(wish: ToRegister) -> SealedRegistration:
    """The facts sealed, and the statement that names the sealed bytes."""
    sealed = seal(wish.facts, wish.jwk).encode()
    statement = compose(
        PrepareRegistration,
        matter=wish.matter,
        effective_on=wish.facts.effective_on,
        sealed_sha256=hashlib.sha256(sealed).hexdigest(),
        sealed_bytes=len(sealed),
        register_key=wish.jwk["kid"],
        prepared_by=wish.by,
    )
    return SealedRegistration(statement, sealed)


def _digest(wish: ToRegister, salt: bytes) -> str:
    """Slow on purpose: names and personal codes could be guessed from a quick one."""
    said = b"\n".join([wire_bytes(wish.facts), wish.jwk["kid"].encode(), wire_bytes(wish.by)])
    return hashlib.scrypt(said, salt=salt, n=2**14, r=8, p=1).hex()
