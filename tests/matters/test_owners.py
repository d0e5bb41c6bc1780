"""What an older version of the hub has left open without an owner gets one, of whatever workflow it is."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.casework.matters import engine_of
from hub.matters.casework.owners import find_owners
from hub.matters.casework.records import Sent
from hub.matters.office import MattersOffice
from hub.matters.workflow import Workflow
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf
from hub.workflows import WORKFLOWS
from saikne_demo import stage
from saikne_schemas.examples import EXAMPLES
from tests.exchange.bureau import Bureau, as_signed, noon

TODAY = date(2026, 11, 20)
NUMBERS = ("50008021661", "40003521600", "90000038741")


BEGUN_OPEN = [one for one in WORKFLOWS if one.opening.state not in one.at_rest]
"""A price ceiling awaits nothing."""


@pytest.mark.parametrize("workflow", BEGUN_OPEN, ids=lambda one: str(one.kind))
async def test_a_matter_without_owners_gets_those_that_its_first_step_gave_it(
    workflow: Workflow[Any], database: Database, owner: Database, tmp_path: Path
) -> None:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    matter, parties = await _begun(workflow, bureau)
    owed = await _owed(bureau, matter, parties)
    assert owed
    async with owner.transaction([*parties, OVERSIGHT]) as tx:
        await tx.exec_driver_sql("DELETE FROM hub.duty")
    assert not await _owed(bureau, matter, parties)
    office = MattersOffice(database, None, bureau.keyring, CalendarShelf())  # type: ignore[arg-type]
    assert [await find_owners(office, workflow) for _ in range(2)] == [1, 0]
    assert await _owed(bureau, matter, parties) == owed


async def _begun(workflow: Workflow[Any], bureau: Bureau) -> tuple[MatterId, Sequence[CentreId]]:
    """As its published example has it, among centres that are admitted here."""
    said = json.dumps(EXAMPLES[workflow.opening.statement], default=str)
    for (one, _), number in zip(workflow.opening.parties(_read(workflow, said)), NUMBERS, strict=False):
        admitted = await bureau.admit(f"Centre {number[:3]}", number, stage.ZEMGALE)
        said = said.replace(str(one), str(admitted))
    manifest = _read(workflow, said)
    named = [(CentreId(one), role) for one, role in workflow.opening.parties(manifest)]
    author = next(one for one, role in named if workflow.opening.by in {None, role})
    parties = [one for one, _ in named]
    async with bureau.desk(noon(TODAY), *parties, OVERSIGHT) as desk:
        sent = Sent(author, as_signed(manifest, noon(TODAY)), manifest)
        begun = await engine_of(workflow).begin(desk, workflow.opening, sent)
    return MatterId(begun.matter), parties


def _read(workflow: Any, said: str) -> Any:
    return workflow.opening.statement.model_validate_json(said)


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
