"""A silent previous centre stops no move, and what an older version left without an owner gets one."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from hub.matters.office import MattersOffice
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.timetable import find_owners
from hub.transfers.casework.time_passing import establish_days
from hub.workdays.casework import CalendarShelf
from saikne import Hub, compose
from saikne_schemas.child_moves import BeginChildMove, ChildMoveView
from saikne_schemas.family_move_words import DatedBy, NoticeChannel, ObjectionReason
from saikne_schemas.family_moves import (
    ConfirmOverride,
    FamilyMoveView,
    NoticeClaimed,
    NoticeNotReceived,
    ObjectToDate,
)
from saikne_schemas.vocabulary import DutyKind
from tests.journeys.by_command import done, told
from tests.journeys.family_moves import (
    IEVA,
    SOLVITA,
    agreed,
    dated,
    in_working_days,
    late,
    proof,
    seen,
)
from tests.journeys.play import Play, chain_of

SENT, FIRST = datetime(2026, 8, 20, 9, tzinfo=UTC), date(2026, 9, 1)
AWAITED = (DutyKind.ACKNOWLEDGE_NOTICE, DutyKind.DECIDE_LATE_NOTICE)


@pytest.fixture
async def office(play: Play) -> AsyncIterator[MattersOffice]:
    """What the worker does as time passes, done when the test says so."""
    assert play.stage.database_url is not None
    database = Database(play.stage.database_url)
    gatekeeper = None
    yield MattersOffice(database, gatekeeper, Keyring(play.stage.home / "keys"), CalendarShelf())  # type: ignore[arg-type]
    await database.close()


async def proved(play: Play) -> UUID:
    matter = await agreed(play)
    shown = compose(
        NoticeClaimed,
        matter=matter,
        channel=NoticeChannel.MESSENGER,
        sent_at=SENT,
        proofs=[await proof(play, play.requester)],
    )
    await play.requester.tell(shown)
    return matter


async def its_days_pass(play: Play, matter: UUID) -> None:
    """Of what the previous centre owes a word about."""
    await play.sql(
        "UPDATE hub.duty SET due_on = current_date - 2 WHERE matter_id = $1 AND kind = ANY ($2)",
        matter,
        list(AWAITED),
    )


async def owed(hub: Hub, matter: UUID) -> dict[DutyKind, str]:
    """What is open, by kind, with the name of who owes it."""
    return {one.kind: one.owner_name for one in (await seen(hub, matter)).duties if one.ended_at is None}


async def test_a_proof_that_nobody_answers_dates_the_move_and_both_are_told(
    play: Play, office: MattersOffice
) -> None:
    matter = await proved(play)
    (word,) = [
        one
        for one in (await seen(play.holder, matter)).duties
        if one.kind == DutyKind.ACKNOWLEDGE_NOTICE and one.ended_at is None
    ]
    assert (word.stake, word.basis, word.due_on) == ("owes", "notice_claimed", in_working_days(3))
    await establish_days(office)
    assert (await seen(play.holder, matter)).state == "agreed"  # its days are not over
    await its_days_pass(play, matter)
    await establish_days(office)
    for hub in (play.requester, play.holder):
        view = await seen(hub, matter)
        assert (view.state, view.content.dated_by) == ("dated", DatedBy.PREVIOUS_SILENT)
        assert (view.content.effective_on, view.content.notice) == (FIRST, None)
        assert view.content.objections_until == in_working_days(3)
        theirs = (
            "Jūsu centrs termiņā nav atbildējis" if hub is play.holder else "Iepriekšējais centrs termiņā"
        )
        assert f"{FIRST:%d.%m.%Y}" in (await play.mailed_about(matter, hub, theirs)).text
        events, verdict = await chain_of(hub)
        assert verdict.holds
        assert "transfers.move_date.established" in {one.kind for one in events if one.about == matter}
    assert DutyKind.ACKNOWLEDGE_NOTICE not in await owed(play.holder, matter)
    assert {DutyKind.REGISTER, DutyKind.COURT_NOTICE} <= (await owed(play.requester, matter)).keys()
    await establish_days(office)  # twice changes nothing
    assert (await seen(play.holder, matter)).content == (await seen(play.requester, matter)).content


async def test_as_long_as_a_day_may_be_objected_to_today_has_a_row_of_it_for_both(
    play: Play, office: MattersOffice
) -> None:
    matter = await proved(play)
    await its_days_pass(play, matter)
    await establish_days(office)
    objects = f"saikne move object-to-date {matter}"
    until = (await seen(play.holder, matter)).content.objections_until
    assert until is not None
    for hub in (play.requester, play.holder):
        assert (await acts_today(play, hub)).count(objects) == 1
        rights = (await done(play, hub, "today"))["may"]
        (right,) = [one for one in rights if one["concerns"] == str(matter)]
        assert (right["act"], right["until"]) == (objects, str(until))
        _, printed = await told(play, hub, "today", language="lv")
        (line,) = [one for one in printed.splitlines() if f"object-to-date {str(matter)[:8]}" in one]
        assert f"{until:%d.%m.%Y}" in line
        assert "noteikusi bez iepriekšējā centra (ja nepiekrīt)" in line
    objected = ("--effective-on", "01.10.2026", "--reason", "notice_came_later", "--by", "Solvita;vadītāja")
    _, printed = await told(play, play.holder, "move", "object-to-date", str(matter), *objected)
    assert ("object-to-date" in printed, "confirm-override" in printed) == (False, False)
    assert objects not in await acts_today(play, play.holder)
    assert objects not in (await told(play, play.holder, "matter", str(matter)))[1]
    assert objects in await acts_today(play, play.requester)
    await play.sql(
        "UPDATE hub.duty SET objections_until = objections_until - 30 WHERE matter_id = $1",
        matter,
    )
    for hub in (play.requester, play.holder):
        acts = await acts_today(play, hub)
        assert objects not in acts
        assert any(str(matter) in act for act in acts)


async def acts_today(play: Play, hub: Hub) -> list[str]:
    """Every command that `today` prints for a centre."""
    shown = await done(play, hub, "today")
    return [act for group in shown.values() for one in group for act in (one["act"], *one["other_acts"])]


async def test_who_answers_in_time_is_not_silent(play: Play, office: MattersOffice) -> None:
    matter = await proved(play)
    await play.holder.tell(compose(NoticeNotReceived, matter=matter))
    await its_days_pass(play, matter)
    await establish_days(office)
    view = await seen(play.requester, matter)
    assert (view.state, view.content.effective_on) == ("agreed", None)
    assert DutyKind.PROVE_NOTICE in await owed(play.requester, matter)


async def test_without_a_proof_silence_fixes_nothing(play: Play, office: MattersOffice) -> None:
    matter = await agreed(play)
    await its_days_pass(play, matter)
    await establish_days(office)
    view = await seen(play.requester, matter)
    assert (view.state, view.content.effective_on) == ("agreed", None)


async def test_a_choice_that_is_not_made_within_its_time_is_not_used(
    play: Play, office: MattersOffice
) -> None:
    matter = await late(play)
    await its_days_pass(play, matter)
    await establish_days(office)
    view = await seen(play.holder, matter)
    assert (view.state, view.content.effective_on, view.content.decision) == ("dated", FIRST, None)
    assert view.content.dated_by is DatedBy.PREVIOUS_SILENT


async def test_an_objection_is_seen_by_both_and_by_oversight_and_settled_by_the_other(
    play: Play, office: MattersOffice
) -> None:
    matter = await proved(play)
    await its_days_pass(play, matter)
    await establish_days(office)
    objection = compose(
        ObjectToDate,
        matter=matter,
        reason=ObjectionReason.NOTICE_CAME_LATER,
        effective_on=date(2026, 10, 1),
        objected_by=SOLVITA,
    )
    await play.holder.tell(objection)
    assert (await play.mailed_about(matter, play.requester, "iebilst")).text
    view = await seen(play.requester, matter)
    assert [(one.reason, one.side) for one in view.content.objections] == [("notice_came_later", "previous")]
    assert DutyKind.ANSWER_DATE in await owed(play.requester, matter)
    overseen = await play.sql(
        "SELECT kind FROM hub.duty WHERE matter_id = $1 AND stake = 'oversees' AND ended_at IS NULL", matter
    )
    assert DutyKind.ANSWER_DATE in {row["kind"] for row in overseen}
    objected = await play.sql(
        "SELECT count(*) AS chains FROM hub.event WHERE about_id = $1"
        " AND kind = 'transfers.move_date.objected'",
        matter,
    )
    assert objected[0]["chains"] == 3
    confirmed = compose(ConfirmOverride, matter=matter, override=objection.id, confirmed_by=IEVA)
    await play.requester.tell(confirmed)
    view = await seen(play.holder, matter)
    assert (view.content.effective_on, view.content.dated_by) == (date(2026, 10, 1), DatedBy.OVERRIDE)
    assert len(view.content.objections) == 1


async def test_what_an_older_version_left_open_gets_an_owner(play: Play, office: MattersOffice) -> None:
    """Then nothing was owed while a day was awaited, and silence meant nothing."""
    asked, choosing, moved = await agreed(play), await late(play), await dated(play)
    child = compose(
        BeginChildMove,
        new=play.requester.credentials.centre,
        previous=play.holder.credentials.centre,
        child="AG-7741-B1",
    )
    planned = (await play.requester.tell(child)).matter
    lacking = (DutyKind.ACKNOWLEDGE_NOTICE, DutyKind.PLACE_CHILD, DutyKind.REGISTER)
    await play.sql(
        "DELETE FROM hub.duty WHERE matter_id = ANY ($1) AND kind = ANY ($2)",
        [asked, moved, planned],
        list(lacking),
    )
    await play.sql(
        "UPDATE hub.duty SET basis = 'notice_received', due_on = '2026-08-28'"
        " WHERE matter_id = $1 AND kind = $2",
        choosing,
        DutyKind.DECIDE_LATE_NOTICE.value,
    )
    await establish_days(office)
    assert (await seen(play.holder, choosing)).state == "late"  # it was never told that silence counts
    await find_owners(office)
    assert DutyKind.ACKNOWLEDGE_NOTICE in await owed(play.holder, asked)
    assert DutyKind.REGISTER in await owed(play.requester, moved)
    view = await play.requester.matter(ChildMoveView, planned)
    assert DutyKind.PLACE_CHILD in {one.kind for one in view.duties if one.ended_at is None}
    (choice,) = [
        one
        for one in (await play.holder.matter(FamilyMoveView, choosing)).duties
        if one.kind == DutyKind.DECIDE_LATE_NOTICE and one.ended_at is None
    ]
    assert (choice.basis, choice.due_on) == ("notice_recorded", in_working_days(1))
    before = await play.sql("SELECT count(*) AS many FROM hub.duty")
    await find_owners(office)
    assert await play.sql("SELECT count(*) AS many FROM hub.duty") == before
