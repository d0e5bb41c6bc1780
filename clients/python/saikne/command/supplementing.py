"""Asking for more within the same exchange: children placed since, forms found missing (features F19)."""

from typing import Annotated

import typer

from saikne.command.answering import for_side
from saikne.command.asking import Exchange
from saikne.command.connection import connected, said_once
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.speech import Console
from saikne.statements import compose
from saikne_schemas.vocabulary import FormType, SideRole, SupplementReason


@verb
async def supplement(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[SupplementReason, typer.Option("--reason")],
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    form: Annotated[list[FormType] | None, typer.Option("--form")] = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
) -> None:
    """Ask for more than was asked for at first."""
    from saikne_schemas.supplements import Supplement

    async with connected() as hub:
        before = await hub.exchange(exchange)
        for_side(before, SideRole.REQUESTER)
        whom = Whom(identity, their_key, [*before.children, *(child or [])])
        statement = compose(
            Supplement,
            exchange=exchange,
            children=child or [],
            forms=form or [],
            reason=reason,
            identities=await identities_of(console, hub, whom, [before.holder]),
        )
        await said_once(hub.tell, statement)
        view = await hub.exchange(exchange)
        await tell_done(console, hub, view, "supplement.done", holder=view.holder_name, due=view.due_on)
    console.document(view)
