"""The engine: every signed statement of every workflow is taken here, and nowhere else.

1. Find and lock the record; who is no party finds nothing.
2. Answered before? The same bytes again get the first answer, other bytes are refused.
3. Ask the step table whether this author may do this now.
4. Look up what the rule wants to know.
5. Ask the rule, which refuses, or says what the statement does.
6. Ask the table whether it may lead there, and write it.
7. End duties, begin others, promise the mails.
8. Keep: evidence on every party's chain, the hub's countersignature, the statement as it came.

Before it is kept, the proofs and sealed identities that a statement names become the record's (`proofs`,
`identities`); where a record ends, who was meant is erased.

A workflow describes what is its own (`workflow`), its records say where they lie (`records`); neither writes
a state. Source: design.md 1, 2; house.md, habit 4.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.casework import Opening as DutyOpening
from hub.duties.casework import opened
from hub.duties.duty import Ending
from hub.evidence.event import EventKind, Fact
from hub.identities import casework as identities
from hub.kernel.ids import MatterId, StatementId
from hub.matters.casework import outside
from hub.matters.casework.keeping import Question, Said, keep
from hub.matters.casework.once import question
from hub.matters.casework.records import Begun, Cause, Desk, Records, Sent
from hub.matters.workflow import (
    AnyOpening,
    AnyVerb,
    Held,
    Knowing,
    Moment,
    Outcome,
    Owed,
    Scene,
    Workflow,
)
from hub.plumbing.rows import AlreadyThere, Rows
from hub.proofs import casework as proofs
from hub.workdays.deadlines import BothTerms
from saikne_schemas.statements import ForOutside

V = TypeVar("V")
C = TypeVar("C")
M = TypeVar("M", bound=Moment)
N = TypeVar("N", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Deed(Generic[N]):
    """What is done: what evidence calls it, the step it is, in which role, by which rule."""

    event: EventKind
    action: StrEnum
    role: StrEnum
    rule: Callable[[], Outcome[N, object]]
    by: UUID
    """The statement or the report that does it."""
    beside: Callable[..., Awaitable[None]] | None = None
    outside: ForOutside | None = None
    """What is said of the outside centre whose deed it is, if it is one's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a deed did, and the rows that are to be written with its evidence."""

    identity: MatterId
    event: EventKind
    state: StrEnum
    outcome: Outcome[object, object]
    facts: dict[str, Fact]
    rows: list[Rows]


@dataclass(frozen=True, slots=True)
class Engine(Generic[V, C, M, N]):
    """Of one workflow."""

    workflow: Workflow[C, M, N]
    records: Records[V, C, M, N]

    async def answered_before(self, desk: Desk, sent: Sent) -> V | None:
        """The first answer, where this statement was taken already; else None."""
        earlier = await self.records.earlier(desk.tx, sent.author, StatementId(sent.manifest.id))
        if earlier is None:
            return None
        if earlier.sha256 != sent.statement.sha256:
            raise self.records.reused
        return earlier.answer

    async def begin(self, desk: Desk, opening: AnyOpening[N, M], sent: Sent) -> V:
        """Open a record; the transaction acts for every party that the statement names."""
        manifest = sent.manifest
        moment = await self.records.at_beginning(desk, opening, sent)
        await outside.check(desk, moment.roles, sent)
        rule = opening.rule
        if isinstance(rule, Knowing):
            rule = rule.told(await rule.learn(desk, sent.whose, manifest))
        outcome = outside.on_its_day(rule(manifest, moment), sent.outside, moment.today)
        identity = self.records.identity_of(sent.author, manifest.id)
        done = await self.carried_out(desk, self._cause(identity, manifest.id), moment, outcome)
        once, content = opening.once, outcome.content
        about = once.about(content) if once else None
        kind = self.records.kind_of(content)
        begun = Begun(identity, opening.state, moment.roles, content, kind, about)
        parties, record = self.records.rows(desk, begun)
        facts = {**outcome.facts, **done.facts}
        moved = Moved(identity, opening.event, opening.state, outcome, facts, [parties, *done.rows])
        asks = question(once, self.workflow.kind, begun, manifest.despite) if once else None
        return await self._kept(desk, moment, sent, moved, then=[record], asks=asks)

    async def advance(self, desk: Desk, verb: AnyVerb[C, M, N], identity: UUID, sent: Sent) -> V:
        """Move a record by what one of its parties states."""
        held = await self.records.hold(desk, identity, sent.author)
        if earlier := await self.answered_before(desk, sent):
            return earlier
        return await self.take(desk, verb, held, sent)

    async def take(self, desk: Desk, verb: AnyVerb[C, M, N], held: Held[C], sent: Sent) -> V:
        """A statement about a record that is held, and that was not answered before."""
        whose, manifest = sent.whose, sent.manifest
        await outside.check(desk, held.roles, sent)
        held = self.records.of(held, whose)
        action = verb.action if isinstance(verb.action, StrEnum) else verb.action(manifest)
        event = verb.event if isinstance(verb.event, EventKind) else verb.event(manifest)
        role = held.roles[whose]
        self.workflow.steps.require(held.state, action, role)
        moment = replace(await self.records.moment(desk, whose, held), signed=sent.statement)
        rule = verb.rule
        if isinstance(rule, Knowing):
            rule = rule.told(await rule.learn(desk, whose, held.content, manifest))
        asked = partial(rule, held.content, manifest, moment)
        deed = Deed(event, action, role, asked, manifest.id, verb.beside, sent.outside)
        moved = await self.moved(desk, held, moment, deed)
        return await self._kept(desk, moment, sent, moved)

    async def moved(self, desk: Desk, held: Held[C], moment: M, deed: Deed[N]) -> Moved:
        """Ask the table, the rule and the table again, and write all but the evidence."""
        here = (held.state, deed.action, deed.role)
        self.workflow.steps.require(*here)
        outcome = outside.on_its_day(deed.rule(), deed.outside, moment.today)
        step = self.workflow.steps.take(*here, outcome.to)
        done = await self.carried_out(desk, self._cause(held.identity, deed.by), moment, outcome)
        if outcome.moves:
            await self.records.move(desk, held, step, outcome.content)
        if deed.beside is not None:
            await deed.beside(desk, held, outcome.beside, moment)
        facts = {**outcome.facts, **done.facts}
        if step.state in self.workflow.forgets_in:
            facts |= await identities.erase(desk.tx, held.identity)
        return Moved(held.identity, deed.event, step.state, outcome, facts, done.rows)

    async def owe(self, desk: Desk, identity: MatterId, moment: M, owed: Owed) -> list[Rows]:
        """The rows of a duty that begins without a statement; its other side is told by its list."""
        _, rows = await _duty(desk, self._cause(identity, identity), moment, owed)
        return [rows]

    def _cause(self, identity: MatterId, by: UUID) -> Cause:
        return Cause(identity, self.workflow.kind, by)

    async def carried_out(
        self, desk: Desk, cause: Cause, moment: Moment, outcome: Outcome[object, object]
    ) -> "CarriedOut":
        """End the duties that it meets or drops; the rows of those that it opens, and of its mails."""
        for ended, how in ((outcome.meets, Ending.MET), (outcome.drops, Ending.WITHDRAWN)):
            if ended:
                done_on = outcome.done_on if how is Ending.MET else None
                await duties.end(
                    desk.tx, cause.identity, ended, duties.Deed(how, desk.now, cause.by, done_on)
                )
        if outcome.corrects is not None:
            await duties.correct(desk.tx, cause.identity, *outcome.corrects)
        for kind in outcome.reopens:
            await duties.reopen(desk.tx, cause.identity, kind)
        if (later := outcome.extends) is not None:
            await duties.extend(desk.tx, cause.identity, later.duty, later.until, cause.by)
        owed = [(one, await _duty(desk, cause, moment, one)) for one in outcome.opens]
        told = [self.records.notice(desk.tx, cause, to, notice) for to, notice in outcome.tells]
        dated = [terms for one, (terms, _) in owed if one.tells_its_days]
        facts: dict[str, Fact] = {}
        for terms in dated:
            facts |= {"due_on": terms.due_on.isoformat(), "alt_due_on": terms.alt_due_on.isoformat()}
        return CarriedOut([*(row for _, (_, row) in owed), *told], facts)

    async def _kept(
        self,
        desk: Desk,
        moment: Moment,
        sent: Sent,
        moved: Moved,
        *,
        then: Sequence[Rows] = (),
        asks: Question | None = None,
    ) -> V:
        identity = moved.identity
        manifest, warnings = sent.manifest, list(moved.outcome.warnings)
        if named := (*proofs.named_by(manifest), *(sent.outside.proofs if sent.outside else ())):
            await proofs.require(desk.tx, sent.author, named, identity, desk.now)
        if meant := getattr(manifest, "identities", ()):
            await identities.require(desk.tx, sent.author, meant, moment.roles, identity)
        said = Said(
            about=identity,
            author=sent.author,
            identity=manifest.id,
            kind=manifest.schema_,
            event=moved.event,
            state=moved.state.value,
            facts={
                **moved.facts,
                **outside.facts(sent.outside),
                **({"warnings": [*warnings]} if warnings else {}),
            },
        )
        concerned = (*moment.roles, *moved.outcome.also_for)
        try:
            acceptance = await keep(
                self.records.book(desk, warnings),
                said,
                sent.statement,
                concerned,
                first=moved.rows,
                then=then,
                asks=asks,
            )
        except AlreadyThere:  # taken at this very moment
            raise self.records.reused from None
        return self.records.accepted(identity, moved.state.value, warnings, acceptance)


@dataclass(frozen=True, slots=True)
class CarriedOut:
    rows: list[Rows]
    facts: dict[str, Fact]


async def _duty(desk: Desk, cause: Cause, moment: Moment, owed: Owed) -> tuple[BothTerms, Rows]:
    scene = moment if isinstance(moment, Scene) else None
    told = owed.policy or (scene.policies[owed.owner] if scene else None)
    policy = told or await centres.calendar_of(desk.tx, owed.owner)
    opening = DutyOpening(
        kind=owed.kind,
        about=cause.identity,
        owner=owed.owner,
        awaited_by=owed.awaited_by,
        starts_on=owed.starts_on,
        basis=owed.basis,
        policy=policy,
        workflow=cause.kind,
        opened_on=moment.today,
        working_days=owed.working_days,
        objections_until=owed.objections_until,
    )
    return opened(opening, scene.calendars if scene else await desk.calendars.current(desk.tx))
