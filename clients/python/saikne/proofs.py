"""DPoP: every call proves that it holds the key its access token is bound to (RFC 9449).

The key lives as long as one connection to the hub and is written nowhere. Every call has a fresh proof. It is
a P-256 key: every call makes the hub verify one, and OpenSSL does that in three fifths of Ed25519's time.
"""

import base64
import hashlib
import json
import secrets
from datetime import datetime

from saikne.jws import compact
from saikne.keys import Algorithm, CentreKey
from saikne_schemas.enrolment import KeyUse


class ProofKey:
    def __init__(self) -> None:
        self._key = CentreKey.generate(KeyUse.OAUTH, Algorithm.ES256)

    def proof(self, method: str, url: str, now: datetime, access_token: str | None = None) -> str:
        """A proof for one call; `url` without its query, as RFC 9449 4.2 has it."""
        claims: dict[str, object] = {
            "jti": secrets.token_urlsafe(16),
            "htm": method,
            "htu": url.partition("#")[0].partition("?")[0],
            "iat": int(now.timestamp()),
        }
        if access_token is not None:
            digest = hashlib.sha256(access_token.encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        header = {"typ": "dpop+jwt", "jwk": self._key.public_jwk()}
        return compact(header, json.dumps(claims).encode(), self._key)
