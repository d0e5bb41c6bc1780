"""A small storm: each registration arrives exactly once, whatever the register does and who is killed."""

import asyncio
from pathlib import Path

from tests.benchmarks.registering import QUICK, Storm, soaking
from tests.conftest import Cluster
from tests.peers.stage import Stage

SMALL = Storm(registrations=80, kills=6)


async def test_in_a_storm_each_is_registered_once_and_none_is_lost_or_stuck(
    cluster: Cluster, template: str, tmp_path: Path
) -> None:
    name = await cluster.create(template)
    stage = Stage(tmp_path / "stage", database_url=cluster.url(name), environment=QUICK)
    with stage:
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start)
        async with soaking(stage, tmp_path / "soak", SMALL) as soak:
            told = await soak.run()
    await cluster.drop(name)
    assert told.states == {"acknowledged": SMALL.registrations}
    assert told.exactly_once, told
    assert sum(told.kills.values()) > 0
    assert sum(told.faults.values()) > SMALL.registrations / 10
    assert told.attempts > SMALL.registrations
