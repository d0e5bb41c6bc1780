"""What is sealed for the register opens with its key and no other, and says what was put in."""

import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe
from joserfc.errors import DecodeError
from joserfc.jwk import ECKey, OKPKey

from saikne.register_seal import RegisterKeyMisnamed, RegisterKeyRefused, seal
from saikne_demo.register.seal import opened as opened_by_register
from saikne_schemas.register_entries import SEALED_BYTES, RegisterFacts

VECTORS = Path(__file__).parents[2] / "schemas" / "vectors" / "registrations.json"
LONGEST_NAME = "Ž" * 160
WRITTEN: dict[str, Any] = {
    "schema": "saikne.register-facts/1",
    "key": "0e0f2a4c-5b7f-5d7c-9a55-60f1b8a2a001",
    "effective_on": "2026-04-01",
    "spouses": [{"name": "Anna Bērziņa", "code": "16117519997"}],
    "agreement": "V-2026/31",
    "agreed_on": "2026-03-09",
    "specialised": "disability",
    "children": [{"name": "Uldis Ņikiforovs", "code": "32867300679"}],
}
FACTS = RegisterFacts.model_validate_json(json.dumps(WRITTEN))


@pytest.fixture(scope="module")
def register_key() -> ECKey:
    return ECKey.generate_key("P-256")


def public(key: ECKey | OKPKey, **changes: str) -> dict[str, str]:
    return {**{name: str(value) for name, value in key.as_dict(private=False).items()}, **changes}


def opened(sealed: str, key: ECKey) -> Any:
    return jwe.decrypt_compact(sealed, key, algorithms=["ECDH-ES", "A256GCM"])


def test_the_register_opens_what_was_sealed_and_reads_the_same(register_key: ECKey) -> None:
    found = opened(seal(FACTS, public(register_key)), register_key)
    header = found.headers()
    assert RegisterFacts.model_validate_json(found.plaintext) == FACTS
    assert (header.pop("epk")["crv"], header) == (
        "P-256",
        {
            "alg": "ECDH-ES",
            "enc": "A256GCM",
            "kid": register_key.thumbprint(),
            "typ": "saikne-register-facts+jwe",
        },
    )
    assert json.loads(found.plaintext) == WRITTEN


def test_the_published_key_opens_what_is_sealed_of_the_published_facts() -> None:
    """By the opening of a register that is not the client's own code."""
    vectors = json.loads(VECTORS.read_bytes())
    private = vectors["register_private_key"]
    published = {name: private[name] for name in ("kty", "crv", "x", "y", "kid")}
    facts = RegisterFacts.model_validate_json(json.dumps(vectors["facts"]))
    assert opened_by_register(seal(facts, published), private) == facts


def test_no_other_key_opens_it_and_nothing_may_be_changed(register_key: ECKey) -> None:
    sealed = seal(FACTS, public(register_key))
    with pytest.raises(DecodeError):
        opened(sealed, ECKey.generate_key("P-256"))
    head, key, nonce, text, tag = sealed.split(".")
    changed = ("A" if text[0] != "A" else "B") + text[1:]
    with pytest.raises(DecodeError):
        opened(f"{head}.{key}.{nonce}.{changed}.{tag}", register_key)


def test_the_same_facts_sealed_again_are_other_bytes(register_key: ECKey) -> None:
    first, second = (seal(FACTS, public(register_key)) for _ in range(2))
    assert first != second
    assert len(first) == len(second)


def test_the_largest_facts_fit(register_key: ECKey) -> None:
    person = {"name": LONGEST_NAME, "code": "16117519997"}
    many = {"agis_id": LONGEST_NAME, "spouses": [person] * 2, "children": [person] * 30}
    largest = RegisterFacts.model_validate_json(json.dumps(WRITTEN | many))
    assert len(seal(largest, public(register_key))) <= SEALED_BYTES


def test_a_key_under_its_own_name_is_taken_and_under_another_not(register_key: ECKey) -> None:
    named = public(register_key, kid=register_key.thumbprint())
    assert seal(FACTS, named).count(".") == 4
    other = ECKey.generate_key("P-256").thumbprint()
    with pytest.raises(RegisterKeyMisnamed) as refusal:
        seal(FACTS, public(register_key, kid=other))
    assert refusal.value.facts == {"given": other, "found": register_key.thumbprint()}


@pytest.mark.parametrize(
    ("jwk", "found"),
    [
        (public(ECKey.generate_key("P-384")), "EC P-384"),
        (public(OKPKey.generate_key("X25519")), "OKP X25519"),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB"}, "RSA -"),
        ({}, "- -"),
        ({"kty": "EC", "crv": "P-256"}, "x, y"),
        (public(ECKey.generate_key("P-256"), x="not base64url!"), "x, y"),
        (public(ECKey.generate_key("P-256"), x="A" * 43), "x, y"),
    ],
)
def test_only_a_point_on_p_256_is_a_key_of_the_register(jwk: dict[str, str], found: str) -> None:
    with pytest.raises(RegisterKeyRefused) as refusal:
        seal(FACTS, jwk)
    assert refusal.value.facts == {"found": found}
