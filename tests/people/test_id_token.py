"""Which ID tokens prove who comes: everything that is wrong of one, each by itself."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from hub.people.id_token import AHEAD, LONGEST, Proved, Wanted, prove, read_keys
from hub.people.provider import NotBelieved
from tests.peers.openid_provider import part, under_the_public_key, unsigned

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
AT = int(NOW.timestamp())
WANTED = Wanted("https://id.ligzda.example", "saikne", "n-0S6", NOW)
USUAL: dict[str, Any] = {
    "iss": "https://id.ligzda.example",
    "aud": "saikne",
    "sub": "darbinieks-7",
    "iat": AT,
    "exp": AT + 300,
    "nonce": "n-0S6",
}
RSA = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
EC = ECKey.generate_key("P-256", parameters={"kid": "ec"})
OTHER = RSAKey.generate_key(2048, parameters={"kid": "rsa"})
KNOWN = ["RS256", "RS384", "PS256", "ES256", "ES384", "HS256"]


def short() -> dict[str, str]:
    """A weak key; to make one the library would warn."""
    numbers = generate_private_key(65537, 1024).public_key().public_numbers()  # noqa: S505  # it is refused
    modulus = base64.urlsafe_b64encode(numbers.n.to_bytes(128, "big")).rstrip(b"=").decode()
    return {"kty": "RSA", "kid": "short", "n": modulus, "e": "AQAB"}


def keys(*ours: RSAKey | ECKey) -> list[Any]:
    return list(read_keys({"keys": [one.as_dict(private=False) for one in ours]}))


def signed(claims: dict[str, Any], key: Any = RSA, **header: Any) -> str:
    said = {"alg": "RS256", "kid": key.kid} | header
    return jwt.encode({n: v for n, v in said.items() if v is not None}, claims, key, algorithms=KNOWN)


def by_hand(header: dict[str, Any]) -> str:
    """With a header that the library would not write, signed as it should be."""
    text = f"{part(header)}.{part(USUAL)}"
    private = RSA.private_key
    assert private is not None
    signature = private.sign(text.encode(), PKCS1v15(), SHA256())
    return f"{text}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def without(claim: str) -> dict[str, Any]:
    return {name: value for name, value in USUAL.items() if name != claim}


@pytest.mark.parametrize(
    ("token", "known"),
    [
        (signed(USUAL), [RSA]),
        (signed(USUAL, alg="PS256"), [RSA]),
        (signed(USUAL, EC, alg="ES256"), [RSA, EC]),
        (signed(USUAL, kid=None), [RSA]),
        (signed(USUAL, kid=None), [RSA, EC]),
        (by_hand({"alg": "RS256", "kid": "rsa"}), [RSA]),
        (signed(USUAL | {"aud": ["saikne"]}), [RSA]),
        (signed(USUAL | {"aud": ["saikne", "cits"], "azp": "saikne"}), [RSA]),
        (signed(USUAL | {"exp": AT - 59, "iat": AT + 59}), [RSA]),
    ],
)
def test_a_token_of_the_provider_for_this_journey_proves_who_comes(token: str, known: list[Any]) -> None:
    assert prove(token, keys(*known), WANTED) == Proved("darbinieks-7", None)


WRONG: dict[str, tuple[Callable[[], str], str]] = {
    "of no algorithm": (lambda: unsigned(USUAL), "alg"),
    "a code under the public key": (
        lambda: under_the_public_key(RSA)(USUAL),
        "alg",
    ),
    "of an algorithm that is not listed": (lambda: signed(USUAL, alg="RS384"), "alg"),
    "by another's key": (lambda: signed(USUAL, OTHER), "signature"),
    "by a key that is not known": (lambda: signed(USUAL, kid="cita"), "kid"),
    "without a key's name among several": (lambda: signed(USUAL, kid=None), "kid"),
    "a header that asks for more": (
        lambda: by_hand({"alg": "RS256", "kid": "rsa", "crit": ["exp"], "exp": 1}),
        "signature",
    ),
    "altered": (lambda: signed(USUAL)[:-8] + "AAAAAAAA", "signature"),
    "no token": (lambda: "darbinieks-7", "form"),
    "too long": (lambda: "e" * (LONGEST + 1), "length"),
    "not claims": (lambda: signed(USUAL).split(".")[0] + ".W10.AAAA", "signature"),
    "of another issuer": (lambda: signed(USUAL | {"iss": "https://id.zemgale.example"}), "iss"),
    "of no issuer": (lambda: signed(without("iss")), "iss"),
    "for another client": (lambda: signed(USUAL | {"aud": "cits"}), "aud"),
    "for nobody": (lambda: signed(without("aud")), "aud"),
    "for several, and nobody says for whom": (lambda: signed(USUAL | {"aud": ["saikne", "cits"]}), "azp"),
    "for several, and made for another": (
        lambda: signed(USUAL | {"aud": ["saikne", "cits"], "azp": "cits"}),
        "azp",
    ),
    "made for another": (lambda: signed(USUAL | {"azp": "cits"}), "azp"),
    "of another journey": (lambda: signed(USUAL | {"nonce": "cits"}), "nonce"),
    "of no journey": (lambda: signed(without("nonce")), "nonce"),
    "over": (lambda: signed(USUAL | {"exp": AT - 60}), "exp"),
    "for ever": (lambda: signed(without("exp")), "exp"),
    "made later": (lambda: signed(USUAL | {"iat": AT + 61}), "iat"),
    "not yet in force": (lambda: signed(USUAL | {"nbf": AT + 61}), "nbf"),
    "of nobody": (lambda: signed(without("sub")), "sub"),
    "of an empty name": (lambda: signed(USUAL | {"sub": ""}), "sub"),
    "of a name that is too long": (lambda: signed(USUAL | {"sub": "x" * 256}), "sub"),
    "of a name that is none": (lambda: signed(USUAL | {"sub": 7}), "sub"),
    "asked at no time": (lambda: signed(USUAL | {"auth_time": "today"}), "auth_time"),
    "asked later": (lambda: signed(USUAL | {"auth_time": AT + 61}), "auth_time"),
}


@pytest.mark.parametrize("wrong", sorted(WRONG))
def test_one_that_is_wrong_in_one_thing_proves_nothing(wrong: str) -> None:
    make, why = WRONG[wrong]
    known = keys(RSA, RSAKey.generate_key(2048, parameters={"kid": "second"}))
    with pytest.raises(NotBelieved) as refused:
        prove(make(), known, WANTED)
    assert refused.value.facts == {"why": why}


def test_a_key_that_is_weak_or_not_for_signatures_is_left_out() -> None:
    document = {
        "keys": [
            short(),
            {**RSA.as_dict(private=False), "use": "enc"},
            OKPKey.generate_key("Ed25519").as_dict(private=False),
            {"kty": "RSA", "n": "AQAB"},
            {"kty": ["RSA"]},
            "key",
            EC.as_dict(private=False),
        ]
    }
    assert [key.kid for key in read_keys(document)] == ["ec"]
    assert read_keys({"keys": "none"}) == read_keys({}) == []


def test_when_the_provider_asked_is_never_later_than_now() -> None:
    for said, understood in ((AT - 90, NOW - timedelta(seconds=90)), (AT + AHEAD.seconds, NOW)):
        proved = prove(signed(USUAL | {"auth_time": said}), keys(RSA), WANTED)
        assert proved.authenticated_at == understood
