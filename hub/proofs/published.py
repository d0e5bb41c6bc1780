"""What each call about a proof is published to take and to refuse."""

from hub.plumbing.blobs import BlobsFull, BlobsUnavailable
from hub.proofs import casework
from hub.sealing import stream as sealing
from hub.signing.statement import ManifestMalformed, ManifestTooLarge
from hub.web.openapi import archives, reads, states, uploads
from hub.web.ranges import RangeNotSatisfiable
from hub.web.uploads import TooManyUploads, UploadBrokenOff
from saikne_schemas.proofs import OpenProof, ProofMediaType

_STORE = (BlobsUnavailable, BlobsFull)

SEND = uploads(
    ProofMediaType,
    casework.IdentityNotRandom,
    casework.IdentityReused,
    casework.MediaTypeNotKept,
    casework.LengthMissing,
    casework.TooLarge,
    casework.TooMuchUnused,
    TooManyUploads,
    UploadBrokenOff,
    sealing.DocumentTooLong,
    sealing.DocumentTruncated,
    sealing.DigestMismatch,
    *_STORE,
)
SHOW = reads(casework.NotFound)
ARCHIVE = archives(casework.NotFound, RangeNotSatisfiable, *_STORE)
OPEN = states(OpenProof, ManifestMalformed, ManifestTooLarge, casework.OtherProof, casework.NotFound)
