"""What is owed in any matter is one list for its parties, and one for oversight: dates, never content."""

import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from hub.kernel.clock import now, riga_day
from saikne import HubRefusal
from saikne_schemas.matters import DutyPage, DutyView
from saikne_schemas.vocabulary import Workflow
from tests.journeys.by_command import done
from tests.journeys.by_command import told as told_by
from tests.journeys.family_moves import agreed
from tests.journeys.play import Play
from tests.peers.commands import ran


async def late_talk(play: Play) -> UUID:
    """A move whose talk should have been held long ago."""
    matter = await agreed(play)
    await play.sql("UPDATE hub.duty SET due_on = '2026-01-05' WHERE matter_id = $1 AND kind = 'talk'", matter)
    return matter


async def overdue_of(play: Play, centre: Any, matter: UUID) -> list[DutyView]:
    answer = await (await play.by_hand(centre)).get("/v1/duties?overdue=true&limit=200")
    return [duty for duty in DutyPage.model_validate_json(answer.content).items if duty.concerns == matter]


async def test_what_is_owed_in_a_matter_is_overdue_for_its_owner_and_for_oversight(play: Play) -> None:
    matter = await late_talk(play)
    for centre, stake in ((play.requester, "owes"), (play.overseer, "oversees")):
        (duty,) = await overdue_of(play, centre, matter)
        assert (duty.kind.value, duty.stake, duty.overdue, duty.by_method) == ("talk", stake, True, False)
        assert duty.working_days_late > 0
    assert await overdue_of(play, play.stranger, matter) == []


async def test_duties_are_read_page_by_page_the_most_urgent_first(play: Play) -> None:
    matters = {await late_talk(play) for _ in range(3)}
    found = [duty async for duty in play.requester.duties(overdue=True, page_size=1)]
    assert matters <= {duty.concerns for duty in found}
    assert [duty.due_on for duty in found] == sorted(duty.due_on for duty in found)


async def test_duties_are_listed_by_side_and_by_how_near_they_are(play: Play) -> None:
    matter = await late_talk(play)

    async def kinds(hub: Any, **which: Any) -> list[tuple[str, str]]:
        found = [duty async for duty in hub.duties(**which) if duty.concerns == matter]
        return [(duty.kind.value, duty.stake) for duty in found]

    assert await kinds(play.requester, stake="owes") == [("talk", "owes")]
    assert ("acknowledge_notice", "awaits") in await kinds(play.requester, stake="awaits")
    assert await kinds(play.requester, stake="owes", within=0) == [("talk", "owes")]
    assert ("acknowledge_notice", "awaits") not in await kinds(play.requester, within=0)
    assert ("acknowledge_notice", "awaits") in await kinds(play.requester, within=4)
    assert {stake for _, stake in await kinds(play.overseer, stake="oversees")} == {"oversees"}
    one_by_one = await kinds(play.requester, stake="awaits", within=60, page_size=1)
    assert one_by_one == await kinds(play.requester, stake="awaits", within=60)


async def test_the_operator_sees_what_is_overdue_beside_copies(play: Play) -> None:
    matter = await late_talk(play)
    environment = {**os.environ, "HUB_DATABASE_URL": play.stage.owner_url}

    def said(*more: str) -> list[str]:
        done = ran("hub", "overdue", "--lang", "lv", *more, environment=environment)
        assert done.returncode == 0, done.stderr
        return [line for line in done.stdout.splitlines() if str(matter) in line]

    (line,) = said()
    assert line.startswith("05.01.2026")
    assert "jāsazinās ar otra centra sociālo darbinieku" in line
    (item,) = said("--json")
    assert json.loads(item)["kind"] == "talk"


async def test_a_number_is_found_by_its_beginning_by_those_who_take_part(play: Play) -> None:
    exchange = await play.ask()
    for hub in (play.requester, play.holder):
        assert [(one.id, one.workflow) for one in await hub.numbers(exchange.hex[:12])] == [
            (exchange, Workflow.COPIES)
        ]
    assert await play.overseer.numbers(exchange.hex[:12])
    assert await play.stranger.numbers(exchange.hex[:12]) == []
    for wrong in ("0d3f6f0", "%", "0d3f6f0a-3f53"):
        with pytest.raises(HubRefusal, match=r"http\.[a-z-]+"):
            await play.requester.numbers(wrong)


async def test_a_month_is_counted_for_a_centre_and_without_small_figures_for_oversight(
    play: Play, tmp_path: Path
) -> None:
    matter = await agreed(play)
    await play.sql("UPDATE hub.duty SET due_on = '2026-01-07' WHERE matter_id = $1 AND kind = 'talk'", matter)
    own = await play.requester.duty_report("2026-01")
    assert own.at_least is None
    assert own.total.due == own.total.late == own.total.overdue
    assert own.total.due
    assert (await play.stranger.duty_report("2026-01")).total.due == 0
    overseen = await play.overseer.duty_report("2026-01")
    told = [one.due for one in (overseen.total, *overseen.kinds, *overseen.centres) if one.due is not None]
    assert all(due >= 5 for due in told)
    assert overseen.at_least == 5
    with pytest.raises(HubRefusal) as refusal:
        await play.overseer.duty_report(f"{riga_day(now()):%Y-%m}")
    assert (refusal.value.status, refusal.value.code) == (409, "oversight.month-not-over")

    code, printed = await told_by(play, play.requester, "duty-report", "2026-01", language="lv")
    assert code == 0, printed
    assert "sazināties ar otra centra sociālo darbinieku *" in printed
    assert "Visi pienākumi" in printed
    file = tmp_path / "menesis.csv"
    report = await done(play, play.requester, "duty-report", "2026-01", "--csv", str(file))
    assert report == own.model_dump(mode="json") | {"as_of": report["as_of"]}
    heading, talk, total = file.read_bytes().decode("utf-8-sig").splitlines()
    assert heading.startswith('"month";"centre";"name";"kind";"due"')
    assert f';"talk";{own.total.due};0;{own.total.due}' in talk
    assert f';"";{own.total.due};' in total
    code, printed = await told_by(play, play.overseer, "duty-report", "2026-01", language="lv")
    assert code == 0, printed
    assert "skaitlis nav rādīts" in printed
