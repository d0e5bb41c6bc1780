"""What a family's answer to its plan does, by how it was given."""

from typing import Any

import pytest

from hub.plans.steps import Action, answered
from saikne_schemas.plans import PlanConfirmed
from tests.plans.papers import of
from tests.plans.test_agreeing import SIGNED


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ({}, Action.AGREE),
        ({"agreed": False, "corrections_needed": True}, Action.CORRECT),
        (SIGNED, Action.SIGN),
    ],
)
def test_an_answer_agrees_corrects_or_signs(said: dict[str, Any], action: Action) -> None:
    assert answered(of(PlanConfirmed, **said)) is action
