"""A move closes when its copies have come, are refused or are given up; never because they were asked for."""

from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import pytest

from hub.matters.office import MattersOffice
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.timetable import find_owners
from hub.workdays.casework import CalendarShelf
from saikne import Hub, compose
from saikne_schemas.child_moves import BeginChildMove, ChildMoveView, IapAsked
from saikne_schemas.family_moves import CopiesAsked, GiveUpCopies
from saikne_schemas.manifests import Withdrawal
from saikne_schemas.paper import WrongRecipient
from saikne_schemas.refusals import DisputeRefusal, Refuse
from saikne_schemas.vocabulary import (
    CopiesEnded,
    CopiesGivenUp,
    DutyKind,
    RefusalDispute,
    RefuseReason,
    WithdrawReason,
)
from tests.journeys.family_moves import IEVA, asked, confirmed, dated, done, seen
from tests.journeys.play import Play, chain_of, until
from tests.journeys.test_child_moves import Move
from tests.journeys.test_child_moves import move as move  # noqa: PLC0414  # a fixture
from tests.journeys.test_family_moves import refusal

FIRST = date(2026, 9, 1)


async def but_for_copies(play: Play) -> UUID:
    """A move in which all else is done."""
    matter = await dated(play)
    assert (await done(play, matter, FIRST, copies=False))[-1] == "dated"
    return matter


async def naming(play: Play, matter: UUID, exchange: UUID) -> str:
    return (await play.requester.tell(compose(CopiesAsked, matter=matter, exchange=exchange))).state


async def state(play: Play, matter: UUID) -> str:
    return (await seen(play.holder, matter)).state


async def becomes(play: Play, matter: UUID, wanted: str) -> None:
    await until(lambda: state(play, matter), lambda now: now == wanted)


async def owed(hub: Hub, matter: UUID) -> set[DutyKind]:
    """What that centre itself owes in it."""
    return {
        one.kind for one in (await seen(hub, matter)).duties if one.ended_at is None and one.stake == "owes"
    }


async def kinds(hub: Hub, matter: UUID) -> list[str]:
    events, verdict = await chain_of(hub)
    assert verdict.holds
    return [one.kind for one in events if one.about == matter]


async def test_a_move_closes_when_its_copies_are_confirmed_and_not_before(play: Play) -> None:
    matter, exchange = await but_for_copies(play), await asked(play)
    assert await naming(play, matter, exchange) == "dated"
    assert await owed(play.requester, matter) == {DutyKind.RECEIVE_COPIES}
    view = await seen(play.holder, matter)
    assert (view.content.remaining, await owed(play.holder, matter)) == ([DutyKind.RECEIVE_COPIES], set())
    (duty,) = [one for one in (await seen(play.requester, matter)).duties if one.ended_at is None]
    answer_due = (await play.holder.exchange(exchange)).due_on
    assert (duty.starts_on, duty.basis, duty.by_method) == (answer_due, "copies_due", False)
    answered = await play.answer(exchange)
    assert await state(play, matter) == "dated"
    await play.finish(answered)
    await becomes(play, matter, "closed")
    for hub in (play.requester, play.holder):
        view = await seen(hub, matter)
        assert (view.content.copies_end and view.content.copies_end.how) is CopiesEnded.CONFIRMED
        assert {one.ending for one in view.duties} == {"met"}
        assert (await play.mailed_about(matter, hub, "ir pabeigta")).text
        assert (await kinds(hub, matter))[-1] == "transfers.copies.ended"


async def test_a_refusal_closes_it_and_a_disputed_one_opens_it_again(play: Play) -> None:
    matter, exchange = await but_for_copies(play), await asked(play)
    await naming(play, matter, exchange)
    no = compose(Refuse, exchange=exchange, reason=RefuseReason.NO_GROUND)
    await play.holder.tell(no)
    await becomes(play, matter, "closed")
    disputed = compose(DisputeRefusal, exchange=exchange, refusal=no.id, reason=RefusalDispute.GROUND_EXISTS)
    await play.requester.tell(disputed)
    await becomes(play, matter, "dated")
    assert await owed(play.requester, matter) == {DutyKind.RECEIVE_COPIES}
    for hub in (play.requester, play.holder):
        assert (await play.mailed_about(matter, hub, "atkal ir jāgaida")).text
    await play.finish(await play.answer(exchange))
    await becomes(play, matter, "closed")
    told = [kind for kind in await kinds(play.holder, matter) if kind.startswith("transfers.copies")]
    assert told == ["transfers.copies.ended", "transfers.copies.awaited", "transfers.copies.ended"]


async def test_a_withdrawn_request_is_made_again_or_the_copies_are_given_up(play: Play) -> None:
    matter, exchange = await but_for_copies(play), await asked(play)
    await naming(play, matter, exchange)
    giving_up = compose(
        GiveUpCopies, matter=matter, reason=CopiesGivenUp.RECEIVED_OTHERWISE, given_up_by=IEVA
    )
    assert await refusal(play.requester, giving_up) == (409, "transfers.copies-under-way")
    assert await refusal(play.holder, giving_up) == (409, "matters.step-not-allowed")
    for _ in range(2):
        await play.requester.tell(compose(Withdrawal, exchange=exchange, reason=WithdrawReason.GIVEN_UP))
        await until(lambda: owed(play.requester, matter), lambda kinds: DutyKind.REQUEST_COPIES in kinds)
        view = await seen(play.holder, matter)
        assert (view.state, view.content.copies) == ("dated", None)
        exchange = await asked(play)
        await naming(play, matter, exchange)
        assert await owed(play.requester, matter) == {DutyKind.RECEIVE_COPIES}
    await play.requester.tell(compose(Withdrawal, exchange=exchange, reason=WithdrawReason.GIVEN_UP))
    assert (await play.requester.tell(giving_up)).state == "closed"
    end = (await seen(play.holder, matter)).content.copies_end
    assert end is not None
    assert (end.how, end.reason) == (CopiesEnded.GIVEN_UP, CopiesGivenUp.RECEIVED_OTHERWISE)
    assert (await play.mailed_about(matter, play.holder, "atteicies no")).text
    chains = await play.sql(
        "SELECT count(*) AS chains FROM hub.event WHERE about_id = $1 AND kind = 'transfers.copies.given_up'",
        matter,
    )
    assert chains[0]["chains"] == 3


async def test_copies_that_came_to_a_wrong_recipient_have_not_come(play: Play) -> None:
    matter, exchange = await but_for_copies(play), (await confirmed(play)).exchange
    assert await naming(play, matter, exchange) == "closed"
    assert (await play.mailed_about(matter, play.holder, "ir pabeigta")).text
    await play.holder.tell(compose(WrongRecipient, exchange=exchange, round=1))
    await becomes(play, matter, "dated")
    assert await owed(play.requester, matter) == {DutyKind.RECEIVE_COPIES}


async def test_a_childs_move_waits_for_the_plan_too(play: Play, move: Move) -> None:
    async def told() -> ChildMoveView:
        return await move.new.matter(ChildMoveView, matter)

    matter, exchange = await move.begun("place", "archive", "arrange"), await play.ask()
    await move.new.tell(compose(IapAsked, matter=matter, exchange=exchange))
    assert (await told()).state == "placed"
    await play.holder.tell(compose(Refuse, exchange=exchange, reason=RefuseReason.NOT_OUR_FAMILY))
    view = await until(told, lambda view: view.state == "closed")
    assert (view.content.plan_end and view.content.plan_end.how) is CopiesEnded.REFUSED
    assert (await play.mailed_about(matter, move.previous, "ir pabeigta")).text


@pytest.fixture
async def office(play: Play) -> AsyncIterator[MattersOffice]:
    """What the worker does as time passes, done when the test says so."""
    assert play.stage.database_url is not None
    database = Database(play.stage.database_url)
    yield MattersOffice(database, None, Keyring(play.stage.home / "keys"), CalendarShelf())  # type: ignore[arg-type]
    await database.close()


async def test_what_no_promise_told_is_found_by_what_the_rows_say(play: Play, office: MattersOffice) -> None:
    """As an older hub left it: copies were asked for, and nothing told the move what became of them."""
    matters = [await but_for_copies(play), await but_for_copies(play)]
    open_one, ended = await asked(play), (await confirmed(play)).exchange
    for matter, exchange in zip(matters, (open_one, ended), strict=True):
        await naming(play, matter, await asked(play))
        await play.sql("DELETE FROM hub.duty WHERE matter_id = $1 AND kind = 'receive_copies'", matter)
        await play.sql(
            "UPDATE hub.matter SET content = jsonb_set(content::jsonb, '{copies}', to_jsonb($2::text))::json"
            " WHERE matter_id = $1",
            matter,
            str(exchange),
        )
    child = await play.requester.tell(
        compose(
            BeginChildMove,
            new=play.requester.credentials.centre,
            previous=play.holder.credentials.centre,
            child="AG-7741-B1",
        )
    )
    await find_owners(office)
    assert [await state(play, matter) for matter in matters] == ["dated", "closed"]
    assert await owed(play.requester, matters[0]) == {DutyKind.RECEIVE_COPIES}
    assert (await play.requester.matter(ChildMoveView, child.matter)).state == "planned"
