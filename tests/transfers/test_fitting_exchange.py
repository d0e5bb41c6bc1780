"""An exchange belongs to a move between the same centres, about the same family or child."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from hub.kernel.ids import CentreId
from hub.transfers.fitting_exchange import ExchangeDoesNotFit, NamedExchange, Wanted, require_fit
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState

NEW, PREVIOUS = CentreId(uuid4()), CentreId(uuid4())
OF_THE_CHILD = Wanted(ExchangeKind.CHILD_IAP, NEW, PREVIOUS, "B-2")
OF_THE_FAMILY = Wanted(ExchangeKind.FAMILY_CASE, NEW, PREVIOUS, "AG-1")
PLAN = NamedExchange(ExchangeKind.CHILD_IAP, NEW, PREVIOUS, None, ("B-1", "B-2"), ExchangeState.REQUESTED)
CASE = replace(PLAN, kind=ExchangeKind.FAMILY_CASE, family="AG-1")


@pytest.mark.parametrize(("named", "wanted"), [(PLAN, OF_THE_CHILD), (CASE, OF_THE_FAMILY)])
@pytest.mark.parametrize("state", [one for one in ExchangeState if one is not ExchangeState.WITHDRAWN])
def test_it_fits_in_every_state_but_withdrawn(
    named: NamedExchange, wanted: Wanted, state: ExchangeState
) -> None:
    require_fit(replace(named, state=state), wanted)
    with pytest.raises(ExchangeDoesNotFit):
        require_fit(replace(named, state=ExchangeState.WITHDRAWN), wanted)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": ExchangeKind.FAMILY_CASE},
        {"requester": PREVIOUS, "holder": NEW},
        {"holder": CentreId(uuid4())},
        {"children": ("B-1",)},
        {"children": ("B-1",), "family": "B-2"},
    ],
)
def test_of_another_kind_between_others_or_about_others_it_does_not(changes: dict[str, Any]) -> None:
    with pytest.raises(ExchangeDoesNotFit):
        require_fit(replace(PLAN, **changes), OF_THE_CHILD)


def test_a_family_is_named_by_its_own_reference_not_by_a_childs() -> None:
    with pytest.raises(ExchangeDoesNotFit):
        require_fit(replace(CASE, children=("AG-1",), family="AG-2"), OF_THE_FAMILY)


def test_what_is_not_to_be_seen_does_not_fit() -> None:
    with pytest.raises(ExchangeDoesNotFit):
        require_fit(None, OF_THE_CHILD)
