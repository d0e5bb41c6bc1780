"""`hub overdue`: what is overdue today at any centre, as oversight sees it: dates and states, never content.

Source: design.md 3 (derived from the dates when read); issue of the first exchange, 10.
"""

from typing import TYPE_CHECKING

from hub.kernel.ids import OVERSIGHT
from hub.ops.centres import as_owner
from hub.ops.terms import JsonOption, LangOption, language, say

if TYPE_CHECKING:
    from hub.plumbing.database import Tx
    from saikne_schemas.views import OverdueView

PAGE = 200


def overdue(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """What is overdue today, the oldest first; one line, or with --json one object, an exchange."""
    speech = language(lang)
    found = as_owner([], _all, speech)
    for item in found:
        print(item.model_dump_json() if as_json else _line(item, speech))
    if not found and not as_json:
        print(say("overdue.none", speech))


async def _all(tx: "Tx") -> "list[OverdueView]":
    from hub.exchange.casework.reading import overdue as page
    from hub.kernel import clock
    from hub.workdays import store

    calendars, today = await store.load(tx), clock.riga_day(clock.now())
    found: list[OverdueView] = []
    after: str | None = None
    while True:
        read = await page(tx, calendars, today, tenant=OVERSIGHT, after=after, limit=PAGE)
        found += read.items
        after = read.next
        if after is None:
            return found


def _line(item: "OverdueView", speech: str) -> str:
    return say(
        "overdue.line",
        speech,
        due=f"{item.due_on:%d.%m.%Y}",
        late=item.working_days_late,
        holder=item.holder_name,
        requester=item.requester_name,
        exchange=item.exchange,
    )
