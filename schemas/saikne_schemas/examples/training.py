"""Training of a family by another centre in examples."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS, shown
from saikne_schemas.training import (
    AcceptContract,
    CancelTraining,
    CertificateIssued,
    DeclineContract,
    InformedFamily,
    Invoice,
    InvoicePaid,
    TrainingContract,
    TrainingHeld,
    TrainingView,
)

_CLAUSES: dict[str, object] = {
    "reference": "MAC-2026/11",
    "kind": "advanced",
    "topics": ["trauma_and_attachment", "behaviour"],
    "course": "PROG-7",
    "minutes": 360,
    "sessions": [
        {"on": "2026-03-14", "begins": "10:00", "ends": "13:15"},
        {"on": "2026-03-21", "begins": "10:00", "ends": "13:15"},
    ],
    "form": "in_person",
    "premises": "trainer",
    "territory": "LV-JEL",
    "lecturer": {"name": "Ilga Meža", "position": "psiholoģe"},
    "family": "AG-7741",
    "family_contacts_in": "MAC-2026/11-P1",
    "ceiling_cents": 4500,
    "payment": "transfer_after_invoice",
    "payment_days": 15,
    "characteristic_agreed": True,
}
_INVOICED: dict[str, object] = {
    "invoice": "REK-2026/58",
    "participants": 12,
    "own_participants": 2,
    "average_cents": 3846,
    "amount_cents": 7692,
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    TrainingContract: {
        "schema": "saikne.training-contract/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e01",
        "trainer": NEW,
        "familys": PREVIOUS,
        **_CLAUSES,
        "charged_at_cost": True,
        "signed_by": {"name": "Ieva Priede", "position": "vadītāja"},
    },
    AcceptContract: {
        "schema": "saikne.training-accepted/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e02",
        "matter": MATTER,
        "signed_by": {"name": "Solvita Krēsliņa", "position": "vadītāja"},
    },
    DeclineContract: {
        "schema": "saikne.training-declined/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e03",
        "matter": MATTER,
        "reason": "time_does_not_fit",
    },
    InformedFamily: {
        "schema": "saikne.family-informed/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e04",
        "matter": MATTER,
        "informed_on": "2026-03-10",
    },
    TrainingHeld: {
        "schema": "saikne.training-held/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e05",
        "matter": MATTER,
        "ended_on": "2026-03-21",
        "attended_minutes": 360,
    },
    CertificateIssued: {
        "schema": "saikne.certificate-issued/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e06",
        "matter": MATTER,
        "certificate": "APL-2026/41",
        "issued_on": "2026-03-23",
        "characteristic": True,
    },
    Invoice: {
        "schema": "saikne.training-invoice/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e07",
        "matter": MATTER,
        **_INVOICED,
        "issued_on": "2026-03-25",
        "costs": [
            {"kind": "lecturer", "amount_cents": 36_000},
            {"kind": "premises", "amount_cents": 8_150},
            {"kind": "materials", "amount_cents": 2_000},
        ],
    },
    InvoicePaid: {
        "schema": "saikne.invoice-paid/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e08",
        "matter": MATTER,
        "paid_on": "2026-04-02",
        "reported_month": "2026-04",
    },
    CancelTraining: {
        "schema": "saikne.training-cancelled/1",
        "id": "a1f0c2d3-1b2c-4d3e-8f40-5a6b7c8d9e09",
        "matter": MATTER,
        "reason": "family_cannot",
    },
    TrainingView: shown(
        "training",
        "familys",
        "delivered",
        {NEW: "trainer", PREVIOUS: "familys"},
        {
            **_CLAUSES,
            "proposed_by": "trainer",
            "informed_on": "2026-03-10",
            "ended_on": "2026-03-21",
            "attended_minutes": 360,
            "certificate": "APL-2026/41",
            "certified_on": "2026-03-23",
            "characteristic": True,
            **_INVOICED,
            "invoiced_on": "2026-03-25",
            "costs": [
                {"kind": "lecturer", "amount_cents": 36_000, "covered_cents": 6_000},
                {"kind": "premises", "amount_cents": 8_150, "covered_cents": 1_359},
                {"kind": "materials", "amount_cents": 2_000, "covered_cents": 333},
            ],
            "contract_ceiling": {
                "year": 2026,
                "ceiling_cents": 4500,
                "contract": "BAC-2026/7",
                "on": "2026-02-20",
            },
            "invoice_ceiling": {
                "year": 2026,
                "ceiling_cents": 4800,
                "contract": "BAC-2026/7",
                "on": "2026-03-25",
            },
            "reported_by": "familys",
            "income_account": "state_budget",
            "income_use": "training_costs_only",
        },
    ),
}
