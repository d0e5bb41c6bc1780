"""The price ceiling of a centre's year in examples."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import MATTER, NEW, shown
from saikne_schemas.price_ceilings import CorrectCeiling, PriceCeiling, PriceCeilingView, WithdrawCeiling

_STATED: dict[str, object] = {
    "year": 2026,
    "ceiling_cents": 4500,
    "contract": "BAC-2026/7",
    "signed_on": "2026-01-12",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    PriceCeiling: {
        "schema": "saikne.price-ceiling/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e11",
        "centre": NEW,
        **_STATED,
    },
    CorrectCeiling: {
        "schema": "saikne.price-ceiling-corrected/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e12",
        "matter": MATTER,
        "ceiling_cents": 4800,
        "reason": "contract_amended",
    },
    WithdrawCeiling: {
        "schema": "saikne.price-ceiling-withdrawn/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e13",
        "matter": MATTER,
        "reason": "wrong_year",
    },
    PriceCeilingView: shown(
        "price_ceiling",
        "centre",
        "in_force",
        {NEW: "centre"},
        {
            **_STATED,
            "ceiling_cents": 4800,
            "before": [{"ceiling_cents": 4500, "until": "2026-06-01", "reason": "contract_amended"}],
        },
    ),
}
