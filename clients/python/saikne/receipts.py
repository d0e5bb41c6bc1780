"""How a stored statement, an acceptance or a receipt of the hub is proved, without the hub.

A statement verifies years later from itself alone; acceptance and receipt are compact JWS under the hub's
published keys. Source: method S134; features.md N7; security.md 2.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from saikne.jws import NotSignedByTheHub, proved
from saikne.signatures import COVERED, TAG, SignatureNotProved, components_proved, content_digest, thumbprint
from saikne_schemas.views import StatementView

ACCEPTANCE = "saikne-acceptance+jws"
RECEIPT = "saikne-receipt+jws"


def verify_receipt(receipt: str, hub_jwks: Mapping[str, Any]) -> dict[str, Any]:
    """What the hub certifies about a confirmed exchange."""
    return _certified(receipt, hub_jwks, RECEIPT)


def verify_acceptance(acceptance: str, hub_jwks: Mapping[str, Any]) -> dict[str, Any]:
    """What the hub certifies about one statement it took."""
    return _certified(acceptance, hub_jwks, ACCEPTANCE)


def verify_statement(statement: StatementView, hub_jwks: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Prove that the named key signed these very bytes; needs no network.

    Returns the signed components. With the hub's JWKS its acceptance is proved too: that the hub took this
    statement and no other. Whose the key is, the centre's enrolment says.
    """
    manifest = base64.b64decode(statement.manifest, validate=True)
    components = components_proved(
        base64.b64decode(statement.signature_base, validate=True),
        base64.b64decode(statement.signature, validate=True),
        statement.public_key,
    )
    covers(components, manifest, statement.public_key)
    if hub_jwks is not None:
        accepted = verify_acceptance(statement.acceptance, hub_jwks)
        if accepted.get("statement", {}).get("sha256") != hashlib.sha256(manifest).hexdigest():
            raise SignatureNotProved(what="acceptance")
    return components


def covers(components: Mapping[str, str], manifest: bytes, public_jwk: Mapping[str, Any]) -> None:
    """Refuse a signature that is not over these bytes, or is not a request's signature of ours."""
    parameters = components.get("@signature-params", "")
    if not set(COVERED) <= set(components) or f';tag="{TAG}"' not in parameters:
        raise SignatureNotProved(what="coverage")
    if components["content-digest"] != content_digest(hashlib.sha256(manifest).digest()):
        raise SignatureNotProved(what="bytes")
    if f';keyid="{thumbprint(public_jwk)}"' not in parameters:
        raise SignatureNotProved(what="key")


def _certified(document: str, hub_jwks: Mapping[str, Any], kind: str) -> dict[str, Any]:
    read = json.loads(proved(document, hub_jwks, kind=kind))
    if not isinstance(read, dict):
        raise NotSignedByTheHub(kind="object")
    return read
