"""A centre's own system and its people: where it gets them back, what it asks of one, who lets it act.

The system pushes its request (`access/code_grant`), a browser brings it here, and a person of the same centre
decides. The answer goes to an address that the centre's coordinator has added, with the hub's own name in it.
Source: RFC 6749 (4.1.2), 9126, 9207. What was approved ends with the person's suspension, another role, or a
sign-out everywhere; the token ends with it (`access/approvals`).
"""

from dataclasses import dataclass

from authlib.common.urls import add_params_to_uri

from hub.access import approvals, return_address
from hub.access.approvals import Approved, Asked
from hub.access.return_address import TooManyAddresses
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.refusal import Refusal
from hub.people import store
from hub.people.office import Counter
from hub.people.person import Person, PersonState
from hub.people.session import NotSignedIn
from hub.people.system import within
from hub.plumbing.database import act_for


class RequestOver(Refusal):
    """Nobody has pushed it, or its time is over, or it was decided."""

    code = "access.request-over"


@dataclass(frozen=True, slots=True)
class Brought:
    """A request in the hands of a browser."""

    request_uri: str
    asked: Asked


async def brought(counter: Counter, client_id: str, request_uri: str) -> Brought:
    """The transaction acts for the centre whose system asks from here on."""
    asked = await approvals.brought(counter.tx, request_uri, counter.now)
    if asked is None or str(asked.centre) != client_id:
        raise RequestOver
    await act_for(counter.tx, [asked.centre])
    await approvals.note_brought(counter.tx, request_uri, counter.now)
    return Brought(request_uri, asked)


def reach(person: Person, asked: Asked) -> str:
    """What the person may let this system do; nothing where it is another centre's."""
    return within(asked.scope, person.role) if person.centre == asked.centre else ""


async def approve(counter: Counter, person: Person, request: Brought, issuer: str) -> str:
    """Where the browser goes, with a code. Of two answers to one request one counts.

    The person is held until that is done: who suspends him or gives him another role comes before, and he is
    seen so, or after, and ends it.
    """
    if person.centre != request.asked.centre:
        return await decline(counter, request, issuer)
    row = await store.lock(counter.tx, person.centre, person.id)
    if row is None or row.state == PersonState.SUSPENDED:
        raise NotSignedIn
    person = store.person_of(row)
    scope = reach(person, request.asked)
    if not scope:
        return await decline(counter, request, issuer)
    await _decide(counter, request)
    approved = Approved(person.id, frozenset(act.value for act in person.acts))
    code = await approvals.approve(counter.tx, request.asked, approved, scope, counter.now)
    facts: dict[str, Fact] = {
        "person": str(person.id),
        "system": return_address.host_of(request.asked.redirect_uri),
        "scopes": [*scope.split()],
    }
    await record(counter.tx, EventKind.SYSTEM_LET_IN, [person.centre], None, facts)
    return _back(request.asked, issuer, code=code)


async def decline(counter: Counter, request: Brought, issuer: str) -> str:
    await _decide(counter, request)
    return _back(request.asked, issuer, error="access_denied")


async def _decide(counter: Counter, request: Brought) -> None:
    if not await approvals.decided(counter.tx, request.request_uri):
        raise RequestOver


def _back(asked: Asked, issuer: str, **said: str) -> str:
    own = {"state": asked.state} if asked.state else {}
    address: str = add_params_to_uri(asked.redirect_uri, [*said.items(), *own.items(), ("iss", issuer)])
    return address


async def add_address(counter: Counter, person: Person, written: str) -> None:
    """People may be sent back there from now on; an address that is there already stays."""
    address = return_address.checked(written)
    held = await approvals.addresses_of(counter.tx, person.centre)
    if address not in held and len(held) >= return_address.AT_MOST:
        raise TooManyAddresses(at_most=return_address.AT_MOST)
    if await approvals.add_address(counter.tx, person.centre, address, person.id, counter.now):
        await _noted(counter, EventKind.RETURN_ADDRESS_ADDED, person, address)


async def remove_address(counter: Counter, person: Person, address: str) -> None:
    """Nobody is sent there any more, whatever was asked before."""
    if await approvals.remove_address(counter.tx, person.centre, address):
        await _noted(counter, EventKind.RETURN_ADDRESS_REMOVED, person, address)


async def _noted(counter: Counter, kind: EventKind, person: Person, address: str) -> None:
    facts: dict[str, Fact] = {"by": str(person.id), "address": address}
    await record(counter.tx, kind, [person.centre], None, facts)
