"""For who keeps the hub: what waits or has failed, which years of the calendars are open, who takes part.

Counts and names alone; nobody's matters. What is done about it, is done by commands, which stand beside.
"""

from dataclasses import dataclass

from litestar import get
from litestar.di import NamedDependency

from hub.board.board import Board
from hub.board.routes.visits import signed_in
from hub.centres import store as centres
from hub.kernel.clock import riga_day
from hub.people.person import NotAllowed, PersonRole
from hub.plumbing.promises import Standing, by_age
from hub.web.calls import Http, HttpAnswer

_FRESH = "minute"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Promises of one name."""

    job: str
    due: int
    """That could have been kept for more than a minute."""
    broken: int


@get("/keeping")
async def show_keeping(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    if looking.person.role is not PersonRole.OPERATOR:
        raise NotAllowed
    async with board.people.counter() as counter:
        calendars = await board.office.calendars.current(counter.tx)
        every = await centres.every(counter.tx)
    today = riga_day(looking.now)
    facts = {
        "waiting": _gathered(await by_age(board.people.database)),
        "years": [(year, calendars.moved.years.get(year)) for year in (today.year, today.year + 1)],
        "centres": sorted(every, key=lambda one: (one.outside, one.name)),
    }
    return looking.page("keeping", facts)


def _gathered(standing: list[Standing]) -> list[Waiting]:
    """What failed first, then what waits longest in number."""
    names = {one.job for one in standing}
    rows = [
        Waiting(
            job=name,
            due=sum(one.due for one in standing if one.job == name and one.age != _FRESH),
            broken=sum(one.broken for one in standing if one.job == name),
        )
        for name in names
    ]
    told = [row for row in rows if row.due or row.broken]
    return sorted(told, key=lambda row: (-row.broken, -row.due, row.job))


KEEPING = (show_keeping,)
