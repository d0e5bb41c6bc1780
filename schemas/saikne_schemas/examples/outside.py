"""The examples of a centre that is not in the hub."""

from pydantic import BaseModel

from saikne_schemas.examples.case import EXCHANGE, HOLDER
from saikne_schemas.outside import CorrectOutsideCentre, NameOutsideCentre, OutsideCentreView, RequestReceived

_NAMED: dict[str, object] = {
    "id": "d2a4c6e8-1b3d-4f5a-9c7e-0a2b4c6d8e1f",
    "name": "Atbalsta centrs Ozols",
    "postal_address": "Skolas iela 3, Alūksne, LV-4301",
    "email": "birojs@ozols.example",
    "phone": "+37129000017",
}
OUTSIDE: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        NameOutsideCentre,
        {
            "schema": "saikne.name-outside-centre/1",
            **_NAMED,
            "legal_entity": {"name": 'Biedrība "Ozola zars"', "registration_number": "40003521600"},
        },
    ),
    (
        CorrectOutsideCentre,
        {
            "schema": "saikne.outside-centre-corrected/1",
            "id": "e3b5d7f9-2c4e-4a6b-8d8f-1b3c5d7e9f20",
            "centre": _NAMED["id"],
            "reason": "moved",
            "postal_address": "Pils iela 7, Alūksne, LV-4301",
            "email": "lietvediba@ozols.example",
            "phone": "+37129000018",
        },
    ),
    (
        RequestReceived,
        {
            "schema": "saikne.request-received/1",
            "id": "f4c6e8a0-3d5f-4b7c-9e90-2c4d6e8f0a31",
            "exchange": EXCHANGE,
            "for_outside": {
                "centre": _NAMED["id"],
                "on": "2026-03-04",
                "came_by": "registered_post",
                "proofs": [{"id": "a5d7f9b1-4e60-4c8d-8fa1-3d5e7f901b42", "sha256": "5c" * 32}],
            },
        },
    ),
    (
        OutsideCentreView,
        {
            **_NAMED,
            "legal_entity": 'Biedrība "Ozola zars"',
            "registration_number": "40003521600",
            "state": "outside",
            "named_by": HOLDER,
            "named_at": "2026-03-02T07:40:11Z",
            "earlier": [
                {
                    "postal_address": "Skolas iela 5, Alūksne, LV-4301",
                    "email": "birojs@ozols.example",
                    "phone": None,
                    "reason": "mistyped",
                    "corrected_at": "2026-03-02T08:02:19Z",
                }
            ],
        },
    ),
)
