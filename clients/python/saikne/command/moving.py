"""How a statement about a family's move is sent, and what is said after it: its state and what comes next.

Source: method S72-S85; features N2, N3.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.command.beside import awaited, objects, tell_duties
from saikne.command.connection import connected, proofs_of, said_once
from saikne.command.correcting import correction, role_in, tell_remedies
from saikne.command.owed import tell_duty
from saikne.command.speech import Console, say, word
from saikne.statements import compose
from saikne_schemas.family_move_words import FamilyMoveState
from saikne_schemas.vocabulary import DutyKind

_CORRECTIONS = frozenset({"move correct-notice", "move correct-registration"})

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.matters import MatterAccepted, MatterStatement


async def state(
    console: Console,
    kind: "type[MatterStatement]",
    matter: UUID,
    said: dict[str, Any],
    proof: Sequence[Path] | None = None,
    *,
    meets: DutyKind | None = None,
    act: str | None = None,
) -> None:
    """Send a statement with its proofs, if it has any; say how late it met its term, and what comes next.

    `act`: the verb, where another one puts right what it says.
    """
    async with connected() as hub:
        named = {} if proof is None else {"proofs": await proofs_of(hub, proof)}
        accepted = await said_once(hub.tell, compose(kind, matter=matter, **said, **named))
        view = await view_of(hub, matter)
    finish(console, accepted, view, meets, act)


async def view_of(hub: "Hub", matter: UUID) -> "FamilyMoveView":
    from saikne_schemas.family_moves import FamilyMoveView

    return await hub.matter(FamilyMoveView, matter)


def finish(
    console: Console,
    accepted: "MatterAccepted",
    view: "FamilyMoveView",
    meets: DutyKind | None = None,
    act: str | None = None,
) -> None:
    console.tell("matter.taken", state=word("family_move.state", view.state))
    if act in _CORRECTIONS:
        console.line(correction(view.content.corrections[-1]))
    met = {one.met_at: one for one in view.duties if one.kind == meets and one.met_at}
    if met:
        tell_duty(console, met[max(met)], indent="  ")
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    if view.content.effective_on is not None:
        console.tell("move.effective", effective_on=view.content.effective_on)
    if may := objects(view):
        console.tell("move.established", matter=view.id, **may)
    proposed, owed = view.content.override, [duty for duty in view.duties if duty.ended_at is None]
    if view.state == FamilyMoveState.DATED:
        told = say("move.next.dated" if owed else "move.next.waiting")
    else:
        told = say(f"move.next.{awaited(view)}.{view.role}", matter=view.id)
    console.line(told)
    tell_duties(console, view, told=told)
    if view.content.copies is not None and view.content.copies_end is None:
        console.tell("move.next.copies", exchange=view.content.copies)
    if proposed is not None:
        until = proposed.effective_on
        waits = "override_waits" if proposed.side == role_in(view) else "override"
        console.tell(f"move.next.{waits}", matter=view.id, proposal=proposed.id, effective_on=until)
    if act is not None:
        tell_remedies(console, view, act)
    console.document(accepted)
