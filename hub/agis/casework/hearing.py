"""A job reports what came of its attempts. Only the register's confirmation meets the duty of the move.

Source: domain 3.3; features N10. Each outcome is judged by itself, in a transaction of its own, so that one
that is wrong holds up no other; whatever is told of twice is taken once. News that comes late still counts
where it is good news. The report itself is kept as it was signed, with the hub's word for it.
"""

from dataclasses import dataclass

from hub.access.caller import Caller
from hub.agis import store
from hub.agis.casework.confirming import Word, confirm
from hub.agis.casework.halting import REJECTED, give_up, tell
from hub.agis.casework.reading import NotFound
from hub.agis.casework.reopening import stand_again
from hub.agis.register_word import Heard, heard
from hub.agis.steps import Action, Actor, Registered, reported, taken
from hub.agis.tables import AttemptRow, RegistrationRow, report
from hub.agis.tries import Pace, told_again
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import REGISTRY
from hub.kernel.refusal import Refusal
from hub.matters.casework.keeping import Book, Said, keep
from hub.matters.casework.matters import IdentityReused
from hub.matters.casework.records import Desk
from hub.matters.office import MattersOffice
from hub.plumbing.database import act_for
from hub.plumbing.rows import AlreadyThere, Json
from hub.signing.public_key import PublicKey, public_key
from hub.signing.statement import SignedStatement
from saikne_schemas.register_words import (
    JobResult,
    NeedsPersonBecause,
    RegisterOperation,
    RegistrationState,
    RejectedBecause,
)
from saikne_schemas.registrations import Outcome, OutcomesTaken, OutcomeTaken, ReportOutcomes

_SOMETHING_IS_THERE = frozenset({RejectedBecause.KEY_REUSED, RejectedBecause.SUPERSEDED})
"""Under this key, whatever we believed."""
_NOT_THE_LAST_WORD = frozenset({JobResult.UNKNOWN, JobResult.PENDING, JobResult.NOT_SENT})
_NO_ANSWER = frozenset({JobResult.UNKNOWN, JobResult.NOT_SENT})


class AttemptUnknown(Refusal):
    """No registration was taken by this job under this number."""

    code = "agis.attempt-unknown"


class AttemptOver(Refusal):
    """The registration went on without it: another attempt, or another revision, counts now."""

    code = "agis.attempt-over"


class OutcomeGiven(Refusal):
    """Something else was reported of this attempt before."""

    code = "agis.outcome-given"


class EntryDiffers(Refusal):
    """What is reported is not about the bytes that this attempt handed out."""

    code = "agis.entry-differs"


class OutcomeIncomplete(Refusal):
    """A confirmation names the register's id and day, a rejection its reason; an answer is about an entry."""

    code = "agis.outcome-incomplete"


@dataclass(frozen=True, slots=True)
class Ear:
    """Who reports, by which statement."""

    caller: Caller
    statement: SignedStatement
    said: ReportOutcomes

    def word(self, heard: Heard) -> Word:
        return Word(self.said.id, self.caller.tenant, heard)


async def hear(office: MattersOffice, pace: Pace, ear: Ear) -> OutcomesTaken:
    """What became of every outcome; the same report again gets the same answer."""
    tenant = ear.caller.tenant
    async with office.desk(tenant) as desk:
        if earlier := await _answered_before(desk, ear):
            return earlier
    taken = []
    for outcome in ear.said.outcomes:
        async with office.desk(tenant) as desk:
            taken.append(await _judged(desk, pace, ear, outcome))
    try:
        async with office.desk(tenant) as desk:
            return OutcomesTaken(outcomes=taken, acceptance=await _keep(desk, ear, taken))
    except AlreadyThere:  # the same report came twice at once
        async with office.desk(tenant) as desk:
            earlier = await _answered_before(desk, ear)
            assert earlier is not None  # noqa: S101  # it is there already
            return earlier


async def _answered_before(desk: Desk, ear: Ear) -> OutcomesTaken | None:
    row = await store.earlier_report(desk.tx, ear.caller.tenant, ear.said.id)
    if row is None:
        return None
    if row.sha256 != ear.statement.sha256:
        raise IdentityReused
    outcomes = [OutcomeTaken.model_validate(one) for one in row.answer]
    return OutcomesTaken(outcomes=outcomes, acceptance=row.acceptance)


async def _keep(desk: Desk, ear: Ear, taken: list[OutcomeTaken]) -> str:
    answer = "[" + ",".join(one.model_dump_json() for one in taken) + "]"
    tenant, said = ear.caller.tenant, ear.said
    refused = sum(one.refused is not None for one in taken)
    facts: dict[str, Fact] = {"client": ear.caller.client_id, "outcomes": len(taken), "refused": refused}
    beside = {"tenant_id": tenant, "answer": Json(answer)}
    book = Book(desk.tx, desk.keyring, desk.now, report, "report_id", "report", beside)
    what = Said(said.id, tenant, said.id, said.schema_, EventKind.REGISTER_REPORTED, "heard", facts)
    return await keep(book, what, ear.statement, [tenant])


async def _judged(desk: Desk, pace: Pace, ear: Ear, outcome: Outcome) -> OutcomeTaken:
    told = OutcomeTaken(key=outcome.key, attempt=outcome.attempt)
    try:
        state = await _take(desk, pace, ear, outcome)
    except Refusal as refused:
        row = await store.find(desk.tx, outcome.key)
        visible = row is not None and ear.caller.tenant in row.parties
        return told.model_copy(
            update={"refused": refused.code, "state": row.state if row and visible else None}
        )
    return told.model_copy(update={"state": state})


async def _take(desk: Desk, pace: Pace, ear: Ear, outcome: Outcome) -> RegistrationState:
    row = await store.find(desk.tx, outcome.key)
    if row is None or ear.caller.tenant not in {REGISTRY, row.centre_id}:
        raise NotFound
    _complete(outcome)
    await act_for(desk.tx, {ear.caller.tenant, REGISTRY, row.centre_id})
    if outcome.result is JobResult.ACKNOWLEDGED:
        await store.hold_matter(desk.tx, row.matter_id)
    row = await store.lock(desk.tx, outcome.key)
    made = await _made(desk, ear, outcome)
    assert row is not None  # noqa: S101  # registrations are never deleted
    _of_what_was_handed_out(made, outcome)
    if made.result == outcome.result and _said_so_before(made, row, outcome):
        return RegistrationState(row.state)
    _require_news(made, outcome)
    word = ear.word(heard(outcome, RegisterOperation(row.operation), await _signing_keys(desk)))
    await _note(desk, outcome, word)
    current = row.attempts == outcome.attempt
    if row.revision != outcome.revision or not (current or outcome.result is JobResult.ACKNOWLEDGED):
        raise AttemptOver
    action = reported(outcome.result, RegisterOperation(row.operation), ask_first=made.ask_first)
    if action is Action.ACKNOWLEDGE:
        return await confirm(desk, row, outcome, word)
    step = taken(row.state, action, Actor.JOB)
    if action is Action.END:
        return await _end(desk, row, step, outcome, word)
    return await _not_yet(desk, pace, _NotYet(row, outcome, made.ask_first), step)


@dataclass(frozen=True, slots=True)
class _NotYet:
    row: RegistrationRow
    outcome: Outcome
    asked: bool
    """Whether the register was asked first, because something may have been there before."""


def _complete(outcome: Outcome) -> None:
    if outcome.result is JobResult.ACKNOWLEDGED and not (outcome.registered_on and outcome.register_id):
        raise OutcomeIncomplete
    if outcome.result is JobResult.REJECTED and outcome.reason is None:
        raise OutcomeIncomplete


async def _made(desk: Desk, ear: Ear, outcome: Outcome) -> AttemptRow:
    """The attempt, as this job took it."""
    made = await store.find_attempt(desk.tx, outcome.key, outcome.attempt)
    if made is None or made.claimant != ear.caller.tenant or made.revision != outcome.revision:
        raise AttemptUnknown
    return made


def _of_what_was_handed_out(made: AttemptRow, outcome: Outcome) -> None:
    """Where the register has answered, the digest stands; where it has not, it may."""
    told = outcome.entry_sha256
    if told is None and outcome.result not in _NO_ANSWER:
        raise OutcomeIncomplete
    if told is not None and (made.handed_sha256 is None or told != made.handed_sha256.hex()):
        raise EntryDiffers


async def _signing_keys(desk: Desk) -> dict[str, PublicKey]:
    return {row.kid: public_key(row.jwk) for row in await store.keys(desk.tx, store.Purpose.SIGNING)}


def _said_so_before(made: AttemptRow, row: RegistrationRow, outcome: Outcome) -> bool:
    """With the same result: and the same reason, and the number and day of a confirmation that stands."""
    if outcome.result is JobResult.REJECTED:
        return bool(made.reason == outcome.reason)
    if outcome.result is not JobResult.ACKNOWLEDGED or row.operation == RegisterOperation.WITHDRAW:
        return True
    if row.state != RegistrationState.ACKNOWLEDGED or row.revision != outcome.revision:
        return True
    return bool((row.register_id, row.registered_on) == (outcome.register_id, outcome.registered_on))


def _require_news(made: AttemptRow, outcome: Outcome) -> None:
    final = made.result is not None and made.result not in _NOT_THE_LAST_WORD
    if final or (made.result is not None and outcome.result in _NOT_THE_LAST_WORD):
        raise OutcomeGiven


async def _note(desk: Desk, outcome: Outcome, word: Word) -> None:
    """The result beside its attempt."""
    await store.close_attempt(
        desk.tx,
        outcome.key,
        outcome.attempt,
        result=outcome.result.value,
        reason=outcome.reason and outcome.reason.value,
        entry_sha256=bytes.fromhex(outcome.entry_sha256) if outcome.entry_sha256 else None,
        word=word.heard.word,
        reported_at=desk.now,
        report_id=word.report,
    )


async def _end(
    desk: Desk, row: RegistrationRow, step: Registered, outcome: Outcome, word: Word
) -> RegistrationState:
    """The register confirms that what was said under this key no longer counts."""
    await store.change(
        desk.tx,
        row.key,
        step,
        maybe_there=False,
        next_at=None,
        claimed_until=None,
        changed_at=desk.now,
        registered_on=outcome.registered_on,
        register_id=outcome.register_id,
        confirmed_by=word.heard.of.value,
    )
    await stand_again(desk.tx, row.replaces, desk.now)
    facts = {**word.of(row, outcome), "operation": row.operation}
    centre, about = row.centre_id, row.matter_id
    await record(desk.tx, EventKind.REGISTRATION_CONFIRMED, [centre], about, facts)
    return step.state


async def _not_yet(desk: Desk, pace: Pace, came: _NotYet, step: Registered) -> RegistrationState:
    """It goes on later, or a person looks at it."""
    row, outcome, state = came.row, came.outcome, step.state
    not_taken = outcome.result in {JobResult.NOT_SENT, JobResult.REJECTED}
    certainly_not = not_taken and not came.asked and outcome.reason not in _SOMETHING_IS_THERE
    values: dict[str, object] = {"maybe_there": False} if certainly_not else {}
    values |= {"claimed_until": None, "changed_at": desk.now}
    if state is RegistrationState.REJECTED:
        assert outcome.reason is not None  # noqa: S101  # an incomplete one was refused
        values |= {"because": outcome.reason.value, "next_at": told_again(desk.now, desk.now)}
    else:
        values["next_at"] = desk.now + pace.again(row.key, row.tries, outcome.again_in_seconds)
    await store.change(desk.tx, row.key, step, **values)
    if state is RegistrationState.REJECTED:
        await tell(desk, row, EventKind.REGISTRATION_REJECTED, str(values["because"]), REJECTED)
    elif row.tries >= pace.tries_at_most:
        return await give_up(desk, row, state, NeedsPersonBecause.TRIED_TOO_OFTEN)
    return state
