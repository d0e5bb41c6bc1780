"""A family's move: begun by the new centre, dated by its notice, and done side by side by both centres.

Source: method S72-S85; domain 1.1; features N2, N3. Every verb ends by saying what comes next, by when. The
copies are asked for by an exchange of their own, which `request-copies` opens and names in one go.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.blocks import sha256_of
from saikne.command.asking import received_by
from saikne.command.connection import connected, proofs_of, said_once
from saikne.command.given import ProofFiles, centre_by, day, moment, person
from saikne.command.manners import verb
from saikne.command.matters import Matter, tell_duty
from saikne.command.speech import Console, word
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.family_move_words import (
    CourtChannel,
    FamilyMoveRole,
    FamilyMoveState,
    LateNoticeChoice,
    MoveCancelReason,
    NoticeChannel,
    OverrideReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DutyKind,
    ExchangeKind,
    LegalBasis,
    PasswordChannel,
    Purpose,
)

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.matters import MatterAccepted, MatterStatement

By = Annotated[str, typer.Option("--by", metavar="NAME;POSITION")]
Channel = Annotated[NoticeChannel, typer.Option("--channel")]


class MoveNotDated(LocalRefusal):
    """Copies are asked for when the day of the move is fixed, and once."""

    code = "move.not-dated"


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
) -> None:
    """Record that a family has agreed to move to this centre."""
    from saikne_schemas.family_moves import BeginFamilyMove

    async with connected() as hub:
        statement = compose(
            BeginFamilyMove,
            new=hub.credentials.centre,
            previous=centre_by(previous, await hub.centres()),
            family=family,
            children=child or [],
            agreement=agreement,
            agreed_on=agreed_on,
            territory=territory,
        )
        accepted = await said_once(hub.tell, statement)
        view = await _view(hub, accepted.matter)
    console.tell("move.begun", matter=accepted.matter)
    _finish(console, accepted, view)


@verb
async def notice(
    console: Console,
    matter: Matter,
    *,
    channel: Channel,
    received: Annotated[datetime, typer.Option("--received", parser=moment, metavar="YYYY-MM-DD HH:MM")],
    proof: ProofFiles = None,
) -> None:
    """Record when the family's notice reached this centre, with its evidence."""
    from saikne_schemas.family_moves import NoticeReceived

    said = {"channel": channel, "received_at": received}
    await _state(console, NoticeReceived, matter, said, proof or [])


@verb
async def notice_claimed(
    console: Console,
    matter: Matter,
    *,
    channel: Channel,
    sent: Annotated[datetime, typer.Option("--sent", parser=moment, metavar="YYYY-MM-DD HH:MM")],
    proof: ProofFiles = None,
) -> None:
    """Record that this centre holds evidence of the family's notice."""
    from saikne_schemas.family_moves import NoticeClaimed

    await _state(console, NoticeClaimed, matter, {"channel": channel, "sent_at": sent}, proof or [])


@verb
async def ask_notice(console: Console, matter: Matter) -> None:
    """Ask the previous centre whether the notice arrived."""
    from saikne_schemas.family_moves import AskNotice

    await _state(console, AskNotice, matter, {})


@verb
async def not_received(console: Console, matter: Matter) -> None:
    """Answer that no notice has reached this centre."""
    from saikne_schemas.family_moves import NoticeNotReceived

    await _state(console, NoticeNotReceived, matter, {})


@verb
async def decide(
    console: Console,
    matter: Matter,
    choice: Annotated[LateNoticeChoice, typer.Argument(metavar="CHOICE")],
    *,
    by: By,
) -> None:
    """Say whether this centre lets the family go or keeps to its right to continue."""
    from saikne_schemas.family_moves import DecideLateNotice

    await _state(console, DecideLateNotice, matter, {"choice": choice, "decided_by": person(by)})


@verb
async def override(
    console: Console,
    matter: Matter,
    *,
    effective_on: Annotated[date, typer.Option("--effective-on", parser=day, metavar="YYYY-MM-DD")],
    reason: Annotated[OverrideReason, typer.Option("--reason")],
    by: By,
) -> None:
    """Propose a day that the rule does not give."""
    from saikne_schemas.family_moves import OverrideDate

    said = {"effective_on": effective_on, "reason": reason, "proposed_by": person(by)}
    await _state(console, OverrideDate, matter, said)


@verb
async def confirm_override(
    console: Console,
    matter: Matter,
    *,
    by: By,
    proposal: Annotated[UUID, typer.Option("--proposal")],
) -> None:
    """Confirm the day that the other centre proposed."""
    from saikne_schemas.family_moves import ConfirmOverride

    await _state(console, ConfirmOverride, matter, {"override": proposal, "confirmed_by": person(by)})


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
    await _state(console, Registered, matter, said, meets=DutyKind.REGISTER)


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
        told = court or (await _view(hub, matter)).content.court
    said = {"court": told, "channel": channel, "sent_on": on}
    if letter is not None:
        said["letter_sha256"] = sha256_of(letter)[0].hex()
    await _state(console, CourtTold, matter, said, proof, meets=DutyKind.COURT_NOTICE)


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
    await _state(console, Talked, matter, said)


@verb
async def copies_asked(
    console: Console, matter: Matter, *, exchange: Annotated[UUID, typer.Option("--exchange")]
) -> None:
    """Name the exchange by which the copies were asked for."""
    from saikne_schemas.family_moves import CopiesAsked

    await _state(console, CopiesAsked, matter, {"exchange": exchange})


@verb
async def request_copies(
    console: Console,
    matter: Matter,
    *,
    receipt: Annotated[DeliveryChannel, typer.Option("--receipt")] = DeliveryChannel.HUB,
    password: Annotated[PasswordChannel | None, typer.Option("--password")] = None,
    proof: ProofFiles = None,
) -> None:
    """Ask the previous centre for the family's case and the children's IAPs, and name the exchange."""
    from saikne_schemas.family_moves import CopiesAsked
    from saikne_schemas.manifests import RequestForCopies

    async with connected() as hub:
        before = await _view(hub, matter)
        if before.state != FamilyMoveState.DATED or before.content.copies is not None:
            raise MoveNotDated(state=word("family_move.state", before.state))
        asking = compose(
            RequestForCopies,
            requester=hub.credentials.centre,
            holder=next(one.centre for one in before.parties if one.role == FamilyMoveRole.PREVIOUS),
            kind=ExchangeKind.FAMILY_CASE,
            family=before.content.family,
            children=before.content.children,
            legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
            purpose=Purpose.CONTINUITY_OF_SUPPORT,
            receipt=received_by(receipt, password),
            proofs=await proofs_of(hub, proof or []),
        )
        exchange = (await said_once(hub.tell, asking)).exchange
        asked = await hub.exchange(exchange)
        console.tell("request.done", exchange=exchange, holder=asked.holder_name, due=asked.due_on)
        accepted = await said_once(hub.tell, compose(CopiesAsked, matter=matter, exchange=exchange))
        view = await _view(hub, matter)
    _finish(console, accepted, view)


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

    await _state(console, Archived, matter, {"archived_on": on, "archive_reference": reference})


@verb
async def cancel(
    console: Console, matter: Matter, *, reason: Annotated[MoveCancelReason, typer.Option("--reason")]
) -> None:
    """Record, before its day, that the family does not move."""
    from saikne_schemas.family_moves import CancelMove

    await _state(console, CancelMove, matter, {"reason": reason})


async def _state(
    console: Console,
    kind: "type[MatterStatement]",
    matter: UUID,
    said: dict[str, Any],
    proof: Sequence[Path] | None = None,
    *,
    meets: DutyKind | None = None,
) -> None:
    """Send a statement with its proofs, if it has any; say how late it met its term, and what comes next."""
    async with connected() as hub:
        named = {} if proof is None else {"proofs": await proofs_of(hub, proof)}
        accepted = await said_once(hub.tell, compose(kind, matter=matter, **said, **named))
        view = await _view(hub, matter)
    _finish(console, accepted, view, meets)


async def _view(hub: "Hub", matter: UUID) -> "FamilyMoveView":
    from saikne_schemas.family_moves import FamilyMoveView

    return await hub.matter(FamilyMoveView, matter)


def _finish(
    console: Console, accepted: "MatterAccepted", view: "FamilyMoveView", meets: DutyKind | None = None
) -> None:
    console.tell("matter.taken", state=word("family_move.state", view.state))
    met = {one.met_at: one for one in view.duties if one.kind == meets and one.met_at}
    if met:
        tell_duty(console, met[max(met)], indent="  ")
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    if view.content.effective_on is not None:
        console.tell("move.effective", effective_on=view.content.effective_on)
    proposed, owed = view.content.override, [duty for duty in view.duties if duty.ended_at is None]
    if view.state == FamilyMoveState.DATED:
        console.tell("move.next.dated" if owed else "move.next.waiting")
    else:
        console.tell(f"move.next.{_awaited(view)}.{view.role}", matter=view.id)
    for duty in owed:
        tell_duty(console, duty, indent="  ")
    if proposed is not None:
        until = proposed.effective_on
        waits = "override_waits" if proposed.side == view.role else "override"
        console.tell(f"move.next.{waits}", matter=view.id, proposal=proposed.id, effective_on=until)
    console.document(accepted)


def _awaited(view: "FamilyMoveView") -> str:
    """What a move without a day waits for: its state, and whether the notice was asked about."""
    asked, denied = view.content.asked_at, view.content.not_received_at
    if view.state != FamilyMoveState.AGREED or not (asked or denied):
        return view.state
    return "denied" if denied and (asked is None or denied >= asked) else "asked"


VERBS = (
    ("begin", begin),
    ("notice", notice),
    ("notice-claimed", notice_claimed),
    ("ask-notice", ask_notice),
    ("not-received", not_received),
    ("decide", decide),
    ("override", override),
    ("confirm-override", confirm_override),
    ("registered", registered),
    ("court-told", court_told),
    ("talked", talked),
    ("request-copies", request_copies),
    ("copies-asked", copies_asked),
    ("archived", archived),
    ("cancel", cancel),
)
