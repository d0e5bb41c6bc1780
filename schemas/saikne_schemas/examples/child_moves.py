"""A child's move between two centres in examples."""

from pydantic import BaseModel

from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMoveView,
    ChildPlaced,
    FormerFamilyContact,
    GiveUpIap,
    IapArchived,
    IapAsked,
    InformedBefore,
    MeetingHeld,
)
from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS, shown

_INFORMATION, _PLAN = "0c3f1d52-7a2e-4b1c-8a77-2f4b9d6e1a05", "1d4e2c63-8b3f-4c2d-9b88-3a5c0e7f2b16"
_CONTACT: dict[str, object] = {
    "kinds": ["visit", "phone"],
    "regularity": "monthly",
    "begins_on": "2026-04-01",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    BeginChildMove: {
        "schema": "saikne.child-move/1",
        "id": "5f4f0d4c-7c99-4e1a-9b1c-9f2d8a6e3c45",
        "new": NEW,
        "previous": PREVIOUS,
        "child": "AG-2001-B2",
        "territory": "LV-059",
        "planned_on": "2026-03-23",
    },
    InformedBefore: {
        "schema": "saikne.informed-before/1",
        "id": "6a5a1e5d-8daa-4f2b-8c2d-0a3e9b7f4d56",
        "matter": MATTER,
        "exchange": _INFORMATION,
        "family_told": "family_with_centre",
        "told_on": "2026-03-11",
    },
    MeetingHeld: {
        "schema": "saikne.meeting-held/1",
        "id": "7b6b2f6e-9ebb-4a3c-9d3e-1b4f0c8a5e67",
        "matter": MATTER,
        "held_on": "2026-03-12",
        "participants": ["former_family", "new_family", "childs_court", "both_centres"],
    },
    AcquaintanceHeld: {
        "schema": "saikne.acquaintance-held/1",
        "id": "8c7c3a7f-0fcc-4b4d-8e4f-2c5a1d9b6f78",
        "matter": MATTER,
        "visits": ["2026-03-14", "2026-03-18"],
    },
    ChildPlaced: {
        "schema": "saikne.child-placed/1",
        "id": "9d8d4b8a-1add-4c5e-9f5a-3d6b2e0c7a89",
        "matter": MATTER,
        "placed_on": "2026-03-23",
    },
    IapAsked: {
        "schema": "saikne.iap-asked/1",
        "id": "ae9e5c9b-2bee-4d6f-8a6b-4e7c3f1d8b90",
        "matter": MATTER,
        "exchange": _PLAN,
    },
    IapArchived: {
        "schema": "saikne.iap-archived/1",
        "id": "bf0f6d0c-3cff-4e7a-9b7c-5f8d4a2e9c01",
        "matter": MATTER,
        "archived_on": "2026-03-30",
        "archive_reference": "ARH-2026/31",
    },
    FormerFamilyContact: {
        "schema": "saikne.former-family-contact/1",
        "id": "c01a7e1d-4d00-4f8b-8c8d-6a9e5b3f0d12",
        "matter": MATTER,
        **_CONTACT,
    },
    GiveUpIap: {
        "schema": "saikne.iap-given-up/1",
        "id": "e23c9a3f-6f22-4bad-8eaf-8c1a7d5b2f34",
        "matter": MATTER,
        "reason": "received_otherwise",
        "given_up_by": {"name": "Ieva Priede", "position": "vadītāja"},
    },
    CancelChildMove: {
        "schema": "saikne.child-move-cancelled/1",
        "id": "d12b8f2e-5e11-4a9c-9d9e-7b0f6c4a1e23",
        "matter": MATTER,
        "reason": "court_decided_otherwise",
    },
    ChildMoveView: shown(
        "child_move",
        "new",
        "placed",
        {NEW: "new", PREVIOUS: "previous"},
        {
            "child": "AG-2001-B2",
            "court": "LV-059",
            "planned_on": "2026-03-23",
            "information": _INFORMATION,
            "family_told": "family_with_centre",
            "told_on": "2026-03-11",
            "meetings": [{"held_on": "2026-03-12", "participants": ["former_family", "new_family"]}],
            "visits": ["2026-03-14", "2026-03-18"],
            "placed_on": "2026-03-23",
            "plan_asked": _PLAN,
            "plan_end": {"how": "confirmed", "ended_on": "2026-04-08"},
            "former_family": _CONTACT,
        },
    ),
}
