"""A family's answer to its plan: an option that its way does not take is refused by its name."""

from typing import Any

import pytest

from saikne.command.plan_answers import TakesNot, check_options
from saikne_schemas.plan_lists import ConfirmedHow

E_SIGNED, THREE_PART, IN_PERSON = ConfirmedHow


@pytest.mark.parametrize(
    ("how", "given", "much"),
    [
        (IN_PERSON, {"agreed": True, "signed": ["1=2026-03-02"]}, "--agreed"),
        (
            E_SIGNED,
            {"corrections": False, "agreed": False, "signed": ["1=2026-03-02"]},
            "--corrections, --agreed, --signed",
        ),
        (THREE_PART, {"corrections": False, "agreed": True, "signed": ["1=2026-03-02"]}, "--signed"),
    ],
)
def test_what_is_too_much_is_named(how: ConfirmedHow, given: dict[str, Any], much: str) -> None:
    with pytest.raises(TakesNot) as refused:
        check_options(how, **given)
    assert refused.value.facts["given"] == much


def test_what_each_way_takes_is_taken() -> None:
    check_options(E_SIGNED, corrections=None, agreed=None, signed=None)
    check_options(THREE_PART, corrections=False, agreed=False, signed=[])
    check_options(IN_PERSON, corrections=None, agreed=None, signed=["1=2026-03-02"])
