"""The example of a month's duties in figures, as oversight has it: a small centre's are in part untold."""

from pydantic import BaseModel

from saikne_schemas.duty_reports import CentreDuties, DutyReport, KindFigures
from saikne_schemas.examples.matters import NEW, NEW_NAME

_ANSWERS: dict[str, object] = {
    "kind": "answer",
    "by_method": True,
    "due": 41,
    "in_time": 38,
    "late": 3,
    "in_time_percent": 93,
    "median_working_days": 7,
}
_CENTRE: dict[str, object] = {
    "centre": NEW,
    "name": NEW_NAME,
    "due": 12,
    "kinds": [
        {
            "kind": "court_notice",
            "by_method": True,
            "due": 5,
            "in_time": 5,
            "late": 0,
            "in_time_percent": 100,
            "median_working_days": 2,
        }
    ],
}

EXAMPLES: dict[type[BaseModel], dict[str, object]] = {
    KindFigures: _ANSWERS,
    CentreDuties: _CENTRE,
    DutyReport: {
        "month": "2026-04",
        "as_of": "2026-04-30T21:00:00Z",
        "at_least": 5,
        "total": {
            "due": 212,
            "in_time": 197,
            "late": 15,
            "in_time_percent": 93,
            "median_working_days": 4,
        },
        "kinds": [_ANSWERS],
        "centres": [_CENTRE],
    },
}
