"""What was found in a signed file, and what that comes to: seven words, from traced to not looked at.

Source: MK 473, MK 558 (domain 2.3, 4.2); evidence.md 3. The library says what is wrong with a signature in
lines; of a signed PDF our own examiner does (`PdfComplaint`). A signature is whole where nothing is said, or
nothing but that no trusted list is known that leads to the signer: every such line stands here, and any
other means that file or signature are not as they were signed. A file is as good as its worst signature.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from saikne_schemas.signed_files import Signer, Verdict

LOOKED_AT_BYTES = 16 * 1024**2
"""A longer one is kept unseen: what is signed to certify or to ask is small."""


class PdfComplaint(StrEnum):
    """What is wrong with a signature in a PDF."""

    CHANGED = "pdf: the file or its signature is not as it was signed"
    WEAK = "pdf: signed over a digest that anybody can match"
    NO_STAMP = "pdf: no time stamp"
    NO_ANSWER = "pdf: nobody who issued the certificate says that it was good"
    NOT_GOOD = "pdf: the certificate was revoked or out of its time"
    SIGNER_NOT_LISTED = "pdf: no trusted list leads to who signed"
    STAMPER_NOT_LISTED = "pdf: no trusted list leads to who stamped"


_HEADINGS = ("Signature validation", "Validation warnings")
_NOT_TRACED = (
    "Unable to verify signing certificate",
    "Signing certificate does not meet Qualification requirements",
    "Certificate status: unknown",
    "unable to get local issuer certificate",
    "unable to get issuer certificate",
    "unable to verify the first certificate",
    "self-signed certificate",
    "self-signed certificate in certificate chain",
    "error:17800064:time stamp routines::certificate verify error",
    "Failed to verify OCSP Responder certificate",
    "error:13800065:OCSP routines::certificate verify error",
    "OCSP Responder does not meet TM requirements",
    PdfComplaint.SIGNER_NOT_LISTED,
    PdfComplaint.STAMPER_NOT_LISTED,
)
_NOT_STAMPED = (
    "QualifyingProperties block 'UnsignedProperties' is missing.",
    "UnsignedProperties block 'UnsignedSignatureProperties' is missing.",
    "Missing SignatureTimeStamp",
    "Signature SPUri is missing",
    "Signature policy does not match BDOC 2.1 policy",
    "RevocationValues object is missing",
    "OCSPValues is missing",
    PdfComplaint.NO_STAMP,
    PdfComplaint.NO_ANSWER,
    PdfComplaint.NOT_GOOD,
)
"""No time stamp, or no answer on revocation. Without a stamp the library takes it for an Estonian time-mark,
and misses its policy."""


_WORST_FIRST = (Verdict.ALTERED, Verdict.INCOMPLETE, Verdict.UNTRUSTED, Verdict.WHOLE, Verdict.VALID)


class Seen(BaseModel):
    """One signature, as the examiner tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    by: Signer
    complaints: Annotated[list[str], Field(max_length=100)]


class Findings(BaseModel):
    """Of a file that was looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    opened: bool
    lists: bool
    """Whether trusted lists are installed, and every one of them is signed and not out of date."""
    signatures: Annotated[list[Seen], Field(max_length=50)]

    @property
    def verdict(self) -> Verdict:
        if not self.opened:
            return Verdict.ALTERED
        if not self.signatures:
            return Verdict.UNSIGNED
        return min((self._of(one.complaints) for one in self.signatures), key=_WORST_FIRST.index)

    @property
    def signers(self) -> list[Signer]:
        return [one.by for one in self.signatures]

    def _of(self, complaints: Iterable[str]) -> Verdict:
        said = {line.strip() for line in complaints} - {"", *_HEADINGS}
        if not said:
            return Verdict.VALID if self.lists else Verdict.WHOLE
        if not said <= {*_NOT_TRACED, *_NOT_STAMPED}:
            return Verdict.ALTERED
        if not said.isdisjoint(_NOT_STAMPED):
            return Verdict.INCOMPLETE
        return Verdict.UNTRUSTED if self.lists else Verdict.WHOLE
