"""How a workflow table is read: what is not listed is refused.

A table maps (state, action) to (the role that may do it, the state after). Rooms own their tables.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from hub.kernel.refusal import Refusal

State = TypeVar("State", bound=StrEnum)
Action = TypeVar("Action", bound=StrEnum)
Role = TypeVar("Role", bound=StrEnum)

StepTable = Mapping[tuple[State, Action], tuple[Role, State]]


class StepNotAllowed(Refusal):
    code = "exchange.step-not-allowed"


def step(table: StepTable[State, Action, Role], state: State, action: Action, role: Role) -> State:
    """The state after `action` by `role`; refuses everything the table does not list."""
    listed = table.get((state, action))
    if listed is None or listed[0] is not role:
        raise StepNotAllowed(state=state.value, action=action.value, role=role.value)
    return listed[1]
