"""The story's other turns: disputed, taken back, withdrawn, lapsed, said twice, said wrongly."""

from typing import Any
from uuid import UUID

import pytest

from saikne import HubRefusal, WrongPassword, compose, prepare_answer, send_answer
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.manifests import (
    AuthorisedPerson,
    Discard,
    Dispatch,
    Dispute,
    HandOverAgain,
    Reveal,
    Withdrawal,
)
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    ExchangeKind,
    ExchangeState,
    IncompleteBecause,
    PasswordChannel,
    WithdrawReason,
)
from tests.journeys.play import CHILD, Play, pdf, until
from tests.journeys.test_story import SPEAKER, password_by
from tests.terms import term_of


async def test_a_dispute_reopens_the_answer_and_keeps_the_term(play: Play) -> None:
    exchange = await play.ask()
    first = await play.answer(exchange)
    due = term_of(await play.holder.exchange(exchange)).due_on
    old = (await play.fetch(exchange)).path
    old_password = await play.texted(exchange)
    dispute = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.UNREADABLE, documents=[1])
    assert (await play.requester.tell(dispute)).state is ExchangeState.DISPUTED
    disputed = await play.holder.exchange(exchange)
    assert (term_of(disputed).due_on, term_of(disputed).met_at) == (due, None)
    assert disputed.answer is not None
    assert disputed.answer.dispute is DisputeReason.UNREADABLE
    await play.mailed(LIGZDA.notices, exchange, "norāda trūkumus")

    second = await play.answer(exchange)
    assert second.round == 2
    new = (await play.fetch(exchange)).path
    new_password = await play.texted(exchange, 2)
    assert new_password != old_password
    with pytest.raises(WrongPassword):
        await play.open(new, old_password)
    opened = await play.open(new, new_password)
    assert opened.archive_sha256 != (await play.open(old, old_password)).archive_sha256
    done = await play.requester.tell(play.confirmation(exchange, 2, opened))
    assert done.state is ExchangeState.CONFIRMED
    assert term_of(await play.holder.exchange(exchange)).due_on == due
    assert first.manifest.id != second.manifest.id


async def test_what_was_disputed_is_erased_from_the_object_store(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    assert play.objects(exchange)
    await play.requester.tell(
        compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.WRONG_PASSWORD)
    )

    async def left() -> int:
        return len(play.objects(exchange))

    assert await until(left, lambda count: count == 0) == 0


async def test_an_answer_taken_back_is_declared_anew_under_another_password(play: Play) -> None:
    exchange = await play.ask()
    first = await play.prepare(exchange)
    await play.send(first)
    back = await play.holder.tell(compose(Discard, exchange=exchange, round=1))
    assert back.state is ExchangeState.REQUESTED
    second = await play.answer(exchange)
    assert second.round == 2
    assert (await play.finish(second)).state is ExchangeState.CONFIRMED
    rounds = await play.sql(
        "SELECT erased_because FROM hub.password WHERE exchange_id = $1 ORDER BY round", exchange
    )
    assert [row[0] for row in rounds] == ["discarded", "confirmed"]
    assert not [m for m in play.stage.phone.messages if m.reference.startswith(f"{exchange}:1:")]


@pytest.mark.parametrize("prepared", [False, True])
async def test_a_withdrawn_request_owes_nobody_anything(play: Play, prepared: bool) -> None:  # noqa: FBT001
    exchange = await play.ask()
    if prepared:
        await play.send(await play.prepare(exchange))
    withdrawal = compose(Withdrawal, exchange=exchange, reason=WithdrawReason.MOVE_CANCELLED)
    assert (await play.requester.tell(withdrawal)).state is ExchangeState.WITHDRAWN
    await play.mailed(LIGZDA.notices, exchange, "atsaukt")
    ended = await play.sql("SELECT DISTINCT ending FROM hub.duty WHERE matter_id = $1", exchange)
    assert [row[0] for row in ended] == ["withdrawn"]
    again = await play.prepare(exchange)
    with pytest.raises(HubRefusal, match=r"exchange\.step-not-allowed"):
        await play.holder.tell(again.manifest)


async def test_a_password_whose_time_is_over_is_erased_and_a_new_answer_helps(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    await play.texted(exchange)
    await play.time_passes("passwords.lapse", exchange)
    await until(lambda: play.state(exchange), lambda state: state == "lapsed")
    for address in (ZEMGALE.notices, LIGZDA.notices):
        await play.mailed(address, exchange, "beidz")
    with pytest.raises(HubRefusal, match=r"exchange\.step-not-allowed"):
        await play.requester.tell(compose(HandOverAgain, exchange=exchange, round=1))
    second = await play.answer(exchange)
    assert second.round == 2
    assert (await play.finish(second)).state is ExchangeState.CONFIRMED


async def test_who_opened_in_time_may_confirm_after_the_password_lapsed(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    opened = await play.open((await play.fetch(exchange)).path, await play.texted(exchange))
    await play.time_passes("passwords.lapse", exchange)
    await until(lambda: play.state(exchange), lambda state: state == "lapsed")
    done = await play.requester.tell(play.confirmation(exchange, 1, opened))
    assert done.state is ExchangeState.CONFIRMED


async def test_a_set_never_dispatched_is_taken_back_by_the_hub(play: Play) -> None:
    exchange = await play.ask()
    await play.send(await play.prepare(exchange))
    await play.time_passes("exchange.abandon", exchange)
    await until(lambda: play.state(exchange), lambda state: state == "requested")
    await play.mailed(LIGZDA.notices, exchange)
    with pytest.raises(HubRefusal, match=r"exchange\.step-not-allowed"):
        await play.holder.tell(compose(Dispatch, exchange=exchange, round=1))


async def test_the_same_password_is_sent_again_three_times_a_minute_apart(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    first = await play.texted(exchange)
    moved_at = (await play.holder.exchange(exchange)).moved_at
    with pytest.raises(HubRefusal) as too_soon:
        await play.requester.tell(compose(HandOverAgain, exchange=exchange, round=1))
    assert (too_soon.value.code, too_soon.value.status) == ("passwords.too-many-tries", 409)
    for sending in (2, 3, 4):
        await a_minute_later(play, exchange)
        await play.requester.tell(compose(HandOverAgain, exchange=exchange, round=1))
        assert await play.texted(exchange, sending=sending) == first
    assert (await play.holder.exchange(exchange)).moved_at == moved_at
    await a_minute_later(play, exchange)
    with pytest.raises(HubRefusal, match=r"passwords\.too-many-tries"):
        await play.requester.tell(compose(HandOverAgain, exchange=exchange, round=1))


async def a_minute_later(play: Play, exchange: UUID) -> None:
    """As if the last asking lay a minute further back."""
    await play.sql(
        "UPDATE hub.password SET asked_at = asked_at - interval '61 s' WHERE exchange_id = $1", exchange
    )


async def test_a_password_is_read_out_once_and_by_a_listed_person_only(play: Play) -> None:
    exchange = await play.ask((DeliveryChannel.HUB, PasswordChannel.VOICE))
    answered = await play.answer(exchange)
    somebody = AuthorisedPerson(name="Ilze Kalniņa", position="vadītāja")
    with pytest.raises(HubRefusal, match=r"passwords\.person-not-authorised"):
        await play.holder.reveal(compose(Reveal, exchange=exchange, round=1, spoken_by=somebody))
    password = await password_by(play, answered, PasswordChannel.VOICE)
    with pytest.raises(HubRefusal, match=r"passwords\.already-revealed"):
        await play.holder.reveal(compose(Reveal, exchange=exchange, round=1, spoken_by=SPEAKER))
    with pytest.raises(HubRefusal, match=r"passwords\.spoken-not-sent"):
        await play.requester.tell(compose(HandOverAgain, exchange=exchange, round=1))
    assert (await play.open((await play.fetch(exchange)).path, password)).checked


async def test_a_statement_sent_again_gets_its_first_answer_and_changes_nothing(play: Play) -> None:
    request = play.request()
    asked = await play.requester.tell(request)
    answered = await play.prepare(asked.exchange)
    declared = await play.holder.tell(answered.manifest)
    assert await play.requester.tell(request) == asked
    await play.send(answered)
    dispatch = compose(Dispatch, exchange=asked.exchange, round=1)
    dispatched = await play.holder.tell(dispatch)
    before = await play.traces(asked.exchange)
    assert await play.holder.tell(answered.manifest) == declared
    assert await play.holder.tell(dispatch) == dispatched
    assert await play.requester.tell(request) == asked
    after = await play.traces(asked.exchange)
    unmoved = {"answer", "document", "duty", "matter", "party", "segment", "statement"}
    assert {table: before[table] for table in unmoved} == {table: after[table] for table in unmoved}
    done = await play.finish(answered)
    assert await play.requester.tell(request) == asked
    assert done.state is ExchangeState.CONFIRMED


async def test_other_words_under_a_used_identity_are_refused(play: Play) -> None:
    request = play.request()
    exchange = (await play.requester.tell(request)).exchange
    reused: list[tuple[Any, Any]] = [
        (play.requester, request.model_copy(update={"children": ["AG-1-B9"]})),
        (
            play.requester,
            compose(Withdrawal, id=request.id, exchange=exchange, reason=WithdrawReason.DUPLICATE),
        ),
    ]
    for hub, statement in reused:
        with pytest.raises(HubRefusal) as refused:
            await hub.tell(statement)
        assert (refused.value.status, refused.value.code) == (409, "exchange.identity-reused")
    assert await play.state(exchange) == "requested"


async def test_a_reveal_under_a_used_identity_is_refused(play: Play) -> None:
    exchange = await play.ask((DeliveryChannel.HUB, PasswordChannel.VOICE))
    answered = await play.answer(exchange)
    reveal = compose(Reveal, id=answered.manifest.id, exchange=exchange, round=1, spoken_by=SPEAKER)
    with pytest.raises(HubRefusal, match=r"exchange\.identity-reused"):
        await play.holder.reveal(reveal)
    assert await password_by(play, answered, PasswordChannel.VOICE)


async def test_two_centres_may_choose_the_same_identity_and_learn_nothing(play: Play) -> None:
    request = play.request()
    ours = await play.requester.tell(request)
    other = request.model_copy(
        update={"requester": play.holder.credentials.centre, "holder": play.requester.credentials.centre}
    )
    theirs = await play.holder.tell(other.model_copy(update={"receipt": play.request().receipt}))
    assert theirs.exchange != ours.exchange


async def test_a_request_answered_once_is_answered_even_when_its_holder_has_left(play: Play) -> None:
    request = play.request()
    first = await play.requester.tell(request)
    holder = request.holder
    await play.sql("UPDATE hub.centre SET state = 'suspended' WHERE id = $1", holder)
    try:
        assert await play.requester.tell(request) == first
        with pytest.raises(HubRefusal, match=r"exchange\.holder-unknown"):
            await play.requester.tell(play.request())
    finally:
        await play.sql("UPDATE hub.centre SET state = 'active' WHERE id = $1", holder)


async def test_confirming_what_was_not_declared_is_refused(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    opened = await play.open((await play.fetch(exchange)).path, await play.texted(exchange))
    honest = play.confirmation(exchange, 1, opened)
    other = pdf("other").hex()[:64].ljust(64, "0")
    lies: list[dict[str, Any]] = [
        {"archive_sha256": other},
        {"documents": [opened.checked[0].model_copy(update={"sha256": other})]},
        {"documents": [opened.checked[0].model_copy(update={"bytes": 1})]},
        {"documents": [*opened.checked, opened.checked[0].model_copy(update={"no": 2})]},
    ]
    for lie in lies:
        with pytest.raises(HubRefusal, match=r"exchange\.receipt-differs"):
            await play.requester.tell(honest.model_copy(update=lie))
    assert await play.state(exchange) == "dispatched"


async def test_an_incomplete_set_needs_a_stated_reason(play: Play) -> None:
    exchange = await play.ask(kind=ExchangeKind.FAMILY_CASE)
    files = play.papers(ExchangeKind.FAMILY_CASE)[:2]
    manifest = await prepare_answer(exchange, files, spouses=2, children=[CHILD])
    view = await send_answer(play.holder, manifest, {n: f.path for n, f in enumerate(files, 1)})
    assert view.answer is not None
    assert [(m.form.value, m.spouse) for m in view.answer.missing] == [
        ("competence_review", 1),
        ("competence_review", 2),
    ]
    with pytest.raises(HubRefusal) as refused:
        await play.holder.tell(compose(Dispatch, exchange=exchange, round=1))
    assert refused.value.code == "exchange.forms-missing"
    reason = IncompleteBecause.NOT_KEPT_ELECTRONICALLY
    stated = compose(Dispatch, exchange=exchange, round=1, incomplete_because=reason)
    assert (await play.holder.tell(stated)).state is ExchangeState.DISPATCHED
