"""A month of training in examples."""

from pydantic import BaseModel

from saikne_schemas.examples.matters import MATTER, NEW, PREVIOUS
from saikne_schemas.training_reports import TrainingReport

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    TrainingReport: {
        "month": "2026-04",
        "as_of": "2026-05-04T07:30:00Z",
        "centre": PREVIOUS,
        "lines": [
            {
                "matter": MATTER,
                "place": "cost",
                "role": "familys",
                "other": NEW,
                "other_name": "Zemgale",
                "reference": "MAC-2026/11",
                "family": "AG-7741",
                "kind": "advanced",
                "ended_on": "2026-03-21",
                "attended_minutes": 360,
                "participants": 12,
                "own_participants": 2,
                "average_cents": 3846,
                "amount_cents": 7692,
                "invoice": "REK-2026/58",
                "invoiced_on": "2026-03-25",
                "paid_on": "2026-04-02",
            },
        ],
        "sums": [
            {"place": "cost", "trainings": 1, "own_participants": 2, "amount_cents": 7692},
            {"place": "to_report", "trainings": 0, "own_participants": 0, "amount_cents": 0},
            {"place": "income", "trainings": 0, "own_participants": 0, "amount_cents": 0},
            {"place": "to_invoice", "trainings": 0, "own_participants": 0, "amount_cents": 0},
        ],
    },
}
