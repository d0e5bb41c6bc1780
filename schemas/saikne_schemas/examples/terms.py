"""Examples of what is said of an answer's day, of more that is asked for, and of what is told unasked."""

from pydantic import BaseModel

from saikne_schemas.examples.case import EXCHANGE, HOLDER, REQUESTER
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension
from saikne_schemas.offers import Offer, TakeOfferBack
from saikne_schemas.refusals import AcceptRefusal, DisputeRefusal, Refuse
from saikne_schemas.supplements import Supplement

PROPOSAL = "9c0d1e2f-3a4b-4c5d-8e6f-7a8b9c0d1e2f"
REFUSAL = "6b7c8d9e-0f1a-4b2c-9d3e-4f5a6b7c8d9e"

TERMS: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        ProposeExtension,
        {
            "schema": "saikne.propose-extension/1",
            "id": PROPOSAL,
            "exchange": EXCHANGE,
            "until": "2026-03-27",
            "reason": "volume",
        },
    ),
    (
        AcceptExtension,
        {
            "schema": "saikne.accept-extension/1",
            "id": "2c3d4e5f-6a7b-4c8d-9e0f-1a2b3c4d5e6f",
            "exchange": EXCHANGE,
            "proposal": PROPOSAL,
        },
    ),
    (
        DeclineExtension,
        {
            "schema": "saikne.decline-extension/1",
            "id": "3d4e5f6a-7b8c-4d9e-8f1a-2b3c4d5e6f70",
            "exchange": EXCHANGE,
            "proposal": PROPOSAL,
        },
    ),
    (
        Refuse,
        {
            "schema": "saikne.refuse/1",
            "id": REFUSAL,
            "exchange": EXCHANGE,
            "reason": "no_longer_ours",
            "since": "2026-02-01",
        },
    ),
    (
        DisputeRefusal,
        {
            "schema": "saikne.dispute-refusal/1",
            "id": "7a8b9c0d-1e2f-4a3b-8c4d-5e6f7a8b9c0d",
            "exchange": EXCHANGE,
            "refusal": REFUSAL,
            "reason": "is_yours",
        },
    ),
    (
        AcceptRefusal,
        {
            "schema": "saikne.accept-refusal/1",
            "id": "8b9c0d1e-2f3a-4b4c-8d5e-6f7a8b9c0d1f",
            "exchange": EXCHANGE,
            "refusal": REFUSAL,
        },
    ),
    (
        Supplement,
        {
            "schema": "saikne.supplement/1",
            "id": "4e5f6a7b-8c9d-4e0f-9a2b-3c4d5e6f7a81",
            "exchange": EXCHANGE,
            "children": ["AG-2001-B2"],
            "forms": ["support_plan"],
            "reason": "child_placed_since",
        },
    ),
    (
        TakeOfferBack,
        {
            "schema": "saikne.offer-taken-back/1",
            "id": "3e4f5a6b-7c8d-4e9f-8ab1-2c3d4e5f6172",
            "exchange": EXCHANGE,
            "reason": "wrong_receiver",
        },
    ),
    (
        Offer,
        {
            "schema": "saikne.offer/1",
            "id": "5f6a7b8c-9d0e-4f1a-8b3c-4d5e6f7a8192",
            "holder": HOLDER,
            "receiver": REQUESTER,
            "child": "AG-2001-B1",
            "legal_basis": "method_child_move",
            "receipt": {"channel": "hub", "password_channel": "sms"},
        },
    ),
)
