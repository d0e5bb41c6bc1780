"""Contact of siblings in families of different centres: proposed, agreed on, filed (method S116-S121)."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.connection import connected, counterparts, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import centre_by, day
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.speech import Console, say, spoken
from saikne.home import write_private
from saikne.statements import compose
from saikne_schemas.child_vocabulary import (
    ContactDeclined,
    ContactDifficulty,
    ContactEnded,
    ContactKind,
    ContactSpecialist,
    ContactSupport,
    Regularity,
    SiblingContactState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from saikne_schemas.outside import OutsideCentreView
    from saikne_schemas.sibling_contacts import SiblingContact
    from saikne_schemas.views import CentreView

On = Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")]
Kinds = Annotated[list[ContactKind], typer.Option("--kind")]
HowOften = Annotated[Regularity, typer.Option("--regularity")]
Support = Annotated[list[ContactSupport], typer.Option("--support")]
Specialists = Annotated[list[ContactSpecialist] | None, typer.Option("--specialist")]
Reasons = Annotated[list[ContactDifficulty], typer.Option("--reason")]


@verb
async def propose(
    console: Console,
    *,
    child: Annotated[list[str], typer.Option("--child")],
    sibling: Annotated[list[str], typer.Option("--with", metavar="CENTRE=CHILD[,CHILD]")],
    reason: Reasons,
    kind: Kinds,
    regularity: HowOften,
    support: Support,
    specialist: Specialists = None,
    decision: Annotated[list[str] | None, typer.Option("--decision")] = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
) -> None:
    """Propose contact to the centres of the siblings' families."""
    from saikne_schemas.sibling_contacts import (
        Arrangement,
        ContactCentre,
        ProposeContact,
        SiblingContactView,
    )

    arrangement = Arrangement(
        kinds=kind, regularity=regularity, support=support, specialists=specialist or []
    )
    async with connected() as hub:
        ours, known = hub.credentials.centre, await counterparts(hub)
        others = [_siblings_at(one, known) for one in sibling]
        whom = Whom(identity, their_key, [*child, *(one for _, children in others for one in children)])
        statement = compose(
            ProposeContact,
            proposer=ours,
            centres=[
                ContactCentre(centre=one, children=children) for one, children in [(ours, child), *others]
            ],
            reasons=reason,
            decisions=decision or [],
            arrangement=arrangement,
            identities=await identities_of(console, hub, whom, [one for one, _ in others]),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.matter(SiblingContactView, accepted.matter)
    console.tell("siblings.proposed", matter=accepted.matter)
    tell_remedies(console, view, "siblings propose")
    console.document(accepted)


def _siblings_at(written: str, known: "Sequence[CentreView | OutsideCentreView]") -> tuple[UUID, list[str]]:
    """`CENTRE=CHILD,CHILD`."""
    centre, _, children = written.rpartition("=")
    if not centre:
        raise typer.BadParameter(say("siblings.with", given=written), param_hint="--with")
    return centre_by(centre.strip(), known), [one.strip() for one in children.split(",")]


async def _contact(matter: UUID) -> "tuple[SiblingContact, UUID]":
    """What stands agreed and proposed, and who asks."""
    from saikne_schemas.sibling_contacts import SiblingContactView

    async with connected() as hub:
        return (await hub.matter(SiblingContactView, matter)).content, hub.credentials.centre


@verb
async def agree(console: Console, matter: Matter) -> None:
    """Agree to the arrangement that is proposed now."""
    from saikne_schemas.sibling_contacts import AgreeContact

    contact, _ = await _contact(matter)
    accepted = await state(console, compose(AgreeContact, matter=matter, proposal=contact.proposal or matter))
    if accepted.state == SiblingContactState.AGREED:
        console.tell("siblings.agreed", matter=matter)


@verb
async def decline(
    console: Console, matter: Matter, *, reason: Annotated[ContactDeclined, typer.Option("--reason")]
) -> None:
    """Decline what is proposed now, or take one's own proposal back."""
    from saikne_schemas.sibling_contacts import DeclineContact

    contact, _ = await _contact(matter)
    proposal = contact.proposal or matter
    await state(console, compose(DeclineContact, matter=matter, proposal=proposal, reason=reason))


@verb
async def change(
    console: Console,
    matter: Matter,
    *,
    kind: Kinds,
    regularity: HowOften,
    support: Support,
    specialist: Specialists = None,
) -> None:
    """Propose another arrangement; the others agree to it anew."""
    from saikne_schemas.sibling_contacts import Arrangement, ChangeContact

    other = Arrangement(kinds=kind, regularity=regularity, support=support, specialists=specialist or [])
    await state(console, compose(ChangeContact, matter=matter, arrangement=other))


@verb
async def difficulty(
    console: Console, matter: Matter, *, found_on: On, reason: Reasons, support: Support
) -> None:
    """Record why contact is difficult for the own family, and how it was supported."""
    from saikne_schemas.sibling_contacts import DifficultyFound

    said = compose(DifficultyFound, matter=matter, found_on=found_on, reasons=reason, support=support)
    await state(console, said)


@verb
async def recorded(console: Console, matter: Matter, *, recorded_on: On) -> None:
    """Record that it stands in the own family's case and in the plan of each of its children."""
    from saikne_schemas.sibling_contacts import RecordedInCase

    contact, ours = await _contact(matter)
    children = [child for one in contact.centres if one.centre == ours for child in one.children]
    await state(console, compose(RecordedInCase, matter=matter, recorded_on=recorded_on, children=children))


@verb
async def end(
    console: Console,
    matter: Matter,
    *,
    ended_on: On,
    reason: Annotated[ContactEnded, typer.Option("--reason")],
) -> None:
    """Record that the arrangement is no longer needed."""
    from saikne_schemas.sibling_contacts import EndContact

    await state(console, compose(EndContact, matter=matter, ended_on=ended_on, reason=reason))


@verb
async def text(
    console: Console,
    matter: Matter,
    *,
    to: Annotated[Path | None, typer.Option("--to", metavar="FILE")] = None,
) -> None:
    """What to file in the own family's case and in the plan of each of its children."""
    from saikne.sibling_texts import contact_texts
    from saikne_schemas.sibling_contacts import SiblingContactView

    async with connected() as hub:
        view = await hub.matter(SiblingContactView, matter)
        texts = contact_texts(view, hub.credentials.centre, spoken())
    written = "\n".join([texts.case, *texts.plans.values()])
    if to is None:
        console.line(written.removesuffix("\n"))
    else:
        write_private(to, written.encode())
        console.tell("siblings.text-written", file=to, matter=matter)
    console.document({"case": texts.case, "plans": texts.plans})


VERBS = (
    ("propose", propose),
    ("agree", agree),
    ("decline", decline),
    ("change", change),
    ("difficulty", difficulty),
    ("recorded", recorded),
    ("end", end),
    ("text", text),
)
