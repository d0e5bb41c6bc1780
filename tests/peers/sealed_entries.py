"""Entries as a centre and the hub would make them, sealed to a register's key: for tests and measuring."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from joserfc import jwe
from joserfc.jwk import ECKey

from saikne_schemas.examples import EXAMPLES
from saikne_schemas.register_entries import (
    SEAL_TYPE,
    EntryCentre,
    RegisterEntry,
    RegisterFacts,
    registration_key,
)
from saikne_schemas.register_files import canonical
from saikne_schemas.register_words import RegisterOperation

DAY = date(2026, 4, 1)
PREVIOUS = EntryCentre(name="Atbalsta centrs „Ligzda”", registration_number="50008021661")
NEW = EntryCentre(name="Zemgales atbalsta centrs", registration_number="40003521600")


def new_key(day: date = DAY) -> UUID:
    return registration_key(uuid4(), day, uuid4())


def facts(key: UUID, day: date = DAY) -> RegisterFacts:
    written = {**EXAMPLES[RegisterFacts], "key": str(key), "effective_on": day.isoformat()}
    return RegisterFacts.model_validate_json(json.dumps(written))


def seal(content: bytes, jwk: Mapping[str, str], **header: Any) -> str:
    """A compact JWE; a header of None is left out."""
    key = ECKey.import_key({name: jwk[name] for name in ("kty", "crv", "x", "y")})
    said = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": key.thumbprint(), "typ": SEAL_TYPE, **header}
    kept = {name: value for name, value in said.items() if value is not None}
    algorithms = ["ECDH-ES", "ECDH-ES+A256KW", "A256GCM", "A128GCM", "DEF"]
    return jwe.encrypt_compact(kept, content, key, algorithms=algorithms)


def entry(jwk: Mapping[str, str], key: UUID | None = None, **changes: Any) -> RegisterEntry:
    """A transfer, revision 1, its facts sealed to `jwk`; whatever `changes` names is otherwise."""
    of = key or new_key()
    day = changes.get("effective_on", DAY)
    sealed = seal(canonical(facts(of, day)), jwk)
    made: dict[str, Any] = {
        "schema_": "saikne.register-entry/1",
        "key": of,
        "revision": 1,
        "operation": RegisterOperation.TRANSFER,
        "effective_on": day,
        "previous": PREVIOUS,
        "new": NEW,
        "sealed": sealed,
        **changes,
    }
    if made["sealed"] is not None and "sealed_sha256" not in made:
        made["sealed_sha256"] = hashlib.sha256(made["sealed"].encode()).hexdigest()
    return RegisterEntry(**made)


def withdrawal(key: UUID, revision: int = 2) -> RegisterEntry:
    return RegisterEntry(
        schema_="saikne.register-entry/1",
        key=key,
        revision=revision,
        operation=RegisterOperation.WITHDRAW,
        effective_on=DAY,
        previous=PREVIOUS,
        new=NEW,
    )
