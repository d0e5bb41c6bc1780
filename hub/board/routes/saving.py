"""Lists and figures as files: what stands on the page, as an office opens it by a double click."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from litestar import Response, get
from litestar.di import NamedDependency

from hub.board.board import Board
from hub.board.casework.worklist import Case, work_list
from hub.board.pages import HEADERS
from hub.board.routes.looking_ahead import figures_of, reader
from hub.board.routes.visits import Visit
from hub.board.routes.wishes import wish_of
from hub.board.sheets import MEDIA_TYPES, Cell, Kind, Sheet, file_of
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT
from hub.web.calls import Http, HttpAnswer
from saikne_schemas.duty_reports import DutyFigures, KindFigures

ROWS_AT_MOST = 5_000


@get(["/board.csv", "/board.xlsx"])
async def save_board(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """What is owed, as the page lists it; where there is more than a file holds, its last line says so."""
    looking = await reader(board, request)
    wish = replace(wish_of(request.query_params), after=None, limit=ROWS_AT_MOST)
    async with board.office.desk(looking.person.reads) as desk:
        found = await work_list(desk, looking.person.reads, wish)
    t = looking.speech.t
    rows = [_row(looking, case) for case in found.cases]
    if found.next:
        rows.append([t("save.more", count=ROWS_AT_MOST)])
    columns = ("reference", "what", "owed", "due", "term", "late", "by", "number")
    return await _file(looking, t("board"), [t(f"column.{one}") for one in columns], rows)


def _row(looking: Visit, case: Case) -> list[Cell]:
    t, word, duty = looking.speech.t, looking.speech.word, case.duty
    return [
        case.reference,
        t(f"about.{case.about}"),
        word(f"duty.{duty.kind}"),
        duty.due_on,
        t("method-term") if duty.by_method else t("own-term"),
        duty.working_days_late,
        duty.owner_name,
        str(duty.concerns),
    ]


@get(["/figures.csv", "/figures.xlsx"])
async def save_figures(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """A month's figures; what the page does not tell, the file does not tell."""
    looking = await reader(board, request)
    shown = await figures_of(board, looking)
    t, all_centres = looking.speech.t, looking.person.reads == OVERSIGHT
    names = ("centre" if all_centres else "duty", "due", "in-time", "late", "percent", "median")
    lines = [
        *((one.name, one) for one in shown.report.centres if all_centres),
        *((_kind(looking, one), one) for one in shown.report.kinds if not all_centres),
        (t("figures.total"), shown.report.total),
    ]
    rows = [[name, *_counts(looking, one)] for name, one in lines]
    return await _file(looking, f"{t('figures')} {shown.month}", [t(f"figures.{one}") for one in names], rows)


def _kind(looking: Visit, counts: KindFigures) -> str:
    said = looking.speech.word(f"duty.{counts.kind}")
    return said if counts.by_method else f"{said}; {looking.speech.t('own-term')}"


def _counts(looking: Visit, counts: DutyFigures) -> list[Cell]:
    few = looking.speech.t("few")
    told = [few if one is None else one for one in (counts.due, counts.in_time, counts.late)]
    return [*told, counts.in_time_percent, counts.median_working_days]


async def _file(
    looking: Visit, title: str, heading: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> HttpAnswer:
    kind = Kind(looking.request.url.path.rpartition(".")[2])
    sheet = Sheet(title, heading, rows, looking.speech.day, looking.now)
    content = await asyncio.to_thread(file_of, sheet, kind)
    return attached(f"saikne-{riga_day(looking.now)}.{kind}", MEDIA_TYPES[kind], content)


def attached(name: str, media_type: str, content: bytes) -> HttpAnswer:
    """A file to keep, not to look at here."""
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    answer: HttpAnswer = Response(content, media_type=media_type, headers=headers)
    return answer


SAVING = (save_board, save_figures)
