"""What is to be done, the most urgent first: one line each, with the command that does it beside it.

Source: design.md 3, 9; method S57-S135, whose duties these are. What is owed says the hub; which verb
does it is said here.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.command.connection import connected
from saikne.command.manners import verb
from saikne.command.matters import tell_duty
from saikne.command.numbering import SHORTEST
from saikne.command.speech import Console, say, word
from saikne.home import write_private
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import DutyKind

if TYPE_CHECKING:
    from saikne_schemas.matters import DutyView

ACTS: Mapping[DutyKind, str] = MappingProxyType(
    {
        DutyKind.ANSWER: "answer",
        DutyKind.REQUEST_COPIES: "move request-copies",
        DutyKind.REGISTER: "move registered",
        DutyKind.COURT_NOTICE: "move court-told",
        DutyKind.TALK: "move talked",
        DutyKind.ARCHIVE_CASE: "move archived",
        DutyKind.ARCHIVE_IAP: "child-move iap-archived",
        DutyKind.DECIDE_LATE_NOTICE: "move decide",
        DutyKind.ACKNOWLEDGE_NOTICE: "move notice",
        DutyKind.PROVE_NOTICE: "move notice-claimed",
        DutyKind.ANSWER_DATE: "move confirm-override",
        DutyKind.PLACE_CHILD: "child-move placed",
        DutyKind.INFORM_BEFORE: "child-move informed",
        DutyKind.ACQUAINTANCE: "child-move acquaintance",
        DutyKind.FORMER_FAMILY: "child-move contact",
        DutyKind.RECORD_CONTACT: "siblings recorded",
        DutyKind.CERTIFICATE: "training certificate",
        DutyKind.INVOICE: "training invoice",
        DutyKind.REPORT_COST: "training paid",
        DutyKind.CONFIRM_PLAN: "plan confirmed",
        DutyKind.TELL_FAMILY: "training informed",
        DutyKind.HOLD_TRAINING: "training held",
        DutyKind.SEND_PLAN: "plan send",
        DutyKind.CONFIRM_COPIES: "download",
        DutyKind.SEND_OFFERED: "answer",
        DutyKind.SEND_AGAIN: "answer",
        DutyKind.READ_PASSWORD_OUT: "reveal",
        DutyKind.TELL_POST_OUTCOME: "post-outcome",
        DutyKind.DECIDE_EXTENSION: "accept-extension",
        DutyKind.RESOLVE_ASTRAY: "resolve",
        DutyKind.RECEIVE_COPIES: "matter",
        DutyKind.YEARLY_TALK: "plan talk",
    }
)
"""The verb with which its owner does what is owed."""
ACTS_BY_WORKFLOW: Mapping[tuple[DutyKind, str], str] = MappingProxyType(
    {
        (DutyKind.REQUEST_COPIES, "child_move"): "child-move request-iap",
        (DutyKind.ANSWER_PROPOSAL, "agreement"): "agreement accept",
        (DutyKind.ANSWER_PROPOSAL, "training"): "training accept",
        (DutyKind.ANSWER_PROPOSAL, "sibling_contact"): "siblings agree",
    }
)
"""The same where it depends on what the duty is about."""
_ON_PAPER: Mapping[DutyKind, str] = MappingProxyType(
    {
        DutyKind.ANSWER: "answer-on-paper",
        DutyKind.SEND_AGAIN: "answer-on-paper",
        DutyKind.SEND_OFFERED: "answer-on-paper",
        DutyKind.CONFIRM_COPIES: "confirm",
    }
)
"""The same of a centre outside of the hub: it sends nothing to the hub and fetches nothing there."""
_SOON = 3
"""Working days, today among them."""
Awaited = Annotated[bool, typer.Option("--awaited")]
Within = Annotated[int | None, typer.Option("--within", min=0, metavar="N")]
Csv = Annotated[Path | None, typer.Option("--csv", metavar="FILE")]
_HEADS = ("due", "late", "what", "owner", "about", "id", "by-method", "act")


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
        stake = "awaits" if awaited else "owes"
        items = [one async for one in hub.duties(within=within) if _stake(one) == stake]
    if csv is not None:
        _write(console, csv, items)
        console.document(_grouped(items))
        return
    if not items:
        console.tell("today.awaited-nothing" if awaited else "today.nothing")
    for one in Urgency:
        if found := [item for item in items if urgency(item) is one]:
            console.line(f"{say(f'today.{one.value}')} ({len(found)})")
            console.table([_line(item) for item in found])
    if not all(item.by_method for item in items):
        console.tell("today.by-hub")
    console.document(_grouped(items))


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
    stake = "owes" if mine else "awaits" if awaited else None
    async with connected() as hub:
        asked = hub.duties(overdue=overdue, stake=stake, within=within, page_size=min(limit or 100, 100))
        items = [one async for one in _first(asked, limit)]
    if csv is not None:
        _write(console, csv, items)
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


def _write(console: Console, file: Path, duties: "Sequence[DutyView]") -> None:
    """One line each, for a spreadsheet."""
    from saikne_schemas.tables import table

    write_private(file, table([say(f"today.column.{head}") for head in _HEADS], map(_row, duties)))
    console.tell("today.written", path=file, count=len(duties))


def _grouped(duties: "Sequence[DutyView]") -> dict[str, list[dict[str, Any]]]:
    found = {one: [duty for duty in duties if urgency(duty) is one] for one in Urgency}
    return {
        one.value: [{**duty.model_dump(mode="json"), "act": act(duty)} for duty in those]
        for one, those in found.items()
    }


def urgency(duty: "DutyView") -> Urgency:
    if duty.overdue:
        return Urgency.OVERDUE
    if duty.working_days_left <= 1:
        return Urgency.TODAY
    return Urgency.SOON if duty.working_days_left <= _SOON else Urgency.LATER


def act(duty: "DutyView", number: str | None = None) -> str | None:
    """The command that does it, for its owner; None for a duty that a newer hub knows and this does not.

    `number`: how what it is about is named, if not in whole.
    """
    does = ACTS_BY_WORKFLOW.get((duty.kind, duty.workflow.value)) or ACTS.get(duty.kind)
    if does is None or _stake(duty) != "owes":
        return None
    if duty.owner_outside:
        does = _ON_PAPER.get(duty.kind, does)
        return f"saikne outside says --centre {duty.owner} {does} {number or duty.concerns}"
    return f"saikne {does} {number or duty.concerns}"


def _stake(duty: "DutyView") -> str:
    """What a centre outside of the hub owes is seen to by the one that awaits it."""
    return "owes" if duty.stake == "awaits" and duty.owner_outside else duty.stake


def _line(duty: "DutyView") -> list[str]:
    late = say("duty.late", days=duty.working_days_late) if duty.overdue else ""
    what = word("duty", duty.kind.value)
    number = str(duty.concerns)[:SHORTEST]
    whose = act(duty, number) or f"{duty.owner_name}: {word('workflow', duty.workflow.value)} {number}"
    return ["", for_people(duty.due_on) + ("" if duty.by_method else " *"), late, what, whose]


def _row(duty: "DutyView") -> list[str | int]:
    return [
        for_people(duty.due_on),
        duty.working_days_late,
        word("duty", duty.kind.value),
        duty.owner_name,
        word("workflow", duty.workflow.value),
        str(duty.concerns),
        say("word.yes" if duty.by_method else "word.no"),
        act(duty) or "",
    ]
