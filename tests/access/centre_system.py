"""A centre's system as the hub's tests play it: its own keys, its own JOSE, RFC 9421 by another library.

Nothing here imports `hub`: what these tests accept was made by somebody else's code.
"""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

COVERED = ("@method", "@target-uri", "authorization", "dpop", "content-type", "content-digest")
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

PrivateKey = Ed25519PrivateKey | EllipticCurvePrivateKey


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def p256() -> EllipticCurvePrivateKey:
    return generate_private_key(SECP256R1())


def jwk(key: PrivateKey) -> dict[str, str]:
    if isinstance(key, Ed25519PrivateKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": b64url(key.public_key().public_bytes_raw())}
    point = key.public_key().public_numbers()
    x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    return {"kty": "EC", "crv": "P-256", "x": b64url(x), "y": b64url(y)}


def thumbprint(key: PrivateKey) -> str:
    canonical = json.dumps(jwk(key), sort_keys=True, separators=(",", ":"))
    return b64url(hashlib.sha256(canonical.encode()).digest())


def jws(header: Mapping[str, Any], claims: Mapping[str, Any], key: PrivateKey) -> str:
    """A compact JWS; `alg` in `header` wins over the key's own, to make wrong ones."""
    alg = "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256"
    signed = ".".join(b64url(json.dumps(part).encode()) for part in ({"alg": alg, **header}, claims))
    if isinstance(key, Ed25519PrivateKey):
        signature = key.sign(signed.encode())
    else:
        r, s = decode_dss_signature(key.sign(signed.encode(), ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{signed}.{b64url(signature)}"


def digest_of(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def without(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Claims with those set to None left out."""
    return {name: value for name, value in claims.items() if value is not None}


@dataclass
class CentreSystem:
    """One centre's keys and what it does with them."""

    url: str
    """The hub's public address."""
    centre: UUID = field(default_factory=uuid4)
    oauth: PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    signing: PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    dpop: PrivateKey = field(default_factory=p256)

    def enrolled_keys(self) -> list[dict[str, str]]:
        return [
            {
                **jwk(key),
                "kid": thumbprint(key),
                "alg": "EdDSA" if isinstance(key, Ed25519PrivateKey) else "ES256",
                "use": use,
            }
            for key, use in ((self.oauth, "oauth"), (self.signing, "signing"))
        ]

    def assertion(
        self, *, key: PrivateKey | None = None, header: Mapping[str, Any] | None = None, **claims: Any
    ) -> str:
        signing, now = key or self.oauth, int(time.time())
        claimed = {
            "iss": str(self.centre),
            "sub": str(self.centre),
            "aud": self.url,
            "iat": now,
            "exp": now + 60,
            "jti": secrets.token_urlsafe(16),
            **claims,
        }
        return jws({"kid": thumbprint(signing), **(header or {})}, without(claimed), signing)

    def proof(
        self,
        method: str,
        uri: str,
        *,
        token: str | None = None,
        key: PrivateKey | None = None,
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        signing = key or self.dpop
        ath = b64url(hashlib.sha256(token.encode()).digest()) if token else None
        claimed = {
            "htm": method,
            "htu": uri,
            "iat": int(time.time()),
            "jti": secrets.token_urlsafe(16),
            "ath": ath,
            **claims,
        }
        return jws({"typ": "dpop+jwt", "jwk": jwk(signing), **(header or {})}, without(claimed), signing)

    def form(self, **fields: str) -> dict[str, str]:
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": self.assertion(), **fields}

    async def token(self, http: httpx.AsyncClient, scope: str = "exchange") -> str:
        answer = await http.post(
            f"{self.url}/oauth/token",
            data=self.form(grant_type="client_credentials", scope=scope),
            headers={"DPoP": self.proof("POST", f"{self.url}/oauth/token")},
        )
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["access_token"]
        return token

    def bearing(self, token: str, method: str, uri: str) -> dict[str, str]:
        """Headers of a reading call."""
        proof = self.proof(method, uri.partition("?")[0], token=token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    def signed(
        self, token: str, method: str, uri: str, body: bytes, *, key: PrivateKey | None = None, **changes: Any
    ) -> dict[str, str]:
        """Headers of a signed call."""
        headers = {
            **self.bearing(token, method, uri),
            "Content-Type": "application/json",
            "Content-Digest": digest_of(body),
        }
        return sign(method, uri, headers, key or self.signing, **changes)


def sign(method: str, uri: str, headers: dict[str, str], key: PrivateKey, **changes: Any) -> dict[str, str]:
    """Add Signature-Input and Signature by the http-message-signatures library."""
    name = thumbprint(key)
    ed25519 = isinstance(key, Ed25519PrivateKey)
    created = changes.pop("created", datetime.now(UTC))
    keys = MappingKeyResolver(public_keys={}, private_keys={changes.get("key_id", name): key})
    message = SimpleNamespace(method=method, url=uri, headers=dict(headers))
    HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519 if ed25519 else algorithms.ECDSA_P256_SHA256,
        key_resolver=keys,
    ).sign(
        message,
        **{
            "key_id": name,
            "created": created,
            "expires": created + timedelta(seconds=60),
            "nonce": secrets.token_urlsafe(16),
            "label": "saikne",
            "tag": "saikne-request-1",
            "covered_component_ids": COVERED,
            "use_existing_digest": "content-digest" in {field.lower() for field in headers},
            **changes,
        },
    )
    return dict(message.headers)
