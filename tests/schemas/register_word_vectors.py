"""What a register signs, and what the hub makes of it: for whoever builds what stands before the register.

A signature is another one each time: what is written stays as it was first made (`registration_vectors`).
"""

import json
from collections.abc import Callable
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.register_entries import WORD_TYPE, RegisterAnswer, RegisterEntry
from saikne_schemas.register_files import canonical, entry_sha256
from saikne_schemas.register_words import RegisterResult

Vector = dict[str, Any]

SIGNING_KEY: dict[str, str | list[str]] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
}
"""The private key of RFC 7515, appendix A.3."""


def words(entry: RegisterEntry, kept: dict[str, str]) -> list[Vector]:
    """Each is reported of the same confirmation."""
    said = {**EXAMPLES[RegisterAnswer], "key": str(entry.key), "entry_sha256": entry_sha256(entry)}
    answer = RegisterAnswer.model_validate_json(json.dumps(said))
    key = ECKey.import_key(dict(SIGNING_KEY))
    header = {"alg": "ES256", "kid": key.thumbprint(), "typ": WORD_TYPE}

    def of(**changed: Any) -> bytes:
        return canonical(answer.model_copy(update=changed))

    def signed(payload: bytes, by: ECKey = key, **changed: Any) -> Callable[[], str]:
        return lambda: jws.serialize_compact({**header, **changed}, payload, by)

    made: dict[str, tuple[str, Callable[[], str]]] = {
        "the answer": ("taken", signed(of())),
        "the answer in another layout": ("taken", signed(json.dumps(said, indent=1).encode())),
        "another number": ("agis.word-differs", signed(of(register_id="AGIS-2026-0000418"))),
        "another revision": ("agis.word-differs", signed(of(revision=2))),
        "other bytes": ("agis.word-differs", signed(of(entry_sha256="0" * 64))),
        "still worked on": (
            "agis.word-differs",
            signed(of(result=RegisterResult.IN_PROGRESS, register_id=None, registered_on=None)),
        ),
        "by another key in this one's name": (
            "agis.word-not-the-registers",
            signed(of(), ECKey.generate_key("P-256")),
        ),
        "another type": ("agis.word-not-the-registers", signed(of(), typ="JWT")),
        "another key's name": ("agis.word-not-the-registers", signed(of(), kid="another")),
        "no answer": ("agis.word-not-the-registers", signed(b"{}")),
    }
    return [
        {"name": name, "answer": said, "word": kept.get(name) or make(), "expected": expected}
        for name, (expected, make) in made.items()
    ]
