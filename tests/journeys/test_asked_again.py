"""By the commands alone: a second request or move about the same is shown what is open, and says why."""

import asyncio
import json
import os
from datetime import date
from typing import Any

from saikne import Hub
from tests.journeys.by_command import done, refused, told
from tests.journeys.family_moves import dated, seen
from tests.journeys.play import Play
from tests.journeys.test_outside_centres import named
from tests.peers.terminal import typed

RECEIPT = ("--receipt", "hub", "--password", "sms")
WHY = ("--despite", "cita-ar-šo-numuru")


def plan(holder: str, child: str, *receipt: str) -> tuple[str, ...]:
    return (
        *("request", "--holder", holder, "--kind", "child_iap", "--child", child),
        *("--legal-basis", "method_child_move", "--purpose", "care_of_placed_child"),
        *(receipt or RECEIPT),
    )


def move(family: str) -> tuple[str, ...]:
    return (
        *("move", "begin", "--previous", "Ligzda", "--family", family, "--agreement", "V-2026/41"),
        *("--agreed-on", "2026-08-10", "--territory", "LV-041"),
    )


async def said(play: Play, hub: Hub, *words: str) -> str:
    code, printed = await told(play, hub, *words, language="lv")
    assert code == 0, printed
    return printed


async def test_a_request_made_twice_is_refused_beside_the_command_that_shows_the_first(play: Play) -> None:
    asking = plan("Ligzda", "AG-8850-B1")
    first = (await done(play, play.requester, *asking))["accepted"]["exchange"]
    assert await refused(play, play.requester, *asking) == (1, "exchange.asked-already")
    code, printed = await told(play, play.requester, *asking, language="lv")
    assert code == 1
    assert f"saikne status {first}\n" in printed
    assert "--despite" in printed
    assert "AG-8850-B1" in await said(play, play.requester, "status", first)
    second = (await done(play, play.requester, *asking, *WHY))["accepted"]["exchange"]
    for hub in (play.requester, play.holder):
        shown = await said(play, hub, "status", second)
        assert "numurs tas pats, bet ģimene vai bērns cits" in shown
        assert f"saikne status {first}" in shown
        assert "vēlreiz" not in await said(play, hub, "status", first)


async def test_a_move_begun_twice_is_shown_the_open_one_and_says_why_at_a_terminal(play: Play) -> None:
    beginning = move("AG-8851")
    first = (await done(play, play.requester, *beginning))["matter"]
    code, printed = await told(play, play.requester, *beginning)
    assert (code, f"saikne matter {first}\n" in printed) == (1, True)
    assert (await refused(play, play.requester, *beginning))[1] == "transfers.family-moves-already"
    home = play.stage.home / "centres" / str(play.requester.credentials.centre)
    here = {**os.environ, "SAIKNE_HOME": str(home), "SAIKNE_LANG": "lv"}
    code, out, asked = await asyncio.to_thread(
        typed, "saikne", *beginning, environment=here, answering=lambda _: "pirmais-kļūdains"
    )
    assert code == 0, asked
    assert f"saikne matter {first}" in asked.replace("\r", "")
    assert "bāriņtiesa" in asked
    assert f"saikne matter {first}" in out
    rows = await play.sql(
        "SELECT matter_id, content FROM hub.matter WHERE content ->> 'family' = 'AG-8851' ORDER BY opened_at"
    )
    (older, younger) = rows
    assert str(older["matter_id"]) == first
    assert json.loads(younger["content"])["despite"] == {"already": [first], "reason": "first_is_wrong"}
    shown = await said(play, play.holder, "matter", str(younger["matter_id"]))
    assert f"Pieteikta vēlreiz, lai gan nebija pabeigta cita: Nr.: {first}; iemesls: pirmajā" in shown


async def test_copies_that_were_asked_for_before_the_move_are_named_in_it(play: Play) -> None:
    matter = await dated(play)
    content = (await seen(play.requester, matter)).content
    asking = (
        *("request", "--holder", "Ligzda", "--kind", "family_case", "--family", content.family),
        *("--legal-basis", "method_family_move", "--purpose", "continuity_of_support", *RECEIPT),
        *WHY,
    )
    exchange = (await done(play, play.requester, *asking))["accepted"]["exchange"]
    code, printed = await told(play, play.requester, "move", "request-copies", str(matter), *RECEIPT)
    assert code == 1
    next_step = f"saikne move copies-asked {matter} --exchange {exchange}"
    assert next_step in printed
    await said(play, play.requester, *next_step.split()[1:])
    assert str((await seen(play.holder, matter)).content.copies) == exchange


async def test_of_an_outside_centre_too_one_is_asked_at_a_time(play: Play) -> None:
    centre = await named(play, play.requester, "Pīlādzis")
    asking = plan(centre, "AG-8852-B1", "--receipt", "registered_post")
    first: dict[str, Any] = await done(play, play.requester, *asking)
    code, printed = await told(play, play.requester, *asking, "--json")
    problem = json.loads(printed)["problem"]
    assert (code, problem["facts"]["already"]) == (1, [first["accepted"]["exchange"]])
    again = await done(play, play.requester, *asking, "--despite", "asked_by_court")
    assert again["exchange"]["despite"] == {**problem["facts"], "reason": "asked_by_court"}


async def test_a_childs_move_that_the_other_centre_began_is_not_begun_again(play: Play) -> None:
    begun = ("child-move", "begin", "--child", "AG-8853-B1")
    first = (await done(play, play.holder, *begun, "--new", "Zemgale"))["matter"]
    again = (*begun, "--previous", "Ligzda", "--planned-on", f"{date(2030, 6, 3):%d.%m.%Y}")
    assert (await refused(play, play.requester, *again))[1] == "transfers.child-moves-already"
    second = (await done(play, play.requester, *again, "--despite", "moves_again"))["matter"]
    assert "moves once more" in (await told(play, play.holder, "matter", second))[1]
    assert first in (await told(play, play.holder, "matter", second))[1]
