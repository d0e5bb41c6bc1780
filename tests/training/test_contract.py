"""A contract about training is answered by the centre that did not propose it."""

from collections.abc import Callable
from typing import Any

import pytest

from hub.kernel.steps import StepNotAllowed
from hub.training.contract import accepted, declined
from saikne_schemas.training import AcceptContract, DeclineContract
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
