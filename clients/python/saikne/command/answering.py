"""What the previous centre says: the answer with its documents, its dispatch, and reading a password out.

The same command given again goes on where the last one stopped. Source: method S47-S55, S78, S90.
"""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saikne.command.asking import Exchange, warn_of_weaker_way
from saikne.command.certifying import (
    DerivativeIs,
    Documents,
    Manifest,
    Officer,
    On,
    Organisation,
    OriginalIs,
    Position,
    WholeCase,
    WholeSet,
    certifier_of,
    given_by,
    tell_inscription,
)
from saikne.command.connection import connected, journal, proofs_of, said_once
from saikne.command.correcting import tell_remedies
from saikne.command.given import PERSON, GivenAnswer, departing_from_wish, person
from saikne.command.manners import verb
from saikne.command.missing import Because, EachBecause, check_reasons, why_missing
from saikne.command.owed import stands, tell_owed
from saikne.command.placed import placed
from saikne.command.speaking_for import side_of
from saikne.command.speech import Console, say, word
from saikne.problems import LocalRefusal
from saikne.statements import compose
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DepartureReason,
    Derivative,
    ExchangeState,
    Original,
    PasswordChannel,
    SideRole,
)

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.manifests import AnswerManifest
    from saikne_schemas.proofs import ProofRef
    from saikne_schemas.views import ExchangeView


class SpousesNotGiven(LocalRefusal):
    """A family's case must say how many spouses there are: each has a competence review (method S51)."""

    code = "answer.spouses-not-given"
    lacks = "spouses"


class OtherSide(LocalRefusal):
    """A step that is for the other centre of the exchange."""

    code = "exchange.other-side"
    not_now = True


@verb
async def answer(
    console: Console,
    exchange: Exchange,
    documents: Documents = None,
    *,
    manifest: Manifest = None,
    spouses: Annotated[int | None, typer.Option("--spouses", min=1, max=2)] = None,
    child: Annotated[list[str] | None, typer.Option("--child")] = None,
    officer: Officer = None,
    position: Position = None,
    organisation: Organisation = None,
    on: On = None,
    one_certification: WholeSet = False,
    original: OriginalIs = Original.PAPER,
    derivative: DerivativeIs = Derivative.COPY,
    whole_case: WholeCase = False,
    preview: Annotated[bool, typer.Option("--preview")] = False,
    dispatch: Annotated[bool, typer.Option("--dispatch/--no-dispatch")] = True,
    incomplete_because: Because = None,
    missing: EachBecause = None,
    way: Annotated[DeliveryChannel | None, typer.Option("--way")] = None,
    password: Annotated[PasswordChannel | None, typer.Option("--password")] = None,
    departure: Annotated[DepartureReason | None, typer.Option("--departure")] = None,
    certified_by: Annotated[Path | None, typer.Option("--certified-by", metavar="FILE")] = None,
) -> None:
    """Declare, send and dispatch the copies."""
    certifier = certifier_of(officer, position, organisation, on, whole_set=one_certification)
    given = given_by(
        documents, manifest, certifier, original=original, derivative=derivative, whole_case=whole_case
    )
    given = replace(
        given,
        spouses=spouses or given.spouses,
        children=[*given.children, *(child or [])],
        departing=departing_from_wish(way, password, departure),
    )
    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        proofs = await proofs_of(hub, [certified_by] if certified_by and not preview else [])
        declared = await _declared(console, view, given, proofs[0] if proofs else None)
        if preview:
            tell_inscription(console, declared)
            return
        view = await _sent(console, hub, declared, given)
        if dispatch:
            view = await _dispatched(console, hub, view, why_missing(view, incomplete_because, missing or []))
    console.tell("answer.now", state=word("state", view.state.value))
    warn_of_weaker_way(console, view)
    if not dispatch:
        console.tell("answer.not-dispatched")
    elif _password_channel(view) == PasswordChannel.VOICE:
        console.tell("answer.read-out", exchange=exchange, requester=view.requester_name)
    tell_remedies(console, view, "answer")
    console.document(view)


@verb
async def discard(console: Console, exchange: Exchange) -> None:
    """Take back an answer that was not dispatched."""
    from saikne_schemas.manifests import Discard

    async with connected() as hub:
        view = await hub.exchange(exchange)
        for_side(view, SideRole.HOLDER)
        number = round_of(view)
        accepted = await said_once(hub.tell, compose(Discard, exchange=exchange, round=number))
        view = await hub.exchange(exchange)
    journal().forget_answer(exchange, number)
    console.tell("statement.taken", state=word("state", accepted.state.value))
    tell_owed(console, view.duties, stands(view))
    console.document(accepted)


@verb
async def reveal(
    console: Console,
    exchange: Exchange,
    *,
    spoken_by: Annotated[str, typer.Option("--spoken-by", metavar=PERSON)],
) -> None:
    """Show the password once, to be read out."""
    from saikne_schemas.manifests import Reveal

    async with connected() as hub:
        number = round_of(await hub.exchange(exchange))
        statement = compose(Reveal, exchange=exchange, round=number, spoken_by=person(spoken_by))
        revealed = await said_once(hub.reveal, statement)
    if revealed.to is None:
        console.tell("reveal.done")
    else:
        console.tell("reveal.call", number=revealed.to)
    console.line(f"    {revealed.password}")
    console.document(revealed)


def _password_channel(view: "ExchangeView") -> str | None:
    """By which way it really goes; the wished one unless the answer departs from it."""
    sent = view.answer.password if view.answer else None
    return sent.channel if sent else view.receipt.password_channel


def for_side(view: "ExchangeView", side: SideRole) -> None:
    """Refuse here what only the other side can do, before anything is asked about it."""
    if side_of(view.role) is not side:
        name = view.holder_name if side is SideRole.HOLDER else view.requester_name
        raise OtherSide(given=name, exchange=str(view.id))


def round_of(view: "ExchangeView") -> int:
    """The round that is spoken about; before any answer the hub itself refuses."""
    return view.answer.round if view.answer else 1


async def _declared(
    console: Console, view: "ExchangeView", given: GivenAnswer, certified_by: "ProofRef | None"
) -> "AnswerManifest":
    """The manifest of this answer, read from the documents; nothing is sent."""
    from saikne.answer import NothingToAnswer, prepare_answer

    open_to_answer = (
        ExchangeState.REQUESTED,
        ExchangeState.PREPARING,
        ExchangeState.DISPUTED,
        ExchangeState.LAPSED,
    )
    if view.state not in open_to_answer:
        raise NothingToAnswer(state=word("state", view.state.value), exchange=str(view.id))
    if view.kind.value == "family_case" and given.spouses is None:
        raise SpousesNotGiven
    with console.transfer() as moved:
        declared = await prepare_answer(
            view.id,
            given.documents,
            spouses=given.spouses,
            children=placed(view, given.documents, given.children),
            certification=given.certification,
            certified_by=certified_by,
            departing=given.departing,
            accounted=view.kind.value == "family_case",
            progress=lambda done, total: moved(say("answer.reading"), done, total),
        )
    return _as_first_declared(view, declared)


async def _sent(
    console: Console, hub: "Hub", declared: "AnswerManifest", given: GivenAnswer
) -> "ExchangeView":
    from saikne.answer import send_answer

    names = {number: f"{number}. {file.path.name}" for number, file in enumerate(given.documents, start=1)}
    paths = {number: file.path for number, file in enumerate(given.documents, start=1)}
    with console.transfer() as moved:
        return await send_answer(
            hub, declared, paths, progress=lambda number, done, total: moved(names[number], done, total)
        )


def _as_first_declared(view: "ExchangeView", declared: "AnswerManifest") -> "AnswerManifest":
    """The identity of an earlier, interrupted attempt at this round, if its content was the same."""
    number = view.answer.round if view.answer else 0
    if view.state is not ExchangeState.PREPARING:
        number += 1
    return journal().answer(declared, number)


async def _dispatched(
    console: Console, hub: "Hub", view: "ExchangeView", why: dict[str, Any]
) -> "ExchangeView":
    from saikne_schemas.manifests import Dispatch

    check_reasons(view, why)
    number = round_of(view)
    statement = compose(Dispatch, exchange=view.id, round=number, **why)
    await said_once(hub.tell, statement)
    journal().forget_answer(view.id, number)
    view = await hub.exchange(view.id)
    if view.term is None:
        console.tell("answer.dispatched-unasked")
    else:
        console.tell("answer.dispatched", late=view.term.working_days_late, due=view.term.due_on)
    return view
