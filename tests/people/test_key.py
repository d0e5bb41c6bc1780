"""What a person's key may be offered for, and who may approve it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.kernel.ids import CentreId
from hub.people.key import LEEWAY, LIVES, KeyDoesNotFit, KeyYourOwn, may_have, require_approver, require_fit
from hub.people.person import NotAllowed, Person, PersonRole
from saikne_schemas.person_keys import Act, PersonKey
from tests.people.devices import Device
from tests.people.persons import somebody

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
CENTRE = CentreId(uuid4())
WORKER = somebody(CENTRE, PersonRole.SOCIAL_WORKER, "lv")


def document(of: Person = WORKER, **changes: Any) -> PersonKey:
    usual = {"until": NOW + LIVES, **changes}
    return PersonKey.model_validate_json(json.dumps(Device(of).document(**usual)))


def test_a_key_of_ones_own_for_what_one_may_and_a_year_at_most_fits() -> None:
    require_fit(document(), WORKER, NOW)
    require_fit(document(acts=["ask"], until=NOW + timedelta(seconds=1)), WORKER, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        {"person": str(uuid4())},
        {"centre": str(uuid4())},
        {"acts": ["agree", "ask"]},
        {"acts": ["manage_people"]},
        {"until": NOW},
        {"until": NOW + LIVES + LEEWAY + timedelta(seconds=1)},
        {"key": Device(WORKER).public(use="oauth")},
    ],
)
def test_a_key_of_somebody_else_or_for_more_or_for_longer_does_not(changes: dict[str, Any]) -> None:
    with pytest.raises(KeyDoesNotFit):
        require_fit(document(**changes), WORKER, NOW)


@pytest.mark.parametrize("role", list(PersonRole))
def test_who_states_nothing_has_no_key(role: PersonRole) -> None:
    person = somebody(CENTRE, role, "lv")
    has = role in {PersonRole.SOCIAL_WORKER, PersonRole.COORDINATOR}
    assert may_have(person) is has
    assert not may_have(replace(person, acts=frozenset()))
    if not has:
        with pytest.raises(KeyDoesNotFit):
            require_fit(document(person, acts=["manage_people"]), person, NOW)


def test_who_manages_people_approves_the_keys_of_others() -> None:
    coordinator = somebody(CENTRE, PersonRole.COORDINATOR, "lv")
    require_approver(coordinator, document())
    with pytest.raises(KeyYourOwn):
        require_approver(coordinator, document(coordinator))
    with pytest.raises(NotAllowed):
        require_approver(replace(coordinator, acts=frozenset({Act.ASK})), document())
