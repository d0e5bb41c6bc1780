"""The register's word is believed where it has signed exactly what is reported, and nothing else is."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import ECKey

from hub.agis.register_word import WordDiffers, WordMissing, WordNotTheRegisters, heard
from hub.kernel.refusal import Refusal
from hub.signing import compact
from hub.signing.public_key import PublicKey, public_key
from saikne_demo.register.seal import public_half, signed
from saikne_schemas.register_entries import WORD_TYPE, RegisterAnswer
from saikne_schemas.register_files import canonical
from saikne_schemas.register_words import (
    JobResult,
    RegisterOperation,
    RegisterResult,
    RejectedBecause,
    WordOf,
)
from saikne_schemas.registrations import Outcome

KEY = ECKey.generate_key("P-256")
OTHER = ECKey.generate_key("P-256")
KEYS: Mapping[str, PublicKey] = {KEY.thumbprint(): public_key(public_half(KEY))}
HEADER = {"alg": "ES256", "kid": KEY.thumbprint(), "typ": WORD_TYPE}
ENTRY_SHA256 = "ab" * 32
TRANSFER, WITHDRAW = RegisterOperation.TRANSFER, RegisterOperation.WITHDRAW


def answer(**changed: Any) -> RegisterAnswer:
    said: dict[str, Any] = {
        "schema_": "saikne.register-answer/1",
        "key": NAMED,
        "revision": 2,
        "entry_sha256": ENTRY_SHA256,
        "result": RegisterResult.REGISTERED,
        "register_id": "AGIS-2026-0000417",
        "registered_on": date(2026, 4, 2),
    }
    return RegisterAnswer(**{**said, **changed})


NAMED = uuid4()


def outcome(word: str | None, **changed: Any) -> Outcome:
    said: dict[str, Any] = {
        "key": NAMED,
        "revision": 2,
        "attempt": 3,
        "result": JobResult.ACKNOWLEDGED,
        "entry_sha256": ENTRY_SHA256,
        "register_id": "AGIS-2026-0000417",
        "registered_on": date(2026, 4, 2),
        "word": word,
    }
    return Outcome(**{**said, **changed})


def word(said: RegisterAnswer | None = None, key: ECKey = KEY) -> str:
    made = signed(said or answer(), key).word
    assert made is not None
    return made


def judged(one: Outcome, operation: RegisterOperation = TRANSFER) -> type[Refusal] | WordOf:
    try:
        return heard(one, operation, KEYS).of
    except Refusal as refused:
        return type(refused)


def test_what_the_register_has_signed_is_its_word() -> None:
    found = heard(outcome(word()), TRANSFER, KEYS)
    assert (found.of, found.word, found.kid) == (WordOf.REGISTER, word_of(found.word), KEY.thumbprint())


def word_of(made: str | None) -> str:
    """The word as it is kept can be verified by anybody who has the key."""
    assert made is not None
    assert jws.deserialize_compact(made, KEY).payload == canonical(answer())
    return made


def test_without_a_key_of_the_register_it_is_the_jobs_word_whatever_it_brings() -> None:
    for brought in (None, word(), "a.b.c"):
        assert heard(outcome(brought), TRANSFER, {}).of is WordOf.JOB


def test_a_confirmation_without_the_registers_word_is_refused_where_there_is_a_key() -> None:
    assert judged(outcome(None)) is WordMissing


SAID_OTHERWISE: dict[str, dict[str, Any]] = {
    "another registration": {"key": uuid4()},
    "another revision": {"revision": 1},
    "other bytes": {"entry_sha256": "0" * 64},
    "no bytes": {"entry_sha256": None},
    "another number": {"register_id": "AGIS-2026-0000418"},
    "another day": {"registered_on": date(2026, 4, 3)},
    "taken back": {"result": RegisterResult.WITHDRAWN},
    "still worked on": {"result": RegisterResult.IN_PROGRESS, "register_id": None, "registered_on": None},
    "rejected": {"result": RegisterResult.REJECTED, "reason": RejectedBecause.OTHER},
}


@pytest.mark.parametrize("otherwise", SAID_OTHERWISE)
def test_a_word_about_anything_else_is_refused(otherwise: str) -> None:
    assert judged(outcome(word(answer(**SAID_OTHERWISE[otherwise])))) is WordDiffers


def test_a_word_means_what_the_operation_asked_for() -> None:
    withdrawn = word(answer(result=RegisterResult.WITHDRAWN))
    assert judged(outcome(withdrawn), WITHDRAW) is WordOf.REGISTER
    assert judged(outcome(word()), WITHDRAW) is WordDiffers


def test_a_rejection_may_come_without_a_word_but_not_with_another() -> None:
    rejected = {"result": RegisterResult.REJECTED, "register_id": None, "registered_on": None}
    said = {"result": JobResult.REJECTED, "register_id": None, "registered_on": None}
    why = {"reason": RejectedBecause.FAMILY_UNKNOWN}
    assert judged(outcome(None, **said, **why)) is WordOf.JOB
    assert judged(outcome(word(answer(**rejected, **why)), **said, **why)) is WordOf.REGISTER
    other = word(answer(**rejected, reason=RejectedBecause.OTHER))
    assert judged(outcome(other, **said, **why)) is WordDiffers


def by_hand(header: dict[str, Any], payload: bytes, key: ECKey = KEY) -> str:
    return jws.serialize_compact(header, payload, key, algorithms=["ES256"])


SOUND = canonical(answer())
FORGED: dict[str, Callable[[], str]] = {
    "by another key": lambda: word(key=OTHER),
    "by another key in the name of this": lambda: by_hand(HEADER, SOUND, OTHER),
    "without a key's name": lambda: by_hand({"alg": "ES256", "typ": WORD_TYPE}, SOUND),
    "of another type": lambda: by_hand({**HEADER, "typ": "JWT"}, SOUND),
    "by another algorithm": lambda: compact.write(
        {"kid": KEY.thumbprint(), "typ": WORD_TYPE}, SOUND, Ed25519PrivateKey.generate()
    ),
    "demanding more": lambda: by_hand({**HEADER, "crit": ["b64"], "b64": True}, SOUND),
    "changed afterwards": lambda: ".".join(
        [
            word().split(".")[0],
            by_hand(HEADER, canonical(answer(revision=3))).split(".")[1],
            word().split(".")[2],
        ]
    ),
    "without a signature": lambda: word().rpartition(".")[0] + ".AA",
    "no answer inside": lambda: by_hand(HEADER, b'{"schema":"saikne.register-answer/1"}'),
    "more inside than an answer": lambda: by_hand(HEADER, SOUND[:-1] + b',"more":1}'),
    "a name twice": lambda: by_hand(HEADER, SOUND[:-1] + b',"revision":2}'),
    "no JSON": lambda: by_hand(HEADER, b"registered"),
    "a list": lambda: by_hand(HEADER, b"[]"),
    "no JWS": lambda: "a.b.c",
}


@pytest.mark.parametrize("forged", FORGED)
def test_what_the_register_has_not_signed_is_refused(forged: str) -> None:
    assert judged(outcome(FORGED[forged]())) is WordNotTheRegisters
