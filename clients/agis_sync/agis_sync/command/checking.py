"""`agis-sync check`: whether hub and register can be reached from here, and what to do where not.

Both sides are tried, whatever comes of the first; nothing is claimed or sent.
"""

from typing import Any

import typer

from agis_sync.command.connection import hub_connection
from agis_sync.command.ways import Way, by_a_way
from saikne.command.manners import verb
from saikne.command.speech import Console
from saikne.problems import LocalRefusal, SaikneProblem
from saikne_schemas.command_line import Exit


class MachineNotOffered(LocalRefusal):
    """The hub has no key of the register: registrations are entered by hand."""

    code = "check.no-machine"


@verb
@by_a_way
async def check(console: Console, way: Way) -> None:
    """Reach both, and say what is wrong with either."""
    console.indent = None
    codes = [
        await _side(console, "hub", _reach_hub()),
        await _side(console, "register", _reach_register(way)),
    ]
    if worst := max(codes):
        raise typer.Exit(worst)


async def _reach_hub() -> None:
    async with hub_connection() as hub:
        if not (await hub.register()).machine:
            raise MachineNotOffered


async def _reach_register(way: Way) -> None:
    gateway = way.gateway()
    try:
        await gateway.reach()
    finally:
        await gateway.close()


async def _side(console: Console, side: str, reaching: Any) -> Exit:
    from agis_sync.gateways.findings import Unanswered

    try:
        await reaching
    except SaikneProblem as problem:
        console.tell(f"check.{side}.wrong")
        code = console.problem(problem)
        return Exit.OUT_OF_REACH if isinstance(problem, Unanswered) else code
    console.tell(f"check.{side}.right")
    console.document({side: "reached"})
    return Exit.DONE
