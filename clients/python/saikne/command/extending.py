"""A later day for the answer: the previous centre proposes it, the new one agrees or not (method S78)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.answering import for_side
from saikne.command.asking import Exchange
from saikne.command.connection import connected, said_once
from saikne.command.given import day
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.speech import Console
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.vocabulary import ExtensionReason, SideRole

if TYPE_CHECKING:
    from saikne_schemas.views import ExchangeView

Proposal = Annotated[UUID | None, typer.Option("--proposal")]


class NothingProposed(LocalRefusal):
    """No later day is proposed."""

    code = "extension.nothing-proposed"
    not_now = True


@verb
async def propose_extension(
    console: Console,
    exchange: Exchange,
    *,
    until: Annotated[date, typer.Option("--until", parser=day, metavar="YYYY-MM-DD")],
    reason: Annotated[ExtensionReason, typer.Option("--reason")],
) -> None:
    """Propose a later day for the answer."""
    from saikne_schemas.extensions import ProposeExtension

    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        statement = compose(ProposeExtension, exchange=exchange, until=until, reason=reason)
        accepted = await said_once(hub.tell, statement)
        await tell_done(console, hub, view, "extension.proposed", until=until, requester=view.requester_name)
    console.document(accepted)


@verb
async def accept_extension(console: Console, exchange: Exchange, *, proposal: Proposal = None) -> None:
    """Agree to the later day that is proposed."""
    from saikne_schemas.extensions import AcceptExtension

    async with connected() as hub:
        meant = _proposal(await hub.exchange(exchange), proposal)
        statement = compose(AcceptExtension, exchange=exchange, proposal=meant)
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        if (term := view.term) is not None:
            days = {"due": term.due_on, "original": term.original_due_on}
            await tell_done(console, hub, view, "extension.accepted", **days)
    console.document(accepted)


@verb
async def decline_extension(console: Console, exchange: Exchange, *, proposal: Proposal = None) -> None:
    """Decline the later day that is proposed."""
    from saikne_schemas.extensions import DeclineExtension

    async with connected() as hub:
        view = await hub.exchange(exchange)
        statement = compose(DeclineExtension, exchange=exchange, proposal=_proposal(view, proposal))
        accepted = await said_once(hub.tell, statement)
        await tell_done(console, hub, view, "extension.declined", due=view.due_on)
    console.document(accepted)


def _proposal(view: "ExchangeView", given: UUID | None) -> UUID:
    """The proposal that is answered: the one that was named, else the one that stands."""
    for_side(view, SideRole.REQUESTER)
    if given is not None:
        return given
    if view.extension is None:
        raise NothingProposed(exchange=str(view.id))
    return view.extension.proposal
