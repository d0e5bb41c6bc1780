"""On the centre's chain: which person has got another way in, or to be told, or lost one; never its name."""

from typing import Literal

from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.people.office import Counter
from hub.people.person import Person

Way = Literal["passkey", "code", "account", "calendar", "push"]


async def added(counter: Counter, person: Person, way: Way) -> None:
    await _noted(counter, EventKind.PERSON_WAY_ADDED, person, way)


async def removed(counter: Counter, person: Person, way: Way) -> None:
    await _noted(counter, EventKind.PERSON_WAY_REMOVED, person, way)


async def _noted(counter: Counter, kind: EventKind, person: Person, way: Way) -> None:
    await record(counter.tx, kind, [person.centre], None, {"person": str(person.id), "way": way})
