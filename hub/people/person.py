"""Who works at a centre, and what that person may do in its name.

A role has the acts that go with it, and a person may be given fewer, never more. An overseer reads what every
centre owes and acts for none; an operator keeps the hub and reads no centre's matters. Source: design.md 10
(people act, centres answer for it); method S90, S91.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NewType
from uuid import UUID

from hub.kernel.ids import OPERATOR, OVERSIGHT, CentreId
from hub.kernel.refusal import Refusal
from saikne_schemas.person_keys import Act

PersonId = NewType("PersonId", UUID)


class PersonRole(StrEnum):
    SOCIAL_WORKER = "social_worker"
    COORDINATOR = "coordinator"
    OVERSEER = "overseer"
    OPERATOR = "operator"


class PersonState(StrEnum):
    INVITED = "invited"
    """Has not set up a way to sign in."""
    ACTIVE = "active"
    SUSPENDED = "suspended"


class NotAllowed(Refusal):
    """The person's role, or the acts that were left to it, do not reach so far."""

    code = "people.not-allowed"


_WORK = frozenset({Act.ASK, Act.ANSWER, Act.DISPATCH, Act.CONFIRM})
MAY: Mapping[PersonRole, frozenset[Act]] = MappingProxyType(
    {
        PersonRole.SOCIAL_WORKER: _WORK,
        PersonRole.COORDINATOR: _WORK | {Act.AGREE, Act.MANAGE_PEOPLE},
        PersonRole.OVERSEER: frozenset({Act.MANAGE_PEOPLE}),
        PersonRole.OPERATOR: frozenset({Act.MANAGE_PEOPLE}),
    }
)
"""The most that each role may."""
OF_A_CENTRE = (PersonRole.SOCIAL_WORKER, PersonRole.COORDINATOR)
"""Whom a coordinator may invite; the others are one kind each, and invite their own. A calendar and letters
of what their centre owes are for these."""


@dataclass(frozen=True, slots=True)
class Person:
    centre: CentreId
    """Whose person it is; the operator's are of no centre."""
    id: PersonId
    name: str
    position: str
    email: str
    role: PersonRole
    acts: frozenset[Act]
    state: PersonState
    language: str

    @property
    def reads(self) -> CentreId:
        """Whose rows the person sees."""
        return OVERSIGHT if self.role is PersonRole.OVERSEER else self.centre

    def require(self, act: Act) -> None:
        if act not in self.acts:
            raise NotAllowed(act=act.value)

    def may_have(self) -> tuple[PersonRole, ...]:
        """Which roles this person may give to others."""
        return OF_A_CENTRE if self.role is PersonRole.COORDINATOR else (self.role,)


def left(role: PersonRole, chosen: Collection[Act] | None) -> frozenset[Act]:
    """The acts of a role, or those of them that were chosen."""
    return MAY[role] if chosen is None else MAY[role] & frozenset(chosen)


def fits(role: PersonRole, centre: CentreId, *, overseeing: bool) -> bool:
    """Whether a person of this role may belong there."""
    if role is PersonRole.OPERATOR:
        return centre == OPERATOR
    return centre != OPERATOR and (role is PersonRole.OVERSEER) == overseeing
