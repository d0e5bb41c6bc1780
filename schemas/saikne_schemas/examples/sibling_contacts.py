"""Contact of siblings in two centres' families in examples."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS, shown
from saikne_schemas.sibling_contacts import (
    AgreeContact,
    ChangeContact,
    DeclineContact,
    DifficultyFound,
    EndContact,
    ProposeContact,
    RecordedInCase,
    SiblingContactView,
)

_PROPOSAL = "e23c9a3f-6f22-4bad-8eaf-8c1a7d5b2f34"
_CENTRES: list[object] = [
    {"centre": NEW, "children": ["AG-2001-B1"]},
    {"centre": PREVIOUS, "children": ["L-77-B1", "L-77-B2"]},
]
_ARRANGEMENT: dict[str, object] = {
    "kinds": ["visit", "video"],
    "regularity": "monthly",
    "support": ["organisational", "psychosocial"],
    "specialists": ["psychologist"],
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    ProposeContact: {
        "schema": "saikne.sibling-contact/1",
        "id": _PROPOSAL,
        "proposer": NEW,
        "centres": _CENTRES,
        "reasons": ["distance", "schedules"],
        "decisions": ["1-6/26/118"],
        "arrangement": _ARRANGEMENT,
    },
    AgreeContact: {
        "schema": "saikne.sibling-contact-agreed/1",
        "id": "f34d0b4a-7a33-4cbe-9fba-9d2b8e6c3a45",
        "matter": MATTER,
        "proposal": _PROPOSAL,
    },
    DeclineContact: {
        "schema": "saikne.sibling-contact-declined/1",
        "id": "045e1c5b-8b44-4dcf-8acb-0e3c9f7d4b56",
        "matter": MATTER,
        "proposal": _PROPOSAL,
        "reason": "family_means",
    },
    ChangeContact: {
        "schema": "saikne.sibling-contact-change/1",
        "id": "156f2d6c-9c55-4eda-9bdc-1f4d0a8e5c67",
        "matter": MATTER,
        "arrangement": {"kinds": ["phone"], "regularity": "weekly", "support": ["informative"]},
    },
    DifficultyFound: {
        "schema": "saikne.sibling-contact-difficulty/1",
        "id": "267a3e7d-0d66-4feb-8ced-2a5e1b9f6d78",
        "matter": MATTER,
        "found_on": "2026-05-04",
        "reasons": ["family_means"],
        "support": ["organisational"],
    },
    RecordedInCase: {
        "schema": "saikne.sibling-contact-recorded/1",
        "id": "378b4f8e-1e77-4afc-9dfe-3b6f2c0a7e89",
        "matter": MATTER,
        "recorded_on": "2026-03-12",
        "children": ["AG-2001-B1"],
    },
    EndContact: {
        "schema": "saikne.sibling-contact-ended/1",
        "id": "489c5a9f-2f88-4b0d-8eaf-4c7a3d1b8f90",
        "matter": MATTER,
        "ended_on": "2026-11-02",
        "reason": "children_together",
    },
    SiblingContactView: shown(
        "sibling_contact",
        "proposer",
        "agreed",
        {NEW: "proposer", PREVIOUS: "party"},
        {
            "centres": _CENTRES,
            "reasons": ["distance", "schedules"],
            "decisions": ["1-6/26/118"],
            "arrangement": _ARRANGEMENT,
            "agreed_on": "2026-03-10",
            "recorded": [{"centre": NEW, "recorded_on": "2026-03-12"}],
        },
    ),
}
