import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from hub.agis.steps import StepNotAllowed
from hub.kernel.ids import REGISTRY
from hub.kernel.refusal import Refusal
from hub.reconciliation.casework import taking
from hub.reconciliation.casework.deciding import DifferenceNotFound, IdentityReused
from hub.reconciliation.course import ClosedAlready, NothingToSend
from hub.reconciliation.pages import OlderThanCompared, PageDiffers, PageDoesNotFit, TakenInTheFuture
from saikne_schemas.enrolment import Contacts
from saikne_schemas.reconciliation import DifferenceState
from saikne_schemas.register_entries import ExtractEntry
from saikne_schemas.register_words import DifferenceResolution, EntryState
from tests.exchange.bureau import as_signed
from tests.questions import counted, of_its_own
from tests.reconciliation.bench import DAY, LIGZDA, NOW, ZEMGALE, Bench, entry, pages

NEW_ONE = {"found": 1, "still_open": 0, "vanished": 0}
STILL = {"found": 0, "still_open": 1, "vanished": 0}
GONE = {"found": 0, "still_open": 0, "vanished": 1}
QUIET = {"found": 0, "still_open": 0, "vanished": 0}
OTHER_DAY = DAY + timedelta(days=30)


async def differing(bench: Bench) -> Any:
    """One open difference of Zemgale's: the register has another day."""
    (key,) = await bench.registered(bench.zemgale)
    there = entry(key, ZEMGALE, effective_on=OTHER_DAY)
    assert await bench.compared(bench.zemgale, there) == NEW_ONE
    (difference,) = await bench.seen(bench.zemgale)
    return difference, there


async def test_an_extract_is_compared_when_its_last_missing_page_comes(bench: Bench) -> None:
    keys = await bench.registered(bench.zemgale, many=3)
    entries = [entry(key, ZEMGALE, f"AG-{number}") for number, key in enumerate(keys, 1)]
    first, second, third = pages(entries, NOW, size=1)
    taken = await bench.take(bench.zemgale, third)
    assert (taken.awaited, taken.compared) == ([1, 2], None)
    assert (await bench.take(bench.zemgale, first)).awaited == [2]
    assert await bench.count("register_difference") == 0
    whole = await bench.take(bench.zemgale, second)
    assert whole.awaited == []
    assert whole.compared is not None
    assert (whole.compared.pages, whole.compared.entries, whole.compared.found) == (3, 3, 0)
    again = [await bench.take(bench.zemgale, page) for page in (third, first, second)]
    assert again == [taken, again[1], whole]
    assert (again[1].awaited, again[1].compared) == ([2], None)


async def test_pages_that_come_at_the_same_moment_are_compared_once(bench: Bench) -> None:
    entries = [entry(None, ZEMGALE, f"AG-{number}") for number in range(4)]
    taken = await asyncio.gather(*(bench.take(bench.zemgale, page) for page in pages(entries, NOW, size=1)))
    (compared,) = [one.compared for one in taken if one.compared is not None]
    assert (compared.entries, compared.found) == (4, 4)
    assert await bench.count("register_difference") == 2 * 4


async def test_both_sides_of_a_difference_are_shown_to_the_centre_and_to_the_registers_side(
    bench: Bench,
) -> None:
    difference, there = await differing(bench)
    assert (difference.kind, difference.state, difference.centre) == ("change", "open", bench.zemgale)
    assert difference.at_hub.effective_on == DAY
    assert difference.in_register.model_dump() == there.model_dump()
    assert await bench.seen(REGISTRY) == [difference]
    assert await bench.seen(bench.ligzda) == []


async def test_a_difference_found_again_is_the_same_one_and_closes_itself_when_it_has_gone(
    bench: Bench,
) -> None:
    difference, there = await differing(bench)
    assert await bench.compared(bench.zemgale, there) == STILL
    (again,) = await bench.seen(bench.zemgale)
    assert again.id == difference.id
    assert again.seen_at > difference.seen_at
    put_right = entry(difference.key, ZEMGALE)
    assert await bench.compared(bench.zemgale, put_right) == GONE
    (gone,) = await bench.seen(bench.zemgale)
    assert (gone.state, gone.how, gone.closed_at is None) == ("vanished", None, False)
    assert await bench.seen(REGISTRY) == [gone]
    assert await bench.compared(bench.zemgale, there) == NEW_ONE
    assert len({one.id for one in await bench.seen(bench.zemgale)}) == 2


async def test_the_registers_side_compares_every_centre(bench: Bench) -> None:
    (own,) = await bench.registered(bench.zemgale)
    await bench.registered(bench.ligzda, register_id="AG-7")
    unknown = entry(None, LIGZDA, "AG-9")
    compared = await bench.compared(
        REGISTRY, entry(own, ZEMGALE), unknown, entry(None, "40008000102", "AG-8")
    )
    assert compared == {"found": 2, "still_open": 0, "vanished": 0}
    assert sorted(one.kind for one in await bench.seen(bench.ligzda)) == ["add", "conflict"]
    assert await bench.seen(bench.zemgale) == []
    assert len(await bench.seen(REGISTRY)) == 2


async def test_a_centres_own_extract_says_nothing_of_others(bench: Bench) -> None:
    (foreign,) = await bench.registered(bench.zemgale)
    compared = await bench.compared(bench.ligzda, entry(foreign, ZEMGALE, effective_on=OTHER_DAY))
    assert compared == QUIET
    assert await bench.seen(REGISTRY) == []
    assert await bench.told() == ["ligzda reconciliation.extract.compared"]


async def test_a_centres_own_extract_leaves_the_differences_of_others_open(bench: Bench) -> None:
    await differing(bench)
    assert await bench.compared(bench.ligzda) == QUIET
    assert [one.state for one in await bench.seen(bench.zemgale)] == ["open"]


async def test_two_centres_of_one_legal_entity_know_each_others_registrations(bench: Bench) -> None:
    sister = await bench.bureau.admit("Zemgale 2", ZEMGALE, Contacts(notices="otrs@zemgale.example"))
    (key,) = await bench.registered(bench.zemgale)
    assert await bench.compared(sister, entry(key, ZEMGALE)) == QUIET
    assert await bench.compared(sister, entry(key, ZEMGALE, effective_on=OTHER_DAY)) == QUIET


async def test_an_older_extract_of_a_centre_does_not_close_what_a_newer_one_of_the_register_shows(
    bench: Bench,
) -> None:
    (key,) = await bench.registered(bench.zemgale)
    (older,) = pages([entry(key, ZEMGALE)], NOW - timedelta(hours=1))
    assert await bench.compared(REGISTRY, entry(key, ZEMGALE, effective_on=OTHER_DAY)) == NEW_ONE
    taken = await bench.take(bench.zemgale, older)
    assert taken.compared is not None
    assert taken.compared.vanished == 0
    assert [one.state for one in await bench.seen(bench.zemgale)] == ["open"]


async def test_what_is_under_way_and_there_is_news_and_no_difference(bench: Bench) -> None:
    (key,) = await bench.registered(bench.zemgale, state="unknown", registered_on=None, register_id=None)
    (page,) = pages([entry(key, ZEMGALE)], NOW)
    taken = await bench.take(bench.zemgale, page)
    assert taken.compared is not None
    assert (taken.compared.found, taken.compared.news) == (0, [key])


async def test_what_moved_after_the_extract_was_taken_stays_as_it_is(bench: Bench) -> None:
    await differing(bench)
    async with bench.acting() as tx:
        await tx.exec_driver_sql(
            "UPDATE hub.registration SET revision = 2, changed_at = now() + interval '1 year'"
        )
    assert await bench.compared(bench.zemgale) == QUIET
    assert [one.state for one in await bench.seen(bench.zemgale)] == ["open"]


async def statements(bench: Bench, many: int) -> int:
    """How many the page takes that makes an extract of so many entries whole, all of which differ."""
    keys = await bench.registered(bench.zemgale, many=many)
    entries = [
        entry(key, ZEMGALE, f"AG-{number}", effective_on=OTHER_DAY) for number, key in enumerate(keys, 1)
    ]
    *before, last = pages(entries, bench.now)
    for page in before:
        await bench.take(bench.zemgale, page)
    async with bench.desk(bench.zemgale) as desk:
        with counted(desk.tx) as said:
            taken = await taking.take(desk, bench.zemgale, as_signed(last, bench.now), last)
    assert taken.compared is not None
    assert (taken.compared.entries, taken.compared.found) == (many, many)
    return len([statement for statement in said if of_its_own(statement)])


async def test_five_thousand_entries_take_as_many_statements_as_one(bench: Bench) -> None:
    one = await statements(bench, 1)
    async with bench.acting() as tx:
        await tx.exec_driver_sql("UPDATE hub.registration SET changed_at = now() + interval '1 year'")
    bench.now += timedelta(days=1)
    assert await statements(bench, 5000) == one
    assert await bench.count("register_difference") == 2 * 5001


async def test_nothing_of_an_extract_is_kept_once_it_is_compared_but_its_digest(bench: Bench) -> None:
    left_behind, _ = pages([entry(None, ZEMGALE), entry(None, ZEMGALE)], NOW, size=1)
    await bench.take(bench.zemgale, left_behind)
    bench.now += timedelta(hours=1)
    await bench.compared(bench.zemgale, entry(None, ZEMGALE))
    async with bench.acting() as tx:
        contents = (await tx.exec_driver_sql("SELECT content FROM hub.register_page")).scalars().all()
        digests = await tx.exec_driver_sql("SELECT sha256 FROM hub.register_extract ORDER BY taken_at")
    assert list(contents) == [None, None]
    assert [digest and len(digest) for digest in digests.scalars()] == [None, 32]


@pytest.mark.parametrize("why", ["other content", "behind the last", "future", "older"])
async def test_a_page_that_is_refused_changes_nothing(bench: Bench, why: str) -> None:
    (whole,) = pages([entry(None, ZEMGALE)], NOW)
    await bench.take(bench.zemgale, whole)
    before = [
        await bench.count(table) for table in ("register_page", "register_extract", "register_difference")
    ]
    bad, refusal = {
        "other content": (pages([entry(None, ZEMGALE, "AG-2")], NOW)[0], PageDiffers),
        "behind the last": (
            pages([entry(None, ZEMGALE)], NOW)[0].model_copy(
                update={"page": 201, "taken_at": NOW + timedelta(1)}
            ),
            PageDoesNotFit,
        ),
        "future": (pages([], NOW + timedelta(days=2))[0], TakenInTheFuture),
        "older": (pages([], NOW - timedelta(days=1))[0], OlderThanCompared),
    }[why]
    if why == "behind the last":
        bench.now += timedelta(days=1)
    with pytest.raises(refusal):
        await bench.take(bench.zemgale, bad)
    after = [
        await bench.count(table) for table in ("register_page", "register_extract", "register_difference")
    ]
    assert after == before


async def test_a_decision_is_kept_for_both_and_told_on_both_chains(bench: Bench) -> None:
    difference, _ = await differing(bench)
    how = DifferenceResolution.REGISTER_IS_RIGHT
    taken, _ = await bench.decide(bench.zemgale, difference.id, how)
    assert (taken.difference, taken.how) == (difference.id, how)
    for tenant in (bench.zemgale, REGISTRY):
        (shown,) = await bench.seen(tenant, DifferenceState.RESOLVED)
        assert (shown.how, shown.resolved_by and shown.resolved_by.name) == (how, "Ieva Ozola")
        assert await bench.seen(tenant, DifferenceState.OPEN) == []
    assert await bench.told() == [
        "registry reconciliation.difference.resolved",
        "zemgale reconciliation.difference.resolved",
        "zemgale reconciliation.extract.compared",
    ]


async def test_the_same_decision_again_gets_the_same_answer_and_another_is_refused(bench: Bench) -> None:
    difference, _ = await differing(bench)
    taken, said = await bench.decide(bench.zemgale, difference.id, DifferenceResolution.NO_DIFFERENCE)
    assert await bench.say(bench.zemgale, said) == taken
    with pytest.raises(IdentityReused):
        await bench.say(
            bench.zemgale, said.model_copy(update={"how": DifferenceResolution.REGISTER_IS_RIGHT})
        )
    with pytest.raises(ClosedAlready):
        await bench.decide(bench.zemgale, difference.id, DifferenceResolution.REGISTER_IS_RIGHT)
    assert await bench.count("register_decision") == 1


async def test_only_the_centre_concerned_decides(bench: Bench) -> None:
    difference, _ = await differing(bench)
    for other in (bench.ligzda, REGISTRY):
        with pytest.raises(DifferenceNotFound):
            await bench.decide(other, difference.id, DifferenceResolution.NO_DIFFERENCE)
    assert [one.state for one in await bench.seen(bench.zemgale)] == ["open"]


async def test_what_was_called_no_difference_stays_quiet_while_both_sides_stay_as_they_were(
    bench: Bench,
) -> None:
    difference, there = await differing(bench)
    await bench.decide(bench.zemgale, difference.id, DifferenceResolution.NO_DIFFERENCE)
    bench.now += timedelta(days=1)
    assert await bench.compared(bench.zemgale, there) == QUIET
    moved = there.model_copy(update={"effective_on": OTHER_DAY + timedelta(days=1)})
    assert await bench.compared(bench.zemgale, moved) == NEW_ONE


async def test_what_was_said_to_be_corrected_and_is_not_comes_back(bench: Bench) -> None:
    difference, there = await differing(bench)
    await bench.decide(bench.zemgale, difference.id, DifferenceResolution.CORRECTED_IN_REGISTER)
    bench.now += timedelta(days=1)
    assert await bench.compared(bench.zemgale, there) == NEW_ONE


async def test_a_registration_that_the_register_lost_is_taken_up_again(bench: Bench) -> None:
    (key,) = await bench.registered(bench.zemgale)
    assert await bench.compared(bench.zemgale) == NEW_ONE
    (difference,) = await bench.seen(bench.zemgale)
    assert (difference.kind, difference.in_register) == ("add", None)
    await bench.decide(bench.zemgale, difference.id, DifferenceResolution.SEND_AGAIN)
    async with bench.acting() as tx:
        state = await tx.exec_driver_sql("SELECT state, because FROM hub.registration")
        assert state.one() == ("needs_person", "not_held")
    assert key == difference.key


async def refused_to_send(bench: Bench, refusal: type[Refusal]) -> None:
    (difference,) = await bench.seen(bench.zemgale)
    with pytest.raises(refusal):
        await bench.decide(bench.zemgale, difference.id, DifferenceResolution.SEND_AGAIN)
    assert [one.state for one in await bench.seen(bench.zemgale)] == ["open"]


async def test_what_the_hub_knows_nothing_of_cannot_be_sent_again(bench: Bench) -> None:
    await bench.compared(bench.zemgale, entry(uuid4(), ZEMGALE))
    await refused_to_send(bench, NothingToSend)


async def test_what_was_withdrawn_cannot_be_sent_again(bench: Bench) -> None:
    (key,) = await bench.registered(bench.zemgale, state="withdrawn")
    await bench.compared(bench.zemgale, entry(key, ZEMGALE))
    await refused_to_send(bench, StepNotAllowed)


async def two_days(bench: Bench, **of_the_new: Any) -> list[ExtractEntry]:
    """The entries of a move that had one day and has another now."""
    (old,) = await bench.registered(bench.zemgale, effective_on=OTHER_DAY)
    async with bench.acting() as tx:
        matter = (await tx.exec_driver_sql("SELECT matter_id FROM hub.registration")).scalar_one()
    (new,) = await bench.registered(
        bench.zemgale,
        **{"matter_id": matter, "replaces": old, "replaces_revision": 1, "register_id": "AG-2"} | of_the_new,
    )
    return [entry(old, ZEMGALE, effective_on=OTHER_DAY), entry(new, ZEMGALE, "AG-2")]


def ended(one: ExtractEntry) -> ExtractEntry:
    return one.model_copy(update={"state": EntryState.ENDED})


async def test_a_replaced_registration_that_is_still_in_force_is_to_end(bench: Bench) -> None:
    old, new = await two_days(bench)
    assert await bench.compared(REGISTRY, old, new) == NEW_ONE
    (difference,) = await bench.seen(bench.zemgale)
    assert (difference.kind, difference.key) == ("end", old.key)
    assert await bench.compared(REGISTRY, ended(old), new) == GONE


async def test_while_another_day_is_taking_its_place_an_entry_may_stand_or_have_ended(bench: Bench) -> None:
    on_its_way = {"state": "unknown", "registered_on": None, "register_id": None}
    old, new = await two_days(bench, **on_its_way)
    assert await bench.compared(REGISTRY, old) == QUIET
    assert await bench.compared(REGISTRY, ended(old), new) == QUIET


async def test_a_move_that_came_back_to_a_day_it_had_is_not_taken_for_replaced(bench: Bench) -> None:
    old, other = await two_days(bench)
    async with bench.acting() as tx:
        await tx.exec_driver_sql(
            "UPDATE hub.registration SET revision = 2, state = 'unknown' WHERE replaces IS NULL"
        )
    again = old.model_copy(update={"revision": 2})
    (page,) = pages([again, other], bench.now)
    taken = await bench.take(REGISTRY, page)
    assert taken.compared is not None
    assert (taken.compared.found, taken.compared.news) == (0, [old.key])
