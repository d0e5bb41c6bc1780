"""Registrations in AĢIS by machine: sealed and handed over, followed, taken up again, taken back.

Source: method S80; domain 3.3; features N10. Names and codes are sealed to the register's key on this
machine; the hub passes them on and cannot read them. Where it has no machine way, the worksheet is the way.
"""

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from saikne.command.connection import connected, said_once
from saikne.command.given import By, person
from saikne.command.manners import verb
from saikne.command.matters import Matter
from saikne.command.registering import (
    AgisId,
    Children,
    FactsFile,
    OfKind,
    Spouses,
    complete,
    dated,
    due_by,
    typed,
)
from saikne.command.registration_steps import SHORT_KEY, key_of, tell_next_step
from saikne.command.speech import Console, say, word
from saikne.command.speech import known as worded
from saikne.problems import HubRefusal, LocalRefusal
from saikne.statements import compose
from saikne_schemas.moments import for_people
from saikne_schemas.register_words import RegistrationState, WithdrawalReason

if TYPE_CHECKING:
    from datetime import date

    from saikne.hub import Hub
    from saikne.installation import Installation
    from saikne.sealed_journal import ToRegister
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.matters import About
    from saikne_schemas.registrations import AttemptView, RegistrationLine, RegistrationView

Key = Annotated[str, typer.Argument(metavar="KEY")]


class NoMachineWay(LocalRefusal):
    """Through this hub the register is not reached by machine."""

    code = "register.no-machine-way"


class FactsIncomplete(LocalRefusal):
    """Who is meant was not said; `given` names the options that say it."""

    code = "register.incomplete"


class AlreadyInRegister(LocalRefusal):
    """The register has confirmed this move; sending it again would be a correction."""

    code = "register.already-there"
    not_now = True


@verb
async def register(
    console: Console,
    matter: Matter,
    *,
    by: By,
    facts: FactsFile = None,
    agis_id: AgisId = None,
    spouse: Spouses = None,
    child: Children = None,
    specialised: OfKind = None,
    register_key: Annotated[str | None, typer.Option("--register-key", metavar="THUMBPRINT")] = None,
    correct: Annotated[bool, typer.Option("--correct")] = False,
) -> None:
    """Seal the facts of a family's move and hand them over for entry in AĢIS."""
    from saikne.installation import Installation
    from saikne.register_facts import facts_to_seal, family_facts
    from saikne.register_keys import RegisterKeys
    from saikne.sealed_journal import ToRegister
    from saikne_schemas.family_moves import FamilyMoveView
    from saikne_schemas.register_entries import registration_key

    known = family_facts(facts, typed(spouse, child) | {"agis_id": agis_id, "specialised": specialised})
    installation = Installation.at()
    async with connected(installation) as hub:
        move = await hub.matter(FamilyMoveView, matter)
        effective_on, reached = dated(move), await hub.register()
        if not reached.machine or not reached.keys:
            raise NoMachineWay(matter=str(matter))
        complete(move.content.children, known, FactsIncomplete)
        key = registration_key(matter, effective_on, installation.centre)
        if not correct:
            await _not_there_yet(hub, move, key)
        wish = ToRegister(
            matter=matter,
            facts=facts_to_seal(known, move.content, key),
            jwk=RegisterKeys(installation.home).chosen(reached.keys, register_key),
            by=person(by),
        )
        view = await _handed_over(hub, installation, wish)
    own, other = due_by(move)
    console.tell("register.sealed", kid=wish.jwk["kid"])
    _tell(console, view)
    console.tell("register.due", due=own.on, calendar=say(f"calendar.{own.calendar}"))
    due = [{"calendar": one.calendar, "on": one.on, "own": one.own} for one in (own, other)]
    console.document({"registration": view, "due": due})


async def _not_there_yet(hub: "Hub", move: "FamilyMoveView", key: UUID) -> None:
    """What the register has confirmed is put right only by somebody who means to."""
    entered = move.content.registered
    if entered is None or entered.registration != key:
        return
    if (await hub.registration(key)).state is RegistrationState.ACKNOWLEDGED:
        given = f"{entered.register_id}, {entered.registered_on}"
        raise AlreadyInRegister(
            given=given, register_id=entered.register_id, on=entered.registered_on, key=str(key)
        )


async def _handed_over(hub: "Hub", installation: "Installation", wish: "ToRegister") -> "RegistrationView":
    """State it and send the sealed bytes; what an earlier run began is finished."""
    from saikne.register_keys import RegisterKeys
    from saikne.sealed_journal import SealedJournal

    book, key = SealedJournal(installation.home), wish.facts.key
    made = book.pending(wish)
    RegisterKeys(installation.home).used(wish.jwk["kid"])
    try:
        await hub.tell(made.statement)
        view = await hub.send_sealed(key, made.sealed)
    except HubRefusal:
        book.taken(key)
        raise
    book.taken(key)
    return view


@verb
async def registrations(
    console: Console, *, state: Annotated[RegistrationState | None, typer.Option("--state")] = None
) -> None:
    """Every registration of this centre, and whom it waits for."""
    async with connected() as hub:
        items = [item async for item in hub.registrations(state)]
        own = hub.credentials.centre
        others = any(one.centre != own for one in items)
        names = {one.id: one.name for one in await hub.centres()} if others else {}
    if not items:
        console.tell("registrations.empty")
    console.table([_row(one, names) for one in items])
    console.document(items)


def _row(line: "RegistrationLine", names: dict[UUID, str]) -> "list[str | date]":
    """On the register's side with the centre that registers."""
    waits_for = word("registration.waits", line.waits_for.value) if line.waits_for else ""
    return [
        str(line.key)[:SHORT_KEY],
        str(line.matter),
        line.effective_on,
        word("registration.state", line.state.value),
        waits_for,
        *([names.get(line.centre, str(line.centre))] if names else []),
        line.next_at or "",
    ]


@verb
async def registration(console: Console, key: Key) -> None:
    """One registration with every attempt."""
    async with connected() as hub:
        view = await hub.registration(await key_of(hub, key))
    _tell(console, view)
    if view.tried:
        console.tell("registration.attempts")
    for attempt in view.tried:
        _tell_attempt(console, attempt)
    console.document(view)


@verb
async def register_again(console: Console, key: Key, *, by: By) -> None:
    """Let the machines go on with a registration."""
    from saikne_schemas.registrations import TryRegistrationAgain

    await _state(console, TryRegistrationAgain, key, {"decided_by": person(by)})


@verb
async def register_withdraw(
    console: Console,
    key: Key,
    *,
    reason: Annotated[WithdrawalReason, typer.Option("--reason")],
    by: By,
) -> None:
    """Take a registration back."""
    from saikne_schemas.registrations import WithdrawRegistration

    await _state(console, WithdrawRegistration, key, {"reason": reason, "decided_by": person(by)})


async def _state(console: Console, kind: "type[About]", key: str, said: dict[str, Any]) -> None:
    """Say something about a registration; its move is asked of the hub."""
    async with connected() as hub:
        before = await hub.registration(await key_of(hub, key))
        accepted = await said_once(hub.tell, compose(kind, matter=before.matter, key=before.key, **said))
        view = await hub.registration(before.key)
    for warning in accepted.warnings:
        console.warn(f"warning.{warning}")
    _tell(console, view)
    console.document(view)


def _tell(console: Console, view: "RegistrationView") -> None:
    """Where it stands, why, and who does what next."""
    console.tell("registration.head", key=view.key, revision=view.revision)
    console.tell("registration.move", matter=view.matter, effective_on=view.effective_on)
    if worded(f"registration.operation.{view.operation.value}"):
        console.tell(f"registration.operation.{view.operation.value}")
    console.tell("registration.stands", state=word("registration.state", view.state.value))
    why = {
        "rejected": view.rejected_because,
        "needs-person": view.needs_person_because,
        "withdrawn": view.withdrawn_because,
    }
    for of, reason in why.items():
        if reason is not None:
            console.line(f"  {word(f'registration.{of}', reason.value)}")
    if view.register_id is not None:
        console.tell("registration.entered", register_id=view.register_id, on=view.registered_on)
    if view.confirmed_by is not None:
        console.line(f"  {word('registration.word-of', view.confirmed_by.value)}")
    if view.waits_for is not None:
        at = view.next_at or "-"
        console.tell("registration.waits-for", who=word("registration.waits", view.waits_for.value), at=at)
    tell_next_step(console, view)


def _tell_attempt(console: Console, attempt: "AttemptView") -> None:
    result = word("registration.result", attempt.result.value) if attempt.result else say("registration.open")
    said = [for_people(attempt.claimed_at), attempt.client, result]
    if attempt.reason is not None:
        said.append(word("registration.rejected", attempt.reason.value))
    if attempt.ask_first:
        said.append(say("registration.ask-first"))
    console.line(f"  {attempt.attempt}. ({attempt.revision}) " + "; ".join(said))
