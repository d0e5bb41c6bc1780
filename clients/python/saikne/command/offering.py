"""Telling the next centre about a child before it moves, unasked (method S106; domain 1.2)."""

from typing import Annotated

import typer

from saikne.command.asking import Exchange, warn_of_weaker_way
from saikne.command.connection import connected, counterpart, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.speaking_for import whose
from saikne.command.speech import Console
from saikne.statements import compose
from saikne_schemas.correction_words import OfferTakenBack
from saikne_schemas.vocabulary import DeliveryChannel, LegalBasis, PasswordChannel


@verb
async def offer(
    console: Console,
    *,
    receiver: Annotated[str, typer.Option("--receiver")],
    child: Annotated[str, typer.Option("--child")],
    receipt: Annotated[DeliveryChannel, typer.Option("--receipt")],
    password: Annotated[PasswordChannel, typer.Option("--password")],
    legal_basis: Annotated[LegalBasis, typer.Option("--legal-basis")] = LegalBasis.METHOD_CHILD_MOVE,
    identity: IdentityFile = None,
    their_key: Compared = None,
) -> None:
    """Open an exchange in which this centre tells about a child."""
    from saikne_schemas.manifests import Receipt
    from saikne_schemas.offers import Offer

    async with connected() as hub:
        told = await counterpart(hub, receiver)
        statement = compose(
            Offer,
            holder=whose(hub),
            receiver=told,
            child=child,
            legal_basis=legal_basis,
            receipt=Receipt(channel=receipt, password_channel=password),
            identities=await identities_of(console, hub, Whom(identity, their_key, [child]), [told]),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.exchange(accepted.exchange)
        facts = {"exchange": accepted.exchange, "receiver": view.requester_name}
        await tell_done(console, hub, view, "offer.done", **facts)
    warn_of_weaker_way(console, view)
    console.tell("offer.next", exchange=accepted.exchange, child=child)
    tell_remedies(console, view, "offer")
    console.document({"accepted": accepted.model_dump(mode="json"), "exchange": view.model_dump(mode="json")})


@verb
async def take_back(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[OfferTakenBack, typer.Option("--reason")],
) -> None:
    """Take back what was offered and not sent."""
    from saikne_schemas.offers import TakeOfferBack

    async with connected() as hub:
        view = await hub.exchange(exchange)
        accepted = await said_once(hub.tell, compose(TakeOfferBack, exchange=exchange, reason=reason))
        await tell_done(console, hub, view, "offer.taken-back", receiver=view.requester_name)
    console.document(accepted)
