"""What is to be done, the most urgent first: one line each, with the command that does it beside it.

Source: design.md 3, 9. What is owed says the hub, which verb does it `owed`.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.connection import connected, journal
from saikne.command.given import SHORTEST
from saikne.command.manners import verb
from saikne.command.owed import (
    BY_WAY,
    NOTHING_KNOWN,
    Stands,
    acts,
    stake,
    stands_in_list,
    tell_duty,
    to_be_done,
)
from saikne.command.rights import Right, rights
from saikne.command.speech import Console, say, word
from saikne.home import write_private
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import ExchangeState, Workflow

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.matters import DutyView

ANSWERED_OR_TO_BE = (
    ExchangeState.REQUESTED,
    ExchangeState.PREPARING,
    ExchangeState.DISPATCHED,
    ExchangeState.DISPUTED,
    ExchangeState.LAPSED,
)
_SOON = 3
"""Working days, today among them."""
Awaited = Annotated[bool, typer.Option("--awaited")]
Within = Annotated[int | None, typer.Option("--within", min=0, metavar="N")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE")]
_HEADS = ("due", "late", "what", "owner", "about", "id", "by-method", "act")


@dataclass(frozen=True)
class Stood:
    """How things stand with what is listed: the exchanges, and what may be done beside what is owed."""

    where: Mapping[UUID, Stands]
    rights: Sequence[Right] = ()

    def acts(self, duty: "DutyView", number: str | None = None) -> list[str]:
        return acts(duty, self.where.get(duty.concerns, NOTHING_KNOWN), number)


class Urgency(StrEnum):
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"


@verb
async def today(
    console: Console, *, awaited: Awaited = False, within: Within = None, csv: Csv = None
) -> None:
    """What this centre has to do, or awaits from others, the most urgent first."""
    async with connected() as hub:
        known = [one async for one in hub.duties(within=within)]
        items = [one for one in known if _is_to_be_seen(one, awaited=awaited)]
        may = [] if awaited else await rights(hub, known)
        stood = Stood(await where_they_stand(hub, items), may)
    if csv is not None:
        _write(console, csv, items, stood)
        console.document(_grouped(items, stood))
        return
    if not items and not may:
        console.tell("today.awaited-nothing" if awaited else "today.nothing")
    for one in Urgency:
        if may and one is Urgency.LATER:
            console.line(f"{say('today.may')} ({len(may)})")
            console.table([right.line() for right in may])
        if found := [item for item in items if urgency(item) is one]:
            console.line(f"{say(f'today.{one.value}')} ({len(found)})")
            console.table([row for item in found for row in _lines(item, stood)])
    if not all(item.by_method for item in items):
        console.tell("today.by-hub")
    if items and not awaited:
        console.tell("today.more", act=_shows(items[0]))
    console.document(_grouped(items, stood))


def _is_to_be_seen(duty: "DutyView", *, awaited: bool) -> bool:
    return stake(duty) == "awaits" if awaited else to_be_done(duty)


async def where_they_stand(hub: "Hub", duties: "Sequence[DutyView]") -> Mapping[UUID, Stands]:
    """Of the exchanges that these are about, where the verb depends on it."""
    if not any(duty.kind in BY_WAY for duty in duties):
        return {}
    opened = journal().opened_archives()
    return {one.id: stands_in_list(one, opened) async for one in hub.exchanges(states=ANSWERED_OR_TO_BE)}


@verb
async def duties(
    console: Console,
    *,
    mine: Annotated[bool, typer.Option("--mine")] = False,
    awaited: Awaited = False,
    overdue: Annotated[bool, typer.Option("--overdue")] = False,
    within: Within = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N")] = None,
    csv: Csv = None,
) -> None:
    """What this centre owes and awaits with its terms, the most urgent first."""
    if mine and awaited:
        raise typer.BadParameter(say("duties.one-side"), param_hint="--mine / --awaited")
    side = "owes" if mine else "awaits" if awaited else None
    async with connected() as hub:
        asked = hub.duties(overdue=overdue, stake=side, within=within, page_size=min(limit or 100, 100))
        items = [one async for one in _first(asked, limit)]
        where = await where_they_stand(hub, items) if csv is not None else {}
        stood = Stood(where)
    if csv is not None:
        _write(console, csv, items, stood)
    else:
        for item in items:
            tell_duty(console, item)
            console.line(f"    {word('workflow', item.workflow.value)}  {item.concerns}")
        console.tell("duties.count" if items else "duties.empty", count=len(items), late=_late(items))
    console.document(items)


async def _first(items: "AsyncIterator[DutyView]", limit: int | None) -> "AsyncIterator[DutyView]":
    """So many, and no page more is asked for."""
    left = limit
    async for item in items:
        yield item
        left = None if left is None else left - 1
        if left == 0:
            break


def _late(duties: "Sequence[DutyView]") -> int:
    return sum(duty.overdue for duty in duties)


def _write(console: Console, file: Path, duties: "Sequence[DutyView]", stood: Stood) -> None:
    """One line each, for a spreadsheet."""
    from saikne_schemas.tables import table

    rows = [*(_row(duty, stood) for duty in duties), *(one.row() for one in stood.rights)]
    write_private(file, table([say(f"today.column.{head}") for head in _HEADS], rows))
    console.tell("today.written", path=file, count=len(rows))


def _grouped(duties: "Sequence[DutyView]", stood: Stood) -> dict[str, list[dict[str, Any]]]:
    found = {one: [duty for duty in duties if urgency(duty) is one] for one in Urgency}
    groups = {one.value: [_document(duty, stood) for duty in those] for one, those in found.items()}
    return {**groups, "may": [one.document() for one in stood.rights]}


def _document(duty: "DutyView", stood: Stood) -> dict[str, Any]:
    does = stood.acts(duty)
    return {**duty.model_dump(mode="json"), "act": does[0] if does else None, "other_acts": does[1:]}


def urgency(duty: "DutyView") -> Urgency:
    if duty.overdue:
        return Urgency.OVERDUE
    if duty.working_days_left <= 1:
        return Urgency.TODAY
    return Urgency.SOON if duty.working_days_left <= _SOON else Urgency.LATER


def _lines(duty: "DutyView", stood: Stood) -> list[list[str]]:
    """What is owed with its usual command, and below it the other ones."""
    number = str(duty.concerns)[:SHORTEST]
    first, *others = stood.acts(duty, number) or [
        f"{duty.owner_name}: {word('workflow', duty.workflow.value)} {number}"
    ]
    late = say("duty.late", days=duty.working_days_late) if duty.overdue else ""
    what = word("duty", duty.kind.value)
    if duty.owner_outside or (stake(duty) != "owes" and acts(duty)):
        what = f"{duty.owner_name}: {what}"
    due = for_people(duty.due_on) + ("" if duty.by_method else " *")
    return [["", due, late, what, first], *(["", "", "", "", say("today.or", act=one)] for one in others)]


def _shows(duty: "DutyView") -> str:
    """The command that shows all that may be done where this is owed."""
    shows = "status" if duty.workflow is Workflow.COPIES else "matter"
    return f"saikne {shows} {str(duty.concerns)[:SHORTEST]}"


def _row(duty: "DutyView", stood: Stood) -> list[str | int]:
    return [
        for_people(duty.due_on),
        duty.working_days_late,
        word("duty", duty.kind.value),
        duty.owner_name,
        word("workflow", duty.workflow.value),
        str(duty.concerns),
        say("word.yes" if duty.by_method else "word.no"),
        next(iter(stood.acts(duty)), ""),
    ]
