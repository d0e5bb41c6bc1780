"""A number of the other kind: which command shows what it is of.

An exchange and a matter have numbers alike. Which refusals are helped, and by what else: `instead`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from saikne.command.speech import Console, word
from saikne.problems import HubRefusal, SaikneProblem
from saikne_schemas.vocabulary import Workflow

if TYPE_CHECKING:
    from saikne.hub import Hub

BEGINNING = 31
"""Digits that the hub takes for a beginning at most."""
NOT_FOUND = frozenset({"exchange.not-found", "matters.not-found"})


def of_the_other_kind(problem: SaikneProblem) -> bool:
    """Whether the number may be one of the other kind."""
    return isinstance(problem, HubRefusal) and problem.code in NOT_FOUND


async def tell_elsewhere(console: Console, hub: "Hub", given: Mapping[str, Any]) -> None:
    """What the number is of, where this centre has it; nothing where the hub knows nothing of it."""
    for number in (one for one in given.values() if isinstance(one, UUID)):
        for line in await hub.numbers(number.hex[:BEGINNING]):
            shows = "status" if line.workflow is Workflow.COPIES else "matter"
            of = word("workflow", line.workflow.value)
            console.tell("number.elsewhere", workflow=of, act=f"saikne {shows} {line.id}")
