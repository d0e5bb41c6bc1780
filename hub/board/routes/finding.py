"""Finding a record: one that fits is opened, several are listed."""

from litestar import get
from litestar.di import NamedDependency

from hub.board.board import Board
from hub.board.casework.finding import AT_MOST, find
from hub.board.routes.visits import signed_in
from hub.web.calls import Http, HttpAnswer

LONGEST = 100


@get("/find")
async def show_found(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    what = request.query_params.get("what", "").strip()[:LONGEST]
    async with board.office.desk(looking.person.centre) as desk:
        found = await find(desk, looking.person.centre, what)
    if len(found) == 1:
        return looking.to(f"/records/{found[0].id}")
    return looking.page("found", {"what": what, "found": found, "more": len(found) == AT_MOST})


FINDING = (show_found,)
