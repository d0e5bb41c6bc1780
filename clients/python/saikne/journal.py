"""What the command remembers between runs, so that a thing said twice is the same statement.

A statement is written down before it is sent and struck out once the hub has taken it. After a crash or an
outage, saying the same again finds the same bytes and the same identity. What an opened archive held is kept
until it is confirmed: digests, never names or places. Source: design.md 1.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from saikne.home import write_private
from saikne.parcel import OpenedParcel
from saikne.statements import wire_bytes
from saikne_schemas.manifests import AnswerManifest, CheckedDocument
from saikne_schemas.proofs import ProofRef
from saikne_schemas.wire import WireDocument

Document = TypeVar("Document", bound=WireDocument)

_SALT_BYTES = 16
_UUID_LENGTH = 36


@dataclass(frozen=True)
class OpenedRecord:
    """What `open` computed from an archive."""

    exchange: UUID
    archive_sha256: str
    manifest_sha256: str
    key_id: str
    documents: list[CheckedDocument]


class Journal:
    def __init__(self, home: Path) -> None:
        self._place = home / "journal"

    def pending(self, statement: Document) -> Document:
        """The statement, or the one of the same content that was begun earlier and may have arrived."""
        path = self._pending_path(statement)
        if path.exists():
            return type(statement).model_validate_json(path.read_bytes())
        write_private(path, wire_bytes(statement))
        return statement

    def taken(self, statement: WireDocument) -> None:
        """The hub answered: the same content said again would be a new statement, with proofs of its own."""
        self._pending_path(statement).unlink(missing_ok=True)
        for ref in _named_in(statement):
            self._proof_path(ref.sha256).unlink(missing_ok=True)
        for sealed in getattr(statement, "identities", []):
            for path in self._place.glob(f"identity-*-{sealed.id}.jwe"):
                path.unlink(missing_ok=True)

    def proof(self, sha256: str) -> UUID:
        """Under which identity a file is sent as a proof, until the statement that names it is answered."""
        path = self._proof_path(sha256)
        if not path.exists():
            write_private(path, str(uuid4()).encode())
        return UUID(path.read_text())

    def forget_proofs(self, identities: Collection[str]) -> None:
        """From now on the files that were sent under these are sent under new ones."""
        for path in list(self._place.glob("proof-*")):
            if path.read_text() in identities:
                path.unlink(missing_ok=True)

    def sealed(self, identity: bytes, kid: str, seal: Callable[[], bytes]) -> tuple[UUID, bytes]:
        """An identity sealed to a key, and its name for sending: the same until its statement is answered.

        A seal is other bytes each time, and the statement names them by their digest. Beside them only a
        salted digest of what is inside stays here, slow on purpose: names and codes could be guessed.
        """
        salt_file = self._place / "salt"
        if not salt_file.exists():
            write_private(salt_file, secrets.token_bytes(_SALT_BYTES))
        said = identity + kid.encode()
        digest = hashlib.scrypt(said, salt=salt_file.read_bytes(), n=2**14, r=8, p=1, dklen=16).hex()
        for path in self._place.glob(f"identity-{digest}-*.jwe"):
            return UUID(path.stem[-_UUID_LENGTH:]), path.read_bytes()
        name, sealed = uuid4(), seal()
        write_private(self._place / f"identity-{digest}-{name}.jwe", sealed)
        return name, sealed

    def answer(self, manifest: AnswerManifest, round_number: int) -> AnswerManifest:
        """The answer of this round as it was first declared, if its content is the same."""
        path = self._place / f"answer-{manifest.exchange}-{round_number}.json"
        if path.exists():
            first = AnswerManifest.model_validate_json(path.read_bytes())
            if _content(first) == _content(manifest):
                return first
        write_private(path, wire_bytes(manifest), replace=True)
        return manifest

    def forget_answer(self, exchange: UUID, round_number: int) -> None:
        """It is said; the file that certified it may certify another one now."""
        path = self._place / f"answer-{exchange}-{round_number}.json"
        if not path.exists():
            return
        said = AnswerManifest.model_validate_json(path.read_bytes()).certified_by
        if said is not None:
            self._proof_path(said.sha256).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return

    def opened(self, parcel: OpenedParcel) -> None:
        record = OpenedRecord(
            exchange=parcel.manifest.exchange,
            archive_sha256=parcel.archive_sha256,
            manifest_sha256=parcel.manifest_sha256,
            key_id=parcel.key_id,
            documents=parcel.checked,
        )
        written = asdict(record) | {
            "exchange": str(record.exchange),
            "documents": [document.model_dump() for document in record.documents],
        }
        write_private(self._opened_path(record.archive_sha256), json.dumps(written).encode(), replace=True)

    def what_was_opened(self, archive_sha256: str) -> OpenedRecord | None:
        path = self._opened_path(archive_sha256)
        if not path.exists():
            return None
        written: dict[str, Any] = json.loads(path.read_bytes())
        documents = [CheckedDocument.model_validate(document) for document in written.pop("documents")]
        return OpenedRecord(**written | {"exchange": UUID(written["exchange"]), "documents": documents})

    def opened_archives(self) -> frozenset[str]:
        """The digests of the archives that were opened here."""
        return frozenset(path.stem.removeprefix("opened-") for path in self._place.glob("opened-*.json"))

    def opened_another(self, exchange: UUID) -> bool:
        """Whether any archive of the exchange was opened here."""
        records = map(self.what_was_opened, self.opened_archives())
        return any(record is not None and record.exchange == exchange for record in records)

    def fetched(self, exchange: UUID, archive_sha256: str) -> None:
        """The hub has given out this archive as the one that was dispatched last."""
        write_private(self._fetched_path(exchange), archive_sha256.encode(), replace=True)

    def fetched_last(self, exchange: UUID) -> str | None:
        path = self._fetched_path(exchange)
        return path.read_text() if path.exists() else None

    def fetched_as(self, archive_sha256: str) -> str | None:
        """Of which exchange an archive is that was fetched from here; nothing of another one."""
        fetched = (path for path in self._place.glob("fetched-*") if path.read_text() == archive_sha256)
        return next((path.name.removeprefix("fetched-") for path in fetched), None)

    def _fetched_path(self, exchange: UUID) -> Path:
        return self._place / f"fetched-{exchange}"

    def _opened_path(self, archive_sha256: str) -> Path:
        return self._place / f"opened-{archive_sha256}.json"

    def _proof_path(self, sha256: str) -> Path:
        return self._place / f"proof-{sha256}"

    def _pending_path(self, statement: WireDocument) -> Path:
        digest = hashlib.sha256(json.dumps(_content(statement), sort_keys=True).encode()).hexdigest()
        return self._place / f"pending-{digest}.json"


def _named_in(statement: WireDocument) -> list[ProofRef]:
    """The author's own, and what shows the word of a centre outside of the hub."""
    outside = getattr(statement, "for_outside", None)
    named = [*getattr(statement, "proofs", []), *(outside.proofs if outside else ())]
    return [ref for ref in named if isinstance(ref, ProofRef)]


def _content(statement: WireDocument) -> dict[str, Any]:
    return statement.model_dump(mode="json", by_alias=True, exclude={"id"})
