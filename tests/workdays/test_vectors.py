"""The vectors for vendors of other languages: they hold here, and they can be met from the file alone."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.workdays.calendars import DayKind, Policy
from hub.workdays.deadlines import term
from hub.workdays.seed import seed_calendars

VECTORS = json.loads((Path(__file__).parents[2] / "schemas" / "vectors" / "deadlines.json").read_bytes())
LATVIA = seed_calendars()


def vector_name(vector: dict[str, Any]) -> str:
    return "-".join(str(value) for value in list(vector.values())[:3])


@pytest.mark.parametrize("vector", VECTORS["deadlines"], ids=vector_name)
def test_a_deadline_vector_holds(vector: dict[str, Any]) -> None:
    calendar = LATVIA.of(Policy(vector["calendar"]))
    counted = term(date.fromisoformat(vector["event"]), vector["working_days"], calendar)
    assert (counted.due_on.isoformat(), counted.confirmed) == (vector["due_on"], vector["confirmed"])


def test_the_vectors_can_be_met_with_nothing_but_their_own_days() -> None:
    kinds = {date.fromisoformat(one["date"]): one["kind"] for one in VECTORS["special_days"]}
    for vector in VECTORS["deadlines"]:
        moved = vector["calendar"] == "moved"
        day, left = date.fromisoformat(vector["event"]), vector["working_days"]
        while left:
            day += timedelta(days=1)
            kind = kinds.get(day, "")
            worked = day.weekday() < 5 and kind != "public-holiday"
            if moved:
                worked = (worked and kind != "moved-day-off") or kind == "worked-saturday"
            left -= worked
        assert day.isoformat() == vector["due_on"], vector


def test_the_days_of_the_vectors_are_the_days_of_the_calendar() -> None:
    written = {date.fromisoformat(one["date"]): DayKind(one["kind"]) for one in VECTORS["special_days"]}
    years = {day.year for day in written}
    assert written == {d: one.kind for d, one in LATVIA.moved.special.items() if d.year in years}
