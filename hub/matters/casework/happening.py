"""A matter moves by what somebody outside of it has confirmed, not by the statement of a party.

The step is one of the table, done in the place of one role, and its rule is a rule like any other. Whoever
calls keeps the words that it rests on. Evidence goes on every party's chain (design.md 3, 6).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, MatterId
from hub.matters import store
from hub.matters.casework.moving import Cause, Desk, NotFound, carry_out, roles_of, scene_of, take_step
from hub.matters.workflow import Outcome, Scene, Workflow
from hub.plumbing.database import act_for
from saikne_schemas.spelling import KEPT


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened, in the place of which role, and on whose word."""

    event: EventKind
    role: StrEnum
    action: StrEnum
    rule: Callable[[Any, Scene], Outcome[Any]]
    by: UUID
    """The report that says so."""
    facts: Mapping[str, Fact]


async def happen(
    desk: Desk,
    workflow: Workflow[Any],
    identity: MatterId,
    what: Happening,
    *,
    also_for: tuple[CentreId, ...] = (),
) -> str:
    """Move the matter; the state after it. The transaction then acts for its parties and `also_for`.

    Refuses what the table does not list and what the rule refuses. The matter is held until the end.
    """
    row = await store.lock(desk.tx, identity)
    if row is None or row.workflow != workflow.kind:
        raise NotFound
    roles = roles_of(workflow, row)
    await act_for(desk.tx, (*roles, OVERSIGHT, *also_for))
    author = next(centre for centre, role in roles.items() if role is what.role)
    content = workflow.content.model_validate(row.content, context=KEPT)
    scene = await scene_of(desk, author, roles)
    rule = partial(what.rule, content, scene)
    state, outcome = await take_step(desk, workflow, row, (what.action, what.role), rule)
    beside = await carry_out(desk, Cause(identity, workflow.kind, what.by), scene, outcome)
    facts: dict[str, Fact] = {"state": state.value, **what.facts, **outcome.facts}
    await record(desk.tx, what.event, roles, ExchangeId(identity), facts, *beside)
    return str(state.value)
