"""Who is signed in: a session begins with a proof, counts for a while, and ends with a word or by itself.

Source: board.md 2. The browser holds 32 random bytes, the table their digest; a proof makes a new session and
ends the one before, so that nobody is led into one that somebody else has begun.
"""

import hashlib
import secrets
from datetime import datetime

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.people import store
from hub.people.casework import subscribing
from hub.people.office import Counter
from hub.people.person import Person, PersonState
from hub.people.session import ABSOLUTE, SEEN_WITHIN, How, Session, counts
from hub.plumbing.database import act_for


def key_of(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


async def begin(
    counter: Counter,
    person: Person,
    how: How,
    instead_of: str | None = None,
    *,
    proved_at: datetime | None = None,
) -> str:
    """What the browser is to hold. The transaction acts for the person's centre.

    `proved_at`: where who it is was not proved just now.
    """
    if instead_of is not None:
        await store.end_session(counter.tx, key_of(instead_of))
    cookie = secrets.token_urlsafe(32)
    await store.add_session(
        counter.tx,
        {
            "key": key_of(cookie),
            "centre_id": person.centre,
            "person_id": person.id,
            "how": how.value,
            "begun_at": counter.now,
            "seen_at": counter.now,
            "proved_at": proved_at or counter.now,
        },
    )
    facts = {"person": str(person.id), "how": how.value}
    await record(counter.tx, EventKind.PERSON_SIGNED_IN, [person.centre], None, facts)
    return cookie


async def of(counter: Counter, cookie: str) -> Session | None:
    """The session that a browser shows, if it counts. The transaction then acts for whose rows it reads."""
    row = await store.find_session(counter.tx, key_of(cookie))
    if row is None or not counts(row.begun_at, row.seen_at, counter.now):
        return None
    await act_for(counter.tx, [row.centre_id])
    found = await store.find(counter.tx, row.centre_id, row.person_id)
    if found is None or found.state == PersonState.SUSPENDED:
        return None
    if counter.now - row.seen_at > SEEN_WITHIN:
        await store.touch_session(counter.tx, row.key, counter.now)
    person = store.person_of(found)
    await act_for(counter.tx, {person.centre, person.reads})
    return Session(row.key, person, How(row.how), row.begun_at, row.seen_at, row.proved_at)


async def end(counter: Counter, session: Session) -> None:
    await store.end_session(counter.tx, session.key)


async def end_everywhere(counter: Counter, person: Person, *, but: bytes | None = None) -> None:
    """Whoever leaves everywhere is told nowhere: a browser that is lost is to say nothing either."""
    await store.end_sessions(counter.tx, person.centre, person.id, but=but)
    await subscribing.remove_all(counter, person)


async def tidy(counter: Counter) -> None:
    """Forget what is over; the worker does it now and then."""
    await store.tidy(counter.tx, counter.now, counter.now - ABSOLUTE)
