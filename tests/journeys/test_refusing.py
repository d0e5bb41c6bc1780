"""The holder's no by commands: told to the requester with what it can do next, disputed, and answered."""

from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.vocabulary import ExchangeState
from tests.journeys.by_command import done, refused, to_do, told
from tests.journeys.play import Play
from tests.terms import term_of


async def test_a_no_is_told_with_the_next_step_and_a_dispute_opens_it_again(play: Play) -> None:
    exchange = await play.ask()
    assert await to_do(play, play.holder, exchange) == ["answer", "refuse", "propose-extension"]
    gone = ("refuse", str(exchange), "--reason", "no_longer_ours", "--since", "2026-10-01")
    assert (await done(play, play.holder, *gone))["state"] == "refused"
    await play.mailed(ZEMGALE.notices, exchange, "atteicis")
    _, status = await told(play, play.requester, "status", str(exchange), language="lv")
    for said in ("ģimene vairs nav šī centra ģimene", "01.10.2026", f"saikne dispute-refusal {exchange}"):
        assert said in status
    assert str(exchange) not in (await told(play, play.holder, "inbox"))[1]
    assert await to_do(play, play.requester, exchange) == ["dispute-refusal", "accept-refusal"]
    assert await to_do(play, play.holder, exchange) == []
    for listed in ("inbox", "today"):
        assert str(exchange)[:8] in (await told(play, play.requester, listed))[1]

    due = term_of(await play.requester.exchange(exchange)).due_on
    wrong = ("dispute-refusal", str(exchange), "--reason", "is_yours")
    assert (await done(play, play.requester, *wrong))["state"] == "disputed"
    await play.mailed(LIGZDA.notices, exchange, "iebilst pret atteikumu")
    view = await play.holder.exchange(exchange)
    assert (term_of(view).due_on, term_of(view).met_at) == (due, None)
    assert await to_do(play, play.requester, exchange) == []
    assert await to_do(play, play.holder, exchange) == ["answer", "refuse", "propose-extension"]
    _, status = await told(play, play.holder, "status", str(exchange))
    assert f"saikne refuse {exchange}" in status
    assert str(exchange) in (await told(play, play.holder, "inbox"))[1]
    answered = await play.answer(exchange)
    assert (await play.finish(answered)).state is ExchangeState.CONFIRMED


async def test_a_no_that_is_accepted_waits_for_nobody(play: Play) -> None:
    exchange = await play.ask()
    await done(play, play.holder, "refuse", str(exchange), "--reason", "not_our_family")
    assert (await done(play, play.requester, "accept-refusal", str(exchange)))["state"] == "refused"
    for hub in (play.requester, play.holder):
        assert await to_do(play, hub, exchange) == []
    _, status = await told(play, play.holder, "status", str(exchange))
    assert "The new centre has accepted the refusal: " in status


async def test_a_no_without_what_its_reason_needs_is_refused(play: Play) -> None:
    exchange = await play.ask()
    said = ("refuse", str(exchange), "--reason")
    assert (await refused(play, play.holder, *said, "no_longer_ours"))[0] != 0
    assert (await refused(play, play.holder, *said, "already_answered", "--answered-in", str(exchange))) == (
        1,
        "exchange.not-answered-there",
    )
    assert await refused(play, play.requester, "dispute-refusal", str(exchange), "--reason", "is_yours") == (
        2,
        "dispute-refusal.nothing-refused",
    )
    assert await play.state(exchange) == "requested"
