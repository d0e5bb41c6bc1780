"""A contract about training holds all that the method makes mandatory, or is refused with what it lacks."""

from typing import Any

import pytest
from pydantic import ValidationError

from hub.training.clauses import ClauseMissing, OverCeiling, missing, require_whole
from hub.training.contract import proposed
from saikne_schemas.training import TrainingContract
from saikne_schemas.training_lists import ContractClause, TrainingKind
from tests.training.contracts import of, scene

LACKING: list[tuple[str, dict[str, Any]]] = [
    ("topic", {"topics": []}),
    ("hours", {"minutes": None}),
    ("time", {"sessions": []}),
    ("form", {"form": None}),
    ("place", {"premises": None}),
    ("place", {"territory": None}),
    ("lecturer", {"lecturer": None}),
    ("family", {"family": None}),
    ("family", {"family_contacts_in": None}),
    ("price", {"charged_at_cost": False}),
    ("price", {"ceiling_cents": None}),
    ("payment", {"payment": None}),
    ("payment", {"payment_days": None}),
]


def test_a_whole_contract_lacks_nothing() -> None:
    whole = of(TrainingContract)
    require_whole(whole)
    assert missing(whole) == []


@pytest.mark.parametrize(("clause", "changes"), LACKING)
def test_a_clause_that_is_missing_is_refused_by_name(clause: str, changes: dict[str, Any]) -> None:
    with pytest.raises(ClauseMissing) as refused:
        require_whole(of(TrainingContract, **changes))
    assert refused.value.facts == {"missing": [clause]}


def test_all_missing_clauses_are_named_at_once() -> None:
    changes = {name: value for _, changes in LACKING for name, value in changes.items()}
    with pytest.raises(ClauseMissing) as refused:
        require_whole(of(TrainingContract, **{**changes, "form": "in_person"}))
    assert refused.value.facts == {"missing": [clause.value for clause in ContractClause if clause != "form"]}
    assert {clause for clause, _ in LACKING} == set(ContractClause), "a clause that no case leaves out"


@pytest.mark.parametrize("kind", TrainingKind)
def test_each_kind_of_training_is_contracted_and_no_other(kind: TrainingKind) -> None:
    whole = of(TrainingContract, kind=kind.value)
    require_whole(whole)
    assert proposed(whole, scene()).content.kind is kind
    with pytest.raises(ValidationError):
        of(TrainingContract, kind="supervision")


def test_training_online_needs_no_premises() -> None:
    assert missing(of(TrainingContract, form="online", premises=None, territory=None)) == []


def test_an_expected_price_is_at_most_the_ceiling() -> None:
    require_whole(of(TrainingContract, price_cents=4500))
    with pytest.raises(OverCeiling) as refused:
        require_whole(of(TrainingContract, price_cents=4501))
    assert refused.value.facts == {"amount_cents": 4501, "most_cents": 4500}
