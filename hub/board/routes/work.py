"""The board itself: the work list, one record, finding by a number or a reference; and what stands still."""

from datetime import date
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board.board import Board
from hub.board.casework.record import NoSuchPage, show
from hub.board.casework.worklist import When, Wish, work_list
from hub.board.pages import HEADERS, stills
from hub.board.routes.visits import signed_in, visit
from hub.kernel.ids import MatterId
from hub.people.person import PersonRole
from hub.web.calls import Http, HttpAnswer


@get("/")
async def show_board(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    if looking.person.role is PersonRole.OPERATOR:
        return looking.to("/people")
    asked = request.query_params.get("when", "")
    when = When(asked) if asked in set(When) else When.ALL
    wish = Wish(when, request.query_params.get("after"), _day(request.query_params.get("on", "")))
    async with board.office.desk(looking.person.reads) as desk:
        found = await work_list(desk, looking.person.reads, wish)
    facts = {"list": found, "when": when, "When": When, "long_day": looking.speech.long_day, "on": wish.on}
    return looking.page("board", facts)


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@get("/records/{identity:uuid}")
async def show_record(board: NamedDependency[Board], request: Http, identity: FromPath[UUID]) -> HttpAnswer:
    looking = await signed_in(board, request)
    async with board.office.desk(looking.person.centre) as desk:
        found = await show(desk, looking.person.centre, MatterId(identity))
    return looking.page("record", {"x": found, "lead": found.owed[0] if found.owed else None})


@get("/accessibility")
async def show_accessibility(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    return (await visit(board, request)).page("accessibility")


@get("/still/{digest:str}/{name:str}")
async def show_still(digest: FromPath[str], name: FromPath[str]) -> HttpAnswer:
    """Style, scripts and the mark: kept for ever, for another one has another address."""
    kept = stills().get(name)
    if kept is None or kept[0] != digest:
        raise NoSuchPage
    _, content, kind = kept
    headers = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
    answer: HttpAnswer = Response(content, media_type=kind, headers=headers)
    return answer


WORK = (show_board, show_record, show_accessibility, show_still)
