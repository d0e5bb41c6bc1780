"""An agreement between two centres in examples."""

from pydantic import BaseModel

from saikne_schemas.agreements import (
    AcceptAgreement,
    AgreementView,
    EndAgreement,
    ProposeAgreement,
    RefuseAgreement,
)
from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS, shown

_PAPER: dict[str, object] = {
    "reference": "VIEN-2026/4",
    "signed_on": "2026-02-27",
    "valid_from": "2026-03-01",
    "signatures": "plain",
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    ProposeAgreement: {
        "schema": "saikne.agreement/1",
        "id": "1b0b6f0e-3e55-4a7c-9d7e-5b8f4c2a9e01",
        "proposer": NEW,
        "addressee": PREVIOUS,
        **_PAPER,
        "signed_by": {"name": "Ieva Priede", "position": "vadītāja"},
    },
    AcceptAgreement: {
        "schema": "saikne.agreement-accepted/1",
        "id": "2c1c7a1f-4f66-4b8d-8e8f-6c9a5d3b0f12",
        "matter": MATTER,
        "signed_by": {"name": "Solvita Krēsliņa", "position": "vadītāja"},
    },
    RefuseAgreement: {
        "schema": "saikne.agreement-refused/1",
        "id": "3d2d8b2a-5a77-4c9e-9f9a-7d0b6e4c1a23",
        "matter": MATTER,
    },
    EndAgreement: {
        "schema": "saikne.agreement-ended/1",
        "id": "4e3e9c3b-6b88-4d0f-8a0b-8e1c7f5d2b34",
        "matter": MATTER,
        "last_day": "2027-02-28",
    },
    AgreementView: shown(
        "agreement", "proposer", "in_force", {NEW: "proposer", PREVIOUS: "addressee"}, _PAPER
    ),
}
