"""How a receipt or an acceptance of the hub is proved: a compact JWS under the hub's published keys.

Source: method S134; features.md N7. Whoever holds the receipt and the hub's JWKS needs nobody else.
"""

import json
from collections.abc import Mapping
from typing import Any

from saikne import jws
from saikne.statements import ACCEPTANCE

RECEIPT = "saikne-receipt+jws"


def verify_receipt(receipt: str, hub_jwks: Mapping[str, Any]) -> dict[str, Any]:
    """What the hub certifies about a confirmed exchange."""
    return _object(jws.proved(receipt, hub_jwks, kind=RECEIPT))


def verify_acceptance(acceptance: str, hub_jwks: Mapping[str, Any]) -> dict[str, Any]:
    """What the hub certifies about one statement it took."""
    return _object(jws.proved(acceptance, hub_jwks, kind=ACCEPTANCE))


def _object(payload: bytes) -> dict[str, Any]:
    read = json.loads(payload)
    if not isinstance(read, dict):
        raise jws.NotSignedByTheHub(kind="object")
    return read
