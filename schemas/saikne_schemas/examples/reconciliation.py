"""The examples about the register and the hub beside each other: one move, entered with another day there."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import JWS, MATTER, NEW, NEW_NAME
from saikne_schemas.examples.registrations import KEY
from saikne_schemas.reconciliation import (
    DecisionTaken,
    DifferencePage,
    DifferenceView,
    ExtractTaken,
    RegisterReport,
    ResolveDifference,
)

DIFFERENCE = "6f4d3c7e-91aa-5b52-8a4e-0d7c2b9e1f63"
_SIDES = {"new": "50008021661", "key": KEY, "revision": 1, "register_id": "AGIS-2026-0000417"}
_DIFFERENCE: dict[str, object] = {
    "id": DIFFERENCE,
    "kind": "change",
    "state": "open",
    "centre": NEW,
    "key": KEY,
    "matter": MATTER,
    "found_at": "2026-04-06T05:12:40Z",
    "seen_at": "2026-04-06T05:00:00Z",
    "at_hub": {
        **_SIDES,
        "standing": "held",
        "ending": False,
        "effective_on": "2026-04-01",
        "registered_on": "2026-04-02",
    },
    "in_register": {
        **_SIDES,
        "effective_on": "2026-05-01",
        "registered_on": "2026-04-02",
        "state": "in_force",
    },
}
_COUNTS: dict[str, object] = {
    "due": 4,
    "in_time": 2,
    "late": 1,
    "working_days_late": 2,
    "open": 1,
    "overdue": 0,
    "by_hand": 1,
    "by_machine": 2,
    "corrected": 0,
    "withdrawn": 1,
    "rejected": 0,
    "needs_person": 0,
    "differences_found": 2,
    "differences_resolved": {"corrected_in_register": 1},
    "differences_vanished": 0,
    "differences_open": 1,
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    ExtractTaken: {
        "taken_at": "2026-04-06T05:00:00Z",
        "page": 2,
        "sha256": "3c" * 32,
        "awaited": [],
        "compared": {
            "pages": 2,
            "entries": 713,
            "sha256": "d4" * 32,
            "elsewhere": 3,
            "found": 1,
            "still_open": 0,
            "vanished": 0,
            "news": [],
        },
    },
    DifferenceView: _DIFFERENCE,
    DifferencePage: {"items": [_DIFFERENCE]},
    ResolveDifference: {
        "schema": "saikne.difference-resolved/1",
        "id": "c1f7e2a4-3b58-4d60-9e72-5a8b0c6d9f13",
        "difference": DIFFERENCE,
        "how": "corrected_in_register",
        "decided_by": {"name": "Ieva Ozola", "position": "sociālā darbiniece"},
    },
    DecisionTaken: {
        "difference": DIFFERENCE,
        "how": "corrected_in_register",
        "acceptance": JWS,
    },
    RegisterReport: {
        "month": "2026-04",
        "as_of": "2026-04-28T06:00:00Z",
        "total": _COUNTS,
        "centres": [{**_COUNTS, "centre": NEW, "name": NEW_NAME}],
        "late": [
            {
                "centre": NEW,
                "matter": MATTER,
                "due_on": "2026-04-08",
                "registered_on": "2026-04-10",
                "working_days_late": 2,
                "by_machine": True,
            }
        ],
    },
}
