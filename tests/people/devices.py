"""A person's browser as these tests play it: a key of its own, and signatures by another's library alone.

The same is done by `keys.js` in a real browser (`tests/pages/test_keys.py`).
"""

import base64
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.kernel.clock import iso, now
from hub.people.casework.keys import SecondSignature
from hub.people.person import Person
from tests.access.centre_system import PrivateKey, jwk, jws, thumbprint


@dataclass
class Device:
    """In a person's hands."""

    person: Person
    key: PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def kid(self) -> str:
        return thumbprint(self.key)

    @property
    def alg(self) -> str:
        return "EdDSA" if isinstance(self.key, Ed25519PrivateKey) else "ES256"

    def public(self, **changes: str) -> dict[str, str]:
        return {**jwk(self.key), "kid": self.kid, "alg": self.alg, "use": "signing", **changes}

    def document(self, *, until: datetime | None = None, **changes: Any) -> dict[str, Any]:
        return {
            "schema": "saikne.person-key/1",
            "id": str(uuid4()),
            "centre": str(self.person.centre),
            "person": str(self.person.id),
            "acts": sorted(self.person.acts),
            "until": iso(until or now() + timedelta(days=300)),
            "key": self.public(),
            **changes,
        }

    def signed(self, claims: dict[str, Any]) -> tuple[str, str, str]:
        """Protected header, payload and signature."""
        head, payload, signature = jws({"kid": self.kid}, claims, self.key).split(".")
        return head, payload, signature

    def file(self, **changes: Any) -> bytes:
        """What the page brings: signed by the new key alone."""
        head, payload, signature = self.signed(self.document(**changes))
        return general(payload, (head, signature))

    def approves(self, key: str, file: bytes) -> SecondSignature:
        """As the approver's page signs it: over the very payload."""
        payload = json.loads(file)["payload"]
        padded = payload + "=" * (-len(payload) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
        head, same, signature = self.signed(claims)
        assert same == payload, "the test's JSON is written as it was"
        return SecondSignature(key, head, signature)


def general(payload: str, *signatures: tuple[str, str]) -> bytes:
    signed = [{"protected": head, "signature": signature} for head, signature in signatures]
    return json.dumps({"payload": payload, "signatures": signed}).encode()
