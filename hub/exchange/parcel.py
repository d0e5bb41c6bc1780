"""What lies in an archive beside the documents, and under which neutral names.

The manifest's exact bytes and its signature let the recipient verify the set without the hub. Entry names are
readable without the password, so they say nothing (method S90; domain 4.4). What the inscription says is
composed where the sender can read it before (`saikne_schemas.inscription`).
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from hub.sealing.archive import TRAILING_NAMES

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
