"""The worksheet for entering a family's move in AĢIS: shown, and written to a file where that is wished.

Source: method S80; domain 3.3; features N10. Names and codes come as options or in a file; they are put into
the sheet on this machine, and nothing of them is sent to the hub or kept. That the move has been entered is
recorded by `saikne move registered`.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.command.connection import connected, counterparts
from saikne.command.courts import named, own_marking
from saikne.command.given import today_in_riga
from saikne.command.manners import verb
from saikne.command.matters import Matter
from saikne.command.speech import Console, spoken
from saikne.home import write_private
from saikne.problems import LocalRefusal
from saikne.register_worksheet import (
    Due,
    Worksheet,
    compose_worksheet,
    due_lines,
    record_command,
    rows,
)
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.moments import for_people
from saikne_schemas.register_words import Specialised
from saikne_schemas.vocabulary import CalendarPolicy, DutyKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saikne.register_facts import FamilyFacts
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.matters import DutyView
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.views import CentreView

FactsFile = Annotated[Path | None, typer.Option("--facts", metavar="FILE")]
AgisId = Annotated[str | None, typer.Option("--agis-id")]
Spouses = Annotated[list[str] | None, typer.Option("--spouse", metavar="NAME;CODE")]
Children = Annotated[list[str] | None, typer.Option("--child", metavar="REFERENCE=NAME;CODE")]
OfKind = Annotated[Specialised | None, typer.Option("--specialised")]


class MoveWithoutADay(LocalRefusal):
    """A move is entered with the day on which it takes effect."""

    code = "worksheet.no-day"
    not_now = True


class NotTheNewCentre(LocalRefusal):
    """The new centre enters the move."""

    code = "worksheet.not-the-new-centre"
    not_now = True


class MoveCancelled(LocalRefusal):
    """There is nothing to enter."""

    code = "worksheet.move-cancelled"
    not_now = True


class ChildNotOfTheMove(LocalRefusal):
    code = "worksheet.child-not-of-the-move"


class ChildTwice(LocalRefusal):
    """The last one would count without a word."""

    code = "facts.child-twice"


class WorksheetIncomplete(LocalRefusal):
    """Who is meant was not said; `given` names the options that say it."""

    code = "worksheet.incomplete"


@verb
async def register_worksheet(
    console: Console,
    matter: Matter,
    *,
    facts: FactsFile = None,
    agis_id: AgisId = None,
    spouse: Spouses = None,
    child: Children = None,
    specialised: OfKind = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE")] = None,
    marking: Annotated[str | None, typer.Option("--marking")] = None,
) -> None:
    """Show what is entered in AĢIS, field by field; write it to a file."""
    from saikne.installation import Installation
    from saikne.register_facts import family_facts
    from saikne_schemas.family_moves import FamilyMoveView

    known = family_facts(facts, typed(spouse, child) | {"agis_id": agis_id, "specialised": specialised})
    installation = Installation.at()
    async with connected(installation) as hub:
        view = await hub.matter(FamilyMoveView, matter)
        centres = await counterparts(hub)
    sheet = _sheet(view, known, centres)
    if to is not None:
        mark = marking or own_marking(installation.home)
        write_private(to, compose_worksheet(sheet, today_in_riga(), mark))
    _tell(console, sheet)
    if view.content.registered is not None:
        console.warn("worksheet.already", on=view.content.registered.registered_on)
    if to is not None:
        console.tell("worksheet.written", file=to)
    due = [{"calendar": one.calendar, "on": one.on, "own": one.own} for one in sheet.due]
    shown = [vars(row) for row in rows(sheet, spoken())]
    console.document({"matter": sheet.matter, "file": to, "due": due, "rows": shown})


def typed(spouse: list[str] | None, child: list[str] | None) -> dict[str, Any]:
    """Who is named on the command line, as a file of facts names them."""
    children: dict[str, dict[str, str]] = {}
    for who, _, said in (one.partition("=") for one in child or []):
        if who in children:
            raise ChildTwice(given=who)
        children[who] = _person(said)
    return {"spouses": [_person(one) for one in spouse or []], "children": children}


def _person(written: str) -> dict[str, str]:
    """`Name;code`."""
    name, _, code = written.rpartition(";")
    return {"name": name.strip(), "code": code.strip()}


def _sheet(
    view: "FamilyMoveView", known: "FamilyFacts", centres: "Sequence[CentreView | OutsideCentreView]"
) -> Worksheet:
    move, who = view.content, {one.role: one.centre for one in view.parties}
    effective_on = dated(view)
    specialised = complete(move.children, known, WorksheetIncomplete)
    return Worksheet(
        matter=view.id,
        family=move.family,
        previous=named(who[FamilyMoveRole.PREVIOUS], centres),
        new=named(who[FamilyMoveRole.NEW], centres),
        agreement=move.agreement,
        agreed_on=move.agreed_on,
        effective_on=effective_on,
        due=due_by(view),
        spouses=tuple(one.person() for one in known.spouses),
        children={one: known.children[one].person() for one in move.children},
        specialised=specialised,
        agis_id=known.agis_id,
    )


def dated(view: "FamilyMoveView") -> date:
    """The day of a move that this centre is to enter."""
    if view.role != FamilyMoveRole.NEW:
        raise NotTheNewCentre(matter=str(view.id))
    if view.state == FamilyMoveState.CANCELLED:
        raise MoveCancelled
    if view.content.effective_on is None:
        raise MoveWithoutADay(matter=str(view.id))
    return view.content.effective_on


def complete(children: list[str], known: "FamilyFacts", incomplete: type[LocalRefusal]) -> Specialised:
    """Everybody of the move is named and nobody else; whether the family is specialised is said."""
    if strange := [one for one in known.children if one not in children]:
        raise ChildNotOfTheMove(given=", ".join(strange), found=", ".join(children) or "-")
    lacking = [] if known.spouses else ["--spouse"]
    lacking += [f"--child {one}=" for one in children if one not in known.children]
    if lacking or known.specialised is None:
        lacking += ["--specialised"] if known.specialised is None else []
        raise incomplete(given="\n".join(f"  {one}" for one in lacking))
    return known.specialised


def due_by(view: "FamilyMoveView") -> tuple[Due, Due]:
    """The term that counts now; of one met before, the last."""
    owed: list[DutyView] = [
        one
        for one in view.duties
        if one.kind == DutyKind.REGISTER and (one.ended_at is None or one.met_at is not None)
    ]
    duty = max(owed, key=lambda one: (one.ended_at is None, str(one.ended_at)))
    other = next(one for one in CalendarPolicy if one != duty.calendar)
    return Due(duty.calendar, duty.due_on, own=True), Due(other, duty.alt_due_on, own=False)


def _tell(console: Console, sheet: Worksheet) -> None:
    language = spoken()
    console.tell("worksheet.head", family=sheet.family, matter=sheet.matter)
    console.tell("worksheet.due")
    for day, whose in due_lines(sheet, language, for_people):
        console.line(f"  {day}  {whose}")
    for no, row in enumerate(rows(sheet, language, for_people), start=1):
        doubt = f"  ({row.doubt})" if row.doubt else ""
        console.line(f"{no:>3}. {row.label}: {row.value}{doubt}")
    console.tell("worksheet.record")
    console.line(f"  {record_command(sheet, language)}")
