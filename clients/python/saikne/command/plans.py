"""A family's support plan: stated to the hub without its texts, and sent to the family, by it or from here.

Source: method S50, S131-S135. Where the hub sends it, it gets the plan's file and the family's address and
telephone, seals them, and forgets them with the family's answer. Where the centre sends it itself, they stay
on this machine: only a digest and a mask of them are stated.
"""

import asyncio
import re
import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.blocks import sha256_of
from saikne.command import talks
from saikne.command.choices import listed
from saikne.command.connection import connected, proofs_of, said_once
from saikne.command.given import ProofFiles, day
from saikne.command.manners import verb
from saikne.command.matters import Matter, state
from saikne.command.plan_answers import check_options
from saikne.command.replacing import SentAlready, check_same_file
from saikne.command.speech import Console, say, word
from saikne.statements import compose
from saikne_schemas.brought import opened
from saikne_schemas.latvian_values import meant
from saikne_schemas.plan_lists import (
    ActivityMark,
    ActivityParty,
    ArchiveChannel,
    CompetenceCategory,
    ConfirmedHow,
    FamilyTells,
    PlanClosedBecause,
    PlanPasswordChannel,
    PlanState,
    ServiceKind,
)

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.plans import PlannedActivity, SignedActivity, SupportPlanView

FIELDS = ("added", "competence", "actions", "parties", "term", "notes", "progress", "agreement")
"""The eight fields of an activity, in the plan's order (method S50)."""
_Day = Annotated[date, typer.Option(parser=day, metavar="YYYY-MM-DD")]
_PlanFile = Annotated[Path, typer.Argument(metavar="PLAN")]
_OtherFile = Annotated[bool | None, typer.Option("--other-file")]
_Number = Annotated[int, typer.Argument(metavar="NO")]
_PARTS = 4


def _activity(written: str, number: int) -> "PlannedActivity":
    """`CATEGORY;ADDED;ENDS;PARTY,PARTY`."""
    from saikne_schemas.plans import PlannedActivity

    parts = [part.strip() for part in written.split(";")]
    category = meant(CompetenceCategory, parts[0])
    if len(parts) != _PARTS or category is None:
        known = listed(tuple(CompetenceCategory))
        message = say("usage.not-an-activity", given=written, categories=known)
        raise typer.BadParameter(message, param_hint="--activity")
    parties = {party.strip(): meant(ActivityParty, party) for party in parts[3].split(",")}
    if unknown := sorted(party for party, known_as in parties.items() if known_as is None):
        known = listed(tuple(ActivityParty))
        raise typer.BadParameter(say("usage.not-a-party", given=", ".join(unknown), parties=known))
    return PlannedActivity(
        no=number,
        category=category,
        added_on=day(parts[1]),
        ends_on=day(parts[2]),
        parties=list(filter(None, parties.values())),
    )


def _signed(written: str) -> "SignedActivity":
    """`NUMBER=DAY`."""
    from saikne_schemas.plans import SignedActivity

    number, _, on = written.partition("=")
    if not number.isdecimal():
        raise typer.BadParameter(say("usage.not-a-signature", given=written))
    return SignedActivity(no=int(number), on=day(on))


def telephone(written: str) -> str:
    """As people write it: `20 000 041`, `+371 20000041`; a number of eight digits is a Latvian one."""
    digits = re.sub(r"[ ()-]", "", written)
    return f"+371{digits}" if re.fullmatch(r"\d{8}", digits) else digits


async def _digest(file: Path) -> str:
    digest, _ = await asyncio.to_thread(sha256_of, file)
    return digest.hex()


@verb
async def begin(
    console: Console,
    plan: _PlanFile,
    *,
    family: Annotated[str, typer.Option("--family")],
    year: Annotated[int, typer.Option("--year")],
    talk_on: _Day,
    activity: Annotated[list[str], typer.Option("--activity", metavar="CATEGORY;ADDED;ENDS;PARTIES")],
    evaluation_on: Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD")] = None,
) -> None:
    """State a family's support plan that was drawn up."""
    from saikne_schemas.plans import SupportPlan

    async with connected() as hub:
        statement = compose(
            SupportPlan,
            centre=hub.credentials.centre,
            family=family,
            year=year,
            talk_on=talk_on,
            evaluation_on=evaluation_on,
            plan_sha256=await _digest(plan),
            activities=[_activity(one, number) for number, one in enumerate(activity, start=1)],
        )
        accepted = await said_once(hub.tell, statement)
    console.tell("plan.begun", matter=accepted.matter, file=shlex.quote(str(plan)))
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    console.document(accepted)


@verb
def pack(
    console: Console,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    *,
    to: Annotated[Path, typer.Option("--to", metavar="DIR")],
) -> None:
    """Pack a plan for its family: an encrypted archive and, apart from it, its password."""
    from saikne.plan_archive import pack_plan

    packed = pack_plan(files, to)
    console.tell("plan.packed.archive", archive=packed.archive)
    console.tell("plan.packed.password", file=packed.password_file)
    console.tell("plan.packed.next", archive=packed.archive)
    console.document(
        {"archive": packed.archive, "password_file": packed.password_file, "sha256": packed.sha256}
    )


@verb
async def send(
    console: Console,
    matter: Matter,
    files: Annotated[list[Path], typer.Argument(metavar="PLAN [FILE...]")],
    *,
    address: Annotated[str, typer.Option("--address", metavar="E-MAIL")],
    phone: Annotated[str, typer.Option("--phone", parser=telephone, metavar="NUMBER")],
    again: Annotated[bool | None, typer.Option("--again")] = None,
    other_file: _OtherFile = None,
) -> None:
    """Let the hub send the plan: the archive by mail, its password by SMS."""
    from saikne.plan_sending import send_plan

    for file in files:
        opened(file).close()  # a wrong path is told before the hub is asked
    names = {number: f"{number}. {file.name}" for number, file in enumerate(files, start=1)}
    async with connected() as hub:
        before = await _shown(hub, matter)
        check_same_file(before, await _digest(files[0]), other=other_file)
        if before.state == PlanState.SENT and not again:
            raise SentAlready(before.content.sent_on, asks=again is None)
        with console.transfer() as moved:
            accepted = await send_plan(
                hub,
                matter,
                files,
                email=address.strip(),
                phone=phone,
                progress=lambda number, done, total: moved(names[number], done, total),
            )
        view = await _shown(hub, matter)
    if view.content.sending is not None:
        named = shlex.join(map(str, files))
        console.tell("plan.sending", matter=matter, until=view.content.sending.answer_by, files=named)
    console.document(accepted)


async def _shown(hub: "Hub", matter: UUID) -> "SupportPlanView":
    from saikne_schemas.plans import SupportPlanView

    return await hub.matter(SupportPlanView, matter)


async def _number(hub: "Hub", matter: UUID) -> int:
    """Of the hub's last sending; 1 where there was none: the hub then says what is the matter."""
    sending = (await _shown(hub, matter)).content.sending
    return sending.number if sending else 1


@verb
async def prolong(console: Console, matter: Matter) -> None:
    """Give the family more time to answer; as long the hub can send the password once more."""
    from saikne_schemas.plan_sendings import PlanProlong

    async with connected() as hub:
        number = await _number(hub, matter)
    await state(console, compose(PlanProlong, matter=matter, number=number))


@verb
async def hand_over_again(console: Console, matter: Matter) -> None:
    """Let the hub send the password to the family's telephone once more."""
    from saikne_schemas.plan_sendings import PlanPasswordAgain

    async with connected() as hub:
        number = await _number(hub, matter)
    await state(console, compose(PlanPasswordAgain, matter=matter, number=number))
    console.tell("plan.password-again")


@verb
async def sent(
    console: Console,
    matter: Matter,
    plan: _PlanFile,
    *,
    archive: Annotated[Path, typer.Option("--archive")],
    address: Annotated[str, typer.Option("--address")],
    password_by: Annotated[PlanPasswordChannel, typer.Option("--password-by")],
    on: _Day,
    other_file: _OtherFile = None,
) -> None:
    """State that the centre itself sent archive and password, each by its own way."""
    from saikne.plan_archive import masked, require_sealed
    from saikne_schemas.plans import PlanSent

    await asyncio.to_thread(require_sealed, archive)
    digest = await _digest(plan)
    async with connected() as hub:
        check_same_file(await _shown(hub, matter), digest, other=other_file)
    statement = compose(
        PlanSent,
        matter=matter,
        sent_on=on,
        plan_sha256=digest,
        archive_sha256=await _digest(archive),
        archive_channel=ArchiveChannel.EMAIL,
        password_channel=password_by,
        address=masked(address),
    )
    await state(console, statement)
    console.tell("plan.sent", matter=matter)


@verb
async def confirmed(
    console: Console,
    matter: Matter,
    *,
    how: Annotated[ConfirmedHow, typer.Option("--how")],
    on: _Day,
    corrections: Annotated[bool | None, typer.Option("--corrections/--no-corrections")] = None,
    agreed: Annotated[bool | None, typer.Option("--agreed/--not-agreed")] = None,
    signed: Annotated[list[str] | None, typer.Option("--signed", metavar="NO=DAY")] = None,
    proof: ProofFiles = None,
) -> None:
    """State the family's answer: e-signed, in three parts, or signed in person."""
    from saikne_schemas.plans import PlanConfirmed

    check_options(how, corrections=corrections, agreed=agreed, signed=signed)
    async with connected() as hub:
        proofs = await proofs_of(hub, proof or [])
    statement = compose(
        PlanConfirmed,
        matter=matter,
        how=how,
        confirmed_on=on,
        proofs=proofs,
        received=True if how is ConfirmedHow.THREE_PART else None,
        corrections_needed=corrections,
        agreed=agreed,
        signed=[_signed(one) for one in signed or []],
    )
    await state(console, statement)


@verb
async def add(
    console: Console,
    matter: Matter,
    number: _Number,
    plan: _PlanFile,
    *,
    activity: Annotated[str, typer.Option("--activity", metavar="CATEGORY;ADDED;ENDS;PARTIES")],
) -> None:
    """State an activity that was added to the plan during the year, under its number there."""
    from saikne_schemas.plans import ActivityAdded

    statement = compose(
        ActivityAdded,
        matter=matter,
        activity=_activity(activity, number),
        plan_sha256=await _digest(plan),
    )
    await state(console, statement)
    console.tell("plan.added")


@verb
async def done(
    console: Console,
    matter: Matter,
    number: _Number,
    *,
    on: _Day,
    mark: Annotated[ActivityMark, typer.Option("--mark")] = ActivityMark.DONE,
) -> None:
    """State that an activity is done, or is no longer relevant."""
    from saikne_schemas.plans import ActivityEnded

    await state(console, compose(ActivityEnded, matter=matter, no=number, mark=mark, on=on))


@verb
async def close(
    console: Console,
    matter: Matter,
    *,
    reason: Annotated[PlanClosedBecause, typer.Option("--reason")],
    on: _Day,
    exit_talk_on: Annotated[date | None, typer.Option(parser=day, metavar="YYYY-MM-DD")] = None,
) -> None:
    """Close a plan: its year is over, or the cooperation has ended."""
    from saikne_schemas.plans import PlanClosed

    statement = compose(PlanClosed, matter=matter, reason=reason, closed_on=on, exit_talk_on=exit_talk_on)
    await state(console, statement)


@verb
async def service(
    console: Console,
    matter: Matter,
    kind: Annotated[ServiceKind, typer.Argument(metavar="KIND")],
    *,
    on: _Day,
    family_agreed: Annotated[bool, typer.Option("--family-agreed")] = False,
) -> None:
    """Write down a service that the centre gave beside the plan."""
    from saikne_schemas.plans import ServiceGiven

    statement = compose(ServiceGiven, matter=matter, service=kind, on=on, family_agreed=family_agreed)
    await state(console, statement)


@verb
async def reported(
    console: Console,
    matter: Matter,
    what: Annotated[FamilyTells, typer.Argument(metavar="KIND")],
    *,
    on: _Day,
) -> None:
    """Write down what the family told at once."""
    from saikne_schemas.plans import FamilyReported

    await state(console, compose(FamilyReported, matter=matter, what=what, on=on))


@verb
def form(console: Console) -> None:
    """Print an empty form of one activity with its eight fields."""
    console.tell("plan.form")
    for number, field in enumerate(FIELDS, start=1):
        console.line(f"{number}. {word('plan.form', field)}:\n   ______________________________")
    console.document({field: word("plan.form", field) for field in FIELDS})


VERBS = (
    ("begin", begin),
    ("pack", pack),
    ("send", send),
    ("prolong", prolong),
    ("hand-over-again", hand_over_again),
    ("sent", sent),
    ("confirmed", confirmed),
    ("add", add),
    ("done", done),
    ("service", service),
    ("reported", reported),
    ("close", close),
    ("form", form),
    *talks.VERBS,
)
