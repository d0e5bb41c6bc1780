"""The board itself: the work list and one's own views of it; and what stands still."""

from functools import partial
from urllib.parse import parse_qsl

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board import store
from hub.board.board import Board
from hub.board.casework.record import NoSuchPage
from hub.board.casework.views import NAME_AT_MOST, QUERY_AT_MOST, keep
from hub.board.casework.worklist import When, work_list
from hub.board.pages import HEADERS, stills
from hub.board.routes.people import FieldMissing
from hub.board.routes.visits import signed_in, visit
from hub.board.routes.wishes import query_of, wish_of
from hub.evidence.store import head
from hub.people.person import PersonRole
from hub.web.calls import Http, HttpAnswer


@get("/")
async def show_board(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    if looking.person.role is PersonRole.OPERATOR:
        return looking.to("/keeping")
    wish = wish_of(request.query_params)
    async with board.office.desk(*{looking.person.reads, looking.person.centre}) as desk:
        found = await work_list(desk, looking.person.reads, wish)
        views = await store.views_of(desk.tx, looking.person.centre, looking.person.id)
        end = await head(desk.tx, looking.person.reads)
    facts = {
        "list": found,
        "wish": wish,
        "When": When,
        "long_day": looking.speech.long_day,
        "of": partial(query_of, wish),
        "views": [(name, query, f"{request.url.query}" == query) for name, query in views],
        "name_at_most": NAME_AT_MOST,
        "since": end.seq if end else 0,
    }
    return looking.page("board", facts)


@post("/views", status_code=303)
async def keep_view(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """What the list is narrowed to now, under a name of one's own; the same name again changes it."""
    looking = await signed_in(board, request)
    said = await looking.form()
    name = said.field("name", NAME_AT_MOST)
    query = query_of(wish_of(dict(parse_qsl(said.field("query", QUERY_AT_MOST)))))
    if not name:
        raise FieldMissing
    async with board.people.counter_of(looking.person) as counter:
        await keep(counter, looking.person, name, query)
    return looking.to(f"/?{query}" if query else "/")


@post("/views/remove", status_code=303)
async def remove_view(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await signed_in(board, request)
    said = await looking.form()
    async with board.people.counter_of(looking.person) as counter:
        await store.remove_view(counter.tx, looking.person.centre, looking.person.id, said.field("name"))
    return looking.to("/")


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


WORK = (show_board, keep_view, remove_view, show_accessibility, show_still)
