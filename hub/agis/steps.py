"""Which step of a registration is allowed in which state, and whose step it is.

Source: domain 3.3 (states of the outbox; a time-out is unknown and is asked before anything is sent again);
features N10. Only `ACKNOWLEDGE` meets the duty of the move. Whatever may have reached the register is ended
only by telling the register: `REVOKE`, never `TAKE_BACK`.
"""

from enum import StrEnum
from types import MappingProxyType

from hub.kernel.refusal import Refusal
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
_REPORTED = {
    Action.ACKNOWLEDGE: _S.ACKNOWLEDGED,
    Action.END: _S.WITHDRAWN,
    Action.REJECT: _S.REJECTED,
}


def _steps() -> dict[tuple[RegistrationState, Action], dict[Actor, RegistrationState]]:
    steps: dict[tuple[RegistrationState, Action], dict[Actor, RegistrationState]] = {}

    def by(actor: Actor, action: Action, after: RegistrationState, *states: RegistrationState) -> None:
        for state in states:
            steps[state, action] = {actor: after}

    at_rest = (_S.DRAFT, _S.QUEUED, _S.REJECTED, _S.NEEDS_PERSON)
    under_way = (_S.SENT, _S.UNKNOWN)
    by(Actor.CENTRE, Action.PREPARE, _S.DRAFT, *at_rest, _S.ACKNOWLEDGED, _S.WITHDRAWN)
    by(Actor.CENTRE, Action.SEAL, _S.QUEUED, _S.DRAFT, _S.NEEDS_PERSON)
    by(Actor.CENTRE, Action.TAKE_BACK, _S.WITHDRAWN, *at_rest)
    by(Actor.CENTRE, Action.REVOKE, _S.QUEUED, *at_rest, _S.ACKNOWLEDGED)
    by(Actor.CENTRE, Action.COMPLETE, _S.DRAFT, _S.NEEDS_PERSON)
    by(Actor.CENTRE, Action.GO_ON, _S.QUEUED, _S.NEEDS_PERSON)
    by(Actor.CENTRE, Action.ASK_AGAIN, _S.UNKNOWN, _S.NEEDS_PERSON)
    by(Actor.JOB, Action.CLAIM, _S.SENT, _S.QUEUED, _S.SENT)
    by(Actor.JOB, Action.CLAIM, _S.UNKNOWN, _S.UNKNOWN)
    for action, after in _REPORTED.items():
        by(Actor.JOB, action, after, *under_way, _S.NEEDS_PERSON)
    by(Actor.JOB, Action.POSTPONE, _S.SENT, *under_way)
    by(Actor.JOB, Action.RETURN, _S.QUEUED, _S.SENT)
    by(Actor.JOB, Action.RETURN, _S.UNKNOWN, _S.UNKNOWN)
    by(Actor.JOB, Action.LOSE, _S.UNKNOWN, *under_way)
    by(Actor.HUB, Action.TIME_OUT, _S.UNKNOWN, _S.SENT)
    by(Actor.HUB, Action.GIVE_UP, _S.NEEDS_PERSON, _S.DRAFT, _S.QUEUED, *under_way)
    by(Actor.HUB, Action.REPLACE, _S.WITHDRAWN, *at_rest, *under_way, _S.ACKNOWLEDGED)
    by(Actor.HUB, Action.STAND_ASIDE, _S.WITHDRAWN, _S.QUEUED, _S.UNKNOWN)
    by(Actor.HUB, Action.MISS, _S.NEEDS_PERSON, _S.ACKNOWLEDGED)
    by(Actor.HUB, Action.ORPHAN, _S.NEEDS_PERSON, _S.ACKNOWLEDGED)
    by(Actor.HUB, Action.STAND_AGAIN, _S.NEEDS_PERSON, _S.WITHDRAWN)
    return steps


STEPS = MappingProxyType(_steps())


RESULT_OF = MappingProxyType(
    {
        RegisterOperation.TRANSFER: RegisterResult.REGISTERED,
        RegisterOperation.WITHDRAW: RegisterResult.WITHDRAWN,
    }
)
"""What the register says of an operation that it has done."""


class StepNotAllowed(Refusal):
    code = "agis.step-not-allowed"


def state_after(state: RegistrationState, action: Action, actor: Actor) -> RegistrationState:
    """The state after `action`; refuses everything the table does not list."""
    after = STEPS.get((state, action), {}).get(actor)
    if after is None:
        raise StepNotAllowed(state=state.value, action=action.value)
    return after


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
