"""A contract about training is answered by the centre that did not propose it."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.kernel.steps import StepNotAllowed
from hub.training.contract import accepted, declined, parties
from saikne_schemas.training import AcceptContract, DeclineContract, TrainingContract
from saikne_schemas.training_lists import TrainingRole
from tests.training.contracts import FAMILYS, TRAINER, agreed, of, scene

ANSWERS: list[tuple[Callable[..., Any], type[Any]]] = [
    (accepted, AcceptContract),
    (declined, DeclineContract),
]


@pytest.mark.parametrize(("rule", "statement"), ANSWERS)
def test_the_other_centre_answers_and_the_proposer_does_not(
    rule: Callable[..., Any], statement: type[Any]
) -> None:
    contract = agreed()
    proposer, other = (TRAINER, FAMILYS) if contract.proposed_by == "trainer" else (FAMILYS, TRAINER)
    assert [to for to, _ in rule(contract, of(statement), scene(other)).tells] == [proposer]
    with pytest.raises(StepNotAllowed) as refused:
        rule(contract, of(statement), scene(proposer))
    assert refused.value.facts["state"] == "proposed"


def test_each_centre_takes_part_in_the_role_that_the_contract_gives_it() -> None:
    contract = of(TrainingContract)
    roles = [(contract.trainer, TrainingRole.TRAINER), (contract.familys, TrainingRole.FAMILYS)]
    assert parties(contract) == roles
