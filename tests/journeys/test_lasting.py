"""Copies are not lost: a password lives three working days, one act prolongs it, and a lapse is mended."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from hub.kernel.clock import RIGA
from saikne import Hub
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import ExchangeState
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play, until
from tests.terms import term_of

FIRST_IS_DUE = """
    UPDATE queue.pgqueuer SET execute_after = now() WHERE entrypoint = 'passwords.lapse'
        AND convert_from(payload, 'UTF8')::json->>'exchange' = $1
        AND convert_from(payload, 'UTF8')::json->>'prolonged' IS NULL
"""
PROMISED = """
    SELECT count(*) FROM queue.pgqueuer WHERE entrypoint = 'passwords.lapse'
        AND convert_from(payload, 'UTF8')::json->>'exchange' = $1
"""


async def lives(hub: Hub, exchange: UUID) -> tuple[Any, Any]:
    """The password as it is shown, and the term to collect."""
    view = await hub.exchange(exchange)
    assert view.answer is not None
    assert view.answer.password is not None
    (duty,) = [one for one in view.duties if one.kind == "confirm_copies"]
    return view.answer.password, duty


async def test_a_password_lives_to_the_end_of_its_last_day_and_everybody_is_told(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    for hub in (play.requester, play.holder):
        password, duty = await lives(hub, exchange)
        assert (duty.owner, duty.working_days, duty.by_method) == (
            play.requester.credentials.centre,
            3,
            False,
        )
        assert password.last_day == duty.due_on
        assert password.expires_at == datetime.combine(duty.due_on + timedelta(days=1), time.min, RIGA)
    day = for_people(duty.due_on)
    assert day in (await play.mailed(ZEMGALE.notices, exchange, "Parol")).text
    code, status = await told(play, play.requester, "status", str(exchange), language="lv")
    assert (code, f"Parole derīga līdz {day}" in status, f"saikne prolong {exchange}" in status) == (
        0,
        True,
        True,
    )
    _, inbox = await told(play, play.requester, "inbox", language="lv")
    (line,) = [one for one in inbox.splitlines() if str(exchange) in one]
    assert day in line
    assert "Jums: saņemt kopijas un apstiprināt saņemšanu" in line


async def test_one_act_prolongs_it_three_times_and_then_no_more(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    before, first = await lives(play.requester, exchange)
    for times in (1, 2, 3):
        await done(play, play.requester, "prolong", str(exchange))
        password, duty = await lives(play.requester, exchange)
        assert (password.prolonged, password.last_day) == (times, duty.due_on)
        assert duty.original_due_on == first.due_on
        assert password.last_day > before.last_day
        before = password
    assert await refused(play, play.requester, "prolong", str(exchange)) == (
        1,
        "passwords.prolonged-too-often",
    )
    await play.mailed(LIGZDA.notices, exchange, "pagarinājis")
    assert (await lives(play.holder, exchange))[0] == before


async def test_a_lapse_follows_what_was_prolonged_and_is_the_holders_to_mend(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    await done(play, play.requester, "prolong", str(exchange))
    await play.sql(FIRST_IS_DUE, str(exchange))
    await play.sql("DELETE FROM queue.pgqueuer WHERE false")  # its trigger wakes the worker

    async def waiting() -> int:
        return int((await play.sql(PROMISED, str(exchange)))[0][0])

    await until(waiting, lambda left: left == 1)
    assert await play.state(exchange) == "dispatched"

    await play.time_passes("passwords.lapse", exchange)
    await until(lambda: play.state(exchange), lambda state: state == "lapsed")
    view = await play.holder.exchange(exchange)
    ((kind, stake, days),) = [(one.kind, one.stake, one.working_days) for one in view.duties]
    assert (kind, stake, days) == ("send_again", "owes", 3)
    assert term_of(view).met_at is not None
    for address in (ZEMGALE.notices, LIGZDA.notices):
        mail = await play.mailed(address, exchange, "derīguma termiņš ir beidzies")
        assert for_people(view.duties[0].due_on) in mail.text
    second = await play.answer(exchange)
    assert (await play.finish(second)).state is ExchangeState.CONFIRMED
    assert (await play.holder.exchange(exchange)).duties == []


async def test_who_tries_a_wrong_password_is_told_so_and_what_to_do(play: Play) -> None:
    exchange = await play.ask()
    await play.answer(exchange)
    archive = play.stage.home / f"{exchange}.zip"
    await done(play, play.requester, "download", str(exchange), "--out", str(archive))
    wrong = play.stage.home / f"{exchange}.txt"
    wrong.write_text("0123-4567-89AB-CDEF")
    opening = ("open", str(archive), "--to", str(archive.with_suffix("")), "--password-file", str(wrong))
    code, said = await told(play, play.requester, *opening, language="lv")
    assert code != 0
    assert "Parole nav pareiza" in said
    for step in (
        "mēģiniet vēlreiz",
        f"saikne hand-over-again {exchange}.",
        f"saikne dispute {exchange} --reason parole-neder",
    ):
        assert step in said
    assert await play.state(exchange) == "dispatched"
