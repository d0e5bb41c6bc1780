"""`hub overdue`: what is overdue today at any centre, as oversight sees it: dates and states, never content.

First the copies that are awaited, then what else is owed in matters between centres.

Source: design.md 3 (derived from the dates when read).
"""

from typing import TYPE_CHECKING

from hub.kernel.ids import OVERSIGHT
from hub.ops.console import JsonOption, LangOption, language, say
from hub.ops.owner import as_owner

if TYPE_CHECKING:
    from hub.plumbing.database import Tx
    from saikne_schemas.matters import DutyView
    from saikne_schemas.views import OverdueView

PAGE = 200


def overdue(*, as_json: JsonOption = False, lang: LangOption = None) -> None:
    """What is overdue today, the oldest first; one line, or with --json one object, each."""
    speech = language(lang)
    copies, duties = as_owner([], _all, speech), as_owner([], _others, speech)
    for item in copies:
        print(item.model_dump_json() if as_json else _line(item, speech))
    for duty in duties:
        print(duty.model_dump_json() if as_json else _duty_line(duty, speech))
    if not copies and not duties and not as_json:
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


async def _others(tx: "Tx") -> "list[DutyView]":
    """What is owed beside answers, which have their own lines."""
    from datetime import timedelta

    from hub.centres import store as centres
    from hub.duties import store as duties
    from hub.duties.term import duty_view
    from hub.kernel import clock
    from hub.workdays import store
    from saikne_schemas.vocabulary import DutyKind

    calendars, today = await store.load(tx), clock.riga_day(clock.now())
    found: list[DutyView] = []
    after, yesterday = None, today - timedelta(days=1)
    late = duties.Listed(PAGE, due_by=(yesterday, yesterday))
    while rows := await duties.page(tx, OVERSIGHT, late, after):
        names, outside = await centres.named(tx, {row.owner_id for row in rows})
        found += [
            duty_view(row, calendars, today, names, outside) for row in rows if row.kind != DutyKind.ANSWER
        ]
        after = (rows[-1].due_on, rows[-1].id)
    return found


def _duty_line(duty: "DutyView", speech: str) -> str:
    return say(
        "overdue.duty" if duty.by_method else "overdue.duty.by-hub",
        speech,
        due=duty.due_on,
        late=duty.working_days_late,
        owner=duty.owner_name,
        owed=say(f"duty.{duty.kind.value}", speech),
        matter=duty.concerns,
    )


def _line(item: "OverdueView", speech: str) -> str:
    return say(
        "overdue.line",
        speech,
        due=item.due_on,
        late=item.working_days_late,
        holder=item.holder_name,
        requester=item.requester_name,
        exchange=item.exchange,
    )
