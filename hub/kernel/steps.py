"""A workflow's table of steps: the only reader of all tables, and the only maker of a step.

A table lists who may do what in which state, and to which states that may lead; the rule of what is done
says to which of them. What is not listed is refused. Stores write no state but that of a `Step`, and only a
table makes one: so no state is ever written that no table was asked about. Rooms own their tables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Generic, TypeVar

from hub.kernel.refusal import Refusal

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)
R = TypeVar("R", bound=StrEnum)


class StepNotAllowed(Refusal):
    """The table does not list it. The code is the room's."""


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """What a table allowed."""

    state: S
    """Afterwards."""


class Steps(Generic[S, A, R]):
    """`listed`: (state, action) -> each role that may, with the state or the states that it may lead to."""

    def __init__(
        self, listed: Mapping[tuple[S, A], Mapping[R, S | frozenset[S]]], refusal: type[StepNotAllowed]
    ) -> None:
        self._refusal = refusal
        self.listed: Mapping[tuple[S, A], Mapping[R, frozenset[S]]] = MappingProxyType(
            {
                step: {role: to if isinstance(to, frozenset) else frozenset({to}) for role, to in may.items()}
                for step, may in listed.items()
            }
        )

    def leads(self, state: S, action: A, role: R) -> frozenset[S]:
        """To which states it may lead; to none where it is not listed."""
        return self.listed.get((state, action), {}).get(role, frozenset())

    def require(self, state: S, action: A, role: R) -> None:
        """Refuse what is not listed, whatever it would lead to."""
        if not self.leads(state, action, role):
            raise self._refusal(state=state.value, action=action.value, role=role.value)

    def take(self, state: S, action: A, role: R, to: S | None = None) -> Step[S]:
        """The step to `to`; None: it stays where that is listed, or else goes to the one state there is."""
        leads = self.leads(state, action, role)
        if to is None and state in leads:
            to = state
        elif to is None and len(leads) == 1:
            (to,) = leads
        if to not in leads:
            raise self._refusal(state=state.value, action=action.value, role=role.value)
        return Step(to)
