"""The holder needs longer: it proposes a day, the requester agrees, and the first date stays in sight."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import ExchangeState
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, chain_of
from tests.terms import term_of


async def workday_after(play: Play, exchange: UUID) -> tuple[date, date]:
    """When it is due, and a working day a week later (or the one after, past a holiday)."""
    due = term_of(await play.holder.exchange(exchange)).due_on
    later = due + timedelta(days=7)
    while (later.month, later.day) in {(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)}:
        later += timedelta(days=7)
    return due, later


async def test_a_later_day_is_proposed_agreed_and_kept_beside_the_first(play: Play) -> None:
    exchange = await play.ask()
    due, later = await workday_after(play, exchange)
    proposed = await done(
        play, play.holder, "propose-extension", str(exchange), "--until", str(later), "--reason", "illness"
    )
    assert proposed["state"] == "requested"
    await play.mailed(ZEMGALE.notices, exchange, "vēlāku")
    _, before = await told(play, play.requester, "status", str(exchange), language="en")
    assert f"A later day is proposed: {for_people(later)} (illness)" in before

    await done(play, play.requester, "accept-extension", str(exchange))
    await play.mailed(LIGZDA.notices, exchange, "piekrīt")
    for hub in (play.requester, play.holder):
        term = term_of(await hub.exchange(exchange))
        assert (term.due_on, term.original_due_on) == (later, due)
        _, status = await told(play, hub, "status", str(exchange), language="lv")
        assert f"{for_people(later)}; sākotnējais termiņš {for_people(due)}" in status
    told_by = [event.kind for event in (await chain_of(play.holder))[0] if event.about == exchange]
    assert {"exchange.extension.proposed", "exchange.extension.agreed"} <= set(told_by)

    assert (await play.finish(await play.answer(exchange))).state is ExchangeState.CONFIRMED
    assert term_of(await play.holder.exchange(exchange)).original_due_on == due


async def test_a_declined_day_leaves_the_first_one(play: Play) -> None:
    exchange = await play.ask()
    due, later = await workday_after(play, exchange)
    await done(
        play, play.holder, "propose-extension", str(exchange), "--until", str(later), "--reason", "volume"
    )
    await done(play, play.requester, "decline-extension", str(exchange))
    await play.mailed(LIGZDA.notices, exchange, "nepiekrīt")
    term = term_of(await play.holder.exchange(exchange))
    assert (term.due_on, term.original_due_on, term.extended_by) == (due, None, None)
    assert await refused(play, play.requester, "accept-extension", str(exchange)) == (
        2,
        "extension.nothing-proposed",
    )


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "exchange.extension-not-later"), (31, "exchange.extension-too-long")],
)
async def test_a_day_that_may_not_be_proposed_is_refused_and_moves_nothing(
    play: Play, days: int, code: str
) -> None:
    exchange = await play.ask()
    due = term_of(await play.holder.exchange(exchange)).due_on
    until = str(due + timedelta(days=days))
    before = await play.traces(exchange)
    said = ("propose-extension", str(exchange), "--until", until, "--reason", "volume")
    assert await refused(play, play.holder, *said) == (1, code)
    assert await refused(play, play.requester, *said) == (2, "exchange.other-side")
    assert await play.traces(exchange) == before
