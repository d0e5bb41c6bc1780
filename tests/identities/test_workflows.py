"""Whatever may say who is meant forgets it where it ends, and nowhere before."""

from enum import StrEnum
from typing import Any

import pytest

from hub.exchange.casework.copies import COPIES
from hub.exchange.owed import NEXT_STEP
from hub.matters.workflow import Workflow
from hub.workflows import WORKFLOWS
from saikne_schemas.family_move_words import FamilyMoveState
from saikne_schemas.vocabulary import Workflow as Kind

EVERY: list[Workflow[Any, Any, Any]] = [*WORKFLOWS, COPIES]
ALL = {one.kind: one for one in EVERY}
SAYING = {Kind.COPIES, Kind.FAMILY_MOVE, Kind.CHILD_MOVE, Kind.SIBLING_CONTACT}


def final(workflow: Workflow[Any, Any, Any]) -> set[StrEnum]:
    return set(workflow.states) - {state for state, _ in workflow.steps.listed}


def test_these_and_no_others_may_say_who_is_meant() -> None:
    saying = {kind for kind, one in ALL.items() if "identities" in one.opening.statement.model_fields}
    assert saying == SAYING
    assert {kind for kind, one in ALL.items() if one.forgets_in} == SAYING


@pytest.mark.parametrize("kind", sorted(SAYING))
def test_it_is_forgotten_where_nothing_more_can_be_done(kind: Kind) -> None:
    assert final(ALL[kind]) <= ALL[kind].forgets_in


def test_it_is_not_forgotten_while_somebody_owes_an_answer() -> None:
    assert COPIES.forgets_in.isdisjoint(NEXT_STEP)
    assert COPIES.forgets_in | NEXT_STEP.keys() == set(COPIES.states)
    assert ALL[Kind.FAMILY_MOVE].forgets_in == {FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED}
