"""A registration in examples: one move, sealed, taken by a job, confirmed by the register.

The register's key is the one whose private half `schemas/vectors/registrations.json` publishes.
"""

import json
from hashlib import sha256

from pydantic import BaseModel

from saikne_schemas.examples.matters import JWS, MATTER, NEW, NEW_NAME, PREVIOUS, PREVIOUS_NAME
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry, RegisterExtract, RegisterFacts
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.registrations import (
    ClaimedRegistrations,
    ClaimRegistrations,
    OutcomesTaken,
    PrepareRegistration,
    RegisterView,
    RegistrationPage,
    RegistrationView,
    ReportOutcomes,
    TryRegistrationAgain,
    WithdrawRegistration,
)

KEY = "3a2e4de1-700d-55d2-9465-f02093da6420"
DAY = "2026-04-01"
REGISTER_KEY = "sH8aBvHh1-LkV_UWQHSPoZeEcMLLFB551YcrpmMiWSk"
SEALED = "eyJhbGciOiJFQ0RILUVTIn0..AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfm.U0m_YmjN04DJvceF"
_SHA256 = sha256(SEALED.encode()).hexdigest()
_HEAD = {"name": "Ieva Priede", "position": "vadītāja"}
_CONFIRMED = {"register_id": "AGIS-2026-0000417", "registered_on": "2026-04-02"}

_ENTRY: dict[str, object] = {
    "schema": "saikne.register-entry/1",
    "key": KEY,
    "revision": 1,
    "operation": "transfer_support_centre",
    "effective_on": DAY,
    "previous": {"name": PREVIOUS_NAME, "registration_number": "50008021661"},
    "new": {"name": NEW_NAME, "registration_number": "40003521600"},
    "sealed_sha256": _SHA256,
    "sealed": SEALED,
}
_ENTRY_SHA256 = entry_sha256(RegisterEntry.model_validate_json(json.dumps(_ENTRY)))
_LINE: dict[str, object] = {
    "key": KEY,
    "matter": MATTER,
    "centre": NEW,
    "effective_on": DAY,
    "operation": "transfer_support_centre",
    "revision": 1,
    "state": "unknown",
    "waits_for": "job",
    "next_at": "2026-04-01T06:10:00Z",
    "attempts": 1,
    "prepared_at": "2026-03-12T09:02:00Z",
    "changed_at": "2026-04-01T06:05:00Z",
}


def _said(schema: str, number: int, **fields: object) -> dict[str, object]:
    identity = f"5a0c3e7b-9d14-4f62-a8e1-0000000000{number:02}"
    return {"schema": f"saikne.{schema}/1", "id": identity, **fields}


EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    RegisterEntry: _ENTRY,
    RegisterFacts: {
        "schema": "saikne.register-facts/1",
        "key": KEY,
        "effective_on": DAY,
        "agis_id": "AG-7741",
        "spouses": [
            {"name": "Anna Paraudziņa", "code": "32867300679"},
            {"name": "Jānis Paraudziņš", "code": "33123456789"},
        ],
        "agreement": "V-2026/31",
        "agreed_on": "2026-03-09",
        "specialised": "none",
        "children": [{"name": "Zane Piemēra", "code": "32999900001"}],
    },
    RegisterAnswer: {
        "schema": "saikne.register-answer/1",
        "key": KEY,
        "revision": 1,
        "entry_sha256": _ENTRY_SHA256,
        "result": "registered",
        **_CONFIRMED,
    },
    RegisterExtract: {
        "schema": "saikne.register-extract/1",
        "taken_at": "2026-05-04T03:00:00Z",
        "page": 1,
        "last": True,
        "entries": [
            {
                "key": KEY,
                "revision": 1,
                "new": "40003521600",
                "effective_on": DAY,
                "state": "in_force",
                **_CONFIRMED,
            }
        ],
    },
    PrepareRegistration: _said(
        "registration",
        1,
        matter=MATTER,
        effective_on=DAY,
        sealed_sha256=_SHA256,
        sealed_bytes=len(SEALED),
        register_key=REGISTER_KEY,
        prepared_by=_HEAD,
    ),
    TryRegistrationAgain: _said("registration-again", 2, matter=MATTER, key=KEY, decided_by=_HEAD),
    WithdrawRegistration: _said(
        "registration-withdrawn", 3, matter=MATTER, key=KEY, reason="entered_by_hand", decided_by=_HEAD
    ),
    ClaimRegistrations: _said("claim-registrations", 4, at_most=50, lease_seconds=300),
    ClaimedRegistrations: {
        "tasks": [
            {"attempt": 1, "ask_first": False, "claimed_until": "2026-04-01T06:05:00Z", "entry": _ENTRY}
        ]
    },
    ReportOutcomes: _said(
        "registration-outcomes",
        5,
        outcomes=[
            {
                "key": KEY,
                "revision": 1,
                "attempt": 2,
                "result": "acknowledged",
                "entry_sha256": _ENTRY_SHA256,
                **_CONFIRMED,
            }
        ],
    ),
    OutcomesTaken: {
        "outcomes": [{"key": KEY, "attempt": 2, "state": "acknowledged"}],
        "acceptance": JWS,
    },
    RegistrationView: {
        **_LINE,
        "previous": PREVIOUS,
        "register_key": REGISTER_KEY,
        "sealed_sha256": _SHA256,
        "sealed_erased": False,
        "tried": [
            {
                "attempt": 1,
                "revision": 1,
                "ask_first": False,
                "claimed_at": "2026-04-01T06:00:00Z",
                "client": "agis-sync",
                "result": "unknown",
                "entry_sha256": _ENTRY_SHA256,
                "reported_at": "2026-04-01T06:00:09Z",
            }
        ],
    },
    RegistrationPage: {"items": [_LINE]},
    RegisterView: {
        "machine": True,
        "keys": [
            {
                "kid": REGISTER_KEY,
                "jwk": {
                    "kty": "EC",
                    "crv": "P-256",
                    "x": "DCr-q0sxrlYSEDBjs5uUcjWfN0xgaBcKOnlpgihufHc",
                    "y": "Cse6PWkPVoyH9nAv7gc7fMaRPQpMa7WB9a7k4rtSvcA",
                },
            }
        ],
    },
}
