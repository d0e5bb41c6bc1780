"""The directory of orphans' courts in an example."""

from pydantic import BaseModel

from saikne_schemas.court_views import CourtView

COURTS: tuple[tuple[type[BaseModel], dict[str, object]], ...] = (
    (
        CourtView,
        {
            "code": "LV-059",
            "name": "Madonas novada bāriņtiesa",
            "registration_number": "90000038741",
            "e_address": "_DEFAULT@90000038741",
            "email": "barintiesa@example.org",
            "postal_address": "Parauga iela 1, Madona, LV-4801",
            "checked_on": "2026-01-12",
            "territories": [
                {
                    "code": "LV-059",
                    "name": "Madonas novads",
                    "valid_from": "2021-07-01",
                    "valid_to": None,
                }
            ],
        },
    ),
)
