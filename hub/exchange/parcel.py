"""What lies in an archive beside the documents, and under which neutral names.

The manifest's exact bytes and its signature let the recipient verify the set without the hub; the text of
the certification follows the practice of one inscription for a set (domain 2.3). Entry names are readable
without the password, so they say nothing (method S90; domain 4.4).
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

from hub.sealing.archive import TRAILING_NAMES, document_name
from saikne_schemas.manifests import AnswerManifest

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


def inscription(answer: AnswerManifest) -> bytes:
    """`apliecinājums`: the words of certification for each copy, by name of its entry (MK 558)."""
    lines = ["APLIECINĀJUMS", ""]
    for document in answer.documents:
        name = document_name(document.no, document.media_type)
        if document.certification is None:
            lines.append(f"{name}: elektronisks oriģināls, pārsūtīts nemainīts.")
            continue
        how = document.certification
        lines.append(
            f"{name}: {how.words}. {how.position}, {how.organisation}, {how.officer}, {how.on:%d.%m.%Y}."
        )
    return ("\r\n".join(lines) + "\r\n").encode()
