"""Somebody who works at a centre, as the hub knows a person."""

from uuid import uuid4

from hub.kernel.ids import CentreId
from hub.people.person import Person, PersonId, PersonRole, PersonState, left


def somebody(centre: CentreId, role: PersonRole, language: str) -> Person:
    return Person(
        centre=centre,
        id=PersonId(uuid4()),
        name="Rita Balode",
        position="psiholoģe",
        email=f"{uuid4()}@ligzda.example",
        role=role,
        acts=left(role, None),
        state=PersonState.ACTIVE,
        language=language,
    )
