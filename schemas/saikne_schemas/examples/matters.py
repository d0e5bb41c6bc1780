"""What every matter shows, in examples about one invented family's move."""

from pydantic import BaseModel

from saikne_schemas.matters import DutyPage, MatterAccepted, MatterLine, MatterPage, NumberLine

MATTER = "3c1d5a7e-08b4-5d2f-9a61-c4e07b9f1d23"
NEW = "5b0d6c1e-53a1-4a0c-9d6c-0d1c4f3a7e10"
PREVIOUS = "c2a4f7d8-1f0e-4e0b-8a65-7b6d1f2f9c31"
NEW_NAME, PREVIOUS_NAME = "Zemgales atbalsta centrs", "Atbalsta centrs „Ligzda”"
JWS = "eyJhbGciOiJFZERTQSJ9.eyJtYXR0ZXIiOiLigKYifQ.c2lnbmF0dXJl"

REGISTER: dict[str, object] = {
    "id": "f0b7c5de-6d3a-4c55-8e0b-2d7a91c4e6f8",
    "kind": "register",
    "workflow": "family_move",
    "concerns": MATTER,
    "owner": NEW,
    "owner_name": NEW_NAME,
    "stake": "owes",
    "by_method": True,
    "starts_on": "2026-04-01",
    "basis": "move_effective",
    "working_days": 3,
    "calendar": "statutory",
    "calendar_version": "1-5f1a2b3c4d5e",
    "confirmed": True,
    "due_on": "2026-04-08",
    "alt_due_on": "2026-04-08",
    "working_days_left": 3,
}


def shown(
    workflow: str, role: str, state: str, parties: dict[str, str], content: object
) -> dict[str, object]:
    """A matter as a party sees it; `parties` by centre's id, with their roles."""
    names = {NEW: NEW_NAME, PREVIOUS: PREVIOUS_NAME}
    return {
        "id": MATTER,
        "workflow": workflow,
        "role": role,
        "state": state,
        "parties": [{"centre": one, "name": names[one], "role": own} for one, own in parties.items()],
        "opened_at": "2026-03-09T08:12:30Z",
        "moved_at": "2026-03-10T09:00:00Z",
        "duties": [],
        "content": content,
    }


_LINE: dict[str, object] = {
    "id": MATTER,
    "workflow": "family_move",
    "role": "new",
    "state": "agreed",
    "others": [PREVIOUS_NAME],
    "opened_at": "2026-03-09T08:12:30Z",
    "moved_at": "2026-03-10T09:00:00Z",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    MatterAccepted: {
        "matter": MATTER,
        "workflow": "family_move",
        "state": "agreed",
        "warnings": [],
        "acceptance": JWS,
    },
    DutyPage: {"items": [REGISTER]},
    MatterLine: _LINE,
    MatterPage: {"items": [_LINE]},
    NumberLine: {"id": MATTER, "workflow": "family_move"},
}
