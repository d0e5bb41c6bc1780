"""What an older version of the hub has left open without an owner gets one, of whatever workflow it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.casework.owners import find_owners
from hub.matters.office import MattersOffice
from hub.matters.workflow import Workflow
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf
from hub.workflows import WORKFLOWS
from tests.exchange.bureau import Bureau
from tests.matters.beginning import begun

BEGUN_OPEN = [one for one in WORKFLOWS if one.opening.state not in one.at_rest]
"""A price ceiling awaits nothing."""


@pytest.mark.parametrize("workflow", BEGUN_OPEN, ids=lambda one: str(one.kind))
async def test_a_matter_without_owners_gets_those_that_its_first_step_gave_it(
    workflow: Workflow[Any], database: Database, owner: Database, tmp_path: Path
) -> None:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    matter, parties = await begun(workflow, bureau)
    owed = await _owed(bureau, matter, parties)
    assert owed
    async with owner.transaction([*parties, OVERSIGHT]) as tx:
        await tx.exec_driver_sql("DELETE FROM hub.duty")
    assert not await _owed(bureau, matter, parties)
    office = MattersOffice(database, None, bureau.keyring, CalendarShelf())  # type: ignore[arg-type]
    assert [await find_owners(office, workflow) for _ in range(2)] == [1, 0]
    assert await _owed(bureau, matter, parties) == owed


async def _owed(
    bureau: Bureau, matter: MatterId, parties: Sequence[CentreId]
) -> set[tuple[CentreId, str, str]]:
    async with bureau.database.transaction([*parties, OVERSIGHT]) as tx:
        rows = await tx.exec_driver_sql(
            "SELECT tenant_id, owner_id, kind, stake, basis FROM hub.duty"
            " WHERE matter_id = $1 AND ended_at IS NULL",
            (matter,),
        )
        return {(row.tenant_id, row.owner_id, f"{row.kind} {row.stake} {row.basis}") for row in rows}
