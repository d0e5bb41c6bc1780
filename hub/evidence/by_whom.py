"""By which person's hand it happens: what is recorded while a call is answered names the person too.

A centre's system may act in the name of one of its people; the centre answers for it, and its chain says who
it was (design.md 10). Whoever lets the call in says so once; no room has to hand it on, so that none forgets.
Each call is answered in a context of its own. Facts hold the hub's number of the person, never a name.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from uuid import UUID

from hub.evidence.event import Fact

_acting: ContextVar[UUID | None] = ContextVar("acting", default=None)
PERSON = "person"


def note_person(person: UUID | None) -> None:
    """For the rest of this call; None where the centre's system acts by itself."""
    _acting.set(person)


def naming(facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
    """The facts, with the person who acts; what they say of a person themselves stays."""
    person = _acting.get()
    return facts if person is None or PERSON in facts else {**facts, PERSON: str(person)}
