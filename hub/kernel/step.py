"""How a workflow table is read: what is not listed is refused.

A table maps (state, action) to (the role or roles that may do it, the state after). Rooms own their tables.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hub.kernel.refusal import Refusal

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)
Role = TypeVar("Role", bound=StrEnum)

StepTable = Mapping[tuple[State, Action], tuple[Role | frozenset[Role], State]]


class StepNotAllowed(Refusal):
    code = "exchange.step-not-allowed"


def listed(table: StepTable[State, Action, Role], state: State, action: Action, role: Role) -> State | None:
    """The state after `action` by `role`; None for what the table does not list."""
    may, after = table.get((state, action), (frozenset[Role](), state))
    return after if role is may or (isinstance(may, frozenset) and role in may) else None


def step(table: StepTable[State, Action, Role], state: State, action: Action, role: Role) -> State:
    """The state after `action` by `role`; refuses everything the table does not list."""
    after = listed(table, state, action, role)
    if after is None:
        raise StepNotAllowed(state=state.value, action=action.value, role=role.value)
    return after
