"""A matter of any workflow, begun by its published example among centres of a fresh database."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.casework.matters import engine_of
from hub.matters.casework.records import Sent
from hub.matters.workflow import Workflow
from saikne_demo import stage
from saikne_schemas.examples import EXAMPLES
from tests.exchange.bureau import Bureau, as_signed, noon

TODAY = date(2026, 11, 20)
NUMBERS = ("50008021661", "40003521600", "90000038741")


async def begun(workflow: Workflow[Any], bureau: Bureau) -> tuple[MatterId, Sequence[CentreId]]:
    """A matter as its published example has it, among centres that are admitted here."""
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
