"""Who may ask whom for what on which ground."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from hub.exchange.copy_request import BasisDoesNotFit, check
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.vocabulary import ExchangeKind, LegalBasis
from tests.exchange.bureau import CHILD, request_for_copies

US, THEM = CentreId(uuid4()), CentreId(uuid4())
FAMILY = {"kind": ExchangeKind.FAMILY_CASE, "family": "AG-7741", "legal_basis": LegalBasis.METHOD_FAMILY_MOVE}


def request(**changes: Any) -> RequestForCopies:
    return request_for_copies(US, changes.pop("holder", THEM), **changes)


def refusal_of(wish: RequestForCopies, *, caller: CentreId = US, active: bool = True) -> str | None:
    try:
        check(wish, caller=caller, holder_is_active_centre=active)
    except Refusal as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("kind", "basis", "code"),
    [
        (ExchangeKind.FAMILY_CASE, LegalBasis.METHOD_FAMILY_MOVE, None),
        (ExchangeKind.FAMILY_CASE, LegalBasis.METHOD_CHILD_MOVE, "exchange.basis-does-not-fit"),
        (ExchangeKind.FAMILY_CASE, LegalBasis.ORPHANS_COURT_DECISION, None),
        (ExchangeKind.CHILD_IAP, LegalBasis.METHOD_FAMILY_MOVE, "exchange.basis-does-not-fit"),
        (ExchangeKind.CHILD_IAP, LegalBasis.METHOD_CHILD_MOVE, None),
        (ExchangeKind.CHILD_IAP, LegalBasis.ORPHANS_COURT_DECISION, None),
    ],
)
def test_the_ground_fits_what_is_asked_for(kind: ExchangeKind, basis: LegalBasis, code: str | None) -> None:
    family = "AG-7741" if kind is ExchangeKind.FAMILY_CASE else None
    assert refusal_of(request(kind=kind, family=family, legal_basis=basis)) == code


@pytest.mark.parametrize(
    ("kind", "basis", "bases"),
    [
        (ExchangeKind.FAMILY_CASE, LegalBasis.METHOD_CHILD_MOVE, "method_family_move orphans_court_decision"),
        (ExchangeKind.CHILD_IAP, LegalBasis.METHOD_FAMILY_MOVE, "method_child_move orphans_court_decision"),
    ],
)
def test_a_ground_that_does_not_fit_names_those_that_do(
    kind: ExchangeKind, basis: LegalBasis, bases: str
) -> None:
    family = "AG-7741" if kind is ExchangeKind.FAMILY_CASE else None
    with pytest.raises(BasisDoesNotFit) as refused:
        check(request(kind=kind, family=family, legal_basis=basis), caller=US, holder_is_active_centre=True)
    assert refused.value.facts == {"bases": bases.split()}


def test_a_centre_asks_in_its_own_name_only() -> None:
    assert refusal_of(request(), caller=THEM) == "exchange.not-your-centre"


def test_a_centre_does_not_ask_itself() -> None:
    assert refusal_of(request(holder=US)) == "exchange.asked-of-yourself"


def test_a_centre_that_takes_no_part_cannot_be_asked() -> None:
    assert refusal_of(request(), active=False) == "exchange.holder-unknown"


@pytest.mark.parametrize(
    "wish",
    [
        {"family": "AG-7741"},
        {"children": []},
        {"children": [CHILD, "AG-7741-B2"]},
        {**FAMILY, "family": None},
        {**FAMILY, "children": [CHILD, CHILD]},
        {**FAMILY, "children": [f"AG-{n}" for n in range(21)]},
        {**FAMILY, "family": "Bērziņi"},
        {**FAMILY, "family": "BERZINI"},
        {"children": ["010190-12345"]},
        {"children": ["32999900011"]},
        {"children": ["ag-1"]},
        {"children": ["AG 1"]},
        {"children": ["A" * 39 + "12"]},
    ],
)
def test_a_request_names_families_and_children_by_reference_and_never_by_name(wish: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        request(**wish)


def test_a_familys_request_may_leave_the_children_to_the_holder() -> None:
    assert request(**FAMILY, children=[]).children == []
