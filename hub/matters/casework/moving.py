"""A matter begins, and moves by the statements of its parties; one engine for every workflow.

Load, ask the step table, ask the rule, write what it answers. Acts for all parties and oversight. The same
bytes again get the first answer, other bytes under a used identity are refused (design.md 1, 2).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties import store as duties
from hub.duties.casework import Opening, opened
from hub.duties.duty import Ending
from hub.evidence.event import EventKind
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId, StatementId
from hub.kernel.refusal import Refusal
from hub.matters import store
from hub.matters.casework.keeping import Book, Said, keep
from hub.matters.workflow import Outcome, Scene, StepNotAllowed, Verb, Workflow
from hub.plumbing.database import Tx, act_for
from hub.plumbing.promises import promised
from hub.plumbing.rows import AlreadyThere, Json, Rows
from hub.proofs import casework as proofs
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from hub.workdays.calendars import Policy
from hub.workdays.casework import CalendarShelf
from saikne_schemas.matters import MatterAccepted
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import Workflow as Kind


class NotFound(Refusal):
    """Absent, or of other centres: the answer is the same."""

    code = "matters.not-found"


class NotYourMatter(Refusal):
    """The caller is none of the parties that its own statement names."""

    code = "matters.not-your-matter"


class PartyUnknown(Refusal):
    """A matter is begun among active centres, each named once; it goes on when one of them is suspended."""

    code = "matters.party-unknown"


class OtherMatter(Refusal):
    """The signed statement names another matter than the address it was sent to."""

    code = "matters.other-matter"


class IdentityReused(Refusal):
    code = "matters.identity-reused"


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work: an open transaction, the time, and what casework signs and counts with."""

    tx: Tx
    now: datetime
    keyring: Keyring
    calendars: CalendarShelf


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it came, with whose it is and what it says."""

    author: CentreId
    statement: SignedStatement
    manifest: Any


def identity_of(author: CentreId, statement: UUID) -> MatterId:
    """A matter is named by who began it and by which statement: a repeated beginning finds the first."""
    return MatterId(uuid5(uuid5(NAMESPACE_URL, f"saikne:matter:{author}"), str(statement)))


async def answered_before(tx: Tx, sent: Sent) -> MatterAccepted | None:
    """The first answer, where this statement was taken already."""
    earlier = await store.earlier_statement(tx, sent.author, StatementId(sent.manifest.id))
    if earlier is None:
        return None
    if earlier.sha256 != sent.statement.sha256:
        raise IdentityReused
    return MatterAccepted(
        matter=earlier.matter_id,
        workflow=Kind(earlier.workflow),
        state=earlier.state,
        warnings=earlier.warnings,
        acceptance=earlier.acceptance,
    )


async def begin(desk: Desk, workflow: Workflow[Any], sent: Sent) -> MatterAccepted:
    """Open a matter; the transaction acts for every party it names."""
    opening, author, manifest = workflow.opening, sent.author, sent.manifest
    named = [(CentreId(one), role) for one, role in opening.parties(manifest)]
    roles = dict(named)
    if len(roles) < len(named):
        raise PartyUnknown(centre=str(named[0][0]))
    if author not in roles:
        raise NotYourMatter
    if opening.by not in {None, roles[author]}:
        raise StepNotAllowed(state=opening.state.value, action="begin", role=roles[author].value)
    scene = await scene_of(desk, author, roles)
    if scene.suspended:
        raise PartyUnknown(centre=str(min(scene.suspended)))
    if opening.learn is not None:
        scene = replace(scene, known=await opening.learn(desk.tx, author, None, manifest))
    outcome = opening.rule(manifest, scene)
    identity = identity_of(author, manifest.id)
    shared = {
        "matter_id": identity,
        "workflow": workflow.kind.value,
        "state": opening.state.value,
        "parties": list(roles),
        "opened_at": desk.now,
        "moved_at": desk.now,
    }
    sides = [shared | {"tenant_id": one, "role": role.value} for one, role in roles.items()]
    sides.append(shared | {"tenant_id": OVERSIGHT, "role": store.OVERSEES})
    record = shared | {
        "roles": [role.value for role in roles.values()],
        "content": Json(outcome.content.model_dump_json()),
    }
    step = _Step(identity, workflow.kind, opening.state, opening.event, sent)
    first, then = [Rows(store.party, sides)], [Rows(store.matter, [record])]
    return await _write(desk, step, scene, outcome, first=first, then=then)


async def advance(
    desk: Desk, workflow: Workflow[Any], verb: Verb[Any, Any], identity: MatterId, sent: Sent
) -> MatterAccepted:
    """Move a matter that is open; foreign, absent and of another workflow are the same."""
    author, manifest = sent.author, sent.manifest
    row = await store.lock(desk.tx, identity)
    if row is None or row.workflow != workflow.kind or author not in row.parties:
        raise NotFound
    roles = roles_of(workflow, row)
    await act_for(desk.tx, (*roles, OVERSIGHT))
    if earlier := await answered_before(desk.tx, sent):
        return earlier
    content = workflow.content.model_validate(row.content, context=KEPT)
    scene = await scene_of(desk, author, roles)
    if verb.learn is not None:
        scene = replace(scene, known=await verb.learn(desk.tx, author, content, manifest))
    action = verb.action if isinstance(verb.action, StrEnum) else verb.action(manifest)
    rule = partial(verb.rule, content, manifest, scene)
    state, outcome = await take_step(desk, workflow, row, (action, roles[author]), rule)
    step = _Step(identity, workflow.kind, state, verb.event, sent)
    if verb.beside is not None:
        await verb.beside(desk.tx, identity, outcome.beside, scene)
    return await _write(desk, step, scene, outcome)


async def take_step(
    desk: Desk,
    workflow: Workflow[Any],
    row: Any,
    deed: tuple[StrEnum, StrEnum],
    rule: Callable[[], Outcome[Any]],
) -> tuple[StrEnum, Outcome[Any]]:
    """Ask the table whether this action may be of this role, the rule where it leads, and write that."""
    here = (workflow.states(row.state), *deed)
    workflow.steps.require(*here)
    outcome = rule()
    step = workflow.steps.take(*here, outcome.to)
    content = outcome.content.model_dump(mode="json")
    await store.move(desk.tx, MatterId(row.matter_id), step, content, desk.now)
    return step.state, outcome


def roles_of(workflow: Workflow[Any], row: Any) -> dict[CentreId, StrEnum]:
    """Who is what in a matter."""
    named = zip(row.parties, row.roles, strict=True)
    return {CentreId(centre): workflow.roles(role) for centre, role in named}


async def scene_of(desk: Desk, author: CentreId, roles: Mapping[CentreId, StrEnum]) -> Scene:
    """What a rule may know of those who take part; `author` is whose hand it is, or in whose place."""
    known = await centres.find(desk.tx, roles)
    for one in roles:
        found = known.get(one)
        if found is None or found.role is not CentreRole.CENTRE:
            raise PartyUnknown(centre=str(one))
    return Scene(
        now=desk.now,
        today=riga_day(desk.now),
        author=author,
        roles=roles,
        calendars=await desk.calendars.current(desk.tx),
        policies={one: Policy(centre.calendar) for one, centre in known.items()},
        suspended=frozenset(one for one, centre in known.items() if not centre.active),
    )


@dataclass(frozen=True, slots=True)
class _Step:
    identity: MatterId
    kind: Kind
    state: StrEnum
    event: EventKind
    sent: Sent


async def _write(
    desk: Desk,
    step: _Step,
    scene: Scene,
    outcome: Outcome[Any],
    *,
    first: Sequence[Rows] = (),
    then: Sequence[Rows] = (),
) -> MatterAccepted:
    """Everything that one statement does, in few ways to the database; evidence last."""
    manifest, tx, warnings = step.sent.manifest, desk.tx, list(outcome.warnings)
    if named := getattr(manifest, "proofs", ()):
        await proofs.require(tx, scene.author, named, step.identity, desk.now)
    cause = Cause(step.identity, step.kind, manifest.id)
    carried_out = await carry_out(desk, cause, scene, outcome)
    said = Said(
        about=step.identity,
        author=scene.author,
        identity=manifest.id,
        kind=manifest.schema_,
        event=step.event,
        state=step.state.value,
        facts={**outcome.facts, "warnings": [*warnings]} if warnings else outcome.facts,
    )
    beside = {"workflow": step.kind.value, "warnings": warnings}
    book = Book(tx, desk.keyring, desk.now, store.statement, "matter", beside)
    try:
        acceptance = await keep(
            book, said, step.sent.statement, scene.roles, first=[*first, *carried_out], then=then
        )
    except AlreadyThere:  # taken at this very moment
        raise IdentityReused from None
    return MatterAccepted(
        matter=step.identity,
        workflow=step.kind,
        state=step.state.value,
        warnings=warnings,
        acceptance=acceptance,
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """Of which matter something is, and which statement or report did it."""

    identity: MatterId
    kind: Kind
    by: UUID


async def carry_out(desk: Desk, cause: Cause, scene: Scene, outcome: Outcome[Any]) -> list[Rows]:
    """End the duties that an outcome meets or drops; the rows of those it opens and of its mails."""
    for ended, how in ((outcome.meets, Ending.MET), (outcome.drops, Ending.WITHDRAWN)):
        if ended:
            done_on = outcome.done_on if how is Ending.MET else None
            deed = duties.Deed(how, desk.now, cause.by, done_on)
            await duties.end(desk.tx, cause.identity, ended, deed)
    owed = [_duty(cause, scene, one) for one in outcome.opens]
    told = [told_of(desk.tx, cause, to, notice) for to, notice in outcome.tells]
    return [*owed, *told]


def told_of(tx: Tx, cause: Cause, to: CentreId, notice: str) -> Rows:
    """The promise to mail one notice."""
    about, by = str(cause.identity), str(cause.by)
    payload: dict[str, str | int] = {"matter": about, "to": str(to), "notice": notice, "by": by}
    return promised(tx, "matters.tell", payload)


def _duty(cause: Cause, scene: Scene, owed: Any) -> Rows:
    opening = Opening(
        kind=owed.kind,
        about=cause.identity,
        owner=owed.owner,
        awaited_by=owed.awaited_by,
        starts_on=owed.starts_on,
        basis=owed.basis,
        policy=scene.policies[owed.owner],
        workflow=cause.kind,
    )
    return opened(opening, scene.calendars)[1]
