"""Every state of a registration by every step by everybody: what the table lists, and nothing else."""

from itertools import product

import pytest

from hub.agis.steps import STEPS, Action, Actor, StepNotAllowed, reported, taken
from saikne_schemas.register_words import OPEN, JobResult, RegisterOperation, RegistrationState

S = RegistrationState
AT_REST = {S.DRAFT, S.QUEUED, S.REJECTED, S.NEEDS_PERSON}
UNDER_WAY = {S.SENT, S.UNKNOWN}
SAID: dict[tuple[Action, Actor], dict[S, S]] = {
    (Action.PREPARE, Actor.CENTRE): dict.fromkeys(AT_REST | {S.ACKNOWLEDGED, S.WITHDRAWN}, S.DRAFT),
    (Action.SEAL, Actor.CENTRE): {S.DRAFT: S.QUEUED, S.NEEDS_PERSON: S.QUEUED},
    (Action.TAKE_BACK, Actor.CENTRE): dict.fromkeys(AT_REST, S.WITHDRAWN),
    (Action.REVOKE, Actor.CENTRE): dict.fromkeys(AT_REST | {S.ACKNOWLEDGED}, S.QUEUED),
    (Action.COMPLETE, Actor.CENTRE): {S.NEEDS_PERSON: S.DRAFT},
    (Action.GO_ON, Actor.CENTRE): {S.NEEDS_PERSON: S.QUEUED},
    (Action.ASK_AGAIN, Actor.CENTRE): {S.NEEDS_PERSON: S.UNKNOWN},
    (Action.CLAIM, Actor.JOB): {S.QUEUED: S.SENT, S.SENT: S.SENT, S.UNKNOWN: S.UNKNOWN},
    (Action.ACKNOWLEDGE, Actor.JOB): dict.fromkeys(UNDER_WAY | {S.NEEDS_PERSON}, S.ACKNOWLEDGED),
    (Action.END, Actor.JOB): dict.fromkeys(UNDER_WAY | {S.NEEDS_PERSON}, S.WITHDRAWN),
    (Action.REJECT, Actor.JOB): dict.fromkeys(UNDER_WAY | {S.NEEDS_PERSON}, S.REJECTED),
    (Action.POSTPONE, Actor.JOB): dict.fromkeys(UNDER_WAY, S.SENT),
    (Action.RETURN, Actor.JOB): {S.SENT: S.QUEUED, S.UNKNOWN: S.UNKNOWN},
    (Action.LOSE, Actor.JOB): dict.fromkeys(UNDER_WAY, S.UNKNOWN),
    (Action.TIME_OUT, Actor.HUB): {S.SENT: S.UNKNOWN},
    (Action.GIVE_UP, Actor.HUB): dict.fromkeys(UNDER_WAY | {S.DRAFT, S.QUEUED}, S.NEEDS_PERSON),
    (Action.REPLACE, Actor.HUB): dict.fromkeys(AT_REST | UNDER_WAY | {S.ACKNOWLEDGED}, S.WITHDRAWN),
    (Action.STAND_ASIDE, Actor.HUB): dict.fromkeys({S.QUEUED, S.UNKNOWN}, S.WITHDRAWN),
    (Action.STAND_AGAIN, Actor.HUB): {S.WITHDRAWN: S.NEEDS_PERSON},
    (Action.ORPHAN, Actor.HUB): {S.ACKNOWLEDGED: S.NEEDS_PERSON},
    (Action.MISS, Actor.HUB): {S.ACKNOWLEDGED: S.NEEDS_PERSON},
}


def test_the_table_lists_these_steps_and_no_others() -> None:
    said = {(state, *by): {after} for by, steps in SAID.items() for state, after in steps.items()}
    for state in UNDER_WAY | {S.NEEDS_PERSON}:
        said[state, Action.ACKNOWLEDGE, Actor.JOB].add(S.NEEDS_PERSON)
    every = product(RegistrationState, Action, Actor)
    assert {one: after for one in every if (after := STEPS.leads(*one))} == said


def test_what_is_not_listed_is_refused_with_what_was_asked() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        taken("acknowledged", Action.CLAIM, Actor.JOB)
    assert refused.value.code == "agis.step-not-allowed"
    assert refused.value.facts == {"state": "acknowledged", "action": "claim", "role": "job"}


def test_from_every_open_state_somebody_can_bring_it_to_an_end() -> None:
    ends = set(RegistrationState) - OPEN
    assert ends == {S.ACKNOWLEDGED, S.WITHDRAWN}
    for start in OPEN:
        reached = {start}
        before: set[RegistrationState] = set()
        while reached != before:
            before = set(reached)
            steps = [by.values() for (state, _), by in STEPS.listed.items() if state in before]
            reached |= {state for by in steps for after in by for state in after}
        assert ends <= reached, start


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("operation", RegisterOperation)
def test_what_a_job_reports_is_one_step(operation: RegisterOperation, *, asked: bool) -> None:
    withdraws = operation is RegisterOperation.WITHDRAW
    expected = {
        JobResult.ACKNOWLEDGED: Action.END if withdraws else Action.ACKNOWLEDGE,
        JobResult.REJECTED: Action.REJECT,
        JobResult.PENDING: Action.POSTPONE,
        JobResult.NOT_SENT: Action.LOSE if asked else Action.RETURN,
        JobResult.UNKNOWN: Action.LOSE,
    }
    for result in JobResult:
        assert reported(result, operation, ask_first=asked) is expected[result]
