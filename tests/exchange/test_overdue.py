"""What is late, told to both sides and to oversight until its cause is gone; and when people are reminded."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from hub.duties.casework import remind
from hub.duties.tables import duty
from hub.exchange import store
from hub.exchange.casework import reading
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.matters import store as matters
from hub.plumbing.rows import Rows, insert
from saikne import compose
from saikne_schemas.manifests import Dispute, Withdrawal
from saikne_schemas.views import OverduePage
from saikne_schemas.vocabulary import DisputeReason, ExchangeState, SideRole, WithdrawReason
from tests.exchange.bureau import DUE, RECEIVED, Bureau, left_in, met, noon, request_for_copies
from tests.terms import term_of


async def late(bureau: Bureau, tenant: CentreId, day: date, **page: Any) -> OverduePage:
    async with bureau.desk(noon(day), tenant) as desk:
        calendars = await bureau.calendars.current(desk.tx)
        wish = {"after": None, "limit": 50, **page}
        return await reading.overdue(desk.tx, calendars, day, tenant=tenant, **wish)


async def who_sees_it(bureau: Bureau, day: date, *tenants: CentreId) -> list[list[SideRole]]:
    return [[one.role for one in (await late(bureau, tenant, day)).items] for tenant in tenants]


async def dispatched(bureau: Bureau, exchange: ExchangeId, holder: CentreId, requester: CentreId) -> None:
    """As a dispatch leaves the record, without an archive."""
    async with bureau.desk(noon(DUE), requester, holder, OVERSIGHT) as desk:
        answer = {
            "exchange_id": exchange, "round": 1, "statement_id": uuid4(), "way": "hub", "missing": [],
            "declared_at": desk.now, "dispatched_at": desk.now,
        }  # fmt: skip
        await insert(desk.tx, Rows(store.answer, [answer]))
        await left_in(desk, exchange, ExchangeState.DISPATCHED, round=1)
        await met(desk, exchange)


async def test_the_last_day_is_not_late_and_the_next_one_is(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    everyone = (requester, holder, OVERSIGHT)
    assert asked
    assert await who_sees_it(bureau, DUE, *everyone) == [[], [], []]
    roles = [[SideRole.REQUESTER], [SideRole.HOLDER], [SideRole.OVERSIGHT]]
    assert await who_sees_it(bureau, DUE + timedelta(days=1), *everyone) == roles


async def test_oversight_sees_whose_and_how_late_and_no_content(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    (one,) = (await late(bureau, OVERSIGHT, date(2026, 11, 24))).items
    assert (one.exchange, one.requester, one.holder) == (asked, requester, holder)
    assert (one.requester_name, one.holder_name) == ("Zemgale", "Ligzda")
    assert (one.due_on, one.working_days_late) == (DUE, 5)  # 18 November is a holiday
    assert "AG-7741" not in one.model_dump_json()
    async with bureau.desk(RECEIVED, OVERSIGHT) as desk:
        assert await matters.find(desk.tx, asked) is None
        assert await matters.statements(desk.tx, asked) == []


async def test_what_was_dispatched_is_late_no_more_until_it_is_disputed(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    everyone, day = (requester, holder, OVERSIGHT), DUE + timedelta(days=3)
    await dispatched(bureau, asked, holder, requester)
    assert await who_sees_it(bureau, day, *everyone) == [[], [], []]
    dispute = compose(Dispute, exchange=asked, round=1, reason=DisputeReason.UNREADABLE)
    await bureau.say(noon(DUE), requester, asked, dispute)
    assert [len(roles) for roles in await who_sees_it(bureau, day, *everyone)] == [1, 1, 1]
    withdrawal = compose(Withdrawal, exchange=asked, reason=WithdrawReason.MOVE_CANCELLED)
    await bureau.say(noon(day), requester, asked, withdrawal)
    assert await who_sees_it(bureau, day, *everyone) == [[], [], []]


async def test_one_view_and_the_list_agree_on_what_is_late(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    """After a password lapsed the term was met: preparing anew is not late, however long ago it fell due."""
    await dispatched(bureau, asked, holder, requester)
    async with bureau.desk(noon(DUE), requester, holder, OVERSIGHT) as desk:
        await left_in(desk, asked, ExchangeState.PREPARING)
    async with bureau.desk(noon(DUE + timedelta(days=9)), holder) as desk:
        wish = reading.Wish(role=None, states=(), cursor=None, limit=10)
        (listed,) = (await reading.page(desk, holder, wish)).items
        shown = await reading.show(desk, holder, asked)
    assert (listed.overdue, term_of(shown).overdue) == (False, False)


async def test_the_overdue_list_is_read_page_by_page_without_loss_where_days_are_the_same(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    asked = [await bureau.ask(RECEIVED, request_for_copies(requester, holder)) for _ in range(7)]
    asked += [
        await bureau.ask(RECEIVED - timedelta(days=7), request_for_copies(requester, holder))
        for _ in range(2)
    ]
    seen: list[UUID] = []
    cursor: str | None = None
    for _ in range(5):
        page = await late(bureau, holder, date(2026, 12, 1), after=cursor, limit=2)
        seen += [one.exchange for one in page.items]
        cursor = page.next
    assert cursor is None
    assert sorted(seen) == sorted(asked)
    assert set(seen[:2]) == set(asked[-2:])


async def test_the_inbox_is_read_page_by_page_without_loss_where_moments_are_the_same(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    asked = [await bureau.ask(RECEIVED, request_for_copies(requester, holder)) for _ in range(7)]
    newest = await bureau.ask(RECEIVED + timedelta(hours=1), request_for_copies(requester, holder))
    seen: list[UUID] = []
    cursor: str | None = None
    for _ in range(4):
        async with bureau.desk(RECEIVED, holder) as desk:
            wish = reading.Wish(role=SideRole.HOLDER, states=(), cursor=cursor, limit=2)
            page = await reading.page(desk, holder, wish)
        seen += [one.id for one in page.items]
        cursor = page.next
    assert cursor is None
    assert seen[0] == newest
    assert sorted(seen) == sorted([newest, *asked])


async def test_a_list_by_several_states_is_read_page_by_page_without_loss_and_without_a_double(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    """Both roles, three states that are asked for and one that is not, and moments that are the same."""
    moments = [RECEIVED + timedelta(minutes=number // 3) for number in range(24)]
    asked = [
        await bureau.ask(
            at, request_for_copies(*([requester, holder] if number % 2 else [holder, requester]))
        )
        for number, at in enumerate(moments)
    ]
    states = [ExchangeState.REQUESTED, ExchangeState.LAPSED, ExchangeState.CONFIRMED, ExchangeState.FROZEN]
    async with bureau.desk(RECEIVED, requester, holder, OVERSIGHT) as desk:
        for number, exchange in enumerate(asked):
            moved = {"state": states[number // 2 % 4].value}
            await desk.tx.execute(
                update(matters.party).where(matters.party.c.matter_id == exchange).values(moved)
            )
    wished = [state for state in states if state is not ExchangeState.CONFIRMED]
    newest_first = sorted(zip(moments, asked, strict=True), reverse=True)
    expected = [one for _, one in newest_first if states[asked.index(one) // 2 % 4] in wished]
    for limit in (1, 2, 5, 18, 50):
        seen: list[UUID] = []
        cursor: str | None = None
        while True:
            async with bureau.desk(RECEIVED, holder) as desk:
                wish = reading.Wish(role=None, states=[*wished, *wished], cursor=cursor, limit=limit)
                page = await reading.page(desk, holder, wish)
            assert len(page.items) <= limit
            seen += [one.id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == expected
    assert len(expected) == 18


async def test_a_list_filters_by_role_and_state(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    requested, confirmed = ExchangeState.REQUESTED, ExchangeState.CONFIRMED
    for tenant, role, states, count in (
        (holder, SideRole.HOLDER, [requested], 1),
        (holder, SideRole.REQUESTER, [], 0),
        (holder, SideRole.HOLDER, [confirmed], 0),
        (holder, None, [confirmed, requested, requested], 1),
        (requester, SideRole.REQUESTER, [], 1),
    ):
        async with bureau.desk(RECEIVED, tenant) as desk:
            wish = reading.Wish(role=role, states=states, cursor=None, limit=10)
            assert len((await reading.page(desk, tenant, wish)).items) == count
    assert asked


# Reminders --------------------------------------------------------------------------------------------------


async def reminded(bureau: Bureau, tenant: CentreId, day: date) -> list[str]:
    """The notices that are promised to a centre by one look on a day."""
    async with bureau.desk(noon(day), tenant) as desk:
        before = await promised(desk.tx, tenant)
        count = await remind(desk.tx, tenant, await bureau.calendars.current(desk.tx), desk.now)
        after = await promised(desk.tx, tenant)
    assert len(after) - len(before) == count
    return after[len(before) :]


async def promised(tx: Any, tenant: CentreId) -> list[str]:
    rows = await tx.exec_driver_sql(
        "SELECT convert_from(payload, 'UTF8') FROM queue.pgqueuer"
        " WHERE entrypoint = 'duties.tell' ORDER BY id"
    )
    told = [json.loads(row[0]) for row in rows]
    return [
        one["notice"] for one in told if one["to"] == str(tenant) and one["notice"] in ("reminder", "overdue")
    ]


async def told_by_day(bureau: Bureau, tenant: CentreId, days: int) -> dict[date, list[str]]:
    """Looking twice a day, from the day of receipt on."""
    told = {}
    for day in (RECEIVED.date() + timedelta(days=n) for n in range(days)):
        first, second = await reminded(bureau, tenant, day), await reminded(bureau, tenant, day)
        assert second == []
        if first:
            told[day] = first
    return told


async def test_the_holder_is_reminded_before_on_and_after_the_day(
    bureau: Bureau, holder: CentreId, asked: ExchangeId
) -> None:
    assert asked
    assert await told_by_day(bureau, holder, 30) == {
        date(2026, 11, 11): ["reminder"],
        date(2026, 11, 13): ["reminder"],
        DUE: ["reminder"],
        date(2026, 11, 17): ["overdue"],
        date(2026, 11, 25): ["overdue"],
    }


async def test_the_one_who_waits_hears_only_that_it_is_late(
    bureau: Bureau, requester: CentreId, asked: ExchangeId
) -> None:
    assert asked
    assert list((await told_by_day(bureau, requester, 17)).values()) == [["overdue"]]


async def test_a_reminder_missed_while_the_worker_was_down_is_not_made_up_for(
    bureau: Bureau, holder: CentreId, asked: ExchangeId
) -> None:
    assert asked
    assert await reminded(bureau, holder, date(2026, 11, 30)) == ["overdue"]
    assert await reminded(bureau, holder, date(2026, 11, 30)) == []


async def test_reminders_end_with_their_cause_and_come_back_with_a_dispute(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    assert await reminded(bureau, holder, date(2026, 11, 17)) == ["overdue"]
    await dispatched(bureau, asked, holder, requester)
    assert await reminded(bureau, holder, date(2026, 12, 8)) == []
    dispute = compose(Dispute, exchange=asked, round=1, reason=DisputeReason.INCOMPLETE)
    await bureau.say(noon(date(2026, 12, 8)), requester, asked, dispute)
    assert await reminded(bureau, holder, date(2026, 12, 8)) == ["overdue"]


async def test_a_reminder_is_written_into_the_chain_of_whom_it_is_for(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    await reminded(bureau, holder, DUE)
    async with bureau.desk(RECEIVED, requester, holder) as desk:
        rows = await desk.tx.exec_driver_sql(
            "SELECT tenant_id, about_id FROM hub.event WHERE kind = 'duties.reminder.sent'"
        )
        assert [tuple(row) for row in rows] == [(holder, asked)]


async def test_one_broken_row_is_not_touched_by_another_tenants_reminders(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    """Each centre's reminders are its own transaction behind its own wall."""
    assert asked
    async with bureau.desk(RECEIVED, requester) as desk:
        touched = await desk.tx.execute(update(duty).values(rungs_told=9))
        assert touched.rowcount == 1
    assert await reminded(bureau, requester, date(2026, 11, 17)) == []
    assert await reminded(bureau, holder, date(2026, 11, 17)) == ["overdue"]
