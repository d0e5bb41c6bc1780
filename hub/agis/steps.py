"""Which step of a registration is allowed in which state, and whose step it is.

Source: domain 3.3 (states of the outbox; a time-out is unknown and is asked before anything is sent again);
features N10. Only `ACKNOWLEDGE` meets the duty of the move. Whatever may have reached the register is ended
only by telling the register: `REVOKE`, never `TAKE_BACK`.
"""

from collections.abc import Iterable
from enum import StrEnum
from types import MappingProxyType

from hub.kernel import steps
from saikne_schemas.register_words import JobResult, RegisterOperation, RegisterResult, RegistrationState


class Actor(StrEnum):
    CENTRE = "centre"
    JOB = "job"
    HUB = "hub"


class Action(StrEnum):
    PREPARE = "prepare"
    SEAL = "seal"
    """The sealed facts have come."""
    CLAIM = "claim"
    ACKNOWLEDGE = "acknowledge"
    """The register has it. A person looks at it where that is odd, or its move was cancelled."""
    END = "end"
    """The register confirms that it holds it no more."""
    REJECT = "reject"
    POSTPONE = "postpone"
    """The register has it and answers later."""
    RETURN = "return"
    """It was certainly not taken."""
    LOSE = "lose"
    """It was sent and no answer came."""
    TIME_OUT = "time_out"
    """The job that had it said nothing in its time."""
    GIVE_UP = "give_up"
    COMPLETE = "complete"
    """A person lets it go on: it waits for its sealed facts."""
    GO_ON = "go_on"
    """A person lets it go on: it cannot have arrived."""
    ASK_AGAIN = "ask_again"
    """A person lets it go on: it may have arrived."""
    TAKE_BACK = "take_back"
    REVOKE = "revoke"
    REPLACE = "replace"
    """The registration of another day of the same move takes its place."""
    STAND_ASIDE = "stand_aside"
    """A person has entered the move by hand, and nothing was sent."""
    STAND_AGAIN = "stand_again"
    """What was to take its place came to nothing, and the register may hold it still."""
    MISS = "miss"
    """The register does not hold what it had confirmed."""
    ORPHAN = "orphan"
    """The register holds it, and the move was cancelled."""


_S = RegistrationState
_AT_REST = (_S.DRAFT, _S.QUEUED, _S.REJECTED, _S.NEEDS_PERSON)
_UNDER_WAY = (_S.SENT, _S.UNKNOWN)
_HEARD = (*_UNDER_WAY, _S.NEEDS_PERSON)
"""Good and bad news count even after the hub had given up."""


class StepNotAllowed(steps.StepNotAllowed):
    code = "agis.step-not-allowed"


def _from(
    states: Iterable[_S], action: Action, actor: Actor, *after: _S
) -> dict[tuple[_S, Action], dict[Actor, frozenset[_S]]]:
    return {(state, action): {actor: frozenset(after)} for state in states}


Registered = steps.Step[RegistrationState]
STEPS = steps.Steps(
    {
        **_from((*_AT_REST, _S.ACKNOWLEDGED, _S.WITHDRAWN), Action.PREPARE, Actor.CENTRE, _S.DRAFT),
        **_from((_S.DRAFT, _S.NEEDS_PERSON), Action.SEAL, Actor.CENTRE, _S.QUEUED),
        **_from(_AT_REST, Action.TAKE_BACK, Actor.CENTRE, _S.WITHDRAWN),
        **_from((*_AT_REST, _S.ACKNOWLEDGED), Action.REVOKE, Actor.CENTRE, _S.QUEUED),
        **_from((_S.NEEDS_PERSON,), Action.COMPLETE, Actor.CENTRE, _S.DRAFT),
        **_from((_S.NEEDS_PERSON,), Action.GO_ON, Actor.CENTRE, _S.QUEUED),
        **_from((_S.NEEDS_PERSON,), Action.ASK_AGAIN, Actor.CENTRE, _S.UNKNOWN),
        **_from((_S.QUEUED, _S.SENT), Action.CLAIM, Actor.JOB, _S.SENT),
        **_from((_S.UNKNOWN,), Action.CLAIM, Actor.JOB, _S.UNKNOWN),
        **_from(_HEARD, Action.ACKNOWLEDGE, Actor.JOB, _S.ACKNOWLEDGED, _S.NEEDS_PERSON),
        **_from(_HEARD, Action.END, Actor.JOB, _S.WITHDRAWN),
        **_from(_HEARD, Action.REJECT, Actor.JOB, _S.REJECTED),
        **_from(_UNDER_WAY, Action.POSTPONE, Actor.JOB, _S.SENT),
        **_from((_S.SENT,), Action.RETURN, Actor.JOB, _S.QUEUED),
        **_from((_S.UNKNOWN,), Action.RETURN, Actor.JOB, _S.UNKNOWN),
        **_from(_UNDER_WAY, Action.LOSE, Actor.JOB, _S.UNKNOWN),
        **_from((_S.SENT,), Action.TIME_OUT, Actor.HUB, _S.UNKNOWN),
        **_from((_S.DRAFT, _S.QUEUED, *_UNDER_WAY), Action.GIVE_UP, Actor.HUB, _S.NEEDS_PERSON),
        **_from((*_AT_REST, *_UNDER_WAY, _S.ACKNOWLEDGED), Action.REPLACE, Actor.HUB, _S.WITHDRAWN),
        **_from((_S.QUEUED, _S.UNKNOWN), Action.STAND_ASIDE, Actor.HUB, _S.WITHDRAWN),
        **_from((_S.ACKNOWLEDGED,), Action.MISS, Actor.HUB, _S.NEEDS_PERSON),
        **_from((_S.ACKNOWLEDGED,), Action.ORPHAN, Actor.HUB, _S.NEEDS_PERSON),
        **_from((_S.WITHDRAWN,), Action.STAND_AGAIN, Actor.HUB, _S.NEEDS_PERSON),
    },
    StepNotAllowed,
)


RESULT_OF = MappingProxyType(
    {
        RegisterOperation.TRANSFER: RegisterResult.REGISTERED,
        RegisterOperation.WITHDRAW: RegisterResult.WITHDRAWN,
    }
)
"""What the register says of an operation that it has done."""


def taken(state: str, action: Action, actor: Actor, to: RegistrationState | None = None) -> Registered:
    """The step from a state as it is kept; refuses everything the table does not list."""
    return STEPS.take(RegistrationState(state), action, actor, to)


def reported(result: JobResult, operation: RegisterOperation, *, ask_first: bool) -> Action:
    """Which step a job's word is. Not sent after asking: what was unknown before is unknown still."""
    if result is JobResult.ACKNOWLEDGED:
        return Action.END if operation is RegisterOperation.WITHDRAW else Action.ACKNOWLEDGE
    if result is JobResult.NOT_SENT and ask_first:
        return Action.LOSE
    return {
        JobResult.REJECTED: Action.REJECT,
        JobResult.PENDING: Action.POSTPONE,
        JobResult.NOT_SENT: Action.RETURN,
        JobResult.UNKNOWN: Action.LOSE,
    }[result]
