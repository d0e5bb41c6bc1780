"""A centre asks the running hub which orphans' court it has to tell."""

from datetime import date

import pytest

from saikne import HubRefusal
from tests.journeys.play import Play


async def test_a_centre_finds_the_court_of_a_territory_on_a_day(play: Play) -> None:
    assert len(await play.requester.courts(on=date(2025, 6, 30))) == 43
    (before,) = await play.requester.courts("LV-102", date(2025, 6, 30))
    (after,) = await play.requester.courts("LV-102", date(2026, 1, 1))
    assert (before.name, after.name) == ("Varakļānu novada bāriņtiesa", "Madonas novada bāriņtiesa")


async def test_an_overseer_sees_the_courts_too(play: Play) -> None:
    assert len(await play.overseer.courts(on=date(2026, 1, 1))) == 42


async def test_a_territory_that_there_never_was_is_refused(play: Play) -> None:
    with pytest.raises(HubRefusal, match=r"^transfers\.territory-unknown: "):
        await play.requester.courts("LV-999")
