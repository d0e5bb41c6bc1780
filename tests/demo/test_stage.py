"""The demo's installation: set up by the operator's commands, on a database of its own, and nothing stays."""

import asyncio
from pathlib import Path

import pytest

from saikne.hub import Hub
from saikne_demo.stage import ZEMGALE, NotDone, Stage
from saikne_schemas.enrolment import LegalEntity

ENTITY = LegalEntity(name="Biedrība „Zemgale”", registration_number="50008021661")


async def test_a_centre_is_let_in_by_command_and_a_killed_hub_leaves_no_database(
    tmp_path: Path,
) -> None:
    noted = tmp_path / "postgres" / "postmaster.pid"
    with Stage(tmp_path) as stage:
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start, "serve")
        installation = await stage.enrol("Zemgale", legal_entity=ENTITY, contacts=ZEMGALE)
        async with Hub(installation.credentials()) as hub:
            assert [item async for item in hub.inbox()] == []
        with pytest.raises(NotDone, match="hub centre suspend"):
            await asyncio.to_thread(stage.operate, "centre", "suspend", "nobody", "--because", "other")
        stage.kill("serve")
        assert noted.exists()
    assert not noted.exists()
