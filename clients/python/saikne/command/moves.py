"""A family's move: begun by the new centre, dated by its notice, and done side by side by both centres.

Source: method S72-S85; domain 1.1; features N2, N3. Every verb ends by saying what comes next, by when. The
copies are asked for by an exchange of their own, which `request-copies` opens and names in one go.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from saikne.blocks import sha256_of
from saikne.command import move_dates
from saikne.command.again import Again, begun
from saikne.command.asking import received_by, tell_asked
from saikne.command.connection import connected, counterpart, proofs_of, said_once
from saikne.command.given import By, ProofFiles, day, person
from saikne.command.manners import verb
from saikne.command.matters import Matter
from saikne.command.moving import finish, state, view_of
from saikne.command.naming import Compared, IdentityFile, Whom, identities_of
from saikne.command.numbering import OfExchange
from saikne.command.speaking_for import whose
from saikne.command.speech import Console, word
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.correction_words import CorrectionReason
from saikne_schemas.family_move_words import (
    CourtChannel,
    FamilyMoveRole,
    FamilyMoveState,
    MoveCancelReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.vocabulary import (
    CopiesGivenUp,
    DeliveryChannel,
    DutyKind,
    ExchangeKind,
    LegalBasis,
    PasswordChannel,
    Purpose,
)


class MoveNotDated(LocalRefusal):
    """Copies are asked for when the day of the move is fixed, and once."""

    code = "move.not-dated"
    not_now = True


@verb
async def begin(
    console: Console,
    *,
    previous: Annotated[str, typer.Option("--previous")],
    family: Annotated[str, typer.Option("--family")],
    agreement: Annotated[str, typer.Option("--agreement")],
    agreed_on: Annotated[date, typer.Option("--agreed-on", parser=day, metavar="YYYY-MM-DD")],
    territory: Annotated[str, typer.Option("--territory")],
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
    despite: Again = None,
) -> None:
    """Record that a family has agreed to move to this centre."""
    from saikne_schemas.family_moves import BeginFamilyMove

    async with connected() as hub:
        before = await counterpart(hub, previous)
        statement = compose(
            BeginFamilyMove,
            new=whose(hub),
            previous=before,
            family=family,
            children=child or [],
            agreement=agreement,
            agreed_on=agreed_on,
            territory=territory,
            identities=await identities_of(console, hub, Whom(identity, their_key, child or []), [before]),
        )
        accepted = await begun(console, hub.tell, statement, despite)
        view = await view_of(hub, accepted.matter)
    console.tell("move.begun", matter=accepted.matter)
    finish(console, accepted, view, act="move begin")


@verb
async def registered(
    console: Console,
    matter: Matter,
    *,
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    by: By,
    register_id: Annotated[str | None, typer.Option("--register-id")] = None,
) -> None:
    """Record that the move is entered in AĢIS."""
    from saikne_schemas.family_moves import Registered

    said = {"registered_on": on, "registered_by": person(by), "register_id": register_id}
    await state(console, Registered, matter, said, meets=DutyKind.REGISTER, act="move registered")


@verb
async def correct_registration(
    console: Console,
    matter: Matter,
    *,
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    reason: Annotated[CorrectionReason, typer.Option("--reason")],
    by: By,
) -> None:
    """Correct on which day the move was entered in AĢIS."""
    from saikne_schemas.corrections import CorrectRegistration

    said = {"registered_on": on, "reason": reason, "corrected_by": person(by)}
    act = "move correct-registration"
    await state(console, CorrectRegistration, matter, said, meets=DutyKind.REGISTER, act=act)


@verb
async def court_told(
    console: Console,
    matter: Matter,
    *,
    channel: Annotated[CourtChannel, typer.Option("--channel")],
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    proof: Annotated[list[Path], typer.Option("--proof", metavar="FILE")],
    court: Annotated[str | None, typer.Option("--court")] = None,
    letter: Annotated[Path | None, typer.Option("--letter", metavar="FILE")] = None,
) -> None:
    """Record that the orphans' court was told in writing."""
    from saikne_schemas.family_moves import CourtTold

    async with connected() as hub:
        told = court or (await view_of(hub, matter)).content.court
    said = {"court": told, "channel": channel, "sent_on": on}
    if letter is not None:
        said["letter_sha256"] = sha256_of(letter)[0].hex()
    await state(console, CourtTold, matter, said, proof, meets=DutyKind.COURT_NOTICE)


@verb
async def talked(
    console: Console,
    matter: Matter,
    *,
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    form: Annotated[TalkForm, typer.Option("--form")],
    topic: Annotated[list[TalkTopic], typer.Option("--topic")],
    psychologist: Annotated[bool, typer.Option("--psychologist")] = False,
    agreed_by_both: Annotated[bool, typer.Option("--agreed-by-both")] = False,
) -> None:
    """Record the talk of the two centres' social workers."""
    from saikne_schemas.family_moves import Talked

    said = {"held_on": on, "form": form, "topics": topic}
    said |= {"psychologist": psychologist, "agreed_by_both": agreed_by_both}
    await state(console, Talked, matter, said)


@verb
async def copies_asked(
    console: Console,
    matter: Matter,
    *,
    exchange: OfExchange,
) -> None:
    """Name the exchange by which the copies were asked for."""
    from saikne_schemas.family_moves import CopiesAsked

    await state(console, CopiesAsked, matter, {"exchange": exchange})


@verb
async def request_copies(
    console: Console,
    matter: Matter,
    *,
    receipt: Annotated[DeliveryChannel, typer.Option("--receipt")],
    password: Annotated[PasswordChannel | None, typer.Option("--password")] = None,
    proof: ProofFiles = None,
    identity: IdentityFile = None,
    their_key: Compared = None,
    despite: Again = None,
) -> None:
    """Ask the previous centre for the family's case and the children's IAPs, and name the exchange."""
    from saikne_schemas.family_moves import CopiesAsked
    from saikne_schemas.manifests import RequestForCopies

    async with connected() as hub:
        before = await view_of(hub, matter)
        if before.state != FamilyMoveState.DATED or before.content.copies is not None:
            raise MoveNotDated(state=word("family_move.state", before.state), matter=str(matter))
        holder = next(one.centre for one in before.parties if one.role == FamilyMoveRole.PREVIOUS)
        whom = Whom(identity, their_key, before.content.children)
        asking = compose(
            RequestForCopies,
            requester=whose(hub),
            holder=holder,
            kind=ExchangeKind.FAMILY_CASE,
            family=before.content.family,
            children=before.content.children,
            legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
            purpose=Purpose.CONTINUITY_OF_SUPPORT,
            receipt=received_by(receipt, password),
            proofs=await proofs_of(hub, proof or []),
            identities=await identities_of(console, hub, whom, [holder]),
        )
        named = "move.copies-asked.instead"
        exchange = (await begun(console, hub.tell, asking, despite, instead=named, matter=matter)).exchange
        asked = await hub.exchange(exchange)
        tell_asked(console, asked)
        accepted = await said_once(hub.tell, compose(CopiesAsked, matter=matter, exchange=exchange))
        view = await view_of(hub, matter)
    finish(console, accepted, view)


@verb
async def copies_given_up(
    console: Console, matter: Matter, *, reason: Annotated[CopiesGivenUp, typer.Option("--reason")], by: By
) -> None:
    """Say that this centre does without the copies."""
    from saikne_schemas.family_moves import GiveUpCopies

    await state(console, GiveUpCopies, matter, {"reason": reason, "given_up_by": person(by)})


@verb
async def archived(
    console: Console,
    matter: Matter,
    *,
    on: Annotated[date, typer.Option("--on", parser=day, metavar="YYYY-MM-DD")],
    reference: Annotated[str, typer.Option("--reference")],
) -> None:
    """Record that the family's case is archived."""
    from saikne_schemas.family_moves import Archived

    await state(console, Archived, matter, {"archived_on": on, "archive_reference": reference})


@verb
async def cancel(
    console: Console, matter: Matter, *, reason: Annotated[MoveCancelReason, typer.Option("--reason")]
) -> None:
    """Record, before its day, that the family does not move."""
    from saikne_schemas.family_moves import CancelMove

    await state(console, CancelMove, matter, {"reason": reason})


VERBS = (
    ("begin", begin),
    *move_dates.VERBS,
    ("registered", registered),
    ("correct-registration", correct_registration),
    ("court-told", court_told),
    ("talked", talked),
    ("request-copies", request_copies),
    ("copies-asked", copies_asked),
    ("copies-given-up", copies_given_up),
    ("archived", archived),
    ("cancel", cancel),
)
