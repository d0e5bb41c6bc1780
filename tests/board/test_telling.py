"""The morning's letter against a database: to whom, once a day, what stands in it, and when none goes out."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from hub.board import store
from hub.board.casework import telling
from hub.board.morning import Rule, Since
from hub.centres import store as centres
from hub.centres.centre import CentreState
from hub.duties import store as duties
from hub.duties.casework import Opening, opened
from hub.duties.duty import Basis, DutyKind, Ending
from hub.kernel.ids import OVERSIGHT
from hub.people import store as people
from hub.people.person import PersonState
from hub.plumbing.promises import Overtaken
from hub.plumbing.rows import insert
from hub.workdays.calendars import Policy
from tests.board.conftest import LATE, URL, House
from tests.exchange.bureau import CHILD, DUE, noon


async def test_each_is_told_from_the_step_that_the_centre_chose_and_once_a_day(house: House) -> None:
    assert await house.look(date(2026, 11, 10)) == []
    (promised,) = await house.look(date(2026, 11, 12))
    assert promised["to"] == str(house.worker.id)
    assert await house.look(date(2026, 11, 12)) == [promised]
    assert {one["to"] for one in await house.look(DUE)} == {str(house.worker.id), str(house.coordinator.id)}


async def test_a_letter_names_the_case_its_day_whose_term_it_is_and_where_to_go_on(house: House) -> None:
    promised = {one["to"]: one for one in await house.look(LATE)}
    letter = await house.letter(promised[str(house.worker.id)])
    assert letter.to == house.worker.email
    assert letter.subject == "Saikne: 1 steidzams pienākums"
    assert f"{CHILD}: Jāizsniedz vai jānosūta kopijas" in letter.text
    assert "termiņš 16.11.2026., nokavēts par 2 darbdienām" in letter.text
    assert f"{URL}/records/{house.matter}" in letter.text
    assert f"{URL}/telling" in letter.text
    english = await house.letter(promised[str(house.coordinator.id)])
    assert english.subject == "Saikne: 1 urgent duty"
    assert "2 working days late" in english.text
    async with house.desk(LATE) as desk:
        (sent,) = await store.mornings(desk.tx, house.holder, house.worker.id, 10)
    assert (sent.day, sent.named) == (LATE, 1)


async def test_a_term_of_the_hubs_own_is_said_to_be_one(house: House) -> None:
    own = Opening(
        *(DutyKind.DECIDE_EXTENSION, house.matter, house.holder, (), DUE, Basis.EXTENSION_PROPOSED),
        policy=Policy.STATUTORY,
    )
    async with house.bureau.database.transaction([house.holder, OVERSIGHT]) as tx:
        _, rows = opened(own, await house.bureau.calendars.current(tx))
        await insert(tx, rows)
    promised = {one["to"]: one for one in await house.look(LATE)}
    letter = await house.letter(promised[str(house.worker.id)])
    assert letter.subject == "Saikne: 2 steidzami pienākumi"
    assert letter.text.count("(to noteikusi Saikne)") == 1


async def test_what_was_handled_meanwhile_is_not_told(house: House) -> None:
    promised, *_ = await house.look(LATE)
    async with house.bureau.database.transaction([house.holder]) as tx:
        deed = duties.Deed(Ending.MET, noon(LATE), uuid4())
        await duties.end(tx, house.matter, [DutyKind.ANSWER], deed)
    with pytest.raises(Overtaken):
        await house.letter(promised)
    async with house.desk(LATE) as desk:
        assert await store.mornings(desk.tx, house.holder, house.worker.id, 10) == []
    assert await house.look(date(2026, 11, 20)) == []


async def test_a_letter_of_yesterday_goes_out_no_more(house: House) -> None:
    promised, *_ = await house.look(LATE)
    with pytest.raises(Overtaken):
        await house.letter(promised, noon(date(2026, 11, 20)))


async def test_who_is_suspended_or_wants_none_is_told_nothing(house: House) -> None:
    promised = {one["to"]: one for one in await house.look(LATE)}
    async with house.desk(LATE) as desk:
        await people.change(desk.tx, house.holder, house.worker.id, state=PersonState.SUSPENDED.value)
        await store.fall_silent(desk.tx, house.holder, house.coordinator.id)
        await store.fall_silent(desk.tx, house.holder, house.coordinator.id)
    with pytest.raises(Overtaken):
        await house.letter(promised[str(house.worker.id)])
    assert await house.look(date(2026, 11, 20)) == []
    async with house.desk(LATE) as desk:
        await store.speak_again(desk.tx, house.holder, house.coordinator.id)
    (again,) = await house.look(date(2026, 11, 23))
    assert again["to"] == str(house.coordinator.id)


async def test_a_centre_chooses_its_own_steps(house: House) -> None:
    async with house.desk(DUE) as desk:
        await store.keep_rule(desk.tx, house.holder, Rule())
        await store.keep_rule(desk.tx, house.holder, Rule(Since.LATE_1, Since.NEVER))
        assert await store.rule_of(desk.tx, house.holder) == Rule(Since.LATE_1, Since.NEVER)
    assert await house.look(DUE) == []
    (told,) = await house.look(date(2026, 11, 17))
    assert told["to"] == str(house.coordinator.id)


async def test_of_two_workers_that_look_at_once_one_promises(house: House) -> None:
    async def looks() -> int:
        async with house.desk(DUE) as desk:
            return await telling.look(desk, house.holder)

    done = await asyncio.gather(looks(), looks(), return_exceptions=True)
    assert [one for one in done if one == 2] == [2]
    assert len(await house.look(DUE)) == 2


async def test_the_people_of_a_suspended_centre_are_told_nothing(house: House) -> None:
    async with house.bureau.owner.transaction([house.holder]) as tx:
        await centres.set_state(tx, house.holder, CentreState.SUSPENDED)
    assert await house.look(LATE) == []
