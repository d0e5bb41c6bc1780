"""The orphans' courts, and the letter that tells one of them of a family's move.

Source: method S81; domain 2.4, 4.1, 5.3. Names that are given or asked here stay on this machine: they are
put into the letter, and nothing of it is sent to the hub.
"""

import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.connection import connected, counterparts
from saikne.command.given import PERSON, centre_by, day, person, today_in_riga
from saikne.command.known import move_told
from saikne.command.manners import verb
from saikne.command.numbering import number as number_of
from saikne.command.speech import Console, say
from saikne.court_letter import MARKING, Centre, LetterFacts, Signing, compose_letter, e_address_link
from saikne.home import write_private
from saikne.problems import LocalRefusal
from saikne.worker import Profile
from saikne_schemas.brought import brought, piped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saikne.hub import Hub
    from saikne_schemas.court_views import CourtView
    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.views import CentreView

MARKING_FILE = "marking.txt"
"""In the centre's home: its own text of the restricted-access marking; the basis on the second line."""

_CODE = re.compile(r"LV-[0-9A-Z]{3}")


class CourtUnknown(LocalRefusal):
    code = "court.unknown"


class CourtAmbiguous(LocalRefusal):
    """Several courts bear the name that was given, or serve a territory of that name."""

    code = "court.ambiguous"


class MovedToTheSameCentre(LocalRefusal):
    """The new centre sends the letter: the previous one is another."""

    code = "letter.same-centre"


@verb
async def courts(
    console: Console,
    *,
    territory: Annotated[str | None, typer.Option("--territory")] = None,
    on: Annotated[date | None, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")] = None,
) -> None:
    """The courts, or those that serve a territory."""
    async with connected() as hub:
        found = await _fitting(hub, territory or "", on)
    if not found:
        raise CourtUnknown(given=territory or "")
    console.table([[one.code, one.name, one.e_address or "-", one.email or "-"] for one in found])
    console.document(found)


@verb
async def court_letter(
    console: Console,
    *,
    move: Annotated[UUID | None, typer.Option("--move", metavar="ID", parser=number_of)] = None,
    reference: Annotated[str | None, typer.Option("--reference")] = None,
    previous: Annotated[str | None, typer.Option("--previous")] = None,
    moved_on: Annotated[date | None, typer.Option("--moved-on", parser=day, metavar="YYYY-MM-DD")] = None,
    court: Annotated[str | None, typer.Option("--court")] = None,
    signer: Annotated[str, typer.Option("--signer", metavar=PERSON)],
    to: Annotated[Path, typer.Option("--to", metavar="FILE")],
    family: Annotated[list[str] | None, typer.Option("--family")] = None,
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    contact: Annotated[list[str] | None, typer.Option("--contact")] = None,
    number: Annotated[str | None, typer.Option("--number")] = None,
    written_on: Annotated[date | None, typer.Option("--date", parser=day, metavar="YYYY-MM-DD")] = None,
    signing: Annotated[Signing, typer.Option("--signing")] = Signing.ELECTRONIC,
    marking: Annotated[str | None, typer.Option("--marking")] = None,
) -> None:
    """Write the letter to a file; print the link that begins a message to the court."""
    from saikne.installation import Installation

    installation = Installation.at()
    letter_day = written_on or today_in_riga()
    async with connected(installation) as hub:
        centres = await counterparts(hub)
        typed = {"reference": reference, "previous": previous, "moved_on": moved_on, "court": court}
        about = await move_told(hub, move, typed)
        told = _one_of(await _fitting(hub, about.court, letter_day), about.court)
    left = centre_by(about.previous, centres)
    if left == installation.centre:
        raise MovedToTheSameCentre
    signs = person(signer)
    facts = LetterFacts(
        court=told.name,
        court_address=told.postal_address,
        family=tuple(family or asked_names()),
        reference=about.reference,
        children=tuple(child or ()),
        previous=named(left, centres),
        new=named(installation.centre, centres),
        moved_on=about.moved_on,
        written_on=letter_day,
        signer=signs.name,
        position=signs.position,
        contacts=tuple(contact or Profile.at(installation.home).reached.said()),
        number=number,
        signing=signing,
        marking=marking or own_marking(installation.home),
    )
    write_private(to, compose_letter(facts))
    console.tell("letter.written", file=to, court=told.name)
    link = e_address_link(told.registration_number) if told.registration_number else None
    if link is None:
        console.tell("letter.no-e-address")
    else:
        console.tell("letter.send", link=link)
    console.document({"file": to, "court": told.code, "e_address_link": link})


async def _fitting(hub: "Hub", written: str, on: date | None) -> "list[CourtView]":
    """Courts by the code of a territory, else by a part of a name; a whole name means that one only."""
    if _CODE.fullmatch(written.upper()):
        return await hub.courts(written.upper(), on)
    wanted = written.casefold()
    names = [
        (court, [name.casefold() for name in (court.name, *(one.name for one in court.territories))])
        for court in await hub.courts(on=on)
    ]
    exactly = [court for court, called in names if wanted in called]
    return exactly or [court for court, called in names if any(wanted in name for name in called)]


def _one_of(found: "list[CourtView]", written: str) -> "CourtView":
    if not found:
        raise CourtUnknown(given=written)
    if len(found) > 1:
        raise CourtAmbiguous(given=written, found="\n".join(f"  {one.code}  {one.name}" for one in found))
    return found[0]


def named(centre: UUID, centres: "Sequence[CentreView | OutsideCentreView]") -> Centre:
    """A centre as letters name it."""
    from saikne.command.given import CentreUnknown

    for one in centres:
        if one.id == centre:
            return Centre(one.name, one.legal_entity, one.registration_number)
    raise CentreUnknown(given=str(centre))


def asked_names() -> list[str]:
    """Who the family is, from the keyboard or a pipe: what a command line holds is kept in its history."""
    if sys.stdin.isatty():
        print(say("letter.family"), end=" ", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
    else:
        line = piped().text()
    return [name.strip() for name in line.split(",")]


def own_marking(home: Path) -> str:
    """What this centre writes on every page."""
    file = home / MARKING_FILE
    return (brought(file).text().strip() if file.exists() else "") or MARKING
