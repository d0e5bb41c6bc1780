"""The price ceiling of a year is stated once; contracts and invoices are checked against it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from hub.kernel.days import DateInTheFuture
from hub.training.ceiling import (
    CeilingDiffers,
    CeilingStatedAlready,
    SameCeiling,
    YearsCeiling,
    corrected,
    stated,
    withdrawn,
    year_of,
)
from hub.training.clauses import ClauseMissing, OverCeiling
from hub.training.contract import proposed
from hub.training.settlement import AmountDoesNotFit, invoiced
from saikne_schemas.price_ceilings import CorrectCeiling, PriceCeiling, WithdrawCeiling
from saikne_schemas.training import TrainingContract
from saikne_schemas.training_lists import CeilingCorrection, CeilingWithdrawal
from tests.training.contracts import TODAY, an_invoice, ended, of, scene

STATED = YearsCeiling(2026, 4500, "BAC-2026/7")


def test_a_contract_takes_the_ceiling_that_the_training_centre_has_stated_for_its_year() -> None:
    outcome = proposed(of(TrainingContract, ceiling_cents=None), scene(), STATED)
    content = outcome.content
    assert (content.ceiling_cents, outcome.warnings) == (4500, ())
    assert content.contract_ceiling is not None
    used = content.contract_ceiling
    assert (used.year, used.ceiling_cents, used.contract, used.on) == (2026, 4500, "BAC-2026/7", TODAY)


def test_a_contract_may_repeat_it_but_not_name_another() -> None:
    assert proposed(of(TrainingContract, ceiling_cents=4500), scene(), STATED).content.ceiling_cents == 4500
    for other in (4499, 4501):
        with pytest.raises(CeilingDiffers) as refused:
            proposed(of(TrainingContract, ceiling_cents=other), scene(), STATED)
        assert refused.value.facts == {"ceiling_cents": other, "stated_cents": 4500, "year": 2026}


def test_an_expected_price_is_checked_against_it() -> None:
    with pytest.raises(OverCeiling):
        proposed(of(TrainingContract, ceiling_cents=None, price_cents=4501), scene(), STATED)


def test_without_a_years_ceiling_the_contract_names_its_own() -> None:
    outcome = proposed(of(TrainingContract), scene())
    assert (outcome.content.contract_ceiling, outcome.warnings) == (None, ("training.ceiling-not-stated",))
    with pytest.raises(ClauseMissing) as refused:
        proposed(of(TrainingContract, ceiling_cents=None), scene())
    assert refused.value.facts == {"missing": ["price"]}


def test_the_year_is_that_of_the_last_session() -> None:
    over_new_year = [
        {"on": "2025-12-30", "begins": "10:00", "ends": "13:15"},
        {"on": "2026-01-06", "begins": "10:00", "ends": "13:15"},
    ]
    assert year_of(of(TrainingContract, sessions=over_new_year)) == 2026
    assert year_of(of(TrainingContract, sessions=[])) is None


DEAR = {"costs": [{"kind": "lecturer", "amount_cents": 60_000}], "average_cents": 5000}


def test_an_invoice_keeps_to_what_was_agreed_and_to_what_the_year_allows_now() -> None:
    lowered, raised = (replace(STATED, ceiling_cents=cents) for cents in (4000, 4800))
    at_lower = invoiced(ended(), an_invoice(**DEAR, amount_cents=8000), scene(), lowered).content
    assert at_lower.amount_cents == 8000
    assert at_lower.invoice_ceiling is not None
    assert at_lower.invoice_ceiling.ceiling_cents == 4000
    with pytest.raises(OverCeiling) as refused:
        invoiced(ended(), an_invoice(**DEAR, amount_cents=9000), scene(), lowered)
    assert refused.value.facts["most_cents"] == 8000
    as_agreed = invoiced(ended(), an_invoice(**DEAR, amount_cents=9000), scene(), raised).content
    assert as_agreed.amount_cents == 9000
    with pytest.raises(OverCeiling):
        invoiced(ended(), an_invoice(**DEAR, amount_cents=9600), scene(), raised)
    with pytest.raises(AmountDoesNotFit):
        invoiced(ended(), an_invoice(**DEAR, amount_cents=7999), scene(), lowered)


def test_a_year_is_stated_once() -> None:
    first = UUID(int=7)
    with pytest.raises(CeilingStatedAlready) as refused:
        stated(of(PriceCeiling), scene(), first)
    assert refused.value.facts == {"matter": str(first)}
    with pytest.raises(DateInTheFuture):
        stated(of(PriceCeiling, signed_on="2026-04-11"), scene(), None)


def test_a_correction_has_its_reason_and_keeps_what_was() -> None:
    content = stated(of(PriceCeiling), scene(), None).content
    outcome = corrected(content, of(CorrectCeiling), scene())
    assert (outcome.content.ceiling_cents, outcome.beside) == (4800, (4800,))
    (before,) = outcome.content.before
    assert (before.ceiling_cents, before.until, before.reason) == (
        4500,
        date(2026, 4, 10),
        CeilingCorrection.CONTRACT_AMENDED,
    )
    with pytest.raises(SameCeiling):
        corrected(content, of(CorrectCeiling, ceiling_cents=4500), scene())


def test_what_was_stated_in_error_is_withdrawn_with_its_reason() -> None:
    content = stated(of(PriceCeiling), scene(), None).content
    taken_back = withdrawn(content, of(WithdrawCeiling), scene()).content
    assert taken_back.withdrawn_because is CeilingWithdrawal.WRONG_YEAR
