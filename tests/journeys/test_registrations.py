"""A move goes into the register by machine: each goes to one job, and only a confirmation meets the duty."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from hub.kernel.ids import REGISTRY
from saikne import Hub, HubRefusal, compose
from saikne.statements import wire_bytes
from saikne_demo.register import Book
from saikne_schemas.enrolment import Contacts, LegalEntity
from saikne_schemas.family_move_words import MoveCancelReason, OverrideReason
from saikne_schemas.family_moves import CancelMove, ConfirmOverride, OverrideDate, Registered
from saikne_schemas.register_entries import RegisterEntry, registration_key
from saikne_schemas.register_words import (
    JobResult,
    RegistrationWithdrawnBecause,
    RejectedBecause,
)
from saikne_schemas.registrations import (
    ClaimRegistrations,
    ReportOutcomes,
    TryRegistrationAgain,
    WithdrawRegistration,
)
from saikne_schemas.vocabulary import DutyKind, Scope
from tests.journeys.family_moves import IEVA, SOLVITA, dated, done, known_in_time, seen
from tests.journeys.play import Play, chain_of
from tests.journeys.registrations import (
    CANARY,
    CANARY_CODE,
    DAY,
    announced,
    claimed,
    confirmed,
    outcome,
    queued,
    register_key,
    the_register,
    told,
)
from tests.journeys.test_canaries import dump

OCTOBER = date(2026, 10, 1)


@pytest.fixture(scope="module")
async def job(play: Play) -> AsyncIterator[Hub]:
    """On the register's side."""
    await register_key(play)
    installation = await play.stage.enrol(
        "IeM IC",
        legal_entity=LegalEntity(
            name="Iekšlietu ministrijas Informācijas centrs", registration_number="90000288142"
        ),
        contacts=Contacts(notices="agis@iemic.example"),
        register_side=True,
    )
    async with Hub(installation.credentials()) as hub:
        yield hub


async def refusal(asked: object) -> tuple[int, str]:
    with pytest.raises(HubRefusal) as refused:
        await asked  # type: ignore[misc]
    return refused.value.status, refused.value.code


async def due_now(play: Play, key: UUID) -> None:
    """The pause before the next try is over."""
    await play.sql("UPDATE hub.registration SET next_at = now(), claimed_until = NULL WHERE key = $1", key)


async def test_only_the_registers_confirmation_meets_the_duty(play: Play, job: Hub) -> None:
    matter = await dated(play)
    statement, sealed = announced(play.requester, matter)
    assert (await play.requester.tell(statement)).state == "dated"
    key = registration_key(matter, DAY, play.requester.credentials.centre)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.waits_for, shown.revision) == ("draft", "centre", 1)
    shown = await play.requester.send_sealed(key, sealed)
    assert (shown.state, shown.waits_for) == ("queued", "job")
    assert await play.requester.send_sealed(key, sealed) == shown
    task = await claimed(job, key)
    assert (task.attempt, task.ask_first, task.entry.revision) == (1, False, 1)
    assert (task.entry.sealed, task.entry.effective_on) == (sealed.decode(), DAY)
    assert task.entry.new.registration_number == "50008021661"
    assert (await seen(play.requester, matter)).content.registered is None
    taken = await confirmed(job, task, number="AGIS-77")
    assert [(one.state, one.refused) for one in taken.outcomes] == [("acknowledged", None)]
    entry = (await seen(play.requester, matter)).content.registered
    assert entry is not None
    assert (entry.registered_on, entry.register_id, entry.registration) == (DAY, "AGIS-77", key)
    (duty,) = [one for one in (await seen(play.requester, matter)).duties if one.kind == DutyKind.REGISTER]
    assert (duty.ending, duty.met_on, duty.met_late_by) == ("met", DAY, 0)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.waits_for, shown.next_at, shown.sealed_erased) == (
        "acknowledged",
        None,
        None,
        True,
    )
    assert await play.sql("SELECT FROM hub.registration_sealed WHERE key = $1", key) == []
    for hub in (play.requester, play.holder):
        assert "transfers.family_move.registered" in {event.kind for event in (await chain_of(hub))[0]}


async def test_a_late_confirmation_says_by_how_many_working_days(play: Play, job: Hub) -> None:
    matter = await dated(play)
    await known_in_time(play, matter)
    key = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, key), on=date(2026, 9, 9))
    (duty,) = [one for one in (await seen(play.requester, matter)).duties if one.kind == DutyKind.REGISTER]
    assert (duty.due_on, duty.met_on, duty.met_late_by) == (date(2026, 9, 4), date(2026, 9, 9), 3)


async def test_what_was_sent_without_an_answer_is_asked_for_before_it_is_sent_again(
    play: Play, job: Hub
) -> None:
    key = await queued(play.requester, await dated(play))
    task = await claimed(job, key)
    assert [one.state for one in (await told(job, task, JobResult.UNKNOWN)).outcomes] == ["unknown"]
    shown = await play.requester.registration(key)
    assert (shown.state, shown.waits_for) == ("unknown", "job")
    assert shown.next_at is not None
    assert shown.next_at > datetime.now(UTC)
    await due_now(play, key)
    again = await claimed(job, key)
    assert (again.attempt, again.ask_first) == (2, True)
    assert [one.state for one in (await told(job, again, JobResult.NOT_SENT)).outcomes] == ["unknown"]
    await due_now(play, key)
    assert (await claimed(job, key)).ask_first


async def test_what_was_certainly_not_sent_need_not_be_asked_for(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    task = await claimed(job, key)
    taken = await told(job, task, JobResult.NOT_SENT, again_in_seconds=3600)
    assert [one.state for one in taken.outcomes] == ["queued"]
    shown = await play.requester.registration(key)
    assert shown.next_at is not None
    assert shown.next_at > datetime.now(UTC) + timedelta(minutes=59)
    await due_now(play, key)
    assert not (await claimed(job, key)).ask_first


async def test_a_lease_that_passes_in_silence_is_an_unknown_one(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    first = await claimed(job, key)
    await play.sql(
        "UPDATE hub.registration SET next_at = now(), claimed_until = now() - interval '1 second'"
        " WHERE key = $1",
        key,
    )
    second = await claimed(job, key)
    assert (second.attempt, second.ask_first) == (2, True)
    assert (await play.requester.registration(key)).state == "unknown"
    stale = await told(job, first, JobResult.NOT_SENT)
    assert [(one.state, one.refused) for one in stale.outcomes] == [("unknown", "agis.attempt-over")]
    late = await confirmed(job, first)
    assert [(one.state, one.refused) for one in late.outcomes] == [("acknowledged", None)]


async def test_a_rejected_one_is_prepared_anew_under_the_same_key(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    rejected = await told(job, task, JobResult.REJECTED, reason=RejectedBecause.PERSON_UNKNOWN)
    assert [one.state for one in rejected.outcomes] == ["rejected"]
    shown = await play.requester.registration(key)
    assert (shown.rejected_because, shown.waits_for) == (RejectedBecause.PERSON_UNKNOWN, "centre")
    assert (await play.mailed_about(matter, play.requester, "noraidījis")).text
    assert await queued(play.requester, matter) == key
    second = await claimed(job, key)
    assert (second.entry.revision, second.attempt, second.ask_first) == (2, 2, False)
    await confirmed(job, second)
    assert (await play.requester.registration(key)).state == "acknowledged"


async def test_the_same_claim_and_the_same_report_get_the_first_answer(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    claim = compose(ClaimRegistrations, at_most=100)
    first = await job.claim_registrations(claim)
    assert await job.claim_registrations(claim) == first
    (task,) = [one for one in first.tasks if one.entry.key == key]
    outcomes = [
        outcome(one, JobResult.NOT_SENT)
        if one is not task
        else outcome(one, JobResult.ACKNOWLEDGED, registered_on=DAY, register_id="AGIS-2")
        for one in first.tasks
    ]
    report = compose(ReportOutcomes, outcomes=outcomes)
    taken = await job.report_outcomes(report)
    assert await job.report_outcomes(report) == taken
    assert (await job.claim_registrations(claim)).tasks == []
    other = report.model_copy(update={"outcomes": outcomes[:1] * 2})
    assert await refusal(job.report_outcomes(other)) == (409, "matters.identity-reused")


async def test_outcomes_are_judged_one_by_one(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    task = await claimed(job, key)
    good = outcome(task, JobResult.ACKNOWLEDGED, registered_on=DAY, register_id="AGIS-3")
    wrong = [
        (good.model_copy(update={"key": uuid4()}), "agis.not-found"),
        (good.model_copy(update={"attempt": 99}), "agis.attempt-unknown"),
        (good.model_copy(update={"revision": 7}), "agis.attempt-unknown"),
        (good.model_copy(update={"register_id": None}), "agis.outcome-incomplete"),
        (outcome(task, JobResult.REJECTED), "agis.outcome-incomplete"),
    ]
    report = compose(ReportOutcomes, outcomes=[*(one for one, _ in wrong), good])
    taken = (await job.report_outcomes(report)).outcomes
    assert [one.refused for one in taken] == [*(code for _, code in wrong), None]
    assert taken[-1].state == "acknowledged"
    differs = await told(job, task, JobResult.REJECTED, reason=RejectedBecause.OTHER)
    assert [one.refused for one in differs.outcomes] == ["agis.outcome-given"]
    for odd in ({"register_id": "AGIS-4"}, {"registered_on": DAY + timedelta(days=1)}):
        again = compose(ReportOutcomes, outcomes=[good.model_copy(update=odd), good])
        told_twice = (await job.report_outcomes(again)).outcomes
        assert [one.refused for one in told_twice] == ["agis.outcome-given", None]


async def test_a_confirmation_from_tomorrow_goes_to_a_person(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    taken = await confirmed(job, await claimed(job, key), on=datetime.now(UTC).date() + timedelta(days=2))
    assert [one.state for one in taken.outcomes] == ["needs_person"]
    shown = await play.requester.registration(key)
    assert shown.needs_person_because == "confirmed_oddly"
    assert (await seen(play.requester, matter)).content.registered is None
    assert (await play.mailed_about(matter, play.requester, "bez Jums")).text
    again = compose(TryRegistrationAgain, matter=matter, key=key, decided_by=IEVA)
    await play.requester.tell(again)
    task = await claimed(job, key)
    assert task.ask_first
    await confirmed(job, task)
    assert (await seen(play.requester, matter)).content.registered is not None


async def test_too_many_tries_go_to_a_person_and_no_further(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await play.sql("UPDATE hub.registration SET tries = 59 WHERE key = $1", key)
    taken = await told(job, await claimed(job, key), JobResult.NOT_SENT)
    assert [one.state for one in taken.outcomes] == ["needs_person"]
    await due_now(play, key)
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)
    assert (await play.requester.registration(key)).needs_person_because == "tried_too_often"


async def test_an_entry_made_by_hand_keeps_the_machine_out(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    entry = compose(Registered, matter=matter, registered_on=DAY, registered_by=IEVA)
    await play.requester.tell(entry)
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.withdrawn_because) == ("withdrawn", "entered_by_hand")
    statement, _ = announced(play.requester, matter)
    assert await refusal(play.requester.tell(statement)) == (409, "agis.entered-by-hand")


async def another_day(play: Play, matter: UUID, day: date = OCTOBER) -> None:
    proposal = compose(
        OverrideDate,
        matter=matter,
        effective_on=day,
        reason=OverrideReason.ERROR_CORRECTED,
        proposed_by=SOLVITA,
    )
    await play.holder.tell(proposal)
    await play.requester.tell(
        compose(ConfirmOverride, matter=matter, override=proposal.id, confirmed_by=IEVA)
    )


async def test_an_entry_by_hand_ends_what_a_job_gave_back_after_its_time(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    await play.sql("UPDATE hub.registration SET state = 'unknown', claimed_until = NULL WHERE key = $1", key)
    assert [one.refused for one in (await told(job, task, JobResult.NOT_SENT)).outcomes] == [None]
    entry = compose(Registered, matter=matter, registered_on=DAY, registered_by=IEVA)
    await play.requester.tell(entry)
    await due_now(play, key)
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.withdrawn_because) == ("withdrawn", "entered_by_hand")


def taken_back_from(matter: UUID, key: UUID) -> WithdrawRegistration:
    return compose(
        WithdrawRegistration,
        matter=matter,
        key=key,
        reason=RegistrationWithdrawnBecause.DAY_CHANGED,
        decided_by=IEVA,
    )


async def may_be_there_and_replaced(play: Play, job: Hub) -> tuple[UUID, UUID, UUID]:
    """The move, the registration of its first day, of which nobody knows, and that of its second."""
    matter = await dated(play)
    first = await queued(play.requester, matter)
    await told(job, await claimed(job, first), JobResult.UNKNOWN)
    await another_day(play, matter)
    second = await queued(play.requester, matter, OCTOBER)
    assert (await play.requester.registration(first)).withdrawn_because == "replaced"
    return matter, first, second


async def test_what_was_to_be_replaced_is_open_again_when_its_replacement_is_taken_back(
    play: Play, job: Hub
) -> None:
    matter, first, second = await may_be_there_and_replaced(play, job)
    await play.requester.tell(taken_back_from(matter, second))
    shown = await play.requester.registration(first)
    assert (shown.state, shown.needs_person_because) == ("needs_person", "day_changed")
    await play.requester.tell(taken_back_from(matter, first))
    task = await claimed(job, first)
    assert (task.entry.operation, task.entry.revision) == ("withdraw_transfer", 2)


async def test_what_was_to_be_replaced_is_open_again_when_its_replacement_may_never_have_come(
    play: Play, job: Hub
) -> None:
    matter, first, second = await may_be_there_and_replaced(play, job)
    await told(job, await claimed(job, second), JobResult.REJECTED, reason=RejectedBecause.SUPERSEDED)
    await play.requester.tell(taken_back_from(matter, second))
    await confirmed(job, await claimed(job, second))
    assert (await play.requester.registration(second)).state == "withdrawn"
    shown = await play.requester.registration(first)
    assert (shown.state, shown.needs_person_because) == ("needs_person", "day_changed")


async def test_a_third_day_ends_what_the_second_may_never_have_ended(play: Play, job: Hub) -> None:
    matter, first, second = await may_be_there_and_replaced(play, job)
    await told(job, await claimed(job, second), JobResult.UNKNOWN)
    day = date(2026, 11, 2)
    await another_day(play, matter, day)
    task = await claimed(job, await queued(play.requester, matter, day))
    assert task.entry.replaces == second
    await confirmed(job, task, on=day)
    assert (await play.requester.registration(second)).state == "withdrawn"
    assert (await play.requester.registration(first)).state == "needs_person"


async def test_an_entry_by_hand_of_another_day_leaves_the_first_to_a_person(play: Play, job: Hub) -> None:
    matter, first, second = await may_be_there_and_replaced(play, job)
    await play.requester.tell(compose(Registered, matter=matter, registered_on=OCTOBER, registered_by=IEVA))
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, second)
    assert (await play.requester.registration(second)).needs_person_because == "entered_by_hand"
    await play.requester.tell(taken_back_from(matter, second))
    assert (await play.requester.registration(first)).state == "needs_person"


async def test_what_a_confirmed_one_has_replaced_stays_at_an_end(play: Play, job: Hub) -> None:
    matter, first, second = await may_be_there_and_replaced(play, job)
    await confirmed(job, await claimed(job, second), on=OCTOBER)
    await play.requester.tell(taken_back_from(matter, second))
    await confirmed(job, await claimed(job, second), on=OCTOBER)
    assert (await play.requester.registration(first)).state == "withdrawn"


async def said_on_chain(hub: Hub, kind: str, key: UUID) -> list[dict[str, Any]]:
    """What the chain of a centre says of a registration."""
    bodies = [json.loads(event.body) for event in (await chain_of(hub))[0] if event.kind == kind]
    return [one for one in bodies if one.get("registration") == str(key)]


async def test_both_centres_chains_say_who_told_of_the_registers_word(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, key))
    for hub in (play.requester, play.holder):
        (said,) = await said_on_chain(hub, "transfers.family_move.registered", key)
        assert said["author"] == str(REGISTRY)
    await play.requester.tell(taken_back_from(matter, key))
    await confirmed(job, await claimed(job, key))
    (said,) = await said_on_chain(play.requester, "agis.registration.confirmed", key)
    assert (said["author"], said["operation"], said["revision"]) == (str(REGISTRY), "withdraw_transfer", 2)


async def test_what_is_set_aside_for_an_entry_by_hand_is_on_the_centres_chain(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await play.requester.tell(compose(Registered, matter=matter, registered_on=DAY, registered_by=IEVA))
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)
    (said,) = await said_on_chain(play.requester, "agis.registration.taken_back", key)
    assert said["because"] == "entered_by_hand"


async def to_a_day_to_come(play: Play, matter: UUID) -> None:
    """So that the move can be cancelled still."""
    await another_day(play, matter, datetime.now(UTC).date() + timedelta(days=3))


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
async def test_a_cancelled_move_that_the_register_holds_goes_to_a_person(
    play: Play, job: Hub, *, late: bool
) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    task = await claimed(job, key)
    if not late:
        await confirmed(job, task)
    await to_a_day_to_come(play, matter)
    await play.holder.tell(compose(CancelMove, matter=matter, reason=MoveCancelReason.FAMILY_STAYS))
    if late:
        taken = await confirmed(job, task)
        assert [(one.state, one.refused) for one in taken.outcomes] == [("needs_person", None)]
    shown = await play.requester.registration(key)
    assert (shown.state, shown.needs_person_because) == ("needs_person", "day_changed")
    assert shown.register_id == "AGIS-1"
    await play.requester.tell(taken_back_from(matter, key))
    assert (await claimed(job, key)).entry.operation == "withdraw_transfer"


async def test_another_day_is_another_registration_that_replaces_the_first(play: Play, job: Hub) -> None:
    matter = await dated(play)
    first = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, first))
    await another_day(play, matter)
    statement, _ = announced(play.requester, matter)
    assert await refusal(play.requester.tell(statement)) == (409, "agis.day-differs")
    second = await queued(play.requester, matter, OCTOBER)
    assert second != first
    task = await claimed(job, second)
    assert (task.entry.replaces, task.entry.effective_on) == (first, OCTOBER)
    await confirmed(job, task, on=OCTOBER, number="AGIS-9")
    shown = await play.requester.registration(first)
    assert (shown.state, shown.withdrawn_because) == ("withdrawn", "replaced")
    entry = (await seen(play.requester, matter)).content.registered
    assert entry is not None
    assert entry.registration == second


async def test_a_move_that_returns_to_its_first_day_is_taken_by_the_register(play: Play, job: Hub) -> None:
    book = Book(the_register())
    matter = await dated(play)
    sent: list[RegisterEntry] = []
    for day in (DAY, OCTOBER, DAY, OCTOBER):
        if sent:
            await another_day(play, matter, day)
        task = await claimed(job, await queued(play.requester, matter, day))
        sent.append(task.entry)
        answer = book.take(task.entry)
        assert (answer.result, answer.register_id is None) == ("registered", False)
        await confirmed(job, task, on=day, number=str(answer.register_id))
        assert book.in_force().keys() == {task.entry.key}
    assert [(one.revision, one.replaces, one.replaces_revision) for one in sent] == [
        (1, None, None),
        (1, sent[0].key, 1),
        (2, sent[1].key, 1),
        (2, sent[0].key, 2),
    ]
    assert {book.take(one).reason for one in sent[:3]} == {"superseded"}


async def test_a_day_that_was_never_sent_replaces_nothing(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, key))
    await another_day(play, matter)
    await queued(play.requester, matter, OCTOBER)
    await another_day(play, matter, DAY)
    task = await claimed(job, await queued(play.requester, matter))
    assert (task.entry.key, task.entry.revision, task.entry.replaces) == (key, 2, None)


async def test_what_waits_under_a_day_that_no_longer_counts_is_not_handed_out(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await another_day(play, matter)
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)
    assert (await play.requester.registration(key)).needs_person_because == "day_changed"
    again = compose(TryRegistrationAgain, matter=matter, key=key, decided_by=IEVA)
    assert await refusal(play.requester.tell(again)) == (409, "agis.day-differs")
    second = await queued(play.requester, matter, OCTOBER)
    assert (await play.requester.registration(key)).withdrawn_because == "replaced"
    assert (await claimed(job, second)).entry.replaces is None


async def test_a_confirmed_one_is_taken_back_through_the_register_and_owed_again(
    play: Play, job: Hub
) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    await confirmed(job, await claimed(job, key))
    await done(play, matter, DAY, registered=False)
    assert (await seen(play.requester, matter)).state == "closed"
    said = compose(
        WithdrawRegistration,
        matter=matter,
        key=key,
        reason=RegistrationWithdrawnBecause.WRONG_FAMILY,
        decided_by=IEVA,
    )
    assert (await play.requester.tell(said)).state == "dated"
    view = await seen(play.requester, matter)
    assert (view.content.registered, view.content.remaining) == (None, [DutyKind.REGISTER])
    task = await claimed(job, key)
    assert (task.entry.operation, task.entry.revision, task.entry.sealed) == ("withdraw_transfer", 2, None)
    await confirmed(job, task)
    shown = await play.requester.registration(key)
    assert (shown.state, shown.withdrawn_because) == ("withdrawn", "wrong_family")
    assert await queued(play.requester, matter) == key
    assert (await claimed(job, key)).entry.revision == 3


async def test_what_was_never_sent_is_taken_back_at_once(play: Play, job: Hub) -> None:
    matter = await dated(play)
    key = await queued(play.requester, matter)
    said = compose(
        WithdrawRegistration,
        matter=matter,
        key=key,
        reason=RegistrationWithdrawnBecause.MOVE_CANCELLED,
        decided_by=IEVA,
    )
    await play.requester.tell(said)
    assert (await play.requester.registration(key)).state == "withdrawn"
    with pytest.raises(AssertionError, match="cannot be taken"):
        await claimed(job, key)


async def test_a_sealed_content_that_is_not_the_stated_one_is_refused_and_changes_nothing(
    play: Play, job: Hub
) -> None:
    matter = await dated(play)
    statement, sealed = announced(play.requester, matter)
    await play.requester.tell(statement)
    key = registration_key(matter, DAY, play.requester.credentials.centre)
    assert await refusal(play.requester.send_sealed(key, sealed + b"A")) == (422, "agis.sealed-differs")
    assert await refusal(play.stranger.send_sealed(key, sealed)) == (404, "agis.not-found")
    assert (await play.requester.registration(key)).state == "draft"
    del job


async def test_strangers_and_the_other_centre_see_nothing_of_a_registration(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    for hub in (play.holder, play.stranger):
        assert await refusal(hub.registration(key)) == (404, "agis.not-found")
        assert key not in [one.key async for one in hub.registrations()]
    for hub in (play.requester, job, play.overseer):
        assert key in [one.key async for one in hub.registrations()]
    claim = compose(ClaimRegistrations, at_most=1)
    assert await refusal(play.requester.claim_registrations(claim)) == (403, "access.scope-missing")
    assert await refusal(play.overseer.claim_registrations(claim)) == (403, "access.scope-missing")


async def test_a_centres_own_job_gets_that_centres_registrations_only(play: Play, job: Hub) -> None:
    theirs = await queued(play.requester, await dated(play))
    installation = await play.stage.enrol(
        "Vidzeme",
        legal_entity=LegalEntity(name="Biedrība „Vidzeme”", registration_number="40008000314"),
        contacts=Contacts(notices="centrs@vidzeme.example"),
        scopes=[Scope.EXCHANGE, Scope.REGISTER],
    )
    async with Hub(installation.credentials()) as own:
        folder = play.new_folder()
        folder.mkdir()
        theirs_too = Play(play.stage, own, play.holder, play.stranger, play.overseer, folder, play.http)
        mine = await dated(theirs_too)
        key = await queued(own, mine)
        tasks = (await own.claim_registrations(compose(ClaimRegistrations, at_most=100))).tasks
        assert [task.entry.key for task in tasks] == [key]
        await confirmed(own, tasks[0])
        assert (await own.registration(key)).state == "acknowledged"
        foreign = await claimed(job, theirs)
        refused = await confirmed(own, foreign)
        assert [one.refused for one in refused.outcomes] == ["agis.not-found"]


async def test_two_jobs_at_once_never_get_the_same_one(play: Play, job: Hub) -> None:
    keys = {await queued(play.requester, await dated(play)) for _ in range(4)}
    claims = [compose(ClaimRegistrations, at_most=2) for _ in range(6)]
    given = await asyncio.gather(*(job.claim_registrations(one) for one in claims))
    taken = [task.entry.key for one in given for task in one.tasks]
    assert len(taken) == len(set(taken))
    assert keys <= set(taken)


async def test_no_name_and_no_code_is_in_the_database(play: Play, job: Hub) -> None:
    key = await queued(play.requester, await dated(play))
    await claimed(job, key)
    rows = (await dump(play))["hub.registration"]
    assert key.bytes in rows
    for table, content in (await dump(play)).items():
        for word in (CANARY, CANARY_CODE):
            assert word.encode() not in content, table


async def test_bad_words_are_refused_and_change_nothing(play: Play, job: Hub) -> None:
    await register_key(play)
    hands = await play.by_hand(play.requester)
    matter = await dated(play)
    statement, _ = announced(play.requester, matter)
    body = wire_bytes(statement)
    for wrong in (
        body.replace(b'"effective_on":"2026-09-01"', b'"effective_on":"rit"'),
        body.replace(b'"sealed_bytes":', b'"sealed_bytes":-'),
        body[:-1] + b',"child":"Anna"}',
    ):
        answer = await hands.post(f"/v1/family-moves/{matter}/registration", wrong)
        assert (answer.status_code, answer.json()["code"]) == (400, "manifest.malformed")
    assert [one async for one in play.requester.registrations() if one.matter == matter] == []
    del job
