"""More is asked for: an open request grows under its first term, an answered one gets a term of its own."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from hub.duties.tables import duty
from hub.exchange import store
from hub.exchange.casework import reading
from hub.exchange.documents import MayNotTravel
from hub.exchange.steps import StepNotAllowed
from hub.exchange.supplement import OneChildOnly
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.plumbing.rows import Rows, insert
from saikne import compose
from saikne_schemas.manifests import Withdrawal
from saikne_schemas.supplements import Supplement
from saikne_schemas.views import ExchangeView
from saikne_schemas.vocabulary import (
    ExchangeKind,
    ExchangeState,
    FormType,
    LegalBasis,
    SupplementReason,
    WithdrawReason,
)
from tests.exchange.bureau import CHILD, DUE, RECEIVED, Bureau, left_in, met, noon, request_for_copies
from tests.terms import term_of

FAMILY, OTHER = "AG-7741", "AG-7741-B2"
SETTLED = date(2026, 11, 20)
AGAIN = date(2026, 11, 23)
AGAIN_DUE = date(2026, 12, 7)
"""Ten working days after Monday 23 November."""


@pytest.fixture
async def family_asked(bureau: Bureau, requester: CentreId, holder: CentreId) -> ExchangeId:
    request = request_for_copies(
        requester,
        holder,
        kind=ExchangeKind.FAMILY_CASE,
        family=FAMILY,
        legal_basis=LegalBasis.METHOD_FAMILY_MOVE,
    )
    return await bureau.ask(RECEIVED, request)


def more(exchange: ExchangeId, *forms: FormType, children: tuple[str, ...] = ()) -> Supplement:
    return compose(
        Supplement,
        exchange=exchange,
        children=list(children),
        forms=list(forms),
        reason=SupplementReason.CHILD_PLACED_SINCE,
    )


async def in_state(bureau: Bureau, exchange: ExchangeId, state: ExchangeState, *sides: CentreId) -> None:
    """As an answer and its confirmation leave the record, without an archive."""
    async with bureau.desk(noon(SETTLED), *sides, OVERSIGHT) as desk:
        answer = {
            "exchange_id": exchange, "round": 1, "statement_id": uuid4(), "way": "hub", "missing": [],
            "declared_at": desk.now, "dispatched_at": desk.now,
            "receipt": "first.of.all" if state is ExchangeState.CONFIRMED else None,
        }  # fmt: skip
        await insert(desk.tx, Rows(store.answer, [answer]))
        if state is not ExchangeState.PREPARING:
            await met(desk, exchange)
        await left_in(desk, exchange, state, round=1)


async def shown(bureau: Bureau, tenant: CentreId, exchange: ExchangeId, day: date = AGAIN) -> ExchangeView:
    async with bureau.desk(noon(day), tenant) as desk:
        return await reading.show(desk, tenant, exchange)


async def said(bureau: Bureau, who: CentreId, supplement: Supplement, day: date = AGAIN) -> None:
    await bureau.say(noon(day), who, ExchangeId(supplement.exchange), supplement)


async def test_an_open_request_grows_under_its_first_term(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId
) -> None:
    await said(bureau, requester, more(family_asked, FormType.SUPPORT_PLAN, children=(OTHER,)))
    view = await shown(bureau, holder, family_asked)
    assert (view.state, view.children) == (ExchangeState.REQUESTED, [CHILD, OTHER])
    assert (term_of(view).due_on, term_of(view).starts_on) == (DUE, RECEIVED.date())
    assert view.supplement is not None
    assert (view.supplement.children, view.supplement.forms) == ([OTHER], [FormType.SUPPORT_PLAN])
    assert view.supplement.answered_before is False


async def test_a_declared_answer_goes_back_for_it_was_made_for_less(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId
) -> None:
    await in_state(bureau, family_asked, ExchangeState.PREPARING, requester, holder)
    await said(bureau, requester, more(family_asked, children=(OTHER,)))
    view = await shown(bureau, holder, family_asked)
    assert (view.state, term_of(view).due_on) == (ExchangeState.REQUESTED, DUE)
    async with bureau.desk(noon(AGAIN), requester, holder) as desk:
        jobs = await desk.tx.exec_driver_sql(
            "SELECT count(*) FROM queue.pgqueuer WHERE entrypoint = 'exchange.erase_payload'"
        )
        assert jobs.scalar_one() == 1


async def test_an_answered_exchange_goes_on_with_a_term_of_its_own(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId
) -> None:
    await in_state(bureau, family_asked, ExchangeState.CONFIRMED, requester, holder)
    await said(bureau, requester, more(family_asked, children=(OTHER,)))
    for side in (requester, holder):
        view = await shown(bureau, side, family_asked)
        term = term_of(view)
        assert (view.state, term.due_on, term.met_at) == (ExchangeState.REQUESTED, AGAIN_DUE, None)
        assert (term.basis, term.starts_on) == ("supplement_received", AGAIN)
        assert view.supplement is not None
        assert view.supplement.answered_before is True
        assert view.answer is not None
        assert view.answer.archive_available is False
        async with bureau.desk(noon(AGAIN_DUE + timedelta(days=1)), side) as desk:
            wish = reading.Wish(role=None, states=(), cursor=None, limit=9)
            (item,) = (await reading.page(desk, side, wish)).items
        assert (item.due_on, item.overdue) == (AGAIN_DUE, True)
    async with bureau.desk(noon(AGAIN), holder) as desk:
        rows = await desk.tx.execute(select(duty.c.due_on, duty.c.ending).order_by(duty.c.starts_on))
        assert [tuple(row) for row in rows] == [(DUE, "met"), (AGAIN_DUE, None)]


async def test_a_withdrawn_supplement_leaves_what_was_met_and_its_receipt(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId
) -> None:
    await in_state(bureau, family_asked, ExchangeState.CONFIRMED, requester, holder)
    await said(bureau, requester, more(family_asked, children=(OTHER,)))
    withdrawal = compose(Withdrawal, exchange=family_asked, reason=WithdrawReason.MOVE_CANCELLED)
    await bureau.say(noon(AGAIN), requester, family_asked, withdrawal)
    async with bureau.desk(noon(AGAIN), holder) as desk:
        rows = await desk.tx.execute(select(duty.c.ending).order_by(duty.c.starts_on))
        assert list(rows.scalars()) == ["met", "withdrawn"]
        view = await reading.receipt(desk, holder, family_asked)
        assert (view.receipt, view.earlier) == ("first.of.all", [])


async def test_an_earlier_receipt_is_kept_beside_the_newest(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId
) -> None:
    await in_state(bureau, family_asked, ExchangeState.CONFIRMED, requester, holder)
    await said(bureau, requester, more(family_asked, children=(OTHER,)))
    async with bureau.desk(noon(AGAIN), requester, holder, OVERSIGHT) as desk:
        second = {
            "exchange_id": family_asked, "round": 2, "statement_id": uuid4(), "way": "hub", "missing": [],
            "declared_at": desk.now, "dispatched_at": desk.now, "receipt": "second.of.all",
        }  # fmt: skip
        await insert(desk.tx, Rows(store.answer, [second]))
        await left_in(desk, family_asked, ExchangeState.CONFIRMED, round=2)
    async with bureau.desk(noon(AGAIN), holder) as desk:
        view = await reading.receipt(desk, holder, family_asked)
    assert (view.receipt, view.earlier) == ("second.of.all", ["first.of.all"])


@pytest.mark.parametrize(
    ("named", "refusal"),
    [({"forms": [FormType.FAMILY_CASE]}, MayNotTravel), ({"children": [OTHER]}, OneChildOnly)],
)
async def test_nothing_of_a_family_is_asked_in_a_childs_exchange(
    bureau: Bureau,
    requester: CentreId,
    asked: ExchangeId,
    named: dict[str, Any],
    refusal: type[Refusal],
) -> None:
    before = await shown(bureau, requester, asked)
    with pytest.raises(refusal):
        await said(bureau, requester, more(asked, FormType.IAP).model_copy(update={"forms": [], **named}))
    assert await shown(bureau, requester, asked) == before


@pytest.mark.parametrize(
    "state", [ExchangeState.DISPATCHED, ExchangeState.LAPSED, ExchangeState.DISPUTED, ExchangeState.WITHDRAWN]
)
async def test_nothing_is_added_at_another_time(
    bureau: Bureau, requester: CentreId, holder: CentreId, family_asked: ExchangeId, state: Any
) -> None:
    await in_state(bureau, family_asked, state, requester, holder)
    with pytest.raises(StepNotAllowed):
        await said(bureau, requester, more(family_asked, children=(OTHER,)))


async def test_the_holder_does_not_add_to_what_it_is_asked(
    bureau: Bureau, holder: CentreId, family_asked: ExchangeId
) -> None:
    with pytest.raises(StepNotAllowed):
        await said(bureau, holder, more(family_asked, children=(OTHER,)))
