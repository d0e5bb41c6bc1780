"""What a job reports is about the bytes it was given; where the register signs, its own word counts."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import ECKey

from saikne import Hub, compose
from saikne_demo.register import Book
from saikne_demo.register.seal import public_half
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.register_files import entry_sha256
from saikne_schemas.register_words import JobResult, RegisterResult, RejectedBecause, WordOf
from saikne_schemas.registrations import ClaimRegistrations, RegistrationTask
from tests.journeys.family_moves import dated, seen
from tests.journeys.play import Play, chain_of
from tests.journeys.registrations import DAY, claimed, queued, register_key, the_register, told

ANSWERED: dict[JobResult, dict[str, Any]] = {
    JobResult.ACKNOWLEDGED: {"registered_on": DAY, "register_id": "AGIS-1"},
    JobResult.REJECTED: {"reason": RejectedBecause.OTHER},
    JobResult.PENDING: {},
}


@pytest.fixture(scope="module")
async def job(play: Play) -> AsyncIterator[Hub]:
    """On the register's side."""
    await register_key(play)
    installation = await play.stage.enrol(
        "IeM IC",
        legal_entity=LegalEntity(name="Informācijas centrs", registration_number="90000288142"),
        contacts=Contacts(notices="agis@iemic.example"),
        register_side=True,
    )
    async with Hub(installation.credentials()) as hub:
        yield hub


@pytest.fixture
async def signing(play: Play) -> AsyncIterator[ECKey]:
    """The operator has added the register's signing key."""
    key = ECKey.generate_key("P-256")
    jwk = public_half(key)
    kid = jwk.pop("kid")
    await play.sql(
        "INSERT INTO hub.register_key (kid, jwk, purpose, admitted_at)"
        " VALUES ($1, $2::jsonb, 'signing', now())",
        kid,
        json.dumps(jwk),
    )
    yield key
    await play.sql("UPDATE hub.register_key SET retired_at = now() WHERE kid = $1", kid)


async def refused(job: Hub, task: RegistrationTask, result: JobResult, **facts: Any) -> str | None:
    (taken,) = (await told(job, task, result, **facts)).outcomes
    return taken.refused


async def test_what_is_about_other_bytes_than_were_handed_out_changes_nothing(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    before = await play.requester.registration(key)
    other = entry_sha256(task.entry.model_copy(update={"revision": 2}))
    for result in JobResult:
        for digest in ("0" * 64, other):
            facts = {**ANSWERED.get(result, {}), "entry_sha256": digest}
            assert await refused(job, task, result, **facts) == "agis.entry-differs"
    for result, facts in ANSWERED.items():
        assert await refused(job, task, result, **facts, entry_sha256=None) == "agis.outcome-incomplete"
    assert await play.requester.registration(key) == before
    assert (await seen(play.requester, matter)).content.registered is None
    assert await refused(job, task, JobResult.UNKNOWN, entry_sha256=None) is None


async def test_an_outcome_of_another_attempt_or_revision_has_a_code_of_its_own(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    task = await claimed(job, key)
    later = task.model_copy(update={"attempt": task.attempt + 1})
    revised = task.model_copy(update={"entry": task.entry.model_copy(update={"revision": 2})})
    for one in (later, revised):
        facts = {**ANSWERED[JobResult.ACKNOWLEDGED], "entry_sha256": entry_sha256(task.entry)}
        assert await refused(job, one, JobResult.ACKNOWLEDGED, **facts) == "agis.attempt-unknown"


async def test_a_claim_repeated_gives_the_same_bytes_or_none(play: Play, job: Hub) -> None:
    """A centre that has another name by now would be another entry than the one that may be on its way."""
    key = await queued(play.requester, await dated(play))
    said = compose(ClaimRegistrations, at_most=100, lease_seconds=300)
    first = [task for task in (await job.claim_registrations(said)).tasks if task.entry.key == key]
    assert [task for task in (await job.claim_registrations(said)).tasks if task.entry.key == key] == first
    centre = play.requester.credentials.centre
    (name,) = (await play.sql("SELECT name FROM hub.centre WHERE id = $1", centre))[0]
    await play.sql("UPDATE hub.centre SET name = 'Cits' WHERE id = $1", centre)
    try:
        assert key not in {task.entry.key for task in (await job.claim_registrations(said)).tasks}
    finally:
        await play.sql("UPDATE hub.centre SET name = $2 WHERE id = $1", centre, name)
    assert await refused(job, first[0], JobResult.ACKNOWLEDGED, **ANSWERED[JobResult.ACKNOWLEDGED]) is None


async def words_of(play: Play, key: UUID) -> set[object]:
    """Whose word stands on the chain of the centre that registers."""
    events, _ = await chain_of(play.requester)
    told = [json.loads(event.body) for event in events]
    return {one["word_of"] for one in told if one.get("registration") == str(key) and "word_of" in one}


async def test_without_a_key_of_the_register_the_record_says_that_the_job_says_so(
    play: Play, job: Hub
) -> None:
    key = await queued(play.requester, await dated(play))
    task = await claimed(job, key)
    assert await refused(job, task, JobResult.ACKNOWLEDGED, **ANSWERED[JobResult.ACKNOWLEDGED]) is None
    shown = await play.requester.registration(key)
    assert (shown.confirmed_by, shown.tried[0].word) == (WordOf.JOB, None)
    assert await words_of(play, key) == {"job"}


async def test_where_the_register_signs_only_its_own_word_meets_the_duty(
    play: Play, job: Hub, signing: ECKey
) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    register = Book(the_register(), signing_key=signing, today=lambda: DAY)
    answer = register.take(task.entry)
    assert (answer.result, answer.word is None) == (RegisterResult.REGISTERED, False)
    facts: dict[str, Any] = {"registered_on": DAY, "register_id": answer.register_id}
    made_up = {**facts, "register_id": "AGIS-777"}
    assert await refused(job, task, JobResult.ACKNOWLEDGED, **facts) == "agis.word-missing"
    assert (
        await refused(job, task, JobResult.ACKNOWLEDGED, **made_up, word=answer.word) == "agis.word-differs"
    )
    forged = Book(the_register(), signing_key=ECKey.generate_key("P-256"), today=lambda: DAY).take(task.entry)
    assert (
        await refused(job, task, JobResult.ACKNOWLEDGED, **facts, word=forged.word)
        == "agis.word-not-the-registers"
    )
    assert (await seen(play.requester, matter)).content.registered is None
    assert await refused(job, task, JobResult.ACKNOWLEDGED, **facts, word=answer.word) is None
    shown = await play.requester.registration(key)
    assert (shown.state, shown.confirmed_by) == ("acknowledged", WordOf.REGISTER)
    assert [one.word for one in shown.tried] == [answer.word]
    assert await words_of(play, key) == {"register"}


async def test_centres_and_jobs_are_shown_by_which_key_the_register_signs(play: Play, signing: ECKey) -> None:
    view = await play.requester.register()
    assert [one.kid for one in view.signing_keys] == [signing.thumbprint()]
    assert signing.thumbprint() not in {one.kid for one in view.keys}
