"""What a worker counts in the database: what waits, by age, what failed, and what is overdue."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from hub.kernel.refusal import Outage, Refusal
from hub.ops.figures import Figures
from hub.parts import Parts, assemble
from hub.plumbing.database import Database
from hub.plumbing.measures import MESSAGES, counted
from hub.plumbing.promises import promise
from hub.settings import Settings
from tests.conftest import Cluster


@pytest.fixture
async def parts(cluster: Cluster, database_name: str, tmp_path: Path) -> AsyncIterator[Parts]:
    parts = assemble(Settings(home=tmp_path, database_url=cluster.url(database_name)))
    yield parts
    await parts.close()


def told(name: str, **labels: str) -> float | None:
    return REGISTRY.get_sample_value(f"saikne_{name}", labels)


async def test_promises_are_counted_by_name_and_age(parts: Parts, database: Database) -> None:
    job = f"tests.{uuid4().hex}"
    ages = [
        timedelta(seconds=5),
        timedelta(minutes=2),
        timedelta(minutes=3),
        timedelta(hours=2),
        timedelta(days=2),
    ]
    async with database.transaction() as tx:
        for age in ages:
            await promise(tx, job, {}, after=-age)
        await promise(tx, job, {}, after=timedelta(hours=1))
        await promise(tx, f"{job}.broken", {})
        await tx.exec_driver_sql(
            "UPDATE queue.pgqueuer SET status = 'failed' WHERE entrypoint = $1", (f"{job}.broken",)
        )
    await Figures(parts, {job}).count()
    found = {age: told("promises", job=job, age=age) for age in ("minute", "hour", "day", "longer")}
    assert found == {"minute": 1, "hour": 2, "day": 1, "longer": 1}
    assert (told("promises_broken", job=job), told("promises_broken", job=f"{job}.broken")) == (0, 1)
    assert told("promise_oldest_seconds") == pytest.approx(timedelta(days=2).total_seconds(), rel=0.01)
    assert told("ready", what="database") == 1
    assert told("ready", what="promises") == 0


async def test_what_waits_no_more_is_counted_no_more(parts: Parts, database: Database) -> None:
    job, figures = f"tests.{uuid4().hex}", Figures(parts, set())
    async with database.transaction() as tx:
        await promise(tx, job, {})
    await figures.count()
    assert told("promises", job=job, age="minute") == 1
    async with database.transaction() as tx:
        await tx.exec_driver_sql("DELETE FROM queue.pgqueuer")
    await figures.count()
    assert told("promises", job=job, age="minute") == 0
    assert told("promise_oldest_seconds") == 0


class Away(Outage):
    code = "tests.away"


class No(Refusal):
    code = "tests.no"


@pytest.mark.parametrize(
    ("trouble", "outcome"), [(None, "done"), (No(), "refused"), (Away(), "away"), (ValueError(), "failed")]
)
async def test_what_goes_out_is_counted_by_how_it_ended(trouble: Exception | None, outcome: str) -> None:
    @counted(MESSAGES)
    async def send() -> None:
        if trouble is not None:
            raise trouble

    outcomes = ("done", "refused", "away", "failed")
    before = {name: told("sms_total", outcome=name) or 0 for name in outcomes}
    if trouble is None:
        await send()
    else:
        with pytest.raises(type(trouble)):
            await send()
    assert {name: (told("sms_total", outcome=name) or 0) - before[name] for name in outcomes} == {
        name: float(name == outcome) for name in outcomes
    }
