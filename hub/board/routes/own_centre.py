"""The visitor's own centre as the hub knows it: where it is reached, its keys, and what its programs may.

Read here, changed by the operator: an address that gets a family's papers is not changed by a session.
"""

from litestar import get
from litestar.di import NamedDependency

from hub.access.store import list_keys
from hub.board.board import Board
from hub.board.routes.looking_ahead import reader
from hub.centres import store as centres
from hub.signing.public_key import fingerprint
from hub.web.calls import Http, HttpAnswer


@get("/centre")
async def show_centre(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    looking = await reader(board, request)
    own = looking.person.centre
    async with board.people.counter_of(looking.person) as counter:
        found = (await centres.find(counter.tx, [own]))[own]
        known = await centres.contacts(counter.tx, own)
        keys = await list_keys(counter.tx, own)
    facts = {
        "centre": found,
        "contacts": known.contacts,
        "since": known.since,
        "scopes": sorted(found.scopes),
        "keys": [(one, fingerprint(one.key_id)) for one in keys],
    }
    return looking.page("centre", facts)


CENTRE = (show_centre,)
