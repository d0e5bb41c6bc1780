"""One exchange told in examples: every published document, valid and about the same invented case.

They stand in the JSON Schemas and in the OpenAPI document. Where an answer holds a signature of the hub, a
shortened one is shown.
"""

from pydantic import BaseModel

from saikne_schemas.enrolment import Enrolment, KeyRotation
from saikne_schemas.evidence_views import EventPage
from saikne_schemas.examples.case import ANSWER, EXCHANGE, HOLDER, OPENS, REQUESTER
from saikne_schemas.manifests import (
    AnswerManifest,
    Confirmation,
    Discard,
    Dispatch,
    Dispute,
    HandOverAgain,
    Prolong,
    RequestForCopies,
    Reveal,
    Withdrawal,
)
from saikne_schemas.views import (
    Accepted,
    CentreView,
    ExchangeView,
    OverduePage,
    Page,
    Problem,
    ReceiptView,
    RevealedPassword,
    SentDocument,
    StatementView,
)

_REQUESTER_NAME = "Zemgales atbalsta centrs"
_HOLDER_NAME = "Atbalsta centrs „Ligzda”"
_JWS = "eyJhbGciOiJFZERTQSJ9.eyJleGNoYW5nZSI6IuKApiJ9.c2lnbmF0dXJl"
_ARCHIVE = "3b8f0f2a9c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7"
_DIGESTS = ("9f" * 32, "4c" * 32)

_CERTIFICATION = {
    "words": "KOPIJA PAREIZA",
    "officer": "Solvita Krēsliņa",
    "position": "vadītāja",
    "organisation": "SIA Ligzda",
    "on": "2026-03-09",
}
_FORMS: tuple[dict[str, object], ...] = (
    {"form": "family_case", "subject": "AG-2001", "bytes": 184320},
    {"form": "iap", "subject": "AG-2001-B1", "bytes": 96411},
)
_DECLARED = [
    {
        "no": no,
        **form,
        "media_type": "application/pdf",
        "sha256": digest,
        "original": "paper",
        "derivative": "copy",
        "certification": _CERTIFICATION,
    }
    for no, (form, digest) in enumerate(zip(_FORMS, _DIGESTS, strict=True), start=1)
]
_SHOWN = [
    {**form, "no": no, "media_type": "application/pdf", "sha256": digest, "sealed_at": "2026-03-09T08:12:30Z"}
    for no, (form, digest) in enumerate(zip(_FORMS, _DIGESTS, strict=True), start=1)
]
_CHECKED = [{name: shown[name] for name in ("no", "sha256", "bytes")} for shown in _SHOWN]
_ACCEPTED: dict[str, object] = {"exchange": EXCHANGE, "state": "requested", "acceptance": _JWS}
_NAMES = {
    "requester": REQUESTER,
    "requester_name": _REQUESTER_NAME,
    "holder": HOLDER,
    "holder_name": _HOLDER_NAME,
}
_ANSWER = {
    "round": 1,
    "declared_at": "2026-03-09T08:10:00Z",
    "documents": _SHOWN,
    "missing": [{"form": "competence_review", "subject": "AG-2001", "spouse": 1}],
    "dispatched_at": "2026-03-09T08:20:00Z",
    "archive_bytes": 284902,
    "archive_sha256": _ARCHIVE,
    "archive_available": True,
    "password": {
        "channel": "sms",
        "address": "+371…01",
        "state": "delivered",
        "at": "2026-03-09T08:20:04Z",
        "expires_at": "2026-03-12T08:20:00Z",
    },
}
_PUBLIC_KEY = {
    "kty": "OKP",
    "crv": "Ed25519",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    "alg": "EdDSA",
    "use": "signing",
}
_OAUTH_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
    "alg": "ES256",
    "use": "oauth",
}

_WRITTEN: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        RequestForCopies,
        {
            "schema": "saikne.request/1",
            "id": "f3b1c9a4-0f5e-4d0a-9b7c-6a5d4e3f2c1b",
            "requester": REQUESTER,
            "holder": HOLDER,
            "kind": "family_case",
            "family": "AG-2001",
            "children": ["AG-2001-B1"],
            "legal_basis": "method_family_move",
            "purpose": "continuity_of_support",
            "receipt": {"channel": "hub", "password_channel": "sms"},
        },
    ),
    (
        AnswerManifest,
        {
            "schema": "saikne.answer/1",
            "id": ANSWER,
            "exchange": EXCHANGE,
            "spouses": 2,
            "children": ["AG-2001-B1"],
            "documents": _DECLARED,
        },
    ),
    (
        Discard,
        {
            "schema": "saikne.discard/1",
            "id": "1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d",
            "exchange": EXCHANGE,
            "round": 1,
        },
    ),
    (
        Dispatch,
        {
            "schema": "saikne.dispatch/1",
            "id": "2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e",
            "exchange": EXCHANGE,
            "round": 1,
            "incomplete_because": "not_drawn_up",
        },
    ),
    (
        Confirmation,
        {
            "schema": "saikne.confirmation/1",
            "id": "3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f",
            "exchange": EXCHANGE,
            "round": 1,
            "arrived": True,
            "opens": True,
            "complete": True,
            "archive_sha256": _ARCHIVE,
            "documents": _CHECKED,
        },
    ),
    (
        Dispute,
        {
            "schema": "saikne.dispute/1",
            "id": "4d5e6f7a-8b9c-4d0e-9f2a-3b4c5d6e7f80",
            "exchange": EXCHANGE,
            "round": 1,
            "reason": "unreadable",
            "documents": [2],
        },
    ),
    (
        Withdrawal,
        {
            "schema": "saikne.withdrawal/1",
            "id": "5e6f7a8b-9c0d-4e1f-8a3b-4c5d6e7f8091",
            "exchange": EXCHANGE,
            "reason": "move_cancelled",
        },
    ),
    (
        Reveal,
        {
            "schema": "saikne.reveal/1",
            "id": "6f7a8b9c-0d1e-4f2a-9b4c-5d6e7f8091a2",
            "exchange": EXCHANGE,
            "round": 1,
            "spoken_by": {"name": "Solvita Krēsliņa", "position": "vadītāja"},
        },
    ),
    (
        Prolong,
        {
            "schema": "saikne.prolong/1",
            "id": "8b9c0d1e-2f3a-4b4c-9d5e-7f8091a2b3c4",
            "exchange": EXCHANGE,
            "round": 1,
        },
    ),
    (
        HandOverAgain,
        {
            "schema": "saikne.hand-over-again/1",
            "id": "7a8b9c0d-1e2f-4a3b-8c5d-6e7f8091a2b3",
            "exchange": EXCHANGE,
            "round": 1,
        },
    ),
    (
        Enrolment,
        {
            "schema": "saikne.enrolment/1",
            "id": REQUESTER,
            "role": "centre",
            "legal_entity": {"name": "Biedrība „Zemgale”", "registration_number": "50008021661"},
            "name": _REQUESTER_NAME,
            "contacts": {
                "notices": "pazinojumi@zemgale.example",
                "archive_email": "lietas@zemgale.example",
                "password_phone": "+37120000001",
                "authorised_persons": [{"name": "Ilze Kalniņa", "position": "vadītāja"}],
            },
            "calendar": "statutory",
            "scopes": ["exchange"],
            "agreement": {"version": "2026-1", "signed_on": "2026-01-05"},
            "keys": [_OAUTH_KEY, _PUBLIC_KEY, {**OPENS, "alg": "ECDH-ES", "use": "encryption"}],
        },
    ),
    (
        KeyRotation,
        {
            "schema": "saikne.key-rotation/1",
            "id": "8b9c0d1e-2f3a-4b4c-9d6e-7f8091a2b3c4",
            "centre": REQUESTER,
            "keys": [_PUBLIC_KEY],
        },
    ),
    (Accepted, _ACCEPTED),
    (
        SentDocument,
        {"exchange": EXCHANGE, "round": 1, "no": 1, "bytes": 184320, "sha256": _DIGESTS[0], "awaited": [2]},
    ),
    (
        RevealedPassword,
        {
            "password": "7HJ2-9KQ4-M0XT-3WDB-U",
            "to": "+37163000001",
            "accepted": {**_ACCEPTED, "state": "dispatched"},
        },
    ),
    (
        Page,
        {
            "items": [
                {
                    "id": EXCHANGE,
                    "role": "holder",
                    "state": "requested",
                    "kind": "family_case",
                    "counterpart": REQUESTER,
                    "counterpart_name": _REQUESTER_NAME,
                    "requested_at": "2026-03-02T09:30:00Z",
                    "moved_at": "2026-03-02T09:30:00Z",
                    "due_on": "2026-03-16",
                    "overdue": False,
                }
            ],
            "next": None,
        },
    ),
    (
        ExchangeView,
        {
            "id": EXCHANGE,
            "role": "requester",
            "state": "dispatched",
            "kind": "family_case",
            **_NAMES,
            "family": "AG-2001",
            "children": ["AG-2001-B1"],
            "legal_basis": "method_family_move",
            "purpose": "continuity_of_support",
            "receipt": {"channel": "hub", "password_channel": "sms"},
            "signatures": "qualified_claimed",
            "requested_at": "2026-03-02T09:30:00Z",
            "moved_at": "2026-03-09T08:20:00Z",
            "term": {
                "due_on": "2026-03-16",
                "alt_due_on": "2026-03-16",
                "starts_on": "2026-03-03",
                "basis": "request_received",
                "working_days": 10,
                "calendar": "statutory",
                "calendar_version": "2026-1",
                "confirmed": True,
                "days": [{"day": "2026-03-03", "counted": True, "why": "working_day"}],
                "met_at": "2026-03-09T08:20:00Z",
                "working_days_left": 5,
            },
            "answer": _ANSWER,
        },
    ),
    (
        StatementView,
        {
            "id": ANSWER,
            "kind": "saikne.answer/1",
            "author": HOLDER,
            "received_at": "2026-03-09T08:10:00Z",
            "manifest": "eyJzY2hlbWEiOiJzYWlrbmUuYW5zd2VyLzEifQ==",
            "signature_base": "IkBtZXRob2QiOiBQT1NU",
            "signature": "c2lnbmF0dXJl",
            "public_key": _PUBLIC_KEY,
            "acceptance": _JWS,
        },
    ),
    (ReceiptView, {"exchange": EXCHANGE, "receipt": _JWS}),
    (
        OverduePage,
        {
            "today": "2026-03-18",
            "items": [
                {
                    "exchange": EXCHANGE,
                    "role": "oversight",
                    "kind": "family_case",
                    "state": "requested",
                    **_NAMES,
                    "due_on": "2026-03-16",
                    "alt_due_on": "2026-03-16",
                    "calendar": "statutory",
                    "confirmed": True,
                    "working_days_late": 2,
                }
            ],
            "next": None,
        },
    ),
    (
        CentreView,
        {
            "id": HOLDER,
            "name": _HOLDER_NAME,
            "legal_entity": "SIA Ligzda",
            "registration_number": "40003521600",
            "role": "centre",
            "state": "active",
            "encryption_keys": [{"kid": OPENS["kid"], "jwk": OPENS}],
        },
    ),
    (
        EventPage,
        {
            "tenant": REQUESTER,
            "items": [
                {
                    "seq": 1,
                    "at": "2026-03-02T09:30:00Z",
                    "kind": "exchange.request.opened",
                    "exchange": EXCHANGE,
                    "body": "eyJzdGF0ZSI6InJlcXVlc3RlZCJ9",
                    "prev": "00" * 32,
                    "hash": "5d" * 32,
                }
            ],
            "next": None,
            "head": {"seq": 1, "hash": "5d" * 32},
        },
    ),
    (
        Problem,
        {
            "type": "/problems/exchange.not-found",
            "title": "There is no such exchange.",
            "status": 404,
            "code": "exchange.not-found",
            "detail": "Check the identifier. An exchange of other centres is answered in the same way.",
        },
    ),
)

EXAMPLES: dict[type[BaseModel], dict[str, object]] = dict(_WRITTEN)
