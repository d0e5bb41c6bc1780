"""An answer holds documents of the family and of its children: another child's is not sent by a slip."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from saikne.command.placed import ChildNotAsked, placed
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.views import ExchangeView

FAMILY, CHILD, LATER, FOREIGN = "AG-2041", "AG-2041-B1", "AG-2041-B2", "AG-9999-B9"


def asked(*children: str, later: tuple[str, ...] = ()) -> ExchangeView:
    shown: dict[str, Any] = EXAMPLES[ExchangeView]
    more = {"children": list(later), "forms": [], "answered_before": False} if later else None
    told = {"family": FAMILY, "children": list(children), "supplement": more}
    return ExchangeView.model_validate_json(json.dumps(shown | told))


def about(*subjects: str, form: str = "iap") -> Any:
    return [SimpleNamespace(subject=one, form=SimpleNamespace(value=form)) for one in subjects]


@pytest.mark.parametrize("form", ["iap", "other_child"])
def test_a_child_that_nobody_asked_about_is_refused_by_its_number(form: str) -> None:
    with pytest.raises(ChildNotAsked) as refused:
        placed(asked(CHILD), about(CHILD, FOREIGN, form=form), [])
    assert refused.value.facts == {
        "child": FOREIGN,
        "asked": CHILD,
        "given": f"--child {CHILD} --child {FOREIGN}",
    }


def test_it_goes_where_it_is_said_that_the_child_is_placed_there_too() -> None:
    assert placed(asked(CHILD), about(CHILD, FOREIGN), [CHILD, FOREIGN]) == [CHILD, FOREIGN]
    with pytest.raises(ChildNotAsked) as refused:
        placed(asked(CHILD), about(FOREIGN), [LATER])
    assert refused.value.facts["given"] == f"--child {LATER} --child {FOREIGN}"


def test_the_family_its_children_and_those_asked_for_later_need_no_word() -> None:
    assert placed(asked(CHILD), [*about(CHILD), *about(FAMILY, form="family_case")], []) == [CHILD]
    assert placed(asked(CHILD, later=(LATER,)), about(LATER), []) == [CHILD, LATER]


def test_where_no_child_is_named_the_answer_says_which_there_are() -> None:
    assert placed(asked(), about(CHILD), []) == [CHILD]
