"""A centre's own proofs on the wire: what it keeps with the hub, and how its statements name it.

Source: method S41, S74 (what proves a message), S88, S89 (signed sheet, post's receipt); features N12.
Nobody but its owner ever sees a proof: others find its digest in statements. What one side of an exchange
signed, its request or what certifies its answer, the other side may read.
"""

from enum import StrEnum
from typing import ClassVar, Literal

from saikne_schemas.signed_files import Signer, Verdict
from saikne_schemas.statements import EXCHANGES, Statement
from saikne_schemas.wire import IDENTITY, SCHEMA, Id, Moment, RandomId, Sha256, View
from saikne_schemas.wire import ProofRef as ProofRef  # noqa: PLC0414  # proofs are spoken of from here

PROOF_BYTES = 64 * 1024**2
"""A proof holds at most 64 MiB."""


class ProofMediaType(StrEnum):
    PDF = "application/pdf"
    ASICE = "application/vnd.etsi.asic-e+zip"
    """An e-signed container (.edoc, .asice), kept whole."""
    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    MAIL = "message/rfc822"
    """An e-mail with its headers, as a mail program saves it."""
    TEXT = "text/plain"


class OpenProof(Statement):
    """The owner asks for the password of one of its proofs."""

    goes_to: ClassVar[str] = "/v1/proofs/{proof}/open"
    schema_: Literal["saikne.open-proof/1"] = SCHEMA
    id: RandomId = IDENTITY
    proof: RandomId


class ReadSigned(Statement):
    """A party of an exchange asks for the password of a file that the other signed: see `fetchSigned`."""

    goes_to: ClassVar[str] = EXCHANGES + "/{exchange}/signed/{proof}/open"
    schema_: Literal["saikne.read-signed/1"] = SCHEMA
    id: RandomId = IDENTITY
    exchange: Id
    proof: RandomId


class ProofView(View):
    """A proof as its owner sees it, and, of a file that one side signed, the other side of the exchange."""

    id: Id
    media_type: ProofMediaType
    bytes: int
    sha256: Sha256
    sealed_at: Moment
    named_in: Id | None = None
    """The matter whose statement named it; a proof that no statement names is erased after seven days."""
    archive_bytes: int
    archive_sha256: Sha256
    """Of the archive in which it is fetched: one encrypted entry (AE-2)."""
    signatures: Verdict | None = None
    """Of a container or a PDF: what the hub found when it came."""
    signers: list[Signer] = []


class ProofFetched(ProofView):
    """As a command tells it."""

    path: str


class SignedFilesFetched(View):
    exchange: Id
    files: list[ProofFetched]


class OpenedProof(View):
    password: str
