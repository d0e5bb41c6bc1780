"""The calendar feed: made, ended, and read by a calendar program, which brings nothing but the address."""

import asyncio
import hashlib

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from hub.board.board import Board
from hub.board.casework.feed import owed, written
from hub.board.pages import HEADERS
from hub.board.routes.visits import Visit, signed_in
from hub.board.speech import Speech
from hub.people import store
from hub.people.casework import feeds
from hub.people.person import OF_A_CENTRE
from hub.people.tables import Door
from hub.web.calls import Http, HttpAnswer
from hub.web.strangers import prove_known

_ENDS = ".ics"


@get("/calendar/feed")
async def show_feed(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    return await _shown(await signed_in(board, request))


async def _shown(looking: Visit, token: str | None = None) -> HttpAnswer:
    person = looking.person
    async with looking.board.people.counter_of(person) as counter:
        there = await store.has_door(counter.tx, Door.FEED, person.centre, person.id)
    address = token and f"{looking.board.people.public_url}/feeds/{token}{_ENDS}"
    return looking.page("feed", {"there": there, "address": address, "may": person.role in OF_A_CENTRE})


@post("/calendar/feed", status_code=200)
async def change_feed(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """Another address, shown this once; or none any more."""
    looking = await signed_in(board, request)
    said = await looking.form()
    token = None
    async with board.people.counter_of(looking.person) as counter:
        if said.field("deed") == "end":
            await feeds.end(counter, looking.person)
        else:
            token = await feeds.make(counter, looking.person)
    return await _shown(looking, token)


@get("/feeds/{name:str}")
async def read_feed(board: NamedDependency[Board], request: Http, name: FromPath[str]) -> HttpAnswer:
    async with board.people.counter() as counter:
        person = await feeds.whose(counter, name.removesuffix(_ENDS))
    prove_known(request.scope)
    async with board.office.desk(person.centre) as desk:
        cases = await owed(desk, person.centre)
    speech = Speech(person.language)
    content = await asyncio.to_thread(written, cases, speech, board.people.public_url)
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {**HEADERS, "ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        unchanged: HttpAnswer = Response(None, status_code=304, headers=headers)
        return unchanged
    answer: HttpAnswer = Response(content, media_type="text/calendar", headers=headers)
    return answer


FEED = (show_feed, change_feed, read_feed)
