from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from hub.duties.duty import Ending
from hub.reconciliation.month import (
    ByMachine,
    Differences,
    Due,
    MonthMalformed,
    Sheet,
    by_machine,
    month_of,
    sheet,
    total,
)
from hub.workdays.calendars import Calendar, calendars
from saikne_schemas.reconciliation import DifferenceState
from saikne_schemas.register_words import DifferenceResolution, RegistrationState

CENTRE, MOVE = UUID(int=1), UUID(int=2)
TODAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 13)


@pytest.fixture
def statutory() -> Calendar:
    return calendars(1, [], {2026: True}).statutory


def due(ending: Ending | None = None, done_on: date | None = None, due_on: date = FRIDAY) -> Due:
    return Due(CENTRE, MOVE, due_on, ending, done_on)


def of(calendar: Calendar, *owed: Due, machine: ByMachine | None = None) -> Sheet:
    return sheet(owed, {MOVE: machine} if machine else {}, (), TODAY, calendar)


def said(made: Sheet) -> dict[str, Any]:
    return {name: value for name, value in made.counts.model_dump().items() if value}


@pytest.mark.parametrize(
    ("one", "machine", "counts"),
    [
        (due(Ending.MET, FRIDAY), None, {"due": 1, "in_time": 1, "by_hand": 1}),
        (due(Ending.MET, FRIDAY), ByMachine(confirmed=True), {"due": 1, "in_time": 1, "by_machine": 1}),
        (
            due(Ending.MET, FRIDAY),
            ByMachine(confirmed=True, corrected=True),
            {"due": 1, "in_time": 1, "by_machine": 1, "corrected": 1},
        ),
        (
            due(Ending.MET, date(2026, 11, 17)),
            None,
            {"due": 1, "late": 1, "working_days_late": 2, "by_hand": 1},
        ),
        (due(Ending.WITHDRAWN, FRIDAY), None, {"withdrawn": 1}),
        (due(), None, {"due": 1, "open": 1, "overdue": 1}),
        (due(due_on=TODAY), None, {"due": 1, "open": 1}),
        (
            due(due_on=TODAY),
            ByMachine(rejected=True),
            {"due": 1, "open": 1, "rejected": 1},
        ),
        (
            due(due_on=TODAY),
            ByMachine(needs_person=True),
            {"due": 1, "open": 1, "needs_person": 1},
        ),
    ],
)
def test_a_registration_counts_by_how_it_ended(
    statutory: Calendar, one: Due, machine: ByMachine | None, counts: dict[str, int]
) -> None:
    assert said(of(statutory, one, machine=machine)) == counts


def test_the_list_says_how_late_each_of_the_late_ones_is(statutory: Calendar) -> None:
    late = of(statutory, due(Ending.MET, date(2026, 11, 17)), due(Ending.MET, FRIDAY), due()).late
    assert [(one.registered_on, one.working_days_late) for one in late] == [
        (date(2026, 11, 17), 2),
        (None, 5),
    ]


def test_what_was_done_on_days_off_right_after_the_term_is_late_by_no_working_day(
    statutory: Calendar,
) -> None:
    made = of(statutory, due(Ending.MET, date(2026, 11, 14)))
    assert said(made) == {"due": 1, "late": 1, "by_hand": 1}


def registration(state: RegistrationState, revision: int = 1, replaces: UUID | None = None) -> dict[str, Any]:
    return {"matter_id": MOVE, "state": state.value, "revision": revision, "replaces": replaces}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([registration(RegistrationState.ACKNOWLEDGED)], ByMachine(confirmed=True)),
        ([registration(RegistrationState.ACKNOWLEDGED, 2)], ByMachine(confirmed=True, corrected=True)),
        (
            [
                registration(RegistrationState.WITHDRAWN),
                registration(RegistrationState.ACKNOWLEDGED, 1, UUID(int=9)),
            ],
            ByMachine(confirmed=True, corrected=True),
        ),
        ([registration(RegistrationState.REJECTED, 2)], ByMachine(rejected=True)),
        ([registration(RegistrationState.NEEDS_PERSON)], ByMachine(needs_person=True)),
        ([registration(RegistrationState.UNKNOWN)], ByMachine()),
    ],
)
def test_what_the_machine_did_for_a_move(rows: Iterable[dict[str, Any]], found: ByMachine) -> None:
    assert by_machine(rows) == {MOVE: found}


def test_differences_are_counted_by_how_they_stand_and_months_added_up(statutory: Calendar) -> None:
    decided = DifferenceResolution.NO_DIFFERENCE
    differences = [
        Differences(CENTRE, DifferenceState.OPEN, None, 2),
        Differences(CENTRE, DifferenceState.VANISHED, None, 1),
        Differences(CENTRE, DifferenceState.RESOLVED, decided, 3),
    ]
    made = sheet([due(Ending.MET, FRIDAY)], {}, differences, TODAY, statutory).counts
    assert made.differences_found == 6
    assert (made.differences_open, made.differences_vanished) == (2, 1)
    assert made.differences_resolved == {decided: 3}
    both = total([made, made])
    assert (both.due, both.differences_found, both.differences_resolved) == (2, 12, {decided: 6})


def test_a_month_is_written_as_year_and_month() -> None:
    assert month_of("2026-11") == (date(2026, 11, 1), date(2026, 12, 1))
    assert month_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    "written", ["2026-13", "2026", "2026-1", "november", "2026-W1", "2026-11-", "-1", "1999-12", "9999-12"]
)
def test_another_writing_is_refused(written: str) -> None:
    with pytest.raises(MonthMalformed):
        month_of(written)
