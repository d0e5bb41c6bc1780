"""Requests are signed so that others can verify them, now and years later."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver, algorithms

from saikne.keys import Algorithm, CentreKey
from saikne.signatures import (
    COVERED,
    TAG,
    SignatureNotProved,
    components_proved,
    content_digest,
    sign_request,
)
from saikne_schemas.enrolment import KeyUse
from tests.client.archives import signature_base

URL = "https://hub.example/v1/exchanges?x=1"
BODY = b'{"schema":"saikne.request/1"}'
LIBRARY = {Algorithm.EDDSA: algorithms.ED25519, Algorithm.ES256: algorithms.ECDSA_P256_SHA256}


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str]


def signed(key: CentreKey, now: datetime | None = None) -> dict[str, str]:
    headers = {
        "Authorization": "DPoP token",
        "DPoP": "a.b.c",
        "Content-Type": "application/json",
        "Content-Digest": content_digest(hashlib.sha256(BODY).digest()),
    }
    sign_request("POST", URL, headers, key, now or datetime.now(UTC))
    return headers


def verify(message: Message, key: CentreKey) -> dict[str, str | int]:
    verifier = HTTPMessageVerifier(
        signature_algorithm=LIBRARY[key.algorithm],
        key_resolver=MappingKeyResolver(public_keys={key.kid: key.private_key.public_key()}, private_keys={}),
    )
    (result,) = verifier.verify(
        message, max_age=timedelta(seconds=60), expect_tag=TAG, require_components=COVERED
    )
    return result.parameters


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_another_library_verifies_the_signature(algorithm: Algorithm) -> None:
    key = CentreKey.generate(KeyUse.SIGNING, algorithm)
    parameters = verify(Message("POST", URL, signed(key)), key)
    assert parameters["keyid"] == key.kid
    assert parameters["alg"] == {"EdDSA": "ed25519", "ES256": "ecdsa-p256-sha256"}[algorithm]
    assert int(parameters["expires"]) - int(parameters["created"]) == 60
    assert len(str(parameters["nonce"])) >= 22  # sixteen bytes in base64url


@pytest.mark.parametrize("name", ["Authorization", "DPoP", "Content-Type", "Content-Digest"])
def test_a_changed_header_breaks_the_signature(name: str) -> None:
    key = CentreKey.generate(KeyUse.SIGNING)
    headers = signed(key)
    headers[name] = content_digest(bytes(32)) if name == "Content-Digest" else "other"
    with pytest.raises(InvalidSignature):
        verify(Message("POST", URL, headers), key)


@pytest.mark.parametrize(("method", "url"), [("PUT", URL), ("POST", URL.replace("x=1", "x=2"))])
def test_a_changed_target_breaks_the_signature(method: str, url: str) -> None:
    key = CentreKey.generate(KeyUse.SIGNING)
    with pytest.raises(InvalidSignature):
        verify(Message(method, url, signed(key)), key)


def test_two_signatures_of_the_same_request_differ() -> None:
    key, now = CentreKey.generate(KeyUse.SIGNING), datetime.now(UTC)
    assert signed(key, now)["Signature"] != signed(key, now)["Signature"]


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_a_kept_signature_is_proved_from_itself_alone(algorithm: Algorithm) -> None:
    key = CentreKey.generate(KeyUse.SIGNING, algorithm)
    headers = signed(key)
    base = signature_base("POST", URL, headers)
    signature = base64.b64decode(headers["Signature"].split(":")[1])
    components = components_proved(base, signature, key.public_jwk())
    assert components["@target-uri"] == URL
    assert components["content-digest"] == headers["Content-Digest"]
    for forged in (base.replace(b"POST", b"PUT "), base + b"\n"):
        with pytest.raises(SignatureNotProved, match=r"^statement\.not-proved$"):
            components_proved(forged, signature, key.public_jwk())
    stranger = CentreKey.generate(KeyUse.SIGNING, algorithm)
    with pytest.raises(SignatureNotProved, match=r"^statement\.not-proved$"):
        components_proved(base, signature, stranger.public_jwk())
