"""How far a centre's own system reaches in the name of one of its people: as far as both do.

Source: design.md 10 (a page has no power that a key has not); method S90, S91. A job's work stays a job's:
registrations in AĢIS, and the register's side, are reached in nobody's name.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hub.people.person import PersonRole
from saikne_schemas.vocabulary import Scope

REACHES: Mapping[PersonRole, frozenset[Scope]] = MappingProxyType(
    {
        PersonRole.SOCIAL_WORKER: frozenset({Scope.EXCHANGE}),
        PersonRole.COORDINATOR: frozenset({Scope.EXCHANGE}),
        PersonRole.OVERSEER: frozenset({Scope.OVERSIGHT}),
        PersonRole.OPERATOR: frozenset(),
    }
)


def within(asked: str, role: PersonRole) -> str:
    """Of the scopes that a system asks for, those that a person of this role has."""
    return " ".join(sorted(set(asked.split()) & REACHES[role]))
