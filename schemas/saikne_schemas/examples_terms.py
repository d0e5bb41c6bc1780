"""Examples of what is said about an answer's day, about the same invented case as all examples."""

from pydantic import BaseModel

from saikne_schemas.example_case import EXCHANGE
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension

PROPOSAL = "9c0d1e2f-3a4b-4c5d-8e6f-7a8b9c0d1e2f"

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
)
