"""`hub fill`: a newly made installation for showing gets drawn centres and a drawn year.

What is drawn has no documents, no statements and no evidence: nobody did any of it. Therefore only where an
invitation's link suffices, which is this machine alone; only where no centre is but those named; and only
where nothing has happened yet, so a second time is refused.
"""

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Annotated

import typer

from hub.kernel.clock import now
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.ops.centres import centre_id
from hub.ops.console import JsonOption, LangOption, fail, language, put, say
from hub.ops.owner import as_owner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.ops.drawing.sheet import Sheet
    from hub.plumbing.database import Tx

_SEED = 2041


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written, as it stands on the day of the filling."""

    centres: int
    """With those that were there."""
    exchanges: int
    open: int
    """Exchanges whose next step somebody owes."""
    moves: int
    duties: int
    """That run, in exchanges and moves."""
    overdue: int
    today: int


def fill(
    *,
    among: Annotated[
        list[str] | None,
        typer.Option("--among", metavar="CENTRE", help="A centre of the showing that is there already."),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Draw centres and a year of exchanges for an installation that is only shown."""
    from hub.ops.drawing import centres
    from hub.settings import Settings

    speech = language(lang)
    if not Settings().link_suffices:
        fail(say("fill.not-for-showing", speech))
    named = [centre_id(one, speech) for one in among or []]
    done = as_owner([*named, *centres.ids()], lambda tx: _filled(tx, named), speech)
    if done is None:
        fail(say("fill.in-use", speech))
    facts = {name: getattr(done, name) for name in Filled.__slots__}
    if as_json:
        put(facts)
    else:
        print(say("fill.done", speech, **facts))


async def _filled(tx: "Tx", named: list[CentreId]) -> Filled | None:
    """None where something is there that is not of the showing."""
    from hub.centres import store
    from hub.centres.centre import CentreRole
    from hub.ops.drawing import centres, exchanges, moves, sheet
    from hub.ops.drawing.days import Days
    from hub.plumbing.database import fetch
    from hub.transfers.store import directory
    from hub.workdays import store as workdays
    from hub.workdays.calendars import Policy

    there = {one.id for one in await store.every(tx) if one.role is CentreRole.CENTRE}
    (begun,) = await fetch(tx, "SELECT EXISTS (SELECT FROM hub.party WHERE tenant_id = $1) AS any", OVERSIGHT)
    if begun["any"] or there != set(named):
        return None
    moment = now()
    drawn = await centres.enter(tx, moment)
    everyone = [*named, *drawn]
    reached = await store.find_reachable(tx, everyone)
    policies = {one: Policy(found.centre.calendar) for one, found in reached.items()}
    days = Days(moment, await workdays.load(tx), policies, Random(_SEED))  # noqa: S311  # the same each time
    contacts = {one: found.contacts for one, found in reached.items()}
    played = list(exchanges.draw(days, named, drawn, contacts))
    moved = list(moves.draw(days, await directory(tx), played))
    of_copies = [one.sheet for one in played]
    await sheet.write(tx, [*of_copies, *moved])
    await fetch(tx, "ANALYZE hub.matter, hub.party, hub.duty, hub.answer")
    return _counted(len(everyone), of_copies, moved)


def _counted(centres: int, exchanges: "Sequence[Sheet]", moves: "Sequence[Sheet]") -> Filled:
    today = exchanges[0].days.today
    running = [one.due_on for sheet in (*exchanges, *moves) for one in sheet.duties if one.runs]
    return Filled(
        centres=centres,
        exchanges=len(exchanges),
        open=sum(any(one.runs for one in sheet.duties) for sheet in exchanges),
        moves=len(moves),
        duties=len(running),
        overdue=sum(day < today for day in running),
        today=sum(day == today for day in running),
    )
