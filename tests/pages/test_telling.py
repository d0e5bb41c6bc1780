"""Who is told of what, chosen on a page: by a coordinator for the centre, by everybody for oneself."""

from tests.pages.conftest import House
from tests.pages.test_doors import OWN, places, signed_in, token_on

CHOSEN = {
    "coordinators": "late_1",
    "workers": "before_1",
    "at": "07:30",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
}


async def test_a_coordinator_chooses_for_the_centre_and_a_worker_reads_it(house: House) -> None:
    async with (
        await signed_in(house, *places(house)["neighbour"]) as coordinator,
    ):
        page = (await coordinator.get("/telling")).text
        form = {"token": token_on(page), **CHOSEN}
        for wrong in (
            {"coordinators": "always"},
            {"workers": ""},
            {"at": "03:00"},
            {"at": "noon"},
            {"quiet_from": "20:17"},
        ):
            assert (
                await coordinator.post("/telling", data={**form, **wrong}, headers=OWN)
            ).status_code == 400
        assert (await coordinator.get("/telling")).text == page
        kept = await coordinator.post("/telling", data=form, headers=OWN)
        assert kept.headers["Location"] == "/telling"
        shown = (await coordinator.get("/telling")).text
        for name, value in CHOSEN.items():
            choice = shown.partition(f'name="{name}"')[2].partition("</select>")[0]
            (chosen,) = [one for one in choice.split("<option") if " selected" in one]
            assert value in chosen
        half = await coordinator.post("/telling", data={**form, "quiet_until": ""}, headers=OWN)
        assert half.status_code == 303
        assert (await coordinator.get("/telling")).text.count('<option value="">none</option>') == 2


async def test_a_worker_chooses_nothing_for_the_centre_but_may_fall_silent(house: House) -> None:
    async with await signed_in(house, *places(house)["worker"]) as worker:
        page = (await worker.get("/telling")).text
        assert 'name="coordinators"' not in page
        form = {"token": token_on(page), **CHOSEN}
        assert (await worker.post("/telling", data=form, headers=OWN)).status_code == 403
        await worker.post("/telling/own", data={"token": form["token"], "deed": "silent"}, headers=OWN)
        assert "You have asked for no letters." in (await worker.get("/telling")).text
        await worker.post("/telling/own", data={"token": form["token"], "deed": "speak"}, headers=OWN)
        assert "It comes on working days at" in (await worker.get("/telling")).text


async def test_an_overseer_is_told_that_letters_are_not_for_oversight(house: House) -> None:
    async with await signed_in(house, *places(house)["overseer"]) as overseer:
        page = (await overseer.get("/telling")).text
        assert 'name="deed"' not in page
        assert (
            await overseer.post("/telling", data={"token": token_on(page), **CHOSEN}, headers=OWN)
        ).status_code == 400
