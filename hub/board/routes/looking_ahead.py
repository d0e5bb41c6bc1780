"""The calendar, a month's figures, and the work list as a file."""

from datetime import date

from litestar import Response, get
from litestar.di import NamedDependency

from hub.board.board import Board
from hub.board.casework.month import month
from hub.board.casework.worklist import When, Wish, WorkList, work_list
from hub.board.pages import HEADERS
from hub.board.routes.visits import Visit, signed_in
from hub.board.speech import first_letter_large
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT
from hub.oversight.casework import reporting
from hub.people.person import NotAllowed, PersonRole
from hub.reconciliation.month import MonthMalformed, month_of
from hub.web.calls import Http, HttpAnswer
from saikne_schemas.tables import table

ROWS_AT_MOST = 5_000


async def _reader(board: Board, request: Http) -> Visit:
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
    looking = await _reader(board, request)
    wished = _wished(looking, f"{riga_day(looking.now):%Y-%m}")
    async with board.office.desk(looking.person.reads) as desk:
        shown = await month(desk, looking.person.reads, wished)
    return looking.page("calendar", {"month": shown, "name": _name(looking, shown.first)})


def _name(looking: Visit, first: date) -> str:
    said = looking.speech.t("month-of", month=looking.speech.t(f"month.{first.month}"), year=first.year)
    return first_letter_large(said)


@get("/figures")
async def show_figures(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """A centre's own month as it stands; for oversight every centre's, when the month is over."""
    looking = await _reader(board, request)
    today = riga_day(looking.now)
    over = today.replace(day=1).toordinal() - 1
    newest = f"{date.fromordinal(over):%Y-%m}" if looking.person.reads == OVERSIGHT else f"{today:%Y-%m}"
    wished = min(_wished(looking, newest), newest)
    async with board.office.desk(looking.person.reads) as desk:
        report = await reporting.report(desk, looking.person.reads, wished)
    first, after = month_of(wished)
    facts = {
        "report": report,
        "name": _name(looking, first),
        "before": f"{date.fromordinal(first.toordinal() - 1):%Y-%m}",
        "following": f"{after:%Y-%m}" if wished < newest else None,
        "for_all": looking.person.reads == OVERSIGHT,
    }
    return looking.page("figures", facts)


@get("/board.csv")
async def save_board(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """What is owed, as an office opens it by a double click; texts never become formulas."""
    looking = await _reader(board, request)
    asked = request.query_params.get("when", "")
    when = When(asked) if asked in set(When) else When.ALL
    async with board.office.desk(looking.person.reads) as desk:
        found = await work_list(desk, looking.person.reads, Wish(when, limit=ROWS_AT_MOST))
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="saikne-{riga_day(looking.now)}.csv"'}
    answer: HttpAnswer = Response(
        _rows(looking, found), media_type="text/csv; charset=utf-8", headers=headers
    )
    return answer


def _rows(looking: Visit, found: WorkList) -> bytes:
    t, word = looking.speech.t, looking.speech.word
    heading = [
        t(f"column.{one}") for one in ("reference", "what", "owed", "due", "late", "by", "number", "note")
    ]
    rows = [
        (
            case.reference,
            t(f"about.{case.about}"),
            word(f"duty.{case.duty.kind}"),
            looking.speech.day(case.duty.due_on),
            case.duty.working_days_late,
            case.duty.owner_name,
            str(case.duty.concerns),
            "" if case.duty.by_method else t("own-term"),
        )
        for cases in found.groups.values()
        for case in cases
    ]
    return table(heading, rows)


AHEAD = (show_calendar, show_figures, save_board)
