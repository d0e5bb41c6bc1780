"""A matter moves by what somebody outside of it has confirmed, not by the statement of a party.

The step is one of the table, done in the place of one role, and its rule is a rule like any other. Whoever
calls keeps the words that it rests on. Evidence goes on every party's chain (design.md 3, 6).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import CentreId, MatterId
from hub.matters.casework.engine import Deed, Engine
from hub.matters.casework.matters import Matters
from hub.matters.casework.records import Cause, Desk
from hub.matters.workflow import Held, Outcome, Scene, Workflow
from hub.plumbing.rows import insert

C = TypeVar("C", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Happening(Generic[C]):
    """What happened, in the place of which role, and on whose word."""

    event: EventKind
    role: StrEnum
    action: StrEnum
    rule: Callable[[C, Scene], Outcome[C]]
    by: UUID
    """The report that says so."""
    facts: Mapping[str, Fact]
    in_place_of: StrEnum | None = None
    """Whose place it is, where the role is none of a party's."""


async def happen(
    desk: Desk,
    workflow: Workflow[C],
    identity: MatterId,
    what: Happening[C],
    *,
    also_for: tuple[CentreId, ...] = (),
) -> str:
    """Move the matter; the state after it. The transaction then acts for its parties and `also_for`.

    Refuses what the table does not list and what the rule refuses. The matter is held until the end.
    """
    records = Matters(workflow)
    held = await records.held(desk, identity, also_for=also_for)
    place = what.in_place_of or what.role
    author = next(centre for centre, role in held.roles.items() if role is place)
    scene = await records.moment(desk, author, held)
    deed = Deed(what.event, what.action, what.role, partial(what.rule, held.content, scene), what.by)
    moved = await Engine(workflow, records).moved(desk, held, scene, deed)
    facts: dict[str, Fact] = {"state": moved.state.value, **what.facts, **moved.facts}
    await record(desk.tx, what.event, held.roles, identity, facts, *moved.rows)
    return str(moved.state.value)


async def owe(desk: Desk, workflow: Workflow[C], held: Held[C], scene: Scene, what: Outcome[C]) -> None:
    """End and begin duties of a matter that is held; nothing else of it changes."""
    cause = Cause(held.identity, workflow.kind, held.identity)
    done = await Engine(workflow, Matters(workflow)).carried_out(desk, cause, scene, what)
    await insert(desk.tx, *done.rows)
