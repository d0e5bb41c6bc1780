"""Oversight is told once of each rung, and counts what a centre counts, but for what is small."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from hub.centres import casework as centres
from hub.centres import store
from hub.centres.centre import SuspendedBecause
from hub.centres.enrolment import read_enrolment
from hub.duties import casework as duties
from hub.duties import store as duty_store
from hub.duties.duty import Basis, DutyKind, Ending
from hub.duties.tables import duty
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters.casework.records import Desk
from hub.oversight.casework import reporting, telling
from hub.oversight.month import MonthNotOver
from hub.plumbing.database import Database, Tx
from hub.plumbing.outbound import Letter, Mail
from hub.plumbing.promises import Overtaken
from hub.plumbing.rows import insert
from hub.signing.keyring import Keyring
from hub.workdays.calendars import Policy
from saikne import CentreKeys, compose, enrolment_file, new_enrolment
from saikne_demo import stage
from saikne_schemas.duty_reports import DutyReport
from saikne_schemas.enrolment import Agreement, Contacts, LegalEntity
from saikne_schemas.outside import NameOutsideCentre
from saikne_schemas.vocabulary import Workflow
from tests.exchange.bureau import Bureau, noon
from tests.questions import counted, of_its_own

FRIDAY = date(2026, 10, 2)
"""Three working days later, on Wednesday the 7th, what begins on it is due."""
DUE = date(2026, 10, 7)
MONTH = "2026-10"
AFTERWARDS = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Postbox(Mail):
    letters: list[Letter]

    async def send(self, letter: Letter, now: datetime) -> str:
        del now
        self.letters.append(letter)
        return letter.identity


@dataclass
class Bench:
    bureau: Bureau
    zemgale: CentreId
    ligzda: CentreId
    overseer: CentreId

    @asynccontextmanager
    async def desk(self, now: datetime, *parties: CentreId) -> AsyncIterator[Desk]:
        async with self.bureau.database.transaction(parties) as tx:
            yield Desk(tx, now, self.bureau.keyring, self.bureau.calendars)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Tx]:
        async with self.bureau.database.transaction([self.zemgale, self.ligzda, OVERSIGHT]) as tx:
            yield tx

    async def owed(
        self,
        owner: CentreId,
        kind: DutyKind = DutyKind.COURT_NOTICE,
        *,
        many: int = 1,
        done: date | None = None,
        how: Ending = Ending.MET,
        since: date = FRIDAY,
    ) -> list[UUID]:
        """Duties of an owner that begin on a day, and end on one if they do; their matters."""
        matters = [MatterId(uuid4()) for _ in range(many)]
        async with self.acting() as tx:
            calendars = await self.bureau.calendars.current(tx)
            for matter in matters:
                opening = duties.Opening(
                    *(kind, matter, owner, (), since, Basis.MOVE_EFFECTIVE, Policy.STATUTORY),
                    workflow=Workflow.FAMILY_MOVE,
                )
                _, rows = duties.opened(opening, calendars)
                await insert(tx, rows)
                if done is not None:
                    await duty_store.end(tx, matter, [kind], duty_store.Deed(how, noon(done), uuid4()))
        return list(matters)

    async def look(self, day: date) -> int:
        async with self.desk(noon(day), OVERSIGHT) as desk:
            return await telling.look(desk)

    async def promised(self) -> list[dict[str, Any]]:
        async with self.acting() as tx:
            rows = await tx.exec_driver_sql(
                "SELECT convert_from(payload, 'UTF8')::json AS payload FROM queue.pgqueuer"
                " WHERE entrypoint = 'oversight.tell' ORDER BY id"
            )
            return [row.payload for row in rows]

    async def letters(self, day: date) -> list[Letter]:
        """Those of every promise so far, were they kept on a day."""
        mail = Postbox(host="localhost", port=25, sender="hub@saikne.example")
        object.__setattr__(mail, "letters", [])
        digests = telling.Digests(
            self.bureau.database, mail, self.bureau.calendars, "https://hub.example", lambda: noon(day)
        )
        for payload in await self.promised():
            await digests.tell(payload)
        return mail.letters

    async def report(self, tenant: CentreId, month: str = MONTH, now: datetime = AFTERWARDS) -> DutyReport:
        async with self.desk(now, tenant) as desk:
            return await reporting.report(desk, tenant, month)


@pytest.fixture
async def bench(database: Database, owner: Database, tmp_path: Path) -> Bench:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    zemgale = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    ligzda = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    keys = CentreKeys.generate()
    enrolment = new_enrolment(
        keys,
        name="BAC",
        legal_entity=LegalEntity(name="BAC", registration_number="90000038741"),
        contacts=Contacts(notices="bac@bac.example"),
        agreement=Agreement(version="2026-1", signed_on=date(2026, 1, 5)),
        oversight=True,
    )
    overseer = CentreId(enrolment.id)
    async with owner.transaction([overseer, OVERSIGHT]) as tx:
        proven = read_enrolment(enrolment_file(enrolment, keys), date(2026, 11, 1))
        await centres.admit(tx, proven, datetime(2026, 1, 5, 9, tzinfo=UTC))
    return Bench(bureau, zemgale, ligzda, overseer)


async def test_oversight_hears_of_a_late_duty_after_one_three_and_five_working_days(bench: Bench) -> None:
    await bench.owed(bench.zemgale)
    heard = {day: await bench.look(day) for day in (DUE + timedelta(days=n) for n in range(12))}
    assert [day for day, new in heard.items() if new] == [
        date(2026, 10, 8),
        date(2026, 10, 12),
        date(2026, 10, 14),
    ]
    assert len(await bench.promised()) == 3


async def test_a_rung_that_was_missed_is_made_up_for_once_by_the_newest(bench: Bench) -> None:
    await bench.owed(bench.zemgale)
    assert [await bench.look(date(2026, 10, day)) for day in (12, 12, 13, 14, 15, 30)] == [1, 0, 0, 1, 0, 0]


async def test_a_letter_names_references_kinds_centres_and_days_and_nothing_else(bench: Bench) -> None:
    (court,) = await bench.owed(bench.zemgale)
    (talk,) = await bench.owed(bench.ligzda, DutyKind.TALK, since=date(2026, 9, 22))
    assert await bench.look(date(2026, 10, 8)) == 2
    (letter,) = await bench.letters(date(2026, 10, 8))
    assert (letter.to, letter.subject) == ("bac@bac.example", "Saikne: 2 nokavēti pienākumi")
    latvian, english, where = letter.text.strip().split("\n\n")
    first, second = latvian.splitlines()[1:]
    assert first == (
        f"  Nr. {str(talk)[:8]}  nokavēts par 2 darbdienām (termiņu noteikusi Saikne)  Ligzda:"
        " jāsazinās ar otra centra sociālo darbinieku"
    )
    assert second == (
        f"  Nr. {str(court)[:8]}  nokavēts par 1 darbdienu  Zemgale:"
        " par pāreju rakstiski jāinformē bāriņtiesa"
    )
    assert (len(english.splitlines()), where) == (3, "https://hub.example")


async def test_what_ended_meanwhile_is_left_out_and_no_letter_is_empty(bench: Bench) -> None:
    (kept,), (ended,) = await bench.owed(bench.zemgale), await bench.owed(bench.ligzda)
    await bench.look(date(2026, 10, 8))
    deed = duty_store.Deed(Ending.MET, noon(date(2026, 10, 8)), uuid4())
    async with bench.acting() as tx:
        await duty_store.end(tx, ended, [DutyKind.COURT_NOTICE], deed)
    (letter,) = await bench.letters(date(2026, 10, 8))
    assert str(kept)[:8] in letter.text
    assert str(ended)[:8] not in letter.text
    async with bench.acting() as tx:
        await duty_store.end(tx, kept, [DutyKind.COURT_NOTICE], deed)
    with pytest.raises(Overtaken):
        await bench.letters(date(2026, 10, 8))


async def test_while_nobody_oversees_nothing_is_marked_as_told(bench: Bench) -> None:
    await bench.owed(bench.zemgale)
    async with bench.bureau.owner.transaction([bench.overseer, OVERSIGHT]) as tx:
        await centres.suspend(tx, bench.overseer, SuspendedBecause.OTHER)
    assert await bench.look(date(2026, 10, 12)) == 0
    async with bench.bureau.owner.transaction([bench.overseer, OVERSIGHT]) as tx:
        await centres.resume(tx, bench.overseer)
    assert await bench.look(date(2026, 10, 12)) == 1


async def test_a_later_day_begins_oversights_ladder_anew(bench: Bench) -> None:
    (matter,) = await bench.owed(bench.zemgale)
    assert await bench.look(date(2026, 10, 8)) == 1
    async with bench.acting() as tx:
        (row, *_) = await duty_store.open_about(tx, OVERSIGHT, matter)
        await duty_store.extend(tx, matter, row.id, date(2026, 10, 14), uuid4())
    assert [await bench.look(date(2026, 10, day)) for day in (14, 15)] == [0, 1]


async def test_a_centre_counts_its_own_whole_and_as_it_stands(bench: Bench) -> None:
    await bench.owed(bench.zemgale, many=2, done=date(2026, 10, 5))
    await bench.owed(bench.zemgale, done=date(2026, 10, 12))
    await bench.owed(bench.zemgale)
    await bench.owed(bench.zemgale, done=date(2026, 10, 6), how=Ending.WITHDRAWN)
    await bench.owed(bench.zemgale, DutyKind.TALK, since=date(2026, 10, 19))
    await bench.owed(bench.ligzda, many=9)
    report = await bench.report(bench.zemgale, now=noon(date(2026, 10, 15)))
    assert report.at_least is None
    (court,) = [one for one in report.kinds if one.kind is DutyKind.COURT_NOTICE]
    figures = court.model_dump(exclude={"kind", "by_method"})
    assert figures == {
        "due": 4,
        "in_time": 2,
        "late": 2,
        "overdue": 1,
        "open": 0,
        "in_time_percent": 50,
        "median_working_days": 1,
    }
    (own,) = report.centres
    assert (own.centre, own.kinds) == (bench.zemgale, report.kinds)


async def test_what_was_done_on_an_earlier_day_than_it_was_told_is_in_time(bench: Bench) -> None:
    await bench.owed(bench.zemgale, done=date(2026, 10, 20))
    async with bench.acting() as tx:
        await tx.execute(update(duty).values(done_on=date(2026, 10, 6)))
    (court,) = (await bench.report(bench.zemgale)).kinds
    assert (court.in_time, court.median_working_days) == (1, 2)


async def test_oversight_counts_a_month_that_is_over_as_it_stood_when_it_ended(bench: Bench) -> None:
    await bench.owed(bench.zemgale, many=12, done=date(2026, 10, 6))
    await bench.owed(bench.ligzda, many=10, done=date(2026, 10, 12))
    await bench.owed(bench.ligzda, many=2, done=date(2026, 11, 3))
    with pytest.raises(MonthNotOver):
        await bench.report(OVERSIGHT, now=noon(date(2026, 10, 31)))
    first = await bench.report(OVERSIGHT, now=datetime(2026, 10, 31, 22, tzinfo=UTC))
    assert first == await bench.report(OVERSIGHT)
    (court,) = first.kinds
    assert court.model_dump(exclude={"kind", "by_method", "overdue", "open"}) == {
        "due": 24,
        "in_time": 12,
        "late": 12,
        "in_time_percent": 50,
        "median_working_days": 2,
    }
    assert {one.name: (one.due, one.in_time, one.late) for one in first.centres} == {
        "Ligzda": (12, 0, 12),
        "Zemgale": (12, 12, 0),
    }


async def test_what_is_small_is_untold_to_oversight_and_nobody_is_named_by_its_absence(bench: Bench) -> None:
    for owner, many in ((bench.zemgale, 30), (bench.ligzda, 3)):
        await bench.owed(owner, many=many, done=date(2026, 10, 6))
        await bench.owed(owner, DutyKind.REGISTER, many=20, done=date(2026, 10, 6))
    report = await bench.report(OVERSIGHT)
    assert report.at_least == 5
    assert report.total.due == 73
    told = {(one.name, kind.kind, kind.due) for one in report.centres for kind in one.kinds}
    assert ("Ligzda", DutyKind.COURT_NOTICE, 3) not in told
    assert told == set()
    assert [(one.kind, one.due) for one in report.kinds] == [
        (DutyKind.REGISTER, 40),
        (DutyKind.COURT_NOTICE, 33),
    ]


async def test_a_centre_outside_of_the_hub_is_counted_beside_the_others(
    bench: Bench, owner: Database
) -> None:
    """Else what it owes would be the difference between all and the centres that are told."""
    outside = CentreId(uuid4())
    said = compose(
        NameOutsideCentre,
        id=outside,
        name="Ozols",
        legal_entity=LegalEntity(name="Biedrība", registration_number="40008000102"),
        postal_address="Alūksne, LV-4301",
        email="birojs@ozols.example",
    )
    async with owner.transaction([bench.zemgale, outside]) as tx:
        assert await store.add_outside(tx, bench.zemgale, said, b"", AFTERWARDS)
    dealing = replace(bench, ligzda=outside)
    for one, many in ((bench.zemgale, 30), (outside, 9)):
        await dealing.owed(one, many=many, done=date(2026, 10, 6))
    await bench.owed(bench.ligzda, many=20, done=date(2026, 10, 6))
    report = await bench.report(OVERSIGHT)
    assert {one.name: one.due for one in report.centres} == {"Ligzda": 20, "Ozols": 9, "Zemgale": 30}
    assert report.total.due == 59


@pytest.mark.parametrize("many", [1, 60])
async def test_a_month_is_counted_in_one_question_however_many_duties_there_are(
    bench: Bench, many: int
) -> None:
    await bench.owed(bench.zemgale, many=many, done=date(2026, 10, 6))
    await bench.report(bench.zemgale)
    for tenant in (bench.zemgale, OVERSIGHT):
        async with bench.desk(AFTERWARDS, tenant) as desk:
            with counted(desk.tx) as said:
                await reporting.report(desk, tenant, MONTH)
        asked = [one for one in said if of_its_own(one)]
        assert len([one for one in asked if "hub.duty" in one]) == 1
        assert len(asked) == 2, "the duties and the directory"


async def test_a_month_is_found_along_an_index(bench: Bench) -> None:
    async with bench.acting() as tx:
        await tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = await tx.exec_driver_sql(
            "EXPLAIN SELECT kind FROM hub.duty WHERE tenant_id = $1 AND due_on >= $2 AND due_on < $3",
            (OVERSIGHT, date(2026, 10, 1), date(2026, 11, 1)),
        )
        assert "ix_duty_due" in "\n".join(row[0] for row in plan)
