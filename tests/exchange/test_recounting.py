"""A day off that comes while terms run: they end later on both sides, once, and the first date stays."""

import asyncio
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from hub.duties import store as duties
from hub.duties import store as duty_rows
from hub.duties.casework import Opening, opened, remind
from hub.duties.duty import Basis, DutyKind
from hub.duties.tables import duty
from hub.evidence import store as evidence
from hub.evidence.event import EventKind
from hub.exchange.casework import reading
from hub.exchange.casework.mailing import Postroom
from hub.exchange.extension import NotLater
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, MatterId
from hub.matters import store as matters
from hub.matters.casework.recounting import recount
from hub.matters.casework.telling import Notices
from hub.plumbing.blobs import Blobs
from hub.plumbing.database import Database, DatabaseUnavailable
from hub.plumbing.outbound import Mail
from hub.plumbing.promises import SCHEMA
from hub.plumbing.rows import Json, Rows, insert
from hub.timetable import told_of_a_duty
from hub.workdays import store as workdays
from hub.workdays.calendars import DayKind, Policy, SpecialDay
from hub.workdays.casework import CalendarShelf
from hub.workdays.changes import Entry
from saikne import compose
from saikne_demo.mailboxes import Mailbox
from saikne_demo.stage import LIGZDA, ZEMGALE
from saikne_schemas.extensions import AcceptExtension, ProposeExtension
from saikne_schemas.views import DayOffView, MovedByLawView, OverduePage, SideView, TermView
from saikne_schemas.vocabulary import ExtensionReason, Workflow
from tests.conftest import Cluster
from tests.exchange.bureau import DUE, RECEIVED, Bureau, met, noon, request_for_copies
from tests.terms import term_of

ORDER = "MK rīkojums Nr. 1"
WITHIN = date(2026, 11, 11)
LATER = date(2026, 11, 17)
"""One working day after `DUE`, a Monday."""


@pytest.fixture(autouse=True)
def _centres(requester: CentreId, holder: CentreId) -> None:
    """Both are there in every test."""


async def proclaim(bureau: Bureau, *days: date, kind: DayKind = DayKind.PUBLIC_HOLIDAY) -> None:
    async with bureau.owner.transaction() as tx:
        for day in days:
            entry = Entry("Ilze Kalniņa", ORDER, RECEIVED)
            other = day + timedelta(days=10) if kind is DayKind.MOVED_DAY_OFF else None
            await workdays.set_day(tx, SpecialDay(day, kind, "", other), entry)
    bureau.calendars = CalendarShelf()


async def take_back(bureau: Bureau, day: date) -> None:
    async with bureau.owner.transaction() as tx:
        await workdays.unset_day(tx, day, Entry("Ilze Kalniņa", ORDER, RECEIVED))
    bureau.calendars = CalendarShelf()


async def shown(bureau: Bureau, tenant: CentreId, exchange: ExchangeId) -> TermView:
    async with bureau.desk(noon(DUE), tenant) as desk:
        return term_of(await reading.show(desk, tenant, exchange))


async def listed(bureau: Bureau, tenant: CentreId, day: date = DUE) -> list[SideView]:
    async with bureau.desk(noon(day), tenant) as desk:
        wish = reading.Wish(role=None, states=(), cursor=None, limit=9)
        return (await reading.page(desk, tenant, wish)).items


async def late(bureau: Bureau, tenant: CentreId, day: date) -> OverduePage:
    async with bureau.desk(noon(day), tenant) as desk:
        calendars = await bureau.calendars.current(desk.tx)
        return await reading.overdue(desk.tx, calendars, day, tenant=tenant, after=None, limit=9)


async def promised(bureau: Bureau, about: Any, notice: str = "moved") -> list[dict[str, Any]]:
    async with bureau.database.transaction() as tx:
        rows = await tx.exec_driver_sql(
            f"SELECT convert_from(payload, 'UTF8') FROM {SCHEMA}.pgqueuer ORDER BY id"  # noqa: S608  # a constant
        )
        payloads = [json.loads(payload) for (payload,) in rows]
    return [one for one in payloads if one.get("notice") == notice and str(about) in one.values()]


async def recorded(bureau: Bureau, tenant: CentreId, about: Any) -> list[dict[str, Any]]:
    async with bureau.database.transaction([tenant]) as tx:
        events = await evidence.page(tx, tenant, 0, 99)
    return [json.loads(one.body) for one in events if one.about == about and one.kind == EventKind.DUTY_MOVED]


async def test_a_proclaimed_day_moves_an_open_term_and_both_sides_are_told_once(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    await proclaim(bureau, WITHIN)
    assert await recount(bureau.database) == 1
    assert await recount(bureau.database) == 0
    why = MovedByLawView(before=DUE, edition=2, days_off=[DayOffView(day=WITHIN, name="", source=ORDER)])
    for side in (requester, holder):
        term = await shown(bureau, side, asked)
        assert (term.due_on, term.original_due_on, term.moved_by) == (LATER, DUE, why)
        assert (term.alt_due_on, term.extended_by) == (LATER, None)
        assert (term.days[-1].day, sum(day.counted for day in term.days)) == (LATER, 10)
        (line,) = await listed(bureau, side)
        assert (line.due_on, line.original_due_on, line.moved_by) == (LATER, DUE, why)
        assert await recorded(bureau, side, asked) == [
            {
                "before": str(DUE),
                "days_off": [str(WITHIN)],
                "due_on": str(LATER),
                "duty": (await recorded(bureau, side, asked))[0]["duty"],
                "edition": 2,
            }
        ]
    assert {one["to"] for one in await promised(bureau, asked)} == {str(requester), str(holder)}
    assert len(await promised(bureau, asked)) == 2
    for tenant in (requester, holder, OVERSIGHT):
        assert (await late(bureau, tenant, LATER)).items == []
        (item,) = (await late(bureau, tenant, LATER + timedelta(days=2))).items
        assert (item.due_on, item.original_due_on, item.moved_by) == (LATER, DUE, why)


async def test_a_day_that_is_taken_back_pulls_no_date_earlier(
    bureau: Bureau, holder: CentreId, asked: ExchangeId
) -> None:
    await proclaim(bureau, WITHIN)
    await recount(bureau.database)
    await take_back(bureau, WITHIN)
    assert await recount(bureau.database) == 0
    assert (await shown(bureau, holder, asked)).due_on == LATER
    assert len(await promised(bureau, asked)) == 2
    await proclaim(bureau, date(2026, 11, 10), LATER)
    assert await recount(bureau.database) == 1
    term = await shown(bureau, holder, asked)
    assert (term.due_on, term.original_due_on) == (date(2026, 11, 19), DUE)  # the 18th is a holiday
    assert term.moved_by is not None
    assert term.moved_by.before == LATER


async def test_what_was_cut_short_is_finished_and_nothing_is_told_twice(
    bureau: Bureau, requester: CentreId, holder: CentreId, cluster: Cluster, database_name: str
) -> None:
    exchanges = [await bureau.ask(RECEIVED, request_for_copies(requester, holder)) for _ in range(5)]
    await proclaim(bureau, WITHIN)
    async with bureau.owner.transaction([OVERSIGHT]) as tx:
        third = (await duty_rows.counted_before(tx, 2, limit=9))[2].matter_id
    hasty = Database(cluster.url(database_name), patience=timedelta(seconds=0.3), pool_size=1)
    async with bureau.database.transaction([holder]) as tx:
        await matters.lock(tx, third)
        with pytest.raises(DatabaseUnavailable):
            await recount(hasty)
    await hasty.close()
    halfway = [(await shown(bureau, holder, one)).due_on for one in exchanges]
    assert sorted(halfway) == [DUE, DUE, DUE, LATER, LATER]
    assert await recount(bureau.database) == 3
    for exchange in exchanges:
        assert (await shown(bureau, requester, exchange)).due_on == LATER
        assert len(await promised(bureau, exchange)) == 2
        assert len(await recorded(bureau, holder, exchange)) == 1


async def test_two_workers_at_once_move_a_term_once(
    bureau: Bureau, holder: CentreId, asked: ExchangeId
) -> None:
    await proclaim(bureau, WITHIN)
    assert sum(await asyncio.gather(*(recount(bureau.database) for _ in range(4)))) == 1
    assert len(await recorded(bureau, holder, asked)) == 1


async def extended(bureau: Bureau, holder: CentreId, asked: ExchangeId, until: date) -> Any:
    said = compose(ProposeExtension, exchange=asked, until=until, reason=ExtensionReason.VOLUME)
    await bureau.say(noon(date(2026, 11, 12)), holder, asked, said)
    answer = compose(AcceptExtension, exchange=asked, proposal=said.id)
    return said, answer


async def test_an_agreed_day_that_is_proclaimed_off_moves_to_the_next_worked_one(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    agreed = date(2026, 11, 20)
    _, answer = await extended(bureau, holder, asked, agreed)
    await bureau.say(noon(date(2026, 11, 13)), requester, asked, answer)
    await proclaim(bureau, agreed)
    assert await recount(bureau.database) == 1
    term = await shown(bureau, requester, asked)
    assert (term.due_on, term.original_due_on, term.extended_by) == (date(2026, 11, 23), DUE, answer.id)
    assert term.moved_by is not None
    assert (term.moved_by.before, [one.day for one in term.moved_by.days_off]) == (agreed, [agreed])


async def test_a_proposal_that_the_law_has_overtaken_makes_no_date_earlier(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    _, answer = await extended(bureau, holder, asked, LATER)
    await proclaim(bureau, WITHIN)
    await recount(bureau.database)
    with pytest.raises(NotLater):
        await bureau.say(noon(date(2026, 11, 13)), requester, asked, answer)
    assert (await shown(bureau, holder, asked)).due_on == LATER


async def test_what_had_ended_is_counted_again_when_it_is_opened_again(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId
) -> None:
    async with bureau.desk(noon(WITHIN), requester, holder, OVERSIGHT) as desk:
        await met(desk, asked)
    await proclaim(bureau, WITHIN)
    assert await recount(bureau.database) == 0
    async with bureau.desk(noon(WITHIN), requester, holder, OVERSIGHT) as desk:
        await duties.reopen(desk.tx, asked, DutyKind.ANSWER)
    assert await recount(bureau.database) == 1
    assert (await shown(bureau, holder, asked)).due_on == LATER


async def test_a_term_that_another_process_still_counted_by_the_old_edition_is_found(
    bureau: Bureau, requester: CentreId, holder: CentreId
) -> None:
    shelf = bureau.calendars
    async with bureau.database.transaction() as tx:
        await shelf.current(tx)
    await proclaim(bureau, WITHIN)
    await recount(bureau.database)
    bureau.calendars = shelf
    asked = await bureau.ask(RECEIVED, request_for_copies(requester, holder))
    assert (await shown(bureau, holder, asked)).due_on == DUE
    assert await recount(bureau.database) == 1


async def test_reminders_follow_the_new_date(bureau: Bureau, holder: CentreId, asked: ExchangeId) -> None:
    async def reminded(day: date) -> int:
        async with bureau.desk(noon(day), holder) as desk:
            return await remind(desk.tx, holder, await bureau.calendars.current(desk.tx), desk.now)

    assert await reminded(DUE) == 1
    await proclaim(bureau, DUE)
    await recount(bureau.database)
    assert [await reminded(DUE), await reminded(DUE), await reminded(LATER)] == [1, 0, 1]
    assert (await promised(bureau, asked, "overdue"), len(await promised(bureau, asked, "reminder"))) == (
        [],
        3,
    )


@pytest.mark.parametrize(("policy", "days"), [("statutory", (DUE, LATER)), ("moved", (LATER, DUE))])
async def test_a_moved_day_moves_the_terms_of_those_whom_it_binds(
    bureau: Bureau, holder: CentreId, asked: ExchangeId, policy: str, days: tuple[date, date]
) -> None:
    async with bureau.owner.transaction([holder, OVERSIGHT]) as tx:
        await tx.execute(update(duty).values(calendar=policy))
    await proclaim(bureau, WITHIN, kind=DayKind.MOVED_DAY_OFF)
    assert await recount(bureau.database) == (policy == Policy.MOVED)
    term = await shown(bureau, holder, asked)
    assert (term.due_on, term.alt_due_on) == days
    assert len(await recorded(bureau, holder, asked)) == (policy == Policy.MOVED)


async def begun_matter(bureau: Bureau, owner: CentreId, awaiting: CentreId, kind: DutyKind) -> MatterId:
    """A matter's record and one duty of it, as a statement leaves them."""
    matter = MatterId(uuid4())
    shared = {
        "matter_id": matter,
        "workflow": Workflow.FAMILY_MOVE.value,
        "state": "agreed",
        "parties": [owner, awaiting],
        "opened_at": RECEIVED,
        "moved_at": RECEIVED,
    }
    sides = [shared | {"tenant_id": one, "role": "next"} for one in (owner, awaiting)]
    sides.append(shared | {"tenant_id": OVERSIGHT, "role": matters.OVERSEES})
    record = shared | {"roles": ["new", "previous"], "content": Json("{}")}
    day = RECEIVED.date()
    opening = Opening(
        kind, matter, owner, (awaiting,), day, Basis.MOVE_EFFECTIVE, Policy.STATUTORY, Workflow.FAMILY_MOVE
    )
    async with bureau.desk(RECEIVED, owner, awaiting, OVERSIGHT) as desk:
        _, duty = opened(opening, await bureau.calendars.current(desk.tx))
        await insert(desk.tx, Rows(matters.party, sides))
        await insert(desk.tx, Rows(matters.matter, [record]), duty)
    return matter


@pytest.mark.parametrize(
    "kind", [DutyKind.REGISTER, DutyKind.COURT_NOTICE, DutyKind.TALK, DutyKind.ARCHIVE_CASE]
)
async def test_what_is_owed_in_a_matter_moves_too(
    bureau: Bureau, requester: CentreId, holder: CentreId, kind: DutyKind
) -> None:
    matter = await begun_matter(bureau, requester, holder, kind)
    async with bureau.database.transaction([requester]) as tx:
        (before,) = await duty_rows.all_about(tx, requester, matter)
    await proclaim(bureau, before.due_on)
    assert await recount(bureau.database) == 1
    for tenant in (requester, holder, OVERSIGHT):
        async with bureau.database.transaction([tenant]) as tx:
            (row,) = await duty_rows.all_about(tx, tenant, matter)
        assert (row.due_on > before.due_on, row.original_due_on) == (True, before.due_on)
    assert {one["to"] for one in await promised(bureau, matter)} == {str(requester), str(holder)}
    assert len(await recorded(bureau, holder, matter)) == 1


async def test_the_letters_say_both_days_and_what_is_off(
    bureau: Bureau, requester: CentreId, holder: CentreId, asked: ExchangeId, tmp_path: Path
) -> None:
    matter = await begun_matter(bureau, requester, holder, DutyKind.REGISTER)
    await proclaim(bureau, date(2026, 11, 4))
    assert await recount(bureau.database) == 2
    with Mailbox() as mailbox:
        mail = Mail.at(f"smtp://{mailbox.host}:{mailbox.port}", "saikne@localhost")
        postroom = Postroom(
            bureau.database, Blobs.from_url(tmp_path.as_uri()), mail, "https://hub.example", 1
        )
        notices = Notices(bureau.database, mail, "https://hub.example")
        tell = told_of_a_duty(postroom, notices)
        for payload in [*await promised(bureau, asked), *await promised(bureau, matter)]:
            await tell(payload)
        for contacts in (ZEMGALE, LIGZDA):
            copies, entry = mailbox.inbox(str(contacts.notices))
            assert f"kopijas jāsniedz līdz {LATER:%d.%m.%Y}; līdz šim bija {DUE:%d.%m.%Y}" in copies.text
            assert "tagad līdz 06.11.2026; līdz šim bija 05.11.2026" in entry.text
            for letter in (copies, entry):
                assert f"Off: 04.11.2026 ({ORDER})." in letter.text


async def test_a_year_that_is_confirmed_confirms_the_terms_that_run(
    bureau: Bureau, holder: CentreId, requester: CentreId
) -> None:
    asked = await bureau.ask(noon(date(2026, 12, 21)), request_for_copies(requester, holder))
    assert not (await shown(bureau, holder, asked)).confirmed
    async with bureau.owner.transaction() as tx:
        await workdays.confirm_year(tx, 2027, Entry("Ilze Kalniņa", ORDER, RECEIVED))
    assert await recount(bureau.database) == 0
    assert (await shown(bureau, holder, asked)).confirmed


async def test_every_running_duty_has_a_row_by_which_it_is_found(bureau: Bureau, asked: ExchangeId) -> None:
    async with bureau.owner.transaction([OVERSIGHT]) as tx:
        rows = (await tx.execute(select(duty))).all()
    assert [(row.matter_id, row.stake, row.edition) for row in rows] == [(asked, "oversees", 1)]
