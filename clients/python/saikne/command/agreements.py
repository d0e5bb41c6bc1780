"""A written agreement with another centre about signatures and passwords: recorded, confirmed, ended."""

from datetime import date
from typing import Annotated

import typer

from saikne.command.connection import connected, counterpart, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import SignedBy, day, person
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.speech import Console
from saikne.statements import compose
from saikne_schemas.vocabulary import SignaturesAgreed


@verb
async def record(
    console: Console,
    *,
    centre: Annotated[str, typer.Option("--with")],
    reference: Annotated[str, typer.Option("--reference")],
    signed_on: Annotated[date, typer.Option("--signed-on", parser=day, metavar="YYYY-MM-DD")],
    signed_by: SignedBy,
    valid_from: Annotated[date | None, typer.Option("--from", parser=day, metavar="YYYY-MM-DD")] = None,
    valid_to: Annotated[date | None, typer.Option("--to", parser=day, metavar="YYYY-MM-DD")] = None,
    signatures: Annotated[SignaturesAgreed, typer.Option("--signatures")] = SignaturesAgreed.PLAIN,
    password_by_mail: Annotated[bool, typer.Option("--password-by-mail")] = False,
) -> None:
    """Record a written agreement with another centre."""
    from saikne_schemas.agreements import AgreementView, ProposeAgreement

    async with connected() as hub:
        statement = compose(
            ProposeAgreement,
            proposer=hub.credentials.centre,
            addressee=await counterpart(hub, centre),
            reference=reference,
            signed_on=signed_on,
            valid_from=valid_from or signed_on,
            valid_to=valid_to,
            signatures=signatures,
            password_by_mail=password_by_mail,
            signed_by=person(signed_by),
        )
        accepted = await said_once(hub.tell, statement)
        view = await hub.matter(AgreementView, accepted.matter)
    console.tell("agreement.proposed", matter=accepted.matter)
    tell_remedies(console, view, "agreement record")
    if password_by_mail:
        console.warn("agreement.weaker-way")
    console.document(accepted)


@verb
async def accept(console: Console, matter: Matter, *, signed_by: SignedBy) -> None:
    """Confirm an agreement that the other centre recorded."""
    from saikne_schemas.agreements import AcceptAgreement

    statement = compose(AcceptAgreement, matter=matter, signed_by=person(signed_by))
    await state(console, statement)


@verb
async def refuse(console: Console, matter: Matter) -> None:
    """Refuse an agreement, or take back one's own before it is confirmed."""
    from saikne_schemas.agreements import RefuseAgreement

    await state(console, compose(RefuseAgreement, matter=matter))


@verb
async def end(
    console: Console,
    matter: Matter,
    *,
    last_day: Annotated[date, typer.Option("--last-day", parser=day, metavar="YYYY-MM-DD")],
) -> None:
    """End an agreement that is in force."""
    from saikne_schemas.agreements import EndAgreement

    await state(console, compose(EndAgreement, matter=matter, last_day=last_day))


VERBS = (("record", record), ("accept", accept), ("refuse", refuse), ("end", end))
