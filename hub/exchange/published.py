"""What each call of an exchange that is no statement is published to take and to refuse."""

from hub.exchange import ways
from hub.exchange.casework import answering, collecting, reading
from hub.exchange.casework.case import NotFound, OtherRound
from hub.exchange.casework.uploading import NotAsDeclared
from hub.exchange.steps import StepNotAllowed
from hub.plumbing.blobs import BlobsFull, BlobsUnavailable
from hub.proofs import casework as proofs
from hub.sealing import stream as sealing
from hub.signing.statement import ManifestMalformed, ManifestTooLarge
from hub.web.openapi import archives, reads, states, uploads
from hub.web.paging import CursorMalformed
from hub.web.ranges import RangeNotSatisfiable
from hub.web.uploads import TooManyUploads, UploadBrokenOff
from saikne_schemas.proofs import ReadSigned
from saikne_schemas.vocabulary import MediaType

_STORE = (BlobsUnavailable, BlobsFull)
SEND_DOCUMENT = uploads(
    MediaType,
    NotFound,
    StepNotAllowed,
    OtherRound,
    ways.OtherWay,
    answering.DocumentNotDeclared,
    NotAsDeclared,
    TooManyUploads,
    UploadBrokenOff,
    sealing.DocumentTooLong,
    sealing.DocumentTruncated,
    sealing.DigestMismatch,
    *_STORE,
)
LIST = reads(CursorMalformed)
SHOW = reads(NotFound)
STATEMENTS = reads(NotFound)
RECEIPT = reads(NotFound, reading.NoReceiptYet)
ARCHIVE = archives(
    NotFound, StepNotAllowed, ways.OtherWay, collecting.ArchiveGone, RangeNotSatisfiable, *_STORE
)
SIGNED = archives(NotFound, proofs.NotFound, RangeNotSatisfiable, *_STORE)
READ_SIGNED = states(
    ReadSigned, ManifestMalformed, ManifestTooLarge, NotFound, proofs.OtherProof, proofs.NotFound
)
OVERDUE = reads(CursorMalformed)
