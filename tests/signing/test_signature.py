"""A request counts as signed only when one fresh signature covers exactly what makes it up."""

import base64
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver, algorithms
from hypothesis import given
from hypothesis import strategies as st

from hub.kernel.refusal import Refusal
from hub.signing.public_key import PublicKey, public_key
from hub.signing.signature import (
    ACCEPT_SIGNATURE,
    COVERED,
    DigestMismatch,
    RequestHead,
    SignatureInvalid,
    SignatureRefused,
    SignedHead,
    read,
    verify_body,
    verify_record,
)
from hub.signing.statement import signed_statement
from tests.access.centre_system import jwk
from tests.signing.write_vectors import BODY, ED25519, FILE, NOW, P256, TARGET, document, signed

DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
KEYS: dict[str, PublicKey] = {
    jwk["kid"]: public_key({name: value for name, value in jwk.items() if name != "d"})
    for jwk in DOCUMENT["keys"]
}


def head_of(request: dict[str, Any]) -> RequestHead:
    headers = [(name.encode(), value.encode()) for name, value in request["headers"]]
    return RequestHead(request["method"], request["target"], headers)


def verified(request: dict[str, Any], now: datetime) -> SignedHead:
    signed_head, unproved = read(head_of(request), KEYS.get, now)
    unproved.prove()
    return signed_head


def verdict(request: dict[str, Any], now: datetime = NOW) -> str:
    try:
        verify_body(verified(request, now), request["body"].encode())
    except Refusal as refusal:
        return refusal.code
    return "accepted"


def good(key: Any = ED25519, **changes: Any) -> dict[str, Any]:
    return {"method": "POST", "target": TARGET, "headers": signed(key, **changes), "body": BODY}


@pytest.mark.parametrize("vector", DOCUMENT["vectors"], ids=lambda vector: vector["name"])
def test_every_vector_for_vendors_gets_the_answer_it_names(vector: dict[str, Any]) -> None:
    assert verdict(vector["request"], datetime.fromisoformat(DOCUMENT["now"])) == vector["expected"]


def test_the_written_vectors_are_those_the_generator_makes() -> None:
    names = [(vector["name"], vector["expected"]) for vector in DOCUMENT["vectors"]]
    assert names == [(vector["name"], vector["expected"]) for vector in document()["vectors"]]


def test_every_refusal_of_a_signature_has_a_vector() -> None:
    """But for those that need a memory: the nonce's, the revoked key's, that of a person's key that ended."""
    kinds: list[type[Refusal]] = [*SignatureRefused.__subclasses__(), DigestMismatch]
    refusals = {kind.code for kind in kinds}
    expected = {vector["expected"] for vector in DOCUMENT["vectors"]}
    assert refusals - expected <= {"signing.replayed", "signing.key-revoked", "signing.key-ended"}


def test_the_signature_of_rfc_9421_b_2_6_is_verified_over_its_base() -> None:
    key = public_key({"kty": "OKP", "crv": "Ed25519", "x": "JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs"})
    covered = '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    base = (
        '"date": Tue, 20 Apr 2021 02:07:55 GMT\n"@method": POST\n"@path": /foo\n"@authority": example.com\n'
        '"content-type": application/json\n"content-length": 18\n'
        f'"@signature-params": {covered};created=1618884473;keyid="test-key-ed25519"'
    )
    signature = base64.b64decode(
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
    assert key.verify(signature, base.encode())
    assert not key.verify(signature, base.replace("/foo", "/fox").encode())


@pytest.mark.parametrize("key", [ED25519, P256], ids=["Ed25519", "P-256"])
@pytest.mark.parametrize("target", [TARGET, "https://hub.example/v1/a%20b?x=%C4%81&y="])
def test_the_base_is_the_one_that_the_general_library_builds(key: Any, target: str) -> None:
    request = good(key, target=target, created=datetime.now(UTC)) | {"target": target}
    ours = verified(request, datetime.now(UTC))
    assert ours.signature_base == b"\n".join(
        f"{name}: {value}".encode() for name, value in library(request, ours.key_id, ours.alg).items()
    )


def library(request: dict[str, Any], key_id: str, alg: str) -> dict[str, str]:
    """The covered components as http-message-signatures verifies them."""
    algorithm = algorithms.ED25519 if alg == "ed25519" else algorithms.ECDSA_P256_SHA256
    resolver = MappingKeyResolver(public_keys={key_id: KEYS[key_id].material}, private_keys={})
    message = SimpleNamespace(
        method=request["method"], url=request["target"], headers=dict(request["headers"])
    )
    (result,) = HTTPMessageVerifier(signature_algorithm=algorithm, key_resolver=resolver).verify(
        message, expect_tag="saikne-request-1", require_components=COVERED
    )
    return dict(result.covered_components)


def test_what_is_asked_for_is_what_is_accepted() -> None:
    label, _, asked = ACCEPT_SIGNATURE.partition("=")
    assert (label, asked.partition(")")[0] + ")") == (
        "saikne",
        "(" + " ".join(f'"{name}"' for name in COVERED) + ")",
    )


_WORDS = ["saikne", "created", "nonce", "alg", "tag", '"@method"', '"@target-uri"', 'keyid="x"', "9" * 16]
_PIECES = st.sampled_from([*_WORDS, *'=();, "\\1-*%@\x00ā', "?1", "1.5", ":aa==:"])


@given(st.lists(_PIECES, max_size=40).map("".join), st.sampled_from(["signature-input", "signature"]))
def test_whatever_stands_in_the_signature_fields_is_refused_and_never_breaks_the_hub(
    text: str, name: str
) -> None:
    request = good()
    request["headers"] = [[field, text if field == name else value] for field, value in request["headers"]]
    assert verdict(request).startswith("signing.")


@given(st.data())
def test_no_changed_character_of_a_signed_field_is_accepted(data: st.DataObject) -> None:
    request = good()
    name, value = data.draw(st.sampled_from([pair for pair in request["headers"] if pair[0] != "signature"]))
    place = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=value[place]))
    written = value[:place] + letter + value[place + 1 :]
    request["headers"] = [[field, written if field == name else text] for field, text in request["headers"]]
    assert verdict(request).startswith("signing.")


@pytest.mark.parametrize("name", ["authorization", "dpop", "content-type", "signature-input", "signature"])
def test_a_field_longer_than_any_honest_one_is_refused_unread(name: str) -> None:
    request = good()
    request["headers"] = [
        [field, value + "a" * 5000 if field == name else value] for field, value in request["headers"]
    ]
    assert verdict(request) == "signing.malformed"


def statement_parts(key: Any = ED25519) -> dict[str, Any]:
    kept = signed_statement(verified(good(key), NOW), BODY.encode())
    return {
        "signature_base": kept.signature_base,
        "signature": kept.signature,
        "public_jwk": json.loads(json.dumps(kept.public_jwk)),
        "manifest": kept.body,
    }


@pytest.mark.parametrize("key", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_a_kept_statement_is_proved_from_its_record_alone(key: Any) -> None:
    covered = verify_record(**statement_parts(key))
    assert (covered["@method"], covered["@target-uri"]) == ("POST", TARGET)


@pytest.mark.parametrize(
    ("part", "damage", "refusal"),
    [
        ("signature_base", lambda base: base.replace(b"hub.example", b"bad.example"), SignatureInvalid),
        ("signature_base", lambda base: base.replace(b'"dpop": a.dpop.proof\n', b""), SignatureInvalid),
        ("signature_base", lambda base: base + b"\n", SignatureInvalid),
        ("signature_base", lambda _: b"", SignatureInvalid),
        ("signature", lambda signature: signature[::-1], SignatureInvalid),
        ("signature", lambda signature: signature[:63], SignatureInvalid),
        ("public_jwk", lambda _: jwk(P256), SignatureInvalid),
        ("public_jwk", lambda _: {"kty": "oct", "k": "AAAA"}, SignatureInvalid),
        ("manifest", lambda manifest: manifest + b" ", DigestMismatch),
    ],
)
def test_a_damaged_record_proves_nothing(part: str, damage: Any, refusal: type[Refusal]) -> None:
    parts = statement_parts()
    with pytest.raises(refusal):
        verify_record(**parts | {part: damage(parts[part])})


def test_the_library_refuses_a_record_that_was_never_signed() -> None:
    request = good(created=datetime.now(UTC))
    request["target"] = "https://hub.example/v1/other"
    with pytest.raises(InvalidSignature):
        library(request, next(iter(KEYS)), "ed25519")


def test_a_signature_counts_for_sixty_seconds_and_not_one_more() -> None:
    request = good()
    assert verdict(request, NOW + timedelta(seconds=60)) == "accepted"
    assert verdict(request, NOW + timedelta(seconds=60, microseconds=1)) == "signing.expired"
