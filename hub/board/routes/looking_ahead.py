"""The calendar by month and by week, and a month's figures."""

from dataclasses import dataclass
from datetime import date, timedelta

from litestar import get
from litestar.di import NamedDependency

from hub.board.board import Board
from hub.board.casework.month import month
from hub.board.casework.week import week
from hub.board.routes.visits import Visit, signed_in
from hub.board.routes.wishes import day_of
from hub.board.speech import first_letter_large
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT
from hub.oversight.casework import reporting
from hub.people.person import NotAllowed, PersonRole
from hub.reconciliation.month import MonthMalformed, month_of
from hub.web.calls import Http, HttpAnswer
from saikne_schemas.duty_reports import DutyReport


async def reader(board: Board, request: Http) -> Visit:
    """Whoever has work to look at: all but those who keep the hub."""
    looking = await signed_in(board, request)
    if looking.person.role is PersonRole.OPERATOR:
        raise NotAllowed
    return looking


def _wished(looking: Visit, otherwise: str) -> str:
    """The month that is asked for; another one where that is none."""
    asked = looking.request.query_params.get("month", "")
    try:
        month_of(asked)
    except MonthMalformed:
        return otherwise
    return asked


@get("/calendar")
async def show_calendar(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """A month, or the week of a day."""
    looking = await reader(board, request)
    if (of := day_of(request.query_params.get("week", ""))) is not None:
        return await _week(board, looking, of)
    wished = _wished(looking, f"{riga_day(looking.now):%Y-%m}")
    async with board.office.desk(looking.person.reads) as desk:
        shown = await month(desk, looking.person.reads, wished)
    return looking.page("calendar", {"month": shown, "name": _name(looking, shown.first)})


async def _week(board: Board, looking: Visit, of: date) -> HttpAnswer:
    async with board.office.desk(looking.person.reads) as desk:
        shown = await week(desk, looking.person.reads, of)
    facts = {
        "week": shown,
        "long_day": looking.speech.long_day,
        "before": shown.first - timedelta(days=7),
        "following": shown.first + timedelta(days=7),
    }
    return looking.page("week", facts)


def _name(looking: Visit, first: date) -> str:
    said = looking.speech.t("month-of", month=looking.speech.t(f"month.{first.month}"), year=first.year)
    return first_letter_large(said)


@dataclass(frozen=True, slots=True)
class Figures:
    report: DutyReport
    month: str
    newest: str
    """The last month that is told."""


async def figures_of(board: Board, looking: Visit) -> Figures:
    """A centre's own month as it stands; for oversight every centre's, when the month is over."""
    today = riga_day(looking.now)
    over = today.replace(day=1).toordinal() - 1
    newest = f"{date.fromordinal(over):%Y-%m}" if looking.person.reads == OVERSIGHT else f"{today:%Y-%m}"
    wished = min(_wished(looking, newest), newest)
    async with board.office.desk(looking.person.reads) as desk:
        report = await reporting.report(desk, looking.person.reads, wished)
    return Figures(report, wished, newest)


@get("/figures")
async def show_figures(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await reader(board, request)
    shown = await figures_of(board, looking)
    first, after = month_of(shown.month)
    facts = {
        "report": shown.report,
        "month": shown.month,
        "name": _name(looking, first),
        "before": f"{date.fromordinal(first.toordinal() - 1):%Y-%m}",
        "following": f"{after:%Y-%m}" if shown.month < shown.newest else None,
        "for_all": looking.person.reads == OVERSIGHT,
    }
    return looking.page("figures", facts)


AHEAD = (show_calendar, show_figures)
