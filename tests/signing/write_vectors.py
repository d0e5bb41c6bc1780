"""Writes schemas/vectors/signatures.json: signed requests for vendors, good and damaged in one place each.

Run `python -m tests.signing.write_vectors` after a change of the rule. Made by the http-message-signatures
library, not by the hub's code. Keys and moments are fixed; ECDSA signatures differ from run to run.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.access.centre_system import COVERED, PrivateKey, b64url, digest_of, jwk, sign, thumbprint

FILE = Path(__file__).parents[2] / "schemas" / "vectors" / "signatures.json"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TARGET = "https://hub.example/v1/exchanges?draft=0"
BODY = '{"schema":"saikne.request/1","id":"3f1c7d5e-0a55-4b3e-9a0e-0f7b1c2d3e4f"}'
NONCE = "q3m1yJ9nQ0uP5b8rT2wX7A"
ED25519: PrivateKey = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
P256: PrivateKey = derive_private_key(int.from_bytes(bytes(range(1, 33)), "big"), SECP256R1())
STRANGER: PrivateKey = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))

Headers = list[list[str]]


def signed(key: PrivateKey = ED25519, *, target: str = TARGET, **changes: Any) -> Headers:
    headers = {
        "authorization": "DPoP an.access.token",
        "dpop": "a.dpop.proof",
        "content-type": "application/json",
        "content-digest": digest_of(BODY.encode()),
    }
    headers |= changes.pop("headers", {})
    written = sign("POST", target, headers, key, **{"created": NOW, "nonce": NONCE, **changes})
    return [[name.lower(), value] for name, value in written.items()]


def changed(name: str, old: str, new: str) -> Headers:
    return [[field, value.replace(old, new) if field == name else value] for field, value in signed()]


def dropped(name: str) -> Headers:
    return [[field, value] for field, value in signed() if field != name]


def uncovered(name: str) -> Headers:
    return signed(covered_component_ids=tuple(component for component in COVERED if component != name))


def value_of(headers: Headers, name: str) -> str:
    return next(value for field, value in headers if field == name)


def vector(name: str, expected: str, headers: Headers, **changes: Any) -> dict[str, Any]:
    request = {"method": "POST", "target": TARGET, "headers": headers, "body": BODY}
    return {"name": name, "expected": expected, "request": {**request, **changes}}


def vectors() -> list[dict[str, Any]]:
    second = signed(label="other")
    both = [
        [field, f"{value}, {value_of(second, field)}" if field.startswith("signature") else value]
        for field, value in signed()
    ]
    seconds = timedelta(seconds=1)
    invalid, coverage, malformed = "signing.invalid", "signing.wrong-coverage", "signing.malformed"
    return [
        vector("an Ed25519 signature", "accepted", signed()),
        vector("an ECDSA P-256 signature", "accepted", signed(P256)),
        vector("60 seconds old", "accepted", signed(created=NOW - 60 * seconds)),
        vector("10 seconds ahead", "accepted", signed(created=NOW + 10 * seconds)),
        vector("61 seconds old", "signing.expired", signed(created=NOW - 61 * seconds)),
        vector("11 seconds ahead", "signing.not-yet-valid", signed(created=NOW + 11 * seconds)),
        vector("has run out", "signing.expired", signed(created=NOW - 9 * seconds, expires=NOW - seconds)),
        vector("valid for 61 seconds", coverage, signed(expires=NOW + 61 * seconds)),
        vector("another method", invalid, signed(), method="PUT"),
        vector("another target", invalid, signed(), target="https://hub.example/v1/exchanges"),
        vector("another host", invalid, signed(target="https://evil.example/v1/exchanges?draft=0")),
        *(
            vector(f"another {name}", invalid, changed(name, old, new))
            for name, old, new in (
                ("authorization", "access", "stolen"),
                ("dpop", "dpop", "other"),
                ("content-type", "json", "xml"),
                ("content-digest", value_of(signed(), "content-digest"), digest_of(b"another body")),
                ("signature-input", NONCE, NONCE[::-1]),
            )
        ),
        vector("another body", "signing.digest-mismatch", signed(), body=BODY.replace("4f", "40")),
        vector("a body cut short", "signing.digest-mismatch", signed(), body=BODY[:-1]),
        *(vector(f"{name} not covered", coverage, uncovered(name)) for name in COVERED),
        vector("components in another order", coverage, signed(covered_component_ids=COVERED[::-1])),
        vector("one component more", coverage, signed(covered_component_ids=(*COVERED, "@path"))),
        vector("no nonce", coverage, signed(nonce=None)),
        vector("no expiry", coverage, signed(expires=None)),
        vector("no algorithm", coverage, signed(include_alg=False)),
        vector("another tag", coverage, signed(tag="fapi-2-request")),
        vector("another label", coverage, second),
        vector("a second signature", coverage, both),
        *(
            vector(f"no {name}", "signing.missing", dropped(name))
            for name in ("signature", "signature-input", "content-digest", "dpop")
        ),
        *(
            vector(f"{name} sent twice", malformed, [*signed(), [name, value_of(signed(), name)]])
            for name in ("signature", "signature-input", "content-digest", "authorization")
        ),
        vector("a nonce of 15 characters", malformed, signed(nonce="123456789012345")),
        vector(
            "a SHA-512 digest beside",
            malformed,
            signed(headers={"content-digest": f"{digest_of(BODY.encode())}, sha-512=:{'A' * 86}==:"}),
        ),
        vector("a signature that is a number", malformed, changed("signature", "saikne=:", "saikne=1;x=:")),
        vector("a key the centre does not have", "signing.unknown-key", signed(STRANGER)),
        vector(
            "signed by one key, naming another",
            invalid,
            signed(STRANGER, key_id=thumbprint(ED25519)),
        ),
        vector(
            "the other algorithm's name",
            "signing.wrong-algorithm",
            signed(STRANGER, key_id=thumbprint(P256)),
        ),
        vector(
            "hmac-sha256", "signing.wrong-algorithm", changed("signature-input", "ed25519", "hmac-sha256")
        ),
    ]


def document() -> dict[str, Any]:
    return {
        "about": "RFC 9421 requests as the hub takes and refuses them. Keys are for tests only.",
        "now": NOW.isoformat(),
        "keys": [
            {**jwk(ED25519), "kid": thumbprint(ED25519), "d": b64url(bytes(range(32)))},
            {**jwk(P256), "kid": thumbprint(P256), "d": b64url(bytes(range(1, 33)))},
        ],
        "vectors": vectors(),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1) + "\n")
