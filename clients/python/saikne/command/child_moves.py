"""A child's move to a family of another centre: told before it, done after it (method S105-S114)."""

from datetime import date
from typing import Annotated

import typer

from saikne.command.again import Again, begun
from saikne.command.asking import received_by, tell_asked
from saikne.command.connection import connected, counterpart
from saikne.command.correcting import tell_remedies
from saikne.command.given import By, day, person
from saikne.command.known import iap_asked_for
from saikne.command.manners import verb
from saikne.command.matters import Matter, state, tell_next
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.numbering import OfExchange
from saikne.command.speaking_for import whose
from saikne.command.speech import Console, say
from saikne.statements import compose
from saikne_schemas.child_vocabulary import (
    ChildMoveCancelled,
    ContactKind,
    FamilyTold,
    MeetingParticipant,
    Regularity,
)
from saikne_schemas.vocabulary import CopiesGivenUp, DeliveryChannel, PasswordChannel

On = Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")]


@verb
async def begin(
    console: Console,
    *,
    child: Annotated[str, typer.Option("--child")],
    new: Annotated[str | None, typer.Option("--new")] = None,
    previous: Annotated[str | None, typer.Option("--previous")] = None,
    territory: Annotated[str | None, typer.Option("--territory")] = None,
    planned_on: Annotated[date | None, typer.Option("--planned-on", parser=day, metavar="YYYY-MM-DD")] = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
    despite: Again = None,
) -> None:
    """Record that a child is to move; the centre that is not named is this one."""
    from saikne_schemas.child_moves import BeginChildMove, ChildMoveView

    if (new is None) == (previous is None):
        raise typer.BadParameter(say("child-move.one-centre"), param_hint="--new / --previous")
    async with connected() as hub:
        ours, other = whose(hub), await counterpart(hub, new or previous or "")
        statement = compose(
            BeginChildMove,
            new=ours if new is None else other,
            previous=ours if previous is None else other,
            child=child,
            territory=territory,
            planned_on=planned_on,
            identities=await identities_of(console, hub, Whom(identity, their_key, [child]), [other]),
        )
        accepted = await begun(console, hub.tell, statement, despite)
        view = await hub.matter(ChildMoveView, accepted.matter)
    console.tell("child-move.begun", matter=accepted.matter)
    console.tell("child-move.begun.next", matter=accepted.matter)
    tell_next(console, view)
    tell_remedies(console, view, "child-move begin")
    console.document(accepted)


@verb
async def informed(
    console: Console,
    matter: Matter,
    *,
    exchange: OfExchange,
    family_told: Annotated[FamilyTold, typer.Option("--family-told")],
    told_on: On,
) -> None:
    """Record that the new family and its centre were told about the child."""
    from saikne_schemas.child_moves import InformedBefore

    said = compose(InformedBefore, matter=matter, exchange=exchange, family_told=family_told, told_on=told_on)
    await state(console, said)


@verb
async def meeting(
    console: Console,
    matter: Matter,
    *,
    held_on: On,
    participant: Annotated[list[MeetingParticipant], typer.Option("--participant")],
) -> None:
    """Record a meeting of both centres with others before the move."""
    from saikne_schemas.child_moves import MeetingHeld

    await state(console, compose(MeetingHeld, matter=matter, held_on=held_on, participants=participant))


@verb
async def acquaintance(
    console: Console,
    matter: Matter,
    *,
    visit: Annotated[list[date], typer.Option("--visit", parser=day, metavar="YYYY-MM-DD")],
) -> None:
    """Record on which days the new family visited the child before the placement."""
    from saikne_schemas.child_moves import AcquaintanceHeld

    await state(console, compose(AcquaintanceHeld, matter=matter, visits=visit))


@verb
async def placed(console: Console, matter: Matter, *, placed_on: On) -> None:
    """Record that the child lives with the new family."""
    from saikne_schemas.child_moves import ChildPlaced

    await state(console, compose(ChildPlaced, matter=matter, placed_on=placed_on))
    console.tell("child-move.placed", matter=matter)


@verb
async def iap_asked(
    console: Console,
    matter: Matter,
    *,
    exchange: OfExchange,
) -> None:
    """Record in which exchange the copy of the child's plan is asked for."""
    from saikne_schemas.child_moves import IapAsked

    await state(console, compose(IapAsked, matter=matter, exchange=exchange))


@verb
async def iap_given_up(
    console: Console, matter: Matter, *, reason: Annotated[CopiesGivenUp, typer.Option("--reason")], by: By
) -> None:
    """Say that this centre does without the copy of the child's plan."""
    from saikne_schemas.child_moves import GiveUpIap

    await state(console, compose(GiveUpIap, matter=matter, reason=reason, given_up_by=person(by)))


@verb
async def request_iap(
    console: Console,
    matter: Matter,
    *,
    receipt: Annotated[DeliveryChannel, typer.Option("--receipt")],
    password: Annotated[PasswordChannel | None, typer.Option("--password")] = None,
    despite: Again = None,
) -> None:
    """Ask the previous centre for the copy of the child's plan, and name the exchange."""
    from saikne_schemas.child_moves import IapAsked

    async with connected() as hub:
        asking = await iap_asked_for(hub, matter, receipt=received_by(receipt, password))
        named = "child-move.iap-asked.instead"
        exchange = (await begun(console, hub.tell, asking, despite, instead=named, matter=matter)).exchange
        asked = await hub.exchange(exchange)
    tell_asked(console, asked)
    await state(console, compose(IapAsked, matter=matter, exchange=exchange))


@verb
async def iap_archived(
    console: Console,
    matter: Matter,
    *,
    archived_on: On,
    reference: Annotated[str, typer.Option("--reference")],
) -> None:
    """Record that the child's part was taken out of the case and archived."""
    from saikne_schemas.child_moves import IapArchived

    said = compose(IapArchived, matter=matter, archived_on=archived_on, archive_reference=reference)
    await state(console, said)


@verb
async def contact(
    console: Console,
    matter: Matter,
    *,
    kind: Annotated[list[ContactKind], typer.Option("--kind")],
    regularity: Annotated[Regularity, typer.Option("--regularity")],
    begins_on: Annotated[date, typer.Option("--from", parser=day, metavar="YYYY-MM-DD")],
) -> None:
    """Record how the child keeps its ties with the former family."""
    from saikne_schemas.child_moves import FormerFamilyContact

    said = compose(FormerFamilyContact, matter=matter, kinds=kind, regularity=regularity, begins_on=begins_on)
    await state(console, said)


@verb
async def cancel(
    console: Console, matter: Matter, *, reason: Annotated[ChildMoveCancelled, typer.Option("--reason")]
) -> None:
    """Record that the child does not move."""
    from saikne_schemas.child_moves import CancelChildMove

    await state(console, compose(CancelChildMove, matter=matter, reason=reason))


VERBS = (
    ("begin", begin),
    ("informed", informed),
    ("meeting", meeting),
    ("acquaintance", acquaintance),
    ("placed", placed),
    ("request-iap", request_iap),
    ("iap-asked", iap_asked),
    ("iap-given-up", iap_given_up),
    ("iap-archived", iap_archived),
    ("contact", contact),
    ("cancel", cancel),
)
