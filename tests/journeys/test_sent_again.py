"""Copies that were sent a second time, and what `today` and `status` name in every state on the way."""

import asyncio
import os
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from saikne import Hub
from tests.client.printed import commands_in
from tests.journeys.by_command import done, refused, to_do, told
from tests.journeys.play import Play
from tests.peers.commands import ran

OF_AN_ANSWER = {
    *("answer", "answer-on-paper", "refuse", "propose-extension", "discard"),
    *("download", "confirm", "dispute", "dispute-refusal", "accept-refusal"),
}
"""What `today` names of an exchange by its line, and `status` by the whole."""


async def opened(play: Play, archive: Path, exchange: UUID, round_no: int) -> str:
    """What is told to who opens an archive."""
    password = play.new_folder().with_suffix(".txt")
    password.write_text(await play.texted(exchange, round_no))
    into = ("--to", str(play.new_folder()), "--password-file", str(password))
    code, printed = await told(play, play.requester, "open", str(archive), *into, language="lv")
    assert code == 0, printed
    return printed


async def same_named(play: Play, exchange: UUID) -> list[list[str]]:
    """What `today` names for the holder and for the requester: `status` names the same."""
    found = []
    for hub in (play.holder, play.requester):
        code, printed = await told(play, hub, "status", str(exchange))
        assert code == 0, printed
        in_status = {words[0] for words in commands_in(printed) if words[1:2] == [str(exchange)]}
        today = await to_do(play, hub, exchange)
        assert set(today) == in_status & OF_AN_ANSWER, printed
        found.append(today)
    return found


async def fetched(play: Play, hub: Hub, exchange: UUID) -> Path:
    to = play.new_folder().with_suffix(".zip")
    await done(play, hub, "download", str(exchange), "--out", str(to))
    return to


async def test_an_earlier_sending_is_told_as_such(play: Play) -> None:
    exchange, hub = await play.ask(), play.requester
    await play.answer(exchange)
    old = await fetched(play, hub, exchange)
    await done(play, hub, "dispute", str(exchange), "--reason", "unreadable")
    await play.answer(exchange)
    printed = await opened(play, old, exchange, 1)
    assert f"saikne download {exchange}" in printed
    assert "saikne confirm" not in printed
    assert (await same_named(play, exchange))[1] == ["download", "dispute"]
    assert (await refused(play, hub, "confirm", str(exchange)))[1] == "confirm.earlier-opened"
    new = await fetched(play, hub, exchange)
    assert f"saikne confirm {exchange}" in await opened(play, new, exchange, 2)
    assert (await same_named(play, exchange))[1] == ["confirm", "dispute"]
    assert (await done(play, hub, "confirm", str(exchange)))["state"] == "confirmed"


@pytest.mark.parametrize(("fetched_since", "says"), [(True, "download"), (False, "confirm")])
async def test_without_the_hub_counts_what_was_fetched_last(
    play: Play, tmp_path: Path, *, fetched_since: bool, says: str
) -> None:
    """On a computer with no way to the hub the archive opens all the same."""
    exchange, hub = await play.ask(), play.requester
    await play.answer(exchange)
    old, password = await fetched(play, hub, exchange), tmp_path / "password.txt"
    password.write_text(await play.texted(exchange))
    await done(play, hub, "dispute", str(exchange), "--reason", "unreadable")
    await play.answer(exchange)
    if fetched_since:
        await fetched(play, hub, exchange)
    journal = play.stage.home / "centres" / str(hub.credentials.centre) / "journal"
    shutil.copytree(journal, tmp_path / "alone" / "journal")
    alone = {**os.environ, "SAIKNE_HOME": str(tmp_path / "alone"), "SAIKNE_LANG": "en"}
    words = ("open", str(old), "--to", str(tmp_path / "in"), "--password-file", str(password))
    ended = await asyncio.to_thread(ran, "saikne", *words, environment=alone, together=True)
    assert (ended.returncode, f"saikne {says} {exchange}" in ended.stdout) == (0, True), ended.stdout


async def test_today_and_status_name_the_same_in_every_state(play: Play) -> None:
    """Method S57, S78: no is said while nothing was sent, also by who has begun to answer."""
    exchange, holder, requester = await play.ask(), play.holder, play.requester
    asked = ["answer", "refuse", "propose-extension"]
    assert await same_named(play, exchange) == [asked, []]
    await play.send(await play.prepare(exchange))
    assert await same_named(play, exchange) == [[*asked, "discard"], []]
    await done(play, holder, "refuse", str(exchange), "--reason", "not_our_family")
    assert await same_named(play, exchange) == [[], ["dispute-refusal", "accept-refusal"]]
    await done(play, requester, "dispute-refusal", str(exchange), "--reason", "is_yours")
    assert await same_named(play, exchange) == [asked, []]
    begun = await play.prepare(exchange)
    await play.send(begun)
    assert await same_named(play, exchange) == [[*asked, "discard"], []]
    await done(play, holder, "discard", str(exchange))
    assert await same_named(play, exchange) == [asked, []]
    await play.answer(exchange)
    assert await same_named(play, exchange) == [[], ["download", "dispute"]]
    await done(play, requester, "dispute", str(exchange), "--reason", "incomplete")
    assert await same_named(play, exchange) == [["answer", "propose-extension"], []]
    await play.send(await play.prepare(exchange))
    assert await same_named(play, exchange) == [["answer", "propose-extension", "discard"], []]
    await done(play, holder, "discard", str(exchange))
    assert await same_named(play, exchange) == [["answer", "propose-extension"], []]
    assert (await refused(play, holder, "refuse", str(exchange), "--reason", "no_ground"))[1] == (
        "exchange.sent-before"
    )
