"""The previous centre's no to a request; the new one disputes it, or leaves it (method S3, S57, S78)."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.answering import for_side
from saikne.command.asking import Exchange
from saikne.command.connection import connected, proofs_of, said_once
from saikne.command.given import StillNeeded, day
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.numbering import number
from saikne.command.owed import ANSWERING, stands, tell_owed
from saikne.command.speech import Console
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.vocabulary import RefusalDispute, RefuseReason, SideRole

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.views import ExchangeView


class NothingRefused(LocalRefusal):
    """There is no refusal to dispute or to accept."""

    code = "dispute-refusal.nothing-refused"
    not_now = True


@verb
async def refuse(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[RefuseReason, typer.Option("--reason")],
    since: Annotated[date | None, typer.Option("--since", parser=day, metavar="YYYY-MM-DD")] = None,
    answered_in: Annotated[UUID | None, typer.Option("--answered-in", metavar="ID", parser=number)] = None,
) -> None:
    """Refuse the copies and say why."""
    from saikne_schemas.refusals import Refuse

    if reason is RefuseReason.NO_LONGER_OURS and since is None:
        raise StillNeeded("since")
    if reason is RefuseReason.ALREADY_ANSWERED and answered_in is None:
        raise StillNeeded("answered_in")
    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        statement = compose(Refuse, exchange=exchange, reason=reason, since=since, answered_in=answered_in)
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        await tell_done(console, hub, view, "refuse.done", requester=view.requester_name)
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


@verb
async def dispute_refusal(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[RefusalDispute, typer.Option("--reason")],
    proof: Annotated[list[Path] | None, typer.Option("--proof")] = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
) -> None:
    """Say that a refusal is wrong; the copies are owed again."""
    from saikne_schemas.refusals import DisputeRefusal

    async with connected() as hub:
        view, refusal = await _refused(hub, exchange)
        statement = compose(
            DisputeRefusal,
            exchange=exchange,
            refusal=refusal,
            reason=reason,
            proofs=await proofs_of(hub, proof or []),
            identities=await identities_of(
                console, hub, Whom(identity, their_key, view.children), [view.holder]
            ),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        due = min((one.due_on for one in view.duties if one.kind in ANSWERING), default=view.due_on)
        await tell_done(console, hub, view, "dispute-refusal.done", holder=view.holder_name, due=due)
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


@verb
async def accept_refusal(console: Console, exchange: Exchange) -> None:
    """Leave a refusal as it is; nothing more is to be decided."""
    from saikne_schemas.refusals import AcceptRefusal

    async with connected() as hub:
        view, refusal = await _refused(hub, exchange)
        statement = compose(AcceptRefusal, exchange=exchange, refusal=refusal)
        accepted = await said_once(hub.tell, statement)
        await tell_done(console, hub, view, "accept-refusal.done")
    console.document(accepted)


async def _refused(hub: "Hub", exchange: UUID) -> "tuple[ExchangeView, UUID]":
    """The exchange as its requester sees it, and the refusal that was last said there."""
    view = await hub.exchange(exchange)
    for_side(view, SideRole.REQUESTER)
    if view.refusal is None:
        raise NothingRefused(exchange=str(exchange))
    return view, view.refusal.refusal
