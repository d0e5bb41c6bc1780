"""What the new centre says first: the request for copies, and taking it back.

Source: method S57, S77, S108. References only; a name has no place in a request, but under a seal.
"""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.again import Again, begun
from saikne.command.connection import connected, counterpart, proofs_of, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import ProofFiles, StillNeeded
from saikne.command.hearing import tell_done
from saikne.command.manners import verb
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.numbering import number
from saikne.command.speaking_for import whose
from saikne.command.speech import Console, word
from saikne.statements import compose
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    DeliveryChannel,
    ExchangeKind,
    LegalBasis,
    PasswordChannel,
    Purpose,
    WithdrawReason,
)

if TYPE_CHECKING:
    from saikne_schemas.manifests import Receipt
    from saikne_schemas.views import ExchangeView

Exchange = Annotated[UUID, typer.Argument(metavar="ID", parser=number)]


@verb
async def request(
    console: Console,
    *,
    holder: Annotated[str, typer.Option("--holder")],
    kind: Annotated[ExchangeKind, typer.Option("--kind")],
    legal_basis: Annotated[LegalBasis, typer.Option("--legal-basis")],
    purpose: Annotated[Purpose, typer.Option("--purpose")],
    receipt: Annotated[DeliveryChannel, typer.Option("--receipt")],
    family: Annotated[str | None, typer.Option("--family")] = None,
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    password: Annotated[PasswordChannel | None, typer.Option("--password")] = None,
    proof: ProofFiles = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
    despite: Again = None,
) -> None:
    """Ask the previous centre for copies."""
    from saikne_schemas.manifests import RequestForCopies

    async with connected() as hub:
        asked_of = await counterpart(hub, holder)
        whom = Whom(identity, their_key, child or [])
        statement = compose(
            RequestForCopies,
            requester=whose(hub),
            holder=asked_of,
            kind=kind,
            family=family,
            children=child or [],
            legal_basis=legal_basis,
            purpose=purpose,
            receipt=received_by(receipt, password),
            proofs=await proofs_of(hub, proof or []),
            identities=await identities_of(console, hub, whom, [asked_of]),
        )
        accepted = await begun(console, hub.tell, statement, despite)
        view = await hub.exchange(accepted.exchange)
    tell_asked(console, view)
    console.tell("request.next", exchange=accepted.exchange)
    tell_remedies(console, view, "request")
    console.document({"accepted": accepted.model_dump(mode="json"), "exchange": view.model_dump(mode="json")})


@verb
async def withdraw(
    console: Console,
    exchange: Exchange,
    *,
    reason: Annotated[WithdrawReason, typer.Option("--reason")],
) -> None:
    """Take the request back."""
    from saikne_schemas.manifests import Withdrawal

    async with connected() as hub:
        accepted = await said_once(hub.tell, compose(Withdrawal, exchange=exchange, reason=reason))
        view, now = await hub.exchange(exchange), word("state", accepted.state.value)
        await tell_done(console, hub, view, "statement.taken", state=now)
    console.document(accepted)


def tell_asked(console: Console, view: "ExchangeView") -> None:
    """By when the answer is due; a centre outside of the hub knows of nothing before it has the letter."""
    outside = any(duty.owner_outside for duty in view.duties)
    said = "request.outside" if outside else "request.done"
    console.tell(said, exchange=view.id, holder=view.holder_name, due=view.due_on)
    warn_of_weaker_way(console, view)


def warn_of_weaker_way(console: Console, view: "ExchangeView") -> None:
    """Archive and password both go by mail: who reads the two mailboxes has everything."""
    if goes_weaker_way(view):
        console.warn("status.weaker-way")


def goes_weaker_way(view: "ExchangeView") -> bool:
    """As it was sent, or as it is wished."""
    if view.answer is None:
        return view.weaker_way
    return view.answer.password is not None and view.answer.password.weaker


def received_by(channel: DeliveryChannel, password: PasswordChannel | None) -> "Receipt":
    """What goes on paper has no password; by which way another's comes is chosen, as the way itself is."""
    from saikne_schemas.manifests import Receipt

    if password is None and channel not in PAPER_WAYS:
        raise StillNeeded("password")
    return Receipt(channel=channel, password_channel=password)
