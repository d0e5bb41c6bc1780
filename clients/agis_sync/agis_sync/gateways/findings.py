"""What a gateway can find out about an entry, and how an answer of the register is judged against it.

Source: features N10, F50; method S80. Whatever is not surely one thing or the other is `unknown`: the
register is asked before anything is sent again. Does no I/O.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from saikne.problems import LocalRefusal
from saikne_schemas.register_entries import RegisterAnswer, RegisterEntry
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import (
    JobResult,
    RegisterOperation,
    RegisterResult,
    RejectedBecause,
)

_DONE = {
    RegisterOperation.TRANSFER: RegisterResult.REGISTERED,
    RegisterOperation.WITHDRAW: RegisterResult.WITHDRAWN,
}


class Trouble(StrEnum):
    """What is the matter where no plain answer came."""

    AWAY = "away"
    """The register, or the way to it, does not answer."""
    BUSY = "busy"
    """The register asked to come later."""
    ACCESS = "access"
    """The register does not let this job in: secret, certificate or key are wrong or have run out."""
    NO_ANSWER = "no_answer"
    """The entry went out, and no answer came."""
    NOT_READABLE = "not_readable"
    """Something came that is no answer of a register."""
    OF_ANOTHER_ENTRY = "of_another_entry"
    """The answer is about another key, revision or content than what was asked."""
    DAMAGED = "damaged"
    """An acknowledgement lies there half written or changed."""
    OTHER_CONTENT = "other_content"
    """Files of this key and revision lie there with another content."""
    ODD_FILE = "odd_file"
    """What lies under one of this entry's names is no file, or cannot be read: left where it lies."""
    FOLDERS = "folders"
    """The agreed folders are not there."""
    NO_EXTRACT = "no_extract"
    """The page of the extract that was asked for is not there, or not yet."""
    NOT_BEGUN = "not_begun"
    """The job ends, or has too little time left for it: given back."""
    LEASE_ENDED = "lease_ended"
    """The job's time for it was over before an answer came."""
    UNEXPECTED = "unexpected"
    """A fault of the job's own; its log says which."""


FOR_A_PERSON = frozenset(
    {
        Trouble.ACCESS,
        Trouble.NOT_READABLE,
        Trouble.OF_ANOTHER_ENTRY,
        Trouble.DAMAGED,
        Trouble.OTHER_CONTENT,
        Trouble.ODD_FILE,
        Trouble.FOLDERS,
        Trouble.UNEXPECTED,
    }
)
"""Waiting alone will hardly help."""


class Unanswered(LocalRefusal):
    """The register could not be asked, or what it said is no answer; `trouble` says why."""

    code = "register.unanswered"

    def __init__(self, trouble: Trouble, again_in: timedelta | None = None, **facts: object) -> None:
        super().__init__(why=trouble.value, **facts)
        self.trouble = trouble
        self.again_in = again_in


@dataclass(frozen=True)
class Finding:
    """What came of one attempt."""

    result: JobResult
    trouble: Trouble | None = None
    again_in: timedelta | None = None
    answer: RegisterAnswer | None = None
    """Where the result is the register's own word."""


def unsent(trouble: Trouble, again_in: timedelta | None = None) -> Finding:
    """Certainly not there."""
    return Finding(JobResult.NOT_SENT, trouble, again_in)


def unknown(trouble: Trouble, again_in: timedelta | None = None) -> Finding:
    """Nobody knows."""
    return Finding(JobResult.UNKNOWN, trouble, again_in)


def judged(entry: RegisterEntry, answer: RegisterAnswer, again_in: timedelta | None = None) -> Finding:
    """What an answer means for this entry; one about anything else means nothing."""
    same_content = answer.entry_sha256 == entry_sha256(entry)
    refused_unread = answer.result is RegisterResult.REJECTED and answer.entry_sha256 is None
    if (answer.key, answer.revision) != (entry.key, entry.revision) or not (same_content or refused_unread):
        return unknown(Trouble.OF_ANOTHER_ENTRY)
    if answer.result is RegisterResult.IN_PROGRESS:
        return Finding(JobResult.PENDING, again_in=again_in, answer=answer)
    if answer.result is RegisterResult.REJECTED:
        return Finding(JobResult.REJECTED, answer=answer)
    if answer.result is not _DONE[entry.operation] or not (answer.register_id and answer.registered_on):
        return unknown(Trouble.OF_ANOTHER_ENTRY)
    return Finding(JobResult.ACKNOWLEDGED, answer=answer)


def superseded(entry: RegisterEntry) -> Finding:
    """The register holds a later revision: it would refuse this one, so it is not sent."""
    answer = RegisterAnswer(
        schema_="saikne.register-answer/1",
        key=entry.key,
        revision=entry.revision,
        result=RegisterResult.REJECTED,
        reason=RejectedBecause.SUPERSEDED,
    )
    return Finding(JobResult.REJECTED, answer=answer)
