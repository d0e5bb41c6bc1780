"""What is to be done with a task: ask first or send, and what the hub is told of it.

Source: features N10, F50; method S80. The rule is a table of what was heard; an answer of this revision ends
the task, anything older or nothing lets the entry go out. Reads no clock, knows no network.
"""

from agis_sync.gateways import Gateway
from agis_sync.gateways.findings import (
    FOR_A_PERSON,
    Finding,
    Trouble,
    Unanswered,
    judged,
    superseded,
    unknown,
    unsent,
)
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import JobResult
from saikne_schemas.registrations import Outcome, RegistrationTask

_SIGNED = frozenset({JobResult.ACKNOWLEDGED, JobResult.REJECTED})
DAMAGED_TRIES = 3
"""An acknowledgement that is not whole after so many attempts will not become so by itself."""


async def deliver(task: RegistrationTask, gateway: Gateway) -> Finding:
    """Bring one task to an end, as far as that can be known now."""
    if task.ask_first:
        try:
            heard = await gateway.ask(task.entry.key, task.entry.revision)
        except Unanswered as why:
            return unknown(why.trouble, why.again_in)
        known = heard_of(task.entry, heard)
        if known is not None:
            return known
    return await gateway.send(task.entry)


def heard_of(entry: RegisterEntry, heard: RegisterAnswer | None) -> Finding | None:
    """What an answer means that was there before anything was sent; none: the entry is to be sent."""
    if heard is None:
        return None
    if heard.key != entry.key:
        return unknown(Trouble.OF_ANOTHER_ENTRY)
    if heard.revision < entry.revision:
        return None
    if heard.revision > entry.revision:
        return superseded(entry)
    return judged(entry, heard)


def given_back(task: RegistrationTask, trouble: Trouble) -> Finding:
    """A task that was not begun: it may have arrived before, or certainly did not."""
    return unknown(trouble) if task.ask_first else unsent(trouble)


def outcome_of(task: RegistrationTask, finding: Finding) -> Outcome:
    """The hub's words for it."""
    answer, result = finding.answer, finding.result
    done = answer if result is JobResult.ACKNOWLEDGED else None
    return Outcome(
        key=task.entry.key,
        revision=task.entry.revision,
        attempt=task.attempt,
        result=result,
        entry_sha256=None if result is JobResult.NOT_SENT else entry_sha256(task.entry),
        register_id=done.register_id if done else None,
        registered_on=done.registered_on if done else None,
        reason=answer.reason if answer and result is JobResult.REJECTED else None,
        word=answer.word if answer and result in _SIGNED else None,
        again_in_seconds=None if finding.again_in is None else round(finding.again_in.total_seconds()),
    )


def for_a_person(task: RegistrationTask, trouble: Trouble) -> bool:
    """Whether waiting alone will not help; a file half written may become whole."""
    return trouble in FOR_A_PERSON and (trouble is not Trouble.DAMAGED or task.attempt >= DAMAGED_TRIES)
