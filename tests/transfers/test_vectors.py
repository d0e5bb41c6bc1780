"""The transfer dates among the vectors for vendors hold here."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.transfers.effective_date import move_date
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars

VECTORS = json.loads((Path(__file__).parents[2] / "schemas" / "vectors" / "deadlines.json").read_bytes())


def vector_name(vector: dict[str, Any]) -> str:
    return f"{vector['notice_on']}-{vector['calendar']}"


@pytest.mark.parametrize("vector", VECTORS["transfer_dates"], ids=vector_name)
def test_a_transfer_date_vector_holds(vector: dict[str, Any]) -> None:
    move = move_date(date.fromisoformat(vector["notice_on"]), seed_calendars().of(Policy(vector["calendar"])))
    continued = move.latest_if_continued
    assert {
        "notice_on": move.notice_on.isoformat(),
        "calendar": move.policy.value,
        "on_time": move.on_time,
        "effective_on": move.effective_on.isoformat(),
        "latest_if_continued": continued.isoformat() if continued else None,
        "confirmed": move.confirmed,
    } == vector
