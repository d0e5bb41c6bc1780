"""Centres that are not in the hub: name one, correct its address, list them, say what one did, write to one.

Source: method S57, S74, S77, S88-S90; domain 2.1. What an outside centre does comes on paper or by mail; this
centre says so here and keeps the proof, so that terms, reminders and evidence run as between two members.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saikne.command.asking import Exchange
from saikne.command.connection import connected, said_once
from saikne.command.given import (
    COMMAND_LINE,
    PERSON,
    CentreUnknown,
    NeededProof,
    StillNeeded,
    centre_by,
    day,
    telephone,
)
from saikne.command.manners import PassesOn, verb
from saikne.command.speaking_for import OutsideWord, speaking_for
from saikne.command.speech import Console, word
from saikne.home import write_private
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne.worker import Profile, Reached
from saikne_schemas.outside import AddressCorrected
from saikne_schemas.statements import CameBy

if TYPE_CHECKING:
    from saikne_schemas.outside import OutsideCentreView


class NothingSaid(LocalRefusal):
    """Behind `says` stands the verb that says what the outside centre did."""

    code = "outside.nothing-said"
    lacks = "verb_and_options"


class NotOutside(LocalRefusal):
    """The request was made of a centre that reads it in the hub: no letter is needed."""

    code = "outside.not-asked-of-one"


class SenderNotReached(LocalRefusal):
    """The letter asks for papers and does not say how they reach this centre."""

    code = "outside.sender-not-reached"

    def __init__(self, lacks: str) -> None:
        super().__init__(given=f"--own-{lacks}")
        self.lacks = f"sender_{lacks}"


@verb
async def name(
    console: Console,
    *,
    centre: Annotated[str, typer.Option("--name")],
    legal_entity: Annotated[str, typer.Option("--legal-entity")],
    registration_number: Annotated[str, typer.Option("--registration-number")],
    address: Annotated[str, typer.Option("--address")],
    email: Annotated[str, typer.Option("--email")],
    phone: Annotated[str | None, typer.Option("--phone")] = None,
) -> None:
    """Name a centre that is not in the hub; from then on it is dealt with by its number or its name."""
    from saikne_schemas.enrolment import LegalEntity
    from saikne_schemas.outside import NameOutsideCentre

    async with connected() as hub:
        statement = compose(
            NameOutsideCentre,
            name=centre,
            legal_entity=LegalEntity(name=legal_entity, registration_number=registration_number),
            postal_address=address,
            email=email,
            phone=telephone(phone),
        )
        named = await said_once(hub.tell, statement)
    console.tell("outside.named", name=named.name, centre=named.id)
    console.document(named)


@verb
async def correct(
    console: Console,
    centre: Annotated[str, typer.Argument(metavar="CENTRE")],
    *,
    reason: Annotated[AddressCorrected, typer.Option("--reason")],
    address: Annotated[str | None, typer.Option("--address")] = None,
    email: Annotated[str | None, typer.Option("--email")] = None,
    phone: Annotated[str | None, typer.Option("--phone")] = None,
) -> None:
    """Correct where an outside centre is reached; what is not given stays."""
    from saikne_schemas.outside import CorrectOutsideCentre

    async with connected() as hub:
        known = await hub.outside_centres()
        found = centre_by(centre, known)
        before = next((one for one in known if one.id == found), None)
        if before is None:
            raise CentreUnknown(given=centre)
        statement = compose(
            CorrectOutsideCentre,
            centre=found,
            reason=reason,
            postal_address=address or before.postal_address,
            email=email or before.email,
            phone=telephone(phone) or before.phone,
        )
        corrected = await said_once(hub.tell, statement)
    console.tell("outside.corrected", name=corrected.name)
    _tell_address(console, corrected)
    console.document(corrected)


@verb
async def list_(console: Console) -> None:
    """The centres that members have named as outside ones."""
    async with connected() as hub:
        found = await hub.outside_centres()
    if not found:
        console.tell("outside.none")
    console.table(
        [
            [
                str(one.id),
                word("outside-state", one.state.value),
                one.name,
                one.registration_number,
                one.email,
            ]
            for one in found
        ]
    )
    for one in found:
        for earlier in one.earlier:
            reason = word("outside-corrected", earlier.reason.value)
            console.tell(
                "outside.earlier", name=one.name, at=earlier.corrected_at, email=earlier.email, reason=reason
            )
    console.document([one.model_dump(mode="json") for one in found])


def _tell_address(console: Console, centre: "OutsideCentreView") -> None:
    phone = centre.phone or "-"
    console.tell("outside.address", address=centre.postal_address, email=centre.email, phone=phone)


@verb
def says(
    console: Console,
    verb_and_options: Annotated[list[str] | None, typer.Argument(metavar=COMMAND_LINE)] = None,
    *,
    centre: Annotated[str, typer.Option("--centre")],
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    came_by: Annotated[CameBy, typer.Option("--came-by")],
    proof: NeededProof,
) -> None:
    """Say what an outside centre did: the verb behind this is stated in its place."""
    from saikne.command import application

    words = verb_and_options or []
    if not words:
        raise NothingSaid
    if console.as_json and "--json" not in words:
        words = [*words, "--json"]
    with speaking_for(OutsideWord(centre, on, came_by, proof)):
        code = application(*words[:1])(words, prog_name="saikne", standalone_mode=False)
    if code:
        raise typer.Exit(code)


says.runs_as = PassesOn  # type: ignore[attr-defined]


@verb
async def letter(
    console: Console,
    exchange: Exchange,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE")],
    signer: Annotated[str, typer.Option("--signer", metavar=PERSON)],
    position: Annotated[str | None, typer.Option("--position")] = None,
    number: Annotated[str | None, typer.Option("--number")] = None,
    sender_address: Annotated[str | None, typer.Option("--own-address")] = None,
    sender_email: Annotated[str | None, typer.Option("--own-email")] = None,
    sender_phone: Annotated[str | None, typer.Option("--own-phone")] = None,
) -> None:
    """The written request to an outside centre, as a PDF/A to be signed and sent."""
    from saikne.command.given import today_in_riga
    from saikne.request_letter import RequestLetter, compose_request_letter

    name, _, beside = signer.partition(";")
    post = beside.strip() or position
    if not post:
        raise StillNeeded("position")
    async with connected() as hub:
        view = await hub.exchange(exchange)
        addressee = next((one for one in await hub.outside_centres() if one.id == view.holder), None)
        if addressee is None:
            raise NotOutside(name=view.holder_name)
        own = next(one for one in await hub.centres() if one.id == view.requester)
    reached = Reached(sender_address, sender_email, telephone(sender_phone))
    if lacks := reached.lacks(view.receipt.channel):
        raise SenderNotReached(lacks)
    facts = RequestLetter(view, own, addressee, name.strip(), post, today_in_riga(), number, reached=reached)
    _keep(console, reached)
    write_private(out, compose_request_letter(facts))
    console.tell("outside.letter", path=out, name=addressee.name, address=addressee.postal_address)
    if view.due_on:
        since = view.term.starts_on if view.term else view.due_on
        console.tell("outside.letter.due", due=view.due_on, since=since, exchange=exchange)
    console.document({"file": out, "to": addressee.name, "due_on": view.due_on})


def _keep(console: Console, reached: Reached) -> None:
    """How this centre is reached is asked once; what is new in the profile is said."""
    kept = Profile.at()
    known = kept.knowing(reached)
    if known != kept:
        known.keep()
        new = {
            of: said
            for of in ("address", "phone", "email")
            if (said := getattr(known, of)) != getattr(kept, of)
        }
        console.tell("outside.letter.kept", kept="; ".join(f"{word('reached', of)}: {new[of]}" for of in new))


@verb
async def received(
    console: Console,
    exchange: Exchange,
    *,
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    came_by: Annotated[CameBy, typer.Option("--came-by")],
    proof: NeededProof,
) -> None:
    """Say when the letter came to the outside centre: its term is counted from then."""
    from saikne_schemas.outside import RequestReceived

    async with connected() as hub:
        holder = (await hub.exchange(exchange)).holder
    with speaking_for(OutsideWord(str(holder), on, came_by, proof)):
        async with connected() as hub:
            await said_once(hub.tell, compose(RequestReceived, exchange=exchange))
            view = await hub.exchange(exchange)
    console.tell("outside.received", name=view.holder_name, on=on, due=view.due_on)
    console.document(view)


VERBS = (
    ("name", name),
    ("correct", correct),
    ("list", list_),
    ("says", says),
    ("letter", letter),
    ("received", received),
)
