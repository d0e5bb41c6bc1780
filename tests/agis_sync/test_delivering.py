"""One task: whatever the register says, the outcome is one of five, and nothing is sent that may be there."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from agis_sync.delivering import DAMAGED_TRIES, deliver, for_a_person, given_back, outcome_of
from agis_sync.gateways.findings import FOR_A_PERSON, Finding, Trouble, Unanswered, judged, unknown, unsent
from saikne_schemas.register_entries import RegisterEntry
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import JobResult, RegisterOperation, RegisterResult, RejectedBecause
from tests.agis_sync.entries import OTHER_DIGEST, ScriptedGateway, answer_to, entry_of, task_of

_R, _J = RegisterResult, JobResult
MEANS = {
    (RegisterOperation.TRANSFER, _R.REGISTERED): _J.ACKNOWLEDGED,
    (RegisterOperation.TRANSFER, _R.WITHDRAWN): _J.UNKNOWN,
    (RegisterOperation.WITHDRAW, _R.WITHDRAWN): _J.ACKNOWLEDGED,
    (RegisterOperation.WITHDRAW, _R.REGISTERED): _J.UNKNOWN,
    **{(operation, _R.IN_PROGRESS): _J.PENDING for operation in RegisterOperation},
    **{(operation, _R.REJECTED): _J.REJECTED for operation in RegisterOperation},
}
"""What an answer about this very entry means."""


@pytest.mark.parametrize("operation", RegisterOperation)
@pytest.mark.parametrize("result", RegisterResult)
@pytest.mark.parametrize("digest", ["own", "other", "absent"])
@pytest.mark.parametrize("revision", [1, 2, 3])
@pytest.mark.parametrize("about", ["own", "other"])
async def test_an_answer_ends_the_task_only_if_it_is_about_this_very_entry(
    operation: RegisterOperation, result: RegisterResult, digest: str, revision: int, about: str
) -> None:
    entry = entry_of(revision=2, operation=operation)
    digests = {"own": entry_sha256(entry), "other": OTHER_DIGEST, "absent": None}
    key = entry.key if about == "own" else uuid4()
    answer = answer_to(entry, result, key=key, revision=revision, entry_sha256=digests[digest])
    register = ScriptedGateway(on_ask=lambda _key, _revision: answer)
    finding = await deliver(task_of(entry, ask_first=True), register)
    unread = digest == "absent" and result is _R.REJECTED
    if about == "other":
        expected = _J.UNKNOWN
    elif revision == 1:
        expected = _J.PENDING  # what sending brings
    elif revision == 3:
        expected = _J.REJECTED
    else:
        expected = MEANS[operation, result] if digest == "own" or unread else _J.UNKNOWN
    assert finding.result is expected
    assert bool(register.sent) is (about == "own" and revision == 1)


@pytest.mark.parametrize("lacking", ["register_id", "registered_on"])
def test_a_confirmation_without_number_or_day_is_none(lacking: str) -> None:
    entry = entry_of()
    assert judged(entry, answer_to(entry, _R.REGISTERED, **{lacking: None})).result is _J.UNKNOWN


async def test_a_later_revision_at_the_register_is_told_as_superseded() -> None:
    entry = entry_of(revision=1)
    later = answer_to(entry, _R.REGISTERED, revision=2)
    task = task_of(entry, ask_first=True)
    finding = await deliver(task, ScriptedGateway(on_ask=lambda _key, _revision: later))
    outcome = outcome_of(task, finding)
    assert (outcome.result, outcome.reason) == (_J.REJECTED, RejectedBecause.SUPERSEDED)


async def test_nothing_at_the_register_lets_the_entry_go_out() -> None:
    register = ScriptedGateway()
    entry = entry_of()
    await deliver(task_of(entry, ask_first=True), register)
    assert (register.asked, register.sent) == ([entry.key], [entry.key])


async def test_what_certainly_never_arrived_is_sent_without_asking() -> None:
    register = ScriptedGateway()
    entry = entry_of()
    await deliver(task_of(entry), register)
    assert (register.asked, register.sent) == ([], [entry.key])


@pytest.mark.parametrize("trouble", Trouble)
async def test_without_an_answer_to_the_question_nothing_is_sent(trouble: Trouble) -> None:
    def silent(_key: UUID, _revision: int) -> None:
        raise Unanswered(trouble, timedelta(seconds=7))

    register = ScriptedGateway(on_ask=silent)
    task = task_of(entry_of(), ask_first=True)
    outcome = outcome_of(task, await deliver(task, register))
    assert (outcome.result, outcome.again_in_seconds, register.sent) == (_J.UNKNOWN, 7, [])


@pytest.mark.parametrize("ask_first", [True, False])
def test_what_was_not_begun_is_known_to_be_absent_only_if_it_never_went_out(*, ask_first: bool) -> None:
    finding = given_back(task_of(entry_of(), ask_first=ask_first), Trouble.NOT_BEGUN)
    assert finding.result is (_J.UNKNOWN if ask_first else _J.NOT_SENT)


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (lambda entry: judged(entry, answer_to(entry, _R.REGISTERED)), {"register_id", "registered_on"}),
        (lambda entry: judged(entry, answer_to(entry, _R.REJECTED)), {"reason"}),
        (lambda entry: judged(entry, answer_to(entry, _R.IN_PROGRESS), timedelta(1)), {"again_in_seconds"}),
        (lambda _: unknown(Trouble.NO_ANSWER), set()),
        (lambda _: unsent(Trouble.BUSY, timedelta(seconds=3)), {"again_in_seconds"}),
    ],
    ids=["acknowledged", "rejected", "pending", "unknown", "not_sent"],
)
def test_the_hub_is_told_what_belongs_to_the_result_and_no_more(
    finding: Callable[[RegisterEntry], Finding], said: set[str]
) -> None:
    task = task_of(entry_of(), attempt=4)
    found = finding(task.entry)
    outcome = outcome_of(task, found)
    always = {"key", "revision", "attempt", "result"}
    sent = set() if found.result is _J.NOT_SENT else {"entry_sha256"}
    assert outcome.model_dump(exclude_none=True).keys() == always | sent | said
    assert (outcome.key, outcome.attempt) == (task.entry.key, 4)


@pytest.mark.parametrize("trouble", Trouble)
@pytest.mark.parametrize("attempt", [1, DAMAGED_TRIES - 1, DAMAGED_TRIES, DAMAGED_TRIES + 1])
def test_a_person_is_called_where_waiting_does_not_help(trouble: Trouble, attempt: int) -> None:
    called = for_a_person(task_of(entry_of(), attempt=attempt), trouble)
    half_written = trouble is Trouble.DAMAGED and attempt < DAMAGED_TRIES
    assert called is (trouble in FOR_A_PERSON and not half_written)
