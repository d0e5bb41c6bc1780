"""The visitor's own centre as the hub knows it: where it is reached, its keys, and what its programs may.

Read here, changed by the operator: an address that gets a family's papers is not changed by a session. Where
the centre's own system gets people back is added and removed here, by whoever manages them and proves again
who that is.
"""

from litestar import get, post
from litestar.di import NamedDependency

from hub.access.approvals import addresses_of
from hub.access.return_address import AddressNotTaken, TooManyAddresses
from hub.access.store import list_keys
from hub.board.board import Board
from hub.board.routes.looking_ahead import reader
from hub.board.routes.visits import Visit
from hub.centres import store as centres
from hub.kernel.refusal import Refusal
from hub.people.casework import systems
from hub.signing.public_key import fingerprint
from hub.web.calls import Http, HttpAnswer
from hub.web.status import STATUS
from hub.wording.catalogue import sentence
from saikne_schemas.person_keys import Act

_LONGEST = 1000


@get("/centre")
async def show_centre(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    return await _shown(await reader(board, request))


async def _shown(looking: Visit, refusal: Refusal | None = None) -> HttpAnswer:
    own = looking.person.centre
    async with looking.board.people.counter_of(looking.person) as counter:
        found = (await centres.find(counter.tx, [own]))[own]
        known = await centres.contacts(counter.tx, own)
        keys = await list_keys(counter.tx, own)
        addresses = await addresses_of(counter.tx, own)
    facts = {
        "centre": found,
        "contacts": known.contacts,
        "since": known.since,
        "scopes": sorted(found.scopes),
        "keys": [(one, fingerprint(one.key_id)) for one in keys],
        "addresses": addresses,
        "refused": sentence(refusal.code, looking.speech.language) if refusal else None,
    }
    return looking.page("centre", facts, STATUS[refusal.code] if refusal else 200)


@post("/centre/addresses", status_code=303)
async def change_addresses(board: NamedDependency[Board], request: Http) -> HttpAnswer:
    """One is added or removed: which, stands on the button."""
    looking = await reader(board, request)
    looking.person.require(Act.MANAGE_PEOPLE)
    said = await looking.form()
    looking.require_proof()
    address = said.field("address", longest=_LONGEST)
    deed = systems.remove_address if said.field("deed") == "remove" else systems.add_address
    try:
        async with board.people.counter_of(looking.person) as counter:
            await deed(counter, looking.person, address)
    except (AddressNotTaken, TooManyAddresses) as wrong:
        return await _shown(looking, wrong)
    return looking.to("/centre")


CENTRE = (show_centre, change_addresses)
