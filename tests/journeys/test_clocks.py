"""Machines whose clocks are days off carry the same story: the time that decides is the database's."""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from hub.kernel.clock import end_of
from tests.conftest import Cluster
from tests.journeys.conftest import PATIENT, playing
from tests.journeys.play import Play, chain_of
from tests.peers.stage import Stage

DAYS = 5
"""More than a password lasts, than a proof waits for its statement, than an object may lie unnamed."""


def shifted(days: int) -> dict[str, str]:
    """What makes a process believe another day; its clock goes on by the second, and its pauses are true."""
    found = find_spec("libfaketime")
    assert found is not None
    assert found.submodule_search_locations is not None
    (library,) = Path(found.submodule_search_locations[0]).rglob("libfaketime.so.1")
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME": f"{days:+}d",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


@pytest.fixture(scope="module", params=[DAYS, -DAYS], ids=["ahead", "behind"])
async def off(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Play]:
    """A hub and a worker on a machine whose clock is days off."""
    name = await cluster.create(template)
    home = tmp_path_factory.mktemp("off")
    stage = Stage(home, database_url=cluster.url(name), environment=shifted(request.param))
    await asyncio.to_thread(stage.set_up)
    await asyncio.to_thread(stage.start)
    async with playing(stage, tmp_path_factory.mktemp("off-play"), PATIENT) as play:
        yield play
    await asyncio.to_thread(stage.stop)
    await cluster.drop(name)


def logged(play: Play, process: str) -> list[dict[str, Any]]:
    lines = play.stage.log(process).read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


async def test_a_password_is_brought_in_its_time_and_the_exchange_confirmed(off: Play) -> None:
    answered = await off.answer(await off.ask())
    assert (await off.finish(answered)).state.value == "confirmed"
    assert await off.sql("SELECT entrypoint FROM queue.pgqueuer WHERE status = 'failed'") == []
    ((ends, due_on),) = await off.sql(
        "SELECT expires_at, due_on FROM hub.password JOIN hub.duty ON matter_id = exchange_id"
        " WHERE exchange_id = $1 AND kind = 'confirm_copies' LIMIT 1",
        answered.exchange,
    )
    assert ends == end_of(due_on)
    assert timedelta(days=2) < ends - datetime.now(UTC) < timedelta(days=14)
    events, verdict = await chain_of(off.holder)
    assert verdict.holds
    assert all(abs(event.at.timestamp() - time.time()) < 600 for event in events)


async def test_a_token_lives_as_long_as_any_and_a_used_proof_is_remembered_as_long(off: Play) -> None:
    caller = await off.by_hand(off.requester)
    claims = json.loads(base64.urlsafe_b64decode(caller.token.split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] == 300
    assert abs(claims["iat"] - time.time()) < 200
    place = "/v1/duties"
    bearing = caller.system.bearing(caller.token, "GET", caller.uri(place))
    codes = [(await caller.http.get(caller.uri(place), headers=bearing)).status_code for _ in range(2)]
    assert codes == [200, 401]
    ((soonest, last),) = await off.sql(
        "SELECT min(expires_at) - now(), max(expires_at) - now() FROM hub.seen"
    )
    assert timedelta(minutes=-5) < soonest
    assert last < timedelta(minutes=10)


@pytest.mark.parametrize("process", ["serve", "worker"])
async def test_the_machine_whose_clock_is_wrong_says_so_once_and_loudly(off: Play, process: str) -> None:
    told = [line for line in logged(off, process) if line["event"] == "clock wrong"]
    assert [(line["level"], abs(line["seconds_ahead"]) > 86_400) for line in told] == [("error", True)]
