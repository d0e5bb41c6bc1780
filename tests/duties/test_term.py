"""How late a thing was done: from its term to the day on which it was done, by its owner's calendar."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from hub.duties.duty import Basis, DutyKind, Ending, Stake
from hub.duties.term import duty_view
from hub.workdays.calendars import Policy, calendars
from hub.workdays.seed import seed
from saikne_schemas.matters import DutyView
from saikne_schemas.vocabulary import Workflow

FRIDAY = date(2026, 6, 26)
"""The Cabinet has made a working day of the Saturday after it."""
TOLD_AT = datetime(2026, 7, 20, 9, tzinfo=UTC)
SOMEBODY = UUID("6d0f6ea4-6f8e-4a5c-9a0e-bb6f2f9d1c11")


def shown(done_on: date | None, policy: Policy, ending: Ending | None = Ending.MET) -> DutyView:
    first = seed()
    row = SimpleNamespace(
        id=SOMEBODY,
        kind=DutyKind.REGISTER,
        workflow=Workflow.FAMILY_MOVE,
        matter_id=SOMEBODY,
        owner_id=SOMEBODY,
        stake=Stake.OWES,
        starts_on=FRIDAY,
        basis=Basis.MOVE_EFFECTIVE,
        working_days=3,
        calendar=policy,
        calendar_version="1",
        confirmed=True,
        due_on=FRIDAY,
        alt_due_on=FRIDAY,
        original_due_on=None,
        extended_by=None,
        moved_by=None,
        explanation=[],
        ended_at=TOLD_AT if ending else None,
        ending=ending,
        done_on=done_on,
        objections_until=None,
    )
    known = calendars(1, first.days, first.years)
    return duty_view(row, known, date(2026, 7, 21), {SOMEBODY: "Saule"})


@pytest.mark.parametrize(
    ("done_on", "statutory", "moved"),
    [
        (date(2026, 6, 19), 0, 0),
        (FRIDAY, 0, 0),
        (date(2026, 6, 27), 0, 1),
        (date(2026, 6, 28), 0, 1),
        (date(2026, 6, 29), 1, 2),
        (date(2026, 7, 3), 5, 6),
    ],
)
def test_lateness_is_counted_in_the_owners_working_days(done_on: date, statutory: int, moved: int) -> None:
    for policy, days in ((Policy.STATUTORY, statutory), (Policy.MOVED, moved)):
        view = shown(done_on, policy)
        assert (view.met_on, view.met_late_by, view.overdue) == (done_on, days, False)


def test_without_a_day_of_its_own_a_thing_was_done_when_it_was_told() -> None:
    view = shown(None, Policy.STATUTORY)
    assert (view.met_on, view.met_late_by) == (date(2026, 7, 20), 16)


@pytest.mark.parametrize("ending", [None, Ending.WITHDRAWN])
def test_what_was_never_done_was_not_done_late(ending: Ending | None) -> None:
    view = shown(None, Policy.STATUTORY, ending)
    assert (view.met_on, view.met_late_by) == (None, None)
