"""What is drawn could be: on whatever day, nothing lies ahead, and what is open is owed by somebody."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random
from uuid import UUID

import pytest

from hub.exchange.owed import NEXT_STEP
from hub.kernel.ids import CentreId
from hub.ops.drawing import exchanges, moves
from hub.ops.drawing.days import Days
from hub.ops.drawing.sheet import Sheet
from hub.transfers.courts import SINCE, Court, Directory, Served
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from saikne_schemas.enrolment import Contacts
from saikne_schemas.vocabulary import ExchangeState

CENTRES = [CentreId(UUID(int=n, version=4)) for n in range(6)]
REACHED = Contacts(notices="a@a.example", archive_email="b@a.example", password_phone="+37120000001")
SERVED = tuple(Served(code, code, code, SINCE) for code in moves.TERRITORIES)
COURTS = Directory({code: Court(code, code) for code in moves.TERRITORIES}, SERVED)
MOMENTS = (
    datetime(2026, 11, 30, 12, tzinfo=UTC),
    datetime(2026, 12, 31, 22, 30, tzinfo=UTC),  # in Riga a new year and a holiday
    datetime(2027, 5, 2, 3, tzinfo=UTC),  # a Sunday, before any office opens
)


def drawn(now: datetime) -> tuple[Sequence[exchanges.Played], Sequence[Sheet]]:
    policies = {one: (Policy.MOVED if n % 2 else Policy.STATUTORY) for n, one in enumerate(CENTRES)}
    days = Days(now, seed_calendars(), policies, Random(1))  # noqa: S311
    played = list(exchanges.draw(days, CENTRES[:2], CENTRES[2:], dict.fromkeys(CENTRES, REACHED)))
    return played, list(moves.draw(days, COURTS, played))


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "MANY", 300)


@pytest.mark.parametrize("now", MOMENTS)
def test_nothing_lies_ahead_and_what_is_open_has_an_owner(now: datetime) -> None:
    played, moved = drawn(now)
    for sheet in (*(one.sheet for one in played), *moved):
        assert sheet.opened_at <= sheet.moved_at <= now
        ended = [row["ended_at"] for one in sheet.duties for row in one.rows]
        assert all(at is None or (isinstance(at, datetime) and at <= now) for at in ended)
    for one in played:
        assert isinstance(one.sheet.state, ExchangeState)
        running = {duty.kind for duty in one.sheet.duties if duty.runs}
        if (wanted := NEXT_STEP.get(one.sheet.state)) is not None:
            assert running & wanted, one.sheet.state
        elif one.sheet.state is not ExchangeState.REFUSED:
            assert not running, one.sheet.state


def test_it_is_the_same_each_time() -> None:
    def told(now: datetime) -> list[tuple[UUID, str, date | None]]:
        played, moved = drawn(now)
        sheets = (*(one.sheet for one in played), *moved)
        return [(one.identity, one.state.value, next_day(one)) for one in sheets]

    def next_day(sheet: Sheet) -> date | None:
        return min((one.due_on for one in sheet.duties if one.runs), default=None)

    assert told(MOMENTS[0]) == told(MOMENTS[0])
