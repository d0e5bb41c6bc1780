"""Examples of copies on paper and of copies gone astray, about the same invented case as all examples."""

from pydantic import BaseModel

from saikne_schemas.examples.case import EXCHANGE
from saikne_schemas.paper import (
    CorrectItem,
    HandedOver,
    PaperAnswer,
    PaperReceipt,
    Posted,
    PostOutcome,
    Resolve,
    WrongRecipient,
)

_PROOF = {"id": "c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f", "sha256": "7e" * 32}
_CERTIFICATION = {
    "words": "KOPIJA PAREIZA",
    "officer": "Solvita Krēsliņa",
    "position": "vadītāja",
    "organisation": "SIA Ligzda",
    "on": "2026-03-09",
}
_FORMS: tuple[dict[str, object], ...] = (
    {"form": "family_case", "subject": "AG-2001", "pages": 84},
    {"form": "iap", "subject": "AG-2001-B1", "pages": 12},
)

PAPER: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        PaperAnswer,
        {
            "schema": "saikne.paper-answer/1",
            "id": "4e5f6a7b-8c9d-4e0f-9a2b-3c4d5e6f7081",
            "exchange": EXCHANGE,
            "way": "in_person",
            "departure": "not_kept_electronically",
            "spouses": 2,
            "children": ["AG-2001-B1"],
            "certification": _CERTIFICATION,
            "documents": [
                {"no": no, **form, "original": "paper", "derivative": "copy"}
                for no, form in enumerate(_FORMS, start=1)
            ],
        },
    ),
    (
        HandedOver,
        {
            "schema": "saikne.handed-over/1",
            "id": "5f6a7b8c-9d0e-4f1a-8b3c-4d5e6f708192",
            "exchange": EXCHANGE,
            "round": 1,
            "to": {"name": "Ilze Kalniņa", "position": "vadītāja"},
            "authority": "listed_representative",
            "handed_over_on": "2026-03-10",
            "incomplete_because": "not_drawn_up",
            "proofs": [_PROOF],
        },
    ),
    (
        Posted,
        {
            "schema": "saikne.posted/1",
            "id": "6a7b8c9d-0e1f-4a2b-9c4d-5e6f708192a3",
            "exchange": EXCHANGE,
            "round": 1,
            "item_number": "RR123456785LV",
            "posted_on": "2026-03-10",
            "incomplete_because": "not_drawn_up",
            "proofs": [_PROOF],
        },
    ),
    (
        CorrectItem,
        {
            "schema": "saikne.item-corrected/1",
            "id": "2d3e4f5a-6b7c-4d8e-9fa0-1b2c3d4e5f61",
            "exchange": EXCHANGE,
            "round": 1,
            "item_number": "RR123456785LV",
            "reason": "mistyped",
        },
    ),
    (
        PostOutcome,
        {
            "schema": "saikne.post-outcome/1",
            "id": "7b8c9d0e-1f2a-4b3c-8d5e-6f708192a3b4",
            "exchange": EXCHANGE,
            "round": 1,
            "outcome": "returned",
            "on": "2026-04-13",
        },
    ),
    (
        PaperReceipt,
        {
            "schema": "saikne.paper-receipt/1",
            "id": "8c9d0e1f-2a3b-4c4d-9e6f-708192a3b4c5",
            "exchange": EXCHANGE,
            "round": 1,
            "arrived": True,
            "readable": True,
            "complete": True,
        },
    ),
    (
        WrongRecipient,
        {
            "schema": "saikne.wrong-recipient/1",
            "id": "9d0e1f2a-3b4c-4d5e-8f70-8192a3b4c5d6",
            "exchange": EXCHANGE,
            "round": 1,
        },
    ),
    (
        Resolve,
        {
            "schema": "saikne.resolve/1",
            "id": "ae1f2a3b-4c5d-4e6f-9081-92a3b4c5d6e7",
            "exchange": EXCHANGE,
            "round": 1,
            "reason": "recovered",
        },
    ),
)
