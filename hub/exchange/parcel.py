"""What lies in an archive beside the documents, and under which neutral names.

The manifest's exact bytes and its signature let the recipient verify the set without the hub. Entry names are
readable without the password, so they say nothing (method S90; domain 4.4). What the inscription says is
composed where the sender can read it before (`saikne_schemas.inscription`).
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.passwords.handover import Handover
from hub.sealing.archive import TRAILING_NAMES, SealedSegment

MANIFEST, SIGNATURE, INSCRIPTION = TRAILING_NAMES


def signature_record(
    *, signature_base: bytes, signature: bytes, public_key: Mapping[str, Any], alg: str, sha256: bytes
) -> bytes:
    """Everything a verifier needs besides the manifest itself."""
    record = {
        "signature_base": base64.b64encode(signature_base).decode(),
        "signature": base64.b64encode(signature).decode(),
        "public_key": dict(public_key),
        "key_id": public_key["kid"],
        "alg": alg,
        "sha256": sha256.hex(),
    }
    return json.dumps(record, indent=1, sort_keys=True).encode()


def segment_row(
    handover: Handover, no: int, where: str, sealed: SealedSegment, now: datetime
) -> dict[str, object]:
    """How one entry of an archive is kept, that lies at `where` in the object store."""
    return {
        "exchange_id": handover.exchange,
        "round": handover.round,
        "no": no,
        "name": sealed.name,
        "path": where,
        "plain_bytes": sealed.plain_bytes,
        "segment_bytes": sealed.segment_bytes,
        "sha256": sealed.sha256,
        "sealed_at": now,
    }
