"""A person's own views of the work list: what it is narrowed to, under a name."""

from hub.board import store
from hub.kernel.refusal import Refusal
from hub.people.office import Counter
from hub.people.person import Person

AT_MOST = 20
NAME_AT_MOST = 40
QUERY_AT_MOST = 300


class TooManyViews(Refusal):
    """Another one is removed first."""

    code = "people.too-many-views"


async def keep(counter: Counter, person: Person, name: str, query: str) -> None:
    """The same name again changes what stands under it."""
    held = {one for one, _ in await store.views_of(counter.tx, person.centre, person.id)}
    if name not in held and len(held) >= AT_MOST:
        raise TooManyViews(at_most=AT_MOST)
    await store.keep_view(counter.tx, person.centre, person.id, name, query)
