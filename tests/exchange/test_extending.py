"""A later day agreed by both sides: it counts for everything, and the first one is never hidden."""

from datetime import date, timedelta
from typing import Any

import pytest

from hub.duties import store as duties
from hub.duties.casework import remind
from hub.duties.duty import DutyKind
from hub.exchange.casework import reading
from hub.exchange.casework.extending import NoTerm, NotProposed
from hub.exchange.extension import NotLater, TooLong
from hub.exchange.steps import StepNotAllowed
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from saikne import compose
from saikne_schemas.extensions import AcceptExtension, DeclineExtension, ProposeExtension
from saikne_schemas.manifests import Withdrawal
from saikne_schemas.views import ExchangeView
from saikne_schemas.vocabulary import ExchangeState, ExtensionReason, WithdrawReason
from tests.exchange.bureau import DUE, RECEIVED, Bureau, left_in, met, noon
from tests.terms import term_of

LATER = date(2026, 12, 1)


def proposal(exchange: ExchangeId, until: date = LATER) -> ProposeExtension:
    return compose(ProposeExtension, exchange=exchange, until=until, reason=ExtensionReason.VOLUME)


async def proposed(
    bureau: Bureau, holder: CentreId, exchange: ExchangeId, until: date = LATER
) -> ProposeExtension:
    said = proposal(exchange, until)
    await bureau.say(noon(date(2026, 11, 13)), holder, exchange, said)
    return said


async def agreed(
    bureau: Bureau, requester: CentreId, said: ProposeExtension, on: date = date(2026, 11, 14)
) -> AcceptExtension:
    answer = compose(AcceptExtension, exchange=said.exchange, proposal=said.id)
    await bureau.say(noon(on), requester, ExchangeId(said.exchange), answer)
    return answer


async def shown(bureau: Bureau, tenant: CentreId, exchange: ExchangeId, day: date = DUE) -> ExchangeView:
    async with bureau.desk(noon(day), tenant) as desk:
        return await reading.show(desk, tenant, exchange)


async def late(bureau: Bureau, tenant: CentreId, day: date) -> list[tuple[date, date | None]]:
    async with bureau.desk(noon(day), tenant) as desk:
        calendars = await bureau.calendars.current(desk.tx)
        page = await reading.overdue(desk.tx, calendars, day, tenant=tenant, after=None, limit=9)
    return [(one.due_on, one.original_due_on) for one in page.items]


async def listed(bureau: Bureau, tenant: CentreId, day: date) -> tuple[date, bool]:
    async with bureau.desk(noon(day), tenant) as desk:
        wish = reading.Wish(role=None, states=(), cursor=None, limit=9)
        (item,) = (await reading.page(desk, tenant, wish)).items
    assert item.due_on is not None
    return item.due_on, item.overdue


async def test_a_proposal_alone_moves_no_date(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    said = await proposed(bureau, holder, asked)
    for side in (requester, holder):
        view = await shown(bureau, side, asked)
        assert view.extension is not None
        assert (view.extension.proposal, view.extension.until) == (said.id, LATER)
        assert view.extension.reason is ExtensionReason.VOLUME
        assert (term_of(view).due_on, term_of(view).original_due_on) == (DUE, None)
    assert await late(bureau, holder, DUE + timedelta(days=1)) == [(DUE, None)]


async def test_the_agreed_day_counts_everywhere_and_the_first_stays_beside_it(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    answer = await agreed(bureau, requester, await proposed(bureau, holder, asked))
    for side in (requester, holder):
        view = await shown(bureau, side, asked, DUE + timedelta(days=1))
        assert (term_of(view).due_on, term_of(view).original_due_on) == (LATER, DUE)
        assert (term_of(view).extended_by, term_of(view).overdue, view.extension) == (answer.id, False, None)
        assert term_of(view).working_days == 10
        assert await listed(bureau, side, DUE + timedelta(days=1)) == (LATER, False)
        assert await listed(bureau, side, LATER + timedelta(days=1)) == (LATER, True)
    for tenant in (requester, holder, OVERSIGHT):
        assert await late(bureau, tenant, LATER) == []
        assert await late(bureau, tenant, LATER + timedelta(days=1)) == [(LATER, DUE)]


async def test_a_second_extension_keeps_the_very_first_date(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    await agreed(bureau, requester, await proposed(bureau, holder, asked))
    await agreed(bureau, requester, await proposed(bureau, holder, asked, date(2026, 12, 8)))
    term = term_of(await shown(bureau, holder, asked))
    assert (term.due_on, term.original_due_on) == (date(2026, 12, 8), DUE)


async def test_what_was_declined_moves_nothing_and_does_not_stand(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    said = await proposed(bureau, holder, asked)
    no = compose(DeclineExtension, exchange=asked, proposal=said.id)
    await bureau.say(noon(DUE), requester, asked, no)
    view = await shown(bureau, holder, asked)
    assert (term_of(view).due_on, term_of(view).original_due_on, view.extension) == (DUE, None, None)
    with pytest.raises(NotProposed):
        await agreed(bureau, requester, said)
    assert term_of(await shown(bureau, holder, asked)).due_on == DUE


async def test_a_newer_proposal_replaces_the_older(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    older = await proposed(bureau, holder, asked)
    newer = await proposed(bureau, holder, asked, date(2026, 12, 4))
    with pytest.raises(NotProposed) as refused:
        await agreed(bureau, requester, older)
    assert refused.value.code == "exchange.extension-not-proposed"
    await agreed(bureau, requester, newer)
    assert term_of(await shown(bureau, holder, asked)).due_on == date(2026, 12, 4)


async def answered(bureau: Bureau, exchange: ExchangeId, *sides: CentreId, day: date = DUE) -> None:
    """As a dispatch leaves the record, without an archive."""
    async with bureau.desk(noon(day), *sides, OVERSIGHT) as desk:
        await left_in(desk, exchange, ExchangeState.DISPATCHED, round=1, proposal=None)
        await met(desk, exchange)


async def disputed(bureau: Bureau, exchange: ExchangeId, *sides: CentreId) -> None:
    async with bureau.desk(noon(DUE), *sides, OVERSIGHT) as desk:
        await duties.reopen(desk.tx, exchange, DutyKind.ANSWER)
        await left_in(desk, exchange, ExchangeState.DISPUTED)


async def test_a_proposal_is_overtaken_by_the_dispatch(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    said = await proposed(bureau, holder, asked)
    await answered(bureau, asked, requester, holder)
    with pytest.raises(StepNotAllowed):
        await agreed(bureau, requester, said)
    await disputed(bureau, asked, requester, holder)
    with pytest.raises(NotProposed):
        await agreed(bureau, requester, said)
    assert (await shown(bureau, requester, asked)).extension is None


async def test_what_was_sent_late_stays_late_though_its_password_lapsed(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    await answered(bureau, asked, requester, holder, day=DUE + timedelta(days=3))
    for state, refusal in ((ExchangeState.LAPSED, StepNotAllowed), (ExchangeState.PREPARING, NoTerm)):
        async with bureau.desk(noon(DUE), requester, holder, OVERSIGHT) as desk:
            await left_in(desk, asked, state)
        with pytest.raises(refusal):
            await proposed(bureau, holder, asked)
        with pytest.raises(refusal):
            await agreed(bureau, requester, proposal(asked))
    term = term_of(await shown(bureau, requester, asked, LATER))
    assert (term.due_on, term.original_due_on, term.met_on) == (DUE, None, DUE + timedelta(days=3))


async def test_a_dispute_keeps_the_agreed_day(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    await agreed(bureau, requester, await proposed(bureau, holder, asked))
    await answered(bureau, asked, requester, holder)
    await disputed(bureau, asked, requester, holder)
    term = term_of(await shown(bureau, holder, asked))
    assert (term.due_on, term.original_due_on, term.met_at) == (LATER, DUE, None)


async def test_nobody_extends_what_was_withdrawn(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    said = await proposed(bureau, holder, asked)
    withdrawal = compose(Withdrawal, exchange=asked, reason=WithdrawReason.DUPLICATE)
    await bureau.say(noon(DUE), requester, asked, withdrawal)
    with pytest.raises(StepNotAllowed):
        await agreed(bureau, requester, said)
    with pytest.raises(StepNotAllowed):
        await proposed(bureau, holder, asked)
    assert (await shown(bureau, requester, asked)).extension is None


@pytest.mark.parametrize(("until", "refusal"), [(DUE, NotLater), (date(2026, 12, 17), TooLong)])
async def test_a_day_that_may_not_be_proposed_leaves_nothing(
    bureau: Bureau, holder: CentreId, asked: ExchangeId, until: date, refusal: Any
) -> None:
    before = await shown(bureau, holder, asked)
    with pytest.raises(refusal):
        await proposed(bureau, holder, asked, until)
    assert await shown(bureau, holder, asked) == before


async def test_the_holder_does_not_agree_with_itself(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    said = await proposed(bureau, holder, asked)
    with pytest.raises(StepNotAllowed):
        await agreed(bureau, holder, said)
    with pytest.raises(StepNotAllowed):
        await proposed(bureau, requester, asked)


async def test_reminders_begin_anew_before_the_agreed_day(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    async def reminded(day: date) -> int:
        async with bureau.desk(noon(day), holder) as desk:
            return await remind(desk.tx, holder, await bureau.calendars.current(desk.tx), desk.now)

    assert await reminded(date(2026, 11, 13)) == 1
    await agreed(bureau, requester, await proposed(bureau, holder, asked))
    assert [await reminded(DUE), await reminded(DUE + timedelta(days=1))] == [0, 0]
    assert [await reminded(date(2026, 11, 26)), await reminded(LATER)] == [1, 1]
    assert RECEIVED.date() < DUE
