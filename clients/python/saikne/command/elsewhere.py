"""A number of the other kind: which command shows what it is of.

An exchange and a matter have numbers alike. In one place for every verb, and only for people: a program reads
the code of the refusal.
"""

import sys
from collections.abc import Mapping
from contextlib import redirect_stdout, suppress
from typing import Any
from uuid import UUID

from saikne.command.numbering import Beginning, with_whole_numbers
from saikne.command.speech import Console, word
from saikne.problems import HubRefusal, SaikneProblem
from saikne_schemas.vocabulary import Workflow

BEGINNING = 31
"""Digits that the hub takes for a beginning at most."""
NOT_FOUND = frozenset({"exchange.not-found", "matters.not-found"})


async def tell_elsewhere(console: Console, problem: SaikneProblem, given: Mapping[str, Any]) -> None:
    """What the number is of, where this centre has it; nothing where the hub knows nothing of it."""
    if console.as_json or not isinstance(problem, HubRefusal) or problem.code not in NOT_FOUND:
        return
    with suppress(SaikneProblem, TimeoutError, ConnectionError), redirect_stdout(sys.stderr):
        await _tell(console, given)


async def _tell(console: Console, given: Mapping[str, Any]) -> None:
    from saikne.command.connection import connected

    if any(isinstance(value, Beginning) for value in given.values()):
        given = await with_whole_numbers(given)
    async with connected() as hub:
        for number in (one for one in given.values() if isinstance(one, UUID)):
            for line in await hub.numbers(number.hex[:BEGINNING]):
                shows = "status" if line.workflow is Workflow.COPIES else "matter"
                of = word("workflow", line.workflow.value)
                console.tell("number.elsewhere", workflow=of, act=f"saikne {shows} {line.id}")
