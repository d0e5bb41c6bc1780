"""Roles, the acts that go with them, and where a person may belong."""

from uuid import uuid4

import pytest

from hub.kernel.ids import OPERATOR, OVERSIGHT, CentreId
from hub.people.person import (
    MAY,
    NotAllowed,
    Person,
    PersonId,
    PersonRole,
    PersonState,
    fits,
    left,
)
from saikne_schemas.person_keys import Act

CENTRE = CentreId(uuid4())


def person(role: PersonRole, acts: frozenset[Act] | None = None) -> Person:
    return Person(
        centre=CENTRE,
        id=PersonId(uuid4()),
        name="Ilze Kalniņa",
        position="vadītāja",
        email="ilze@ligzda.example",
        role=role,
        acts=left(role, acts),
        state=PersonState.ACTIVE,
        language="lv",
    )


@pytest.mark.parametrize("role", list(PersonRole))
@pytest.mark.parametrize("act", list(Act))
def test_a_person_may_what_the_role_has_and_nothing_else(role: PersonRole, act: Act) -> None:
    for chosen in (None, frozenset(Act), frozenset(), frozenset({act})):
        one = person(role, chosen)
        if act in MAY[role] and (chosen is None or act in chosen):
            one.require(act)
        else:
            with pytest.raises(NotAllowed):
                one.require(act)


def test_an_overseer_reads_oversights_rows_and_nobody_else_reads_anothers() -> None:
    reads = {role: person(role).reads for role in PersonRole}
    assert reads.pop(PersonRole.OVERSEER) == OVERSIGHT
    assert set(reads.values()) == {CENTRE}


def test_a_coordinator_invites_those_of_the_centre_and_the_others_their_own_kind() -> None:
    given = {role: set(person(role).may_have()) for role in PersonRole}
    assert given == {
        PersonRole.SOCIAL_WORKER: {PersonRole.SOCIAL_WORKER},
        PersonRole.COORDINATOR: {PersonRole.SOCIAL_WORKER, PersonRole.COORDINATOR},
        PersonRole.OVERSEER: {PersonRole.OVERSEER},
        PersonRole.OPERATOR: {PersonRole.OPERATOR},
    }


def test_a_role_fits_where_it_belongs() -> None:
    places = {"centre": (CENTRE, False), "oversight": (CENTRE, True), "operator": (OPERATOR, False)}
    fitting = {
        role: {name for name, (at, overseeing) in places.items() if fits(role, at, overseeing=overseeing)}
        for role in PersonRole
    }
    assert fitting == {
        PersonRole.SOCIAL_WORKER: {"centre"},
        PersonRole.COORDINATOR: {"centre"},
        PersonRole.OVERSEER: {"oversight"},
        PersonRole.OPERATOR: {"operator"},
    }
