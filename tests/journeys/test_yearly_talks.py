"""No family is forgotten: its next talk is owed when the day nears, whether or not anything stands open."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.kernel.ids import CentreId
from hub.matters.office import MattersOffice
from hub.plans.casework.nearing import look
from hub.plans.talks import a_year_after
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.workdays.casework import CalendarShelf
from saikne import Hub
from saikne_schemas.matters import DutyView
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import PlanClosed, SupportPlan, SupportPlanView
from tests.journeys.by_command import done, told
from tests.journeys.play import Play
from tests.journeys.test_plans import a_plan, outcome, said, step

TODAY = datetime.now(UTC).date()
LAST_YEAR = TODAY - timedelta(days=345)
"""Of the last talk: within six weeks its year is over."""


@pytest.fixture
async def office(play: Play) -> AsyncIterator[MattersOffice]:
    """What the worker does as time passes, done when the test says so."""
    assert play.stage.database_url is not None
    database = Database(play.stage.database_url)
    yield MattersOffice(database, None, Keyring(play.stage.home / "keys"), CalendarShelf())  # type: ignore[arg-type]
    await database.close()


async def looked(office: MattersOffice, hub: Hub) -> int:
    return await look(office, [CentreId(hub.credentials.centre)])


async def talks_owed(play: Play, matter: UUID) -> list[DutyView]:
    view = await play.requester.matter(SupportPlanView, matter)
    return [one for one in view.duties if one.kind == "yearly_talk"]


def a_years_plan(play: Play, talk_on: date = LAST_YEAR, **changes: object) -> SupportPlan:
    return a_plan(play.requester, talk_on=talk_on, evaluation_on=None, **changes)


async def agreed_plan(play: Play, **changes: Any) -> UUID:
    matter = (await play.requester.tell(a_years_plan(play, **changes))).matter
    for action in ("send", "agree"):
        await play.requester.tell(step(action, matter))
    return matter


async def test_a_talk_nears_is_told_and_met_and_the_next_year_follows(
    play: Play, office: MattersOffice
) -> None:
    matter = await agreed_plan(play)
    assert await talks_owed(play, matter) == []
    assert await looked(office, play.requester) == 1
    assert await looked(office, play.requester) == 0  # twice changes nothing
    (owed,) = await talks_owed(play, matter)
    year_over = a_year_after(LAST_YEAR)
    assert (owed.by_method, owed.basis, owed.overdue) == (True, "year_since_talk", False)
    assert timedelta(0) <= year_over - owed.due_on <= timedelta(days=4)
    assert (await play.mailed_about(matter, play.requester, "Tuvojas nākamā saruna")).text
    _, list_of_all = await told(play, play.requester, "today", language="lv")
    assert f"saikne plan talk {str(matter)[:8]}" in list_of_all
    talked = ("plan", "talk", str(matter), "--on", str(TODAY), "--how", "klātienē", "--reviews", "2")
    await done(play, play.requester, *talked)
    (met,) = await talks_owed(play, matter)
    assert (met.ending, met.met_on) == ("met", TODAY)
    (row,) = await play.sql("SELECT talk_on, talk_by FROM hub.family_care WHERE matter_id = $1", matter)
    assert tuple(row) == (TODAY, a_year_after(TODAY))
    assert await looked(office, play.requester) == 0


async def test_between_two_plans_the_talk_is_owed_and_the_new_plan_meets_it(
    play: Play, office: MattersOffice
) -> None:
    matter = await agreed_plan(play, family="PL-9001")
    over = said(PlanClosed, matter=matter, reason="year_over", closed_on=TODAY, exit_talk_on=None)
    assert (await play.requester.tell(over)).state == "closed"
    assert await looked(office, play.requester) == 1
    new = a_years_plan(play, TODAY, family="PL-9001", year=TODAY.year)
    newest = (await play.requester.tell(new)).matter
    (met,) = await talks_owed(play, matter)
    assert (met.ending, met.met_on) == ("met", TODAY)
    assert await looked(office, play.requester) == 0
    sooner = said(TalkNeeded, matter=matter, by=TODAY + timedelta(days=20))
    assert await outcome(play.requester, sooner) == (409, "plans.another-plan-is-newer")
    sooner = said(TalkNeeded, matter=newest, by=TODAY + timedelta(days=20))
    await play.requester.tell(sooner)
    (owed,) = await talks_owed(play, newest)
    assert (owed.ended_at, owed.basis) == (None, "talk_wanted")


async def test_when_the_cooperation_has_ended_no_talk_is_owed(play: Play, office: MattersOffice) -> None:
    matter = await agreed_plan(play)
    assert await looked(office, play.requester) == 1
    over = {"closed_on": TODAY, "exit_talk_on": None}
    await play.requester.tell(said(PlanClosed, matter=matter, reason="year_over", **over))
    await play.requester.tell(said(PlanClosed, matter=matter, reason="cooperation_ended", **over))
    (dropped,) = await talks_owed(play, matter)
    assert dropped.ending == "withdrawn"
    assert await looked(office, play.requester) == 0
    talked = said(TalkHeld, matter=matter, held_on=TODAY, evaluation_on=None)
    assert await outcome(play.requester, talked) == (409, "matters.step-not-allowed")
