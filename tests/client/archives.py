"""Archives as the hub makes them, and damaged ones: written with pyzipper, not with the hub's own code."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyzipper

from saikne.keys import CentreKey
from saikne.signatures import COVERED, LABEL, content_digest, sign_request
from saikne.statements import compose, wire_bytes
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.manifests import AnswerManifest, Certification, DeclaredDocument
from saikne_schemas.vocabulary import CertificationWords, Derivative, FormType, MediaType, Original

BODY = "0123456789ABCDEF"
SYMLINK, DIRECTORY = 0o120777, 0o040755


@dataclass(frozen=True)
class Entry:
    name: str
    content: bytes
    mode: int = 0o100600
    encrypted: bool = True
    strength: int = 256
    password: str = BODY


@dataclass(frozen=True)
class Parcel:
    """A holder's answer and the entries it becomes."""

    manifest: AnswerManifest
    key: CentreKey
    documents: Sequence[bytes]
    entries: list[Entry] = field(default_factory=list)

    def with_entries(self, *more: Entry) -> "Parcel":
        return replace(self, entries=[*self.entries, *more])

    def without(self, name: str) -> "Parcel":
        return replace(self, entries=[entry for entry in self.entries if entry.name != name])

    def changed(self, name: str, **changes: Any) -> "Parcel":
        entries = [replace(entry, **changes) if entry.name == name else entry for entry in self.entries]
        return replace(self, entries=entries)


def parcel(
    *documents: bytes, exchange: UUID | None = None, key: CentreKey | None = None, forms: str = "iap"
) -> Parcel:
    """An answer with these documents, all of one form."""
    key = key or CentreKey.generate(KeyUse.SIGNING)
    declared = [_declared(number, content, forms) for number, content in enumerate(documents, start=1)]
    manifest = compose(AnswerManifest, exchange=exchange or uuid4(), children=["B-0031"], documents=declared)
    written = wire_bytes(manifest)
    entries = [Entry(f"dok-{number:02}.pdf", content) for number, content in enumerate(documents, start=1)]
    entries.append(Entry("manifest.json", written))
    entries.append(Entry("manifest.sig.json", json.dumps(signature_record(written, key)).encode()))
    entries.append(Entry("apliecinajums.txt", b"KOPIJA PAREIZA"))
    return Parcel(manifest, key, documents, entries)


def certification() -> Certification:
    return Certification(
        words=CertificationWords.KOPIJA_PAREIZA,
        officer="Ilze Bērziņa",
        position="lietvede",
        organisation="Atbalsta centrs Saule",
        on=datetime(2026, 3, 2, tzinfo=UTC).date(),
    )


def signature_record(manifest: bytes, key: CentreKey) -> dict[str, Any]:
    """The holder's signature over these bytes as the hub keeps it."""
    headers = {
        "Authorization": "DPoP token",
        "DPoP": "proof",
        "Content-Type": "application/json",
        "Content-Digest": content_digest(hashlib.sha256(manifest).digest()),
    }
    url = "https://hub.example/v1/exchanges/answer"
    sign_request("POST", url, headers, key, datetime.now(UTC))
    return {
        "signature_base": base64.b64encode(signature_base("POST", url, headers)).decode(),
        "signature": headers["Signature"].removeprefix(f"{LABEL}=:").removesuffix(":"),
        "public_key": key.public_jwk(),
        "key_id": key.kid,
        "alg": "ed25519" if key.algorithm == "EdDSA" else "ecdsa-p256-sha256",
        "sha256": hashlib.sha256(manifest).hexdigest(),
    }


def signature_base(method: str, url: str, headers: dict[str, str]) -> bytes:
    """RFC 9421 2.5, written out by hand for our one coverage."""
    fields = {name.lower(): value for name, value in headers.items()}
    fields |= {"@method": method, "@target-uri": url}
    parameters = fields["signature-input"].removeprefix(f"{LABEL}=")
    lines = [f'"{name}": {fields[name]}' for name in COVERED] + [f'"@signature-params": {parameters}']
    return "\n".join(lines).encode()


def write_archive(path: Path, entries: Sequence[Entry]) -> Path:
    with pyzipper.AESZipFile(path, "w", compression=pyzipper.ZIP_STORED) as archive:
        for entry in entries:
            archive.setpassword(entry.password.encode() if entry.encrypted else None)
            strength = {"nbits": entry.strength} if entry.encrypted else {}
            archive.setencryption(pyzipper.WZ_AES if entry.encrypted else None, **strength)
            info = archive.zipinfo_cls(entry.name)
            info.external_attr = entry.mode << 16
            archive.writestr(info, entry.content)
    return path


def _declared(number: int, content: bytes, form: str) -> DeclaredDocument:
    return DeclaredDocument(
        no=number,
        form=FormType(form),
        subject="B-0031",
        media_type=MediaType.PDF,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        original=Original.PAPER,
        derivative=Derivative.COPY,
        certification=certification(),
    )
