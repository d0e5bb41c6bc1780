"""A seal is taken where it is one to the key that was stated, and says nothing else in clear."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from hub.agis.sealing import SealMalformed, sealed_facts
from saikne.register_seal import seal
from tests.journeys.registrations import CANARY, facts, the_register

PUBLIC = {name: str(the_register().as_dict(private=False)[name]) for name in ("kty", "crv", "x", "y")}
KID = the_register().thumbprint()
SEALED = seal(facts(uuid4(), date(2026, 9, 1)), PUBLIC)
HEAD = SEALED.partition(".")[0]
SAID: dict[str, Any] = json.loads(urlsafe_b64decode(HEAD + "=" * (-len(HEAD) % 4)))


def under(head: str) -> bytes:
    """The same seal under another head."""
    encoded = urlsafe_b64encode(head.encode()).decode().rstrip("=")
    return f"{encoded}.{SEALED.partition('.')[2]}".encode()


def test_what_the_client_seals_is_taken_as_it_is() -> None:
    assert sealed_facts(SEALED.encode(), KID) == SEALED
    assert sealed_facts(under(json.dumps(SAID)), KID) == under(json.dumps(SAID)).decode()


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda: {**SAID, "apu": CANARY},
        lambda: {**SAID, "epk": {**SAID["epk"], "name": CANARY}},
        lambda: {**SAID, "epk": {**SAID["epk"], "x": CANARY}},
        lambda: {name: value for name, value in SAID.items() if name != "epk"},
        lambda: {**SAID, "alg": "RSA1_5"},
        lambda: {**SAID, "enc": "A128GCM"},
        lambda: {**SAID, "typ": "JWE"},
        lambda: {**SAID, "kid": "another"},
        lambda: [SAID],
    ],
)
def test_another_head_is_refused(spoilt: Callable[[], Any]) -> None:
    with pytest.raises(SealMalformed) as refused:
        sealed_facts(under(json.dumps(spoilt())), KID)
    assert refused.value.facts == {}


@pytest.mark.parametrize(
    "body",
    [
        under(json.dumps(SAID)[:-1] + ', "kid": ' + json.dumps(KID) + "}"),
        under("[" * 20_000),
        under('{"a":' * 5_000),
        SEALED.replace("..", ".S2FuYXJpamE.").encode(),
        f"A{SEALED[1:]}".encode(),
        SEALED.rpartition(".")[0].encode(),
        CANARY.encode(),
        b"",
    ],
    ids=["twice", "deep", "deep too", "key inside", "no text", "no tag", "in clear", "nothing"],
)
def test_what_is_no_seal_is_refused(body: bytes) -> None:
    with pytest.raises(SealMalformed):
        sealed_facts(body, KID)
