"""A person's calendar feed: an address that is a secret, for a calendar program that cannot sign in.

The address is shown once and kept as a digest; another one ends the one before, and it ends with a word, or
when the person is suspended. What it shows is decided by who reads it (`board.casework.feed`).
"""

import secrets

from hub.kernel.refusal import Refusal
from hub.people import store
from hub.people.casework import ways
from hub.people.office import Counter
from hub.people.person import OF_A_CENTRE, NotAllowed, Person, PersonState
from hub.people.tables import Door
from hub.plumbing.database import act_for


class FeedOver(Refusal):
    """Nothing is at this address: it was ended, or never was."""

    code = "people.feed-over"


async def make(counter: Counter, person: Person) -> str:
    """The secret of the address; the one before ends. Of those alone whose centre owes something itself."""
    if person.role not in OF_A_CENTRE:
        raise NotAllowed
    await store.close_doors(counter.tx, Door.FEED, person.centre, person.id)
    token = secrets.token_urlsafe(32)
    await store.open_door(counter.tx, Door.FEED, token.encode(), person)
    await ways.added(counter, person, "calendar")
    return token


async def end(counter: Counter, person: Person) -> None:
    if await store.close_doors(counter.tx, Door.FEED, person.centre, person.id):
        await ways.removed(counter, person, "calendar")


async def whose(counter: Counter, token: str) -> Person:
    """Whose calendar is at an address. The transaction acts for that person's centre from here on."""
    row = await store.behind(counter.tx, Door.FEED, token.encode())
    if row is None:
        raise FeedOver
    await act_for(counter.tx, [row.centre_id])
    found = await store.find(counter.tx, row.centre_id, row.person_id)
    if found is None or found.state != PersonState.ACTIVE or found.role not in OF_A_CENTRE:
        raise FeedOver
    return store.person_of(found)
