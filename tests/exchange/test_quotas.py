"""What is counted before a request is taken, is found by the two centres it is about."""

import re
from uuid import uuid4

import pytest

from hub.exchange import quotas
from hub.plumbing.database import Database
from tests.conftest import Cluster
from tests.matters.crowd import crowd


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("counted", [quotas.open_upon, quotas.offered_to])
async def test_what_is_open_between_two_centres_is_found_by_both(
    cluster: Cluster, database_name: str, database: Database, mode: str, counted: object
) -> None:
    """However much else waits: the wall lets an index have only what leaks nothing."""
    await crowd(cluster.url(database_name))
    assert callable(counted)
    ours, theirs = uuid4(), uuid4()
    async with database.transaction() as tx:
        await tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        await tx.exec_driver_sql(f"SET LOCAL plan_cache_mode = '{mode}'")
        rows = await tx.exec_driver_sql(f"EXPLAIN SELECT {counted(9)}", (ours, theirs))
        plan = "\n".join(row[0] for row in rows)
    (condition,) = re.findall(r"Index Cond: (.*)", plan)
    assert "ix_party_open" in plan
    assert condition.count("parties[") == 2, plan
