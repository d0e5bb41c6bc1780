"""Writes archives/good.zip and archives.json in schemas/vectors: an archive as the hub seals it, and damages.

Run `python -m tests.schemas.archive_vectors` after a change of the archive's form; every run makes another
archive, for salts are random. A damage is told as bytes to put in other bytes' place.
"""

import asyncio
import hashlib
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.exchange.parcel import INSCRIPTION, MANIFEST, SIGNATURE
from hub.kernel.secret import Secret
from hub.plumbing.blobs import Blobs
from hub.sealing.archive import SealedSegment, directory, document_name, local_header
from hub.sealing.stream import seal_bytes
from saikne.keys import Algorithm, CentreKey
from saikne.statements import wire_bytes
from saikne_schemas.enrolment import KeyUse
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.inscription import inscription
from saikne_schemas.manifests import AnswerManifest
from tests.client.archives import signature_record

FOLDER = Path(__file__).parents[2] / "schemas" / "vectors"
FILE, ARCHIVE = FOLDER / "archives.json", FOLDER / "archives" / "good.zip"
PASSWORD = "7HJ2 9KQ4 M0XT 3WDB U"
SYMBOLS = "7HJ29KQ4M0XT3WDB"
DOCUMENTS = (b"%PDF-1.7 the family's case, as a vector\n" * 8, b"%PDF-1.7 an IAP, as a vector\n" * 5)


@dataclass(frozen=True)
class Edit:
    """Bytes at `offset` become these."""

    offset: int
    put: bytes

    def json(self) -> dict[str, Any]:
        return {"offset": self.offset, "hex": self.put.hex()}


@dataclass(frozen=True)
class Made:
    """An archive with the places at which damage is worth doing."""

    content: bytes
    segments: list[SealedSegment]

    def start(self, name: str) -> int:
        """Where an entry's segment begins."""
        at = 0
        for segment in self.segments:
            if segment.name == name:
                return at
            at += segment.segment_bytes
        raise KeyError(name)

    def salt(self, name: str) -> int:
        segment = next(segment for segment in self.segments if segment.name == name)
        return self.start(name) + len(local_header(segment))

    def listed(self, name: str) -> int:
        """Where an entry's record in the directory begins: 46 bytes before its name."""
        return self.content.rindex(name.encode()) - 46

    def flipped(self, offset: int) -> Edit:
        return Edit(offset, bytes([self.content[offset] ^ 1]))

    def renamed(self, old: str, new: str) -> list[Edit]:
        assert len(old) == len(new)
        return [Edit(self.start(old) + 30, new.encode()), Edit(self.listed(old) + 46, new.encode())]

    def unencrypted(self, name: str) -> list[Edit]:
        return [Edit(self.start(name) + 6, b"\0\0"), Edit(self.listed(name) + 8, b"\0\0")]


def manifest() -> AnswerManifest:
    written: dict[str, Any] = json.loads(json.dumps(EXAMPLES[AnswerManifest]))
    for document, content in zip(written["documents"], DOCUMENTS, strict=True):
        document |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return AnswerManifest.model_validate_json(json.dumps(written))


async def seal(contents: dict[str, bytes]) -> Made:
    with tempfile.TemporaryDirectory() as folder:
        store, segments = Blobs.from_url(Path(folder).as_uri()), []
        for name, content in contents.items():
            sealed = await seal_bytes(content, name=name, password=Secret(SYMBOLS), store=store, path=name)
            segments.append(sealed)
        whole = b"".join((Path(folder) / name).read_bytes() for name in contents)
    return Made(whole + directory(segments), segments)


def damages(made: Made) -> list[dict[str, Any]]:
    """Each with the reason for which the client `saikne` refuses it."""
    one, two = "dok-01.pdf", "dok-02.pdf"
    sized = made.listed(two) + 24
    listed: list[tuple[str, str, list[Edit]]] = [
        ("a flipped bit in a document", "damaged", [made.flipped(made.salt(one) + 40)]),
        ("a flipped bit in the manifest", "damaged", [made.flipped(made.salt(MANIFEST) + 40)]),
        ("a flipped bit in an authentication code", "damaged", [made.flipped(made.start(two) - 1)]),
        ("another salt", "damaged", [made.flipped(made.salt(one))]),
        ("another password's verifier", "damaged", [made.flipped(made.salt(one) + 16)]),
        ("no directory", "damaged", [made.flipped(len(made.content) - 22)]),
        ("a path as a name", "foreign-entry", made.renamed(two, "../x02.pdf")),
        ("an absolute name", "foreign-entry", made.renamed(two, "/etc/2.pdf")),
        ("a name that the hub does not give", "foreign-entry", made.renamed(two, "Anna02.pdf")),
        ("a link", "foreign-entry", [Edit(made.listed(two) + 38, (0o120777 << 16).to_bytes(4, "little"))]),
        ("an entry twice", "entry-twice", made.renamed(two, one)),
        ("a document that was not declared", "missing-entry", made.renamed(two, "dok-03.pdf")),
        ("no manifest", "missing-entry", made.renamed(MANIFEST, "dok-100.asice")),
        ("an entry that says it is in clear", "not-encrypted", made.unencrypted(two)),
        ("a length that is not the declared one", "other-size", [made.flipped(sized)]),
    ]
    return [
        {"name": name, "expected": why, "edits": [edit.json() for edit in edits]}
        for name, why, edits in listed
    ] + [
        {"name": "half an archive", "expected": "damaged", "cut_to": len(made.content) // 2},
        {"name": "nothing", "expected": "damaged", "cut_to": 0},
    ]


PASSWORDS = [
    {"name": "as it was dictated", "password": PASSWORD, "expected": "opens"},
    {"name": "without the check symbol", "password": SYMBOLS, "expected": "opens"},
    {"name": "in small letters with hyphens", "password": "7hj2-9kq4-m0xt-3wdb-u", "expected": "opens"},
    {"name": "with the letter O for nought", "password": "7HJ2 9KQ4 MOXT 3WDB U", "expected": "opens"},
    {"name": "a slip", "password": "7HJ2 9KQ4 M0XT 3WDD U", "expected": "mistyped"},
    {"name": "two symbols changed places", "password": "7HJ2 9KQ4 M0XT 3WBD U", "expected": "mistyped"},
    {"name": "a group is missing", "password": "7HJ2 9KQ4 M0XT", "expected": "not-a-password"},
    {"name": "another archive's", "password": "0123456789ABCDEF", "expected": "other-archive"},
]  # fmt: skip


def described(made: Made, key: CentreKey) -> dict[str, Any]:
    answer = manifest()
    return {
        "about": "archives/good.zip as the hub sealed it (AES-256, WinZip AE-2), and what must not open. "
        "The password is its sixteen symbols; the seventeenth only finds slips.",
        "archive": "archives/good.zip",
        "archive_sha256": hashlib.sha256(made.content).hexdigest(),
        "archive_bytes": len(made.content),
        "entries": [segment.name for segment in made.segments],
        "manifest_sha256": hashlib.sha256(wire_bytes(answer)).hexdigest(),
        "key_id": key.kid,
        "documents": [
            {
                "no": one.no,
                "entry": document_name(one.no, one.media_type),
                "bytes": one.bytes,
                "sha256": one.sha256,
            }
            for one in answer.documents
        ],
        "passwords": PASSWORDS,
        "damages": damages(made),
    }


async def main() -> None:
    key, body = CentreKey.generate(KeyUse.SIGNING, Algorithm.EDDSA), wire_bytes(manifest())
    contents = {f"dok-{number:02}.pdf": content for number, content in enumerate(DOCUMENTS, start=1)}
    contents[MANIFEST] = body
    contents[SIGNATURE] = json.dumps(signature_record(body, key), indent=1).encode()
    contents[INSCRIPTION] = inscription(manifest())
    made = await seal(contents)
    ARCHIVE.parent.mkdir(exist_ok=True)
    ARCHIVE.write_bytes(made.content)
    FILE.write_text(json.dumps(described(made, key), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
