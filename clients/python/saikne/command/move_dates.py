"""The day of a family's move: its notice, the previous centre's word and choice, and days that are proposed.

Source: method S74-S76, S82; domain 1.5; features N2.
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer

from saikne.command.connection import connected
from saikne.command.given import By, NeededProof, ProofFiles, day, moment, person
from saikne.command.known import proposed_day
from saikne.command.manners import verb
from saikne.command.matters import Matter
from saikne.command.moving import state, view_of
from saikne.command.speech import Console
from saikne_schemas.correction_words import CorrectionReason
from saikne_schemas.family_move_words import (
    LateNoticeChoice,
    NoticeChannel,
    ObjectionReason,
    OverrideReason,
)

Channel = Annotated[NoticeChannel, typer.Option("--channel")]
Proposal = Annotated[UUID | None, typer.Option("--proposal")]


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
    await state(console, NoticeReceived, matter, said, proof or [], act="move notice")


@verb
async def correct_notice(
    console: Console,
    matter: Matter,
    *,
    received: Annotated[datetime, typer.Option("--received", parser=moment, metavar="YYYY-MM-DD HH:MM")],
    reason: Annotated[CorrectionReason, typer.Option("--reason")],
    by: By,
    proof: ProofFiles = None,
) -> None:
    """Correct when the family's notice reached this centre."""
    from saikne_schemas.corrections import CorrectNotice

    said = {"received_at": received, "reason": reason, "corrected_by": person(by)}
    await state(console, CorrectNotice, matter, said, proof or [], act="move correct-notice")


@verb
async def notice_claimed(
    console: Console,
    matter: Matter,
    *,
    channel: Channel,
    sent: Annotated[datetime, typer.Option("--sent", parser=moment, metavar="YYYY-MM-DD HH:MM")],
    proof: NeededProof,
) -> None:
    """Record that this centre holds evidence of the family's notice."""
    from saikne_schemas.family_moves import NoticeClaimed

    await state(console, NoticeClaimed, matter, {"channel": channel, "sent_at": sent}, proof)


@verb
async def ask_notice(console: Console, matter: Matter) -> None:
    """Ask the previous centre whether the notice arrived."""
    from saikne_schemas.family_moves import AskNotice

    await state(console, AskNotice, matter, {})


@verb
async def not_received(console: Console, matter: Matter) -> None:
    """Answer that no notice has reached this centre."""
    from saikne_schemas.family_moves import NoticeNotReceived

    await state(console, NoticeNotReceived, matter, {})


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

    await state(console, DecideLateNotice, matter, {"choice": choice, "decided_by": person(by)})


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
    await state(console, OverrideDate, matter, said, act="move override")


@verb
async def confirm_override(
    console: Console,
    matter: Matter,
    *,
    by: By,
    proposal: Proposal = None,
) -> None:
    """Confirm the day that the other centre proposed."""
    from saikne_schemas.family_moves import ConfirmOverride

    async with connected() as hub:
        meant = proposed_day(await view_of(hub, matter), proposal)
    await state(console, ConfirmOverride, matter, {"override": meant, "confirmed_by": person(by)})


@verb
async def decline_override(
    console: Console,
    matter: Matter,
    *,
    by: By,
    proposal: Proposal = None,
) -> None:
    """Decline the day that the other centre proposed, or take back this centre's own."""
    from saikne_schemas.family_moves import DeclineOverride

    async with connected() as hub:
        meant = proposed_day(await view_of(hub, matter), proposal)
    await state(console, DeclineOverride, matter, {"override": meant, "declined_by": person(by)})


@verb
async def object_to_date(
    console: Console,
    matter: Matter,
    *,
    effective_on: Annotated[date, typer.Option("--effective-on", parser=day, metavar="YYYY-MM-DD")],
    reason: Annotated[ObjectionReason, typer.Option("--reason")],
    by: By,
) -> None:
    """Object to a day that was established without the previous centre, and name the right one."""
    from saikne_schemas.family_moves import ObjectToDate

    said = {"effective_on": effective_on, "reason": reason, "objected_by": person(by)}
    await state(console, ObjectToDate, matter, said)


VERBS = (
    ("notice", notice),
    ("correct-notice", correct_notice),
    ("notice-claimed", notice_claimed),
    ("ask-notice", ask_notice),
    ("not-received", not_received),
    ("decide", decide),
    ("override", override),
    ("confirm-override", confirm_override),
    ("decline-override", decline_override),
    ("object-to-date", object_to_date),
)
