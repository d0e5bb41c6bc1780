"""A week as a calendar: on each day what is owed by then, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hub.board.casework.month import Day, day_of
from hub.board.casework.worklist import LAST, Case, cases_of
from hub.duties import store
from hub.duties.duty import Stake
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework.records import Desk

ON_A_DAY = 50
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    first: date
    """A Monday."""
    days: Sequence[tuple[Day, Sequence[Case]]]
    """What is more than a day shows is counted in `Day.many`."""

    @property
    def many(self) -> int:
        return sum(day.many for day, _ in self.days)


async def week(desk: Desk, tenant: CentreId, of: date) -> Week:
    first = of - timedelta(days=of.weekday())
    last = first + timedelta(days=_DAYS - 1)
    stake = Stake.OVERSEES if tenant == OVERSIGHT else Stake.OWES
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    many = await store.per_day(desk.tx, tenant, stake, first, last + timedelta(days=1))
    listed = store.Listed(_DAYS * ON_A_DAY, stake, (last, last))
    rows = await store.page(desk.tx, tenant, listed, (first - timedelta(days=1), LAST))
    cases = await cases_of(desk, tenant, rows, calendars)
    days = [first + timedelta(days=n) for n in range(_DAYS)]
    return Week(
        first=first,
        days=[
            (
                day_of(one, many.get(one, 0), calendars.statutory, one.month, today),
                [case for case in cases if case.duty.due_on == one][:ON_A_DAY],
            )
            for one in days
        ],
    )
