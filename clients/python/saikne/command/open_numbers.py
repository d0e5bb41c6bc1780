"""Which exchanges and matters a command can be about, to choose from where its number is asked."""

import asyncio
from collections.abc import Sequence
from itertools import islice

from saikne.command.connection import connected
from saikne.command.given import SHORTEST
from saikne.command.speech import word
from saikne_schemas.vocabulary import ExchangeState, Workflow

OF_GROUP = {
    "agreement": Workflow.AGREEMENT,
    "training": Workflow.TRAINING,
    "move": Workflow.FAMILY_MOVE,
    "child-move": Workflow.CHILD_MOVE,
    "plan": Workflow.SUPPORT_PLAN,
    "siblings": Workflow.SIBLING_CONTACT,
    "register": Workflow.FAMILY_MOVE,
    "register-worksheet": Workflow.FAMILY_MOVE,
    "court-letter": Workflow.FAMILY_MOVE,
}
"""Of which workflow the matters are that a verb, or a group of verbs, takes."""
_OF_EXCHANGES = frozenset({"exchange", "answered_in"})
OVER = frozenset({"closed", "cancelled", "withdrawn", "refused", "declined", "ended", "confirmed"})
"""Matters and exchanges in these states wait for nothing."""


def open_numbers(command: Sequence[str], parameter: str, at_most: int) -> list[tuple[str, str]]:
    """Numbers with what they are about, the last moved first."""
    return list(islice(asyncio.run(_open(command, parameter)), at_most))


async def _open(command: Sequence[str], parameter: str) -> list[tuple[str, str]]:
    async with connected() as hub:
        if parameter in _OF_EXCHANGES:
            closed = parameter == "answered_in"
            states = [state for state in ExchangeState if (state.value in OVER) is closed]
            return [
                (
                    str(item.id),
                    _told(item.id, "kind", item.kind.value, item.state.value, item.counterpart_name),
                )
                async for item in hub.exchanges(states=states)
            ]
        workflow = next((OF_GROUP[name] for name in command if name in OF_GROUP), None)
        return [
            (
                str(item.id),
                _told(item.id, "workflow", item.workflow.value, item.state, ", ".join(item.others)),
            )
            async for item in hub.matters(workflow)
            if item.state not in OVER
        ]


def _told(identity: object, of: str, what: str, state: str, others: str) -> str:
    stands = word("state" if of == "kind" else f"{what}.state", state)
    return f"{str(identity)[:SHORTEST]}  {word(of, what)}: {stands}  {others}"
