"""News of an open list: said by a button, to a tab that is looked at, as long as the session counts."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
from playwright.async_api import expect

from hub.board.casework.news import OF_A_SESSION
from hub.kernel.ids import CentreId
from hub.ops.database import transaction
from hub.people.casework import sessions
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.people.session import How
from hub.people.store import add
from hub.plumbing.database import OWNER_ROLE
from saikne_demo.stage import LIGZDA
from saikne_schemas.enrolment import LegalEntity
from tests.conftest import Cluster
from tests.journeys.play import Play
from tests.pages.conftest import House, Watched, comes_in
from tests.peers.stage import Stage
from tests.people.persons import somebody as a_person

LOOKED_AT = """state => {
    Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_hub_that_is_stopped_ends_the_streams_and_does_not_wait_for_them(
    cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    """First of all here: what this one is told is nothing to the hub that the others look at."""
    with Stage(tmp_path, database_url=cluster.url(database_name)) as stage:
        stage.set_up()
        stage.start("serve")
        asyncio.run(stopped_while_followed(stage))


async def stopped_while_followed(stage: Stage) -> None:
    kept = await stage.enrol(
        "Centrs",
        legal_entity=LegalEntity(name="Biedrība", registration_number="50008021661"),
        contacts=LIGZDA,
    )
    brought = {"saikne": await session_of(stage, CentreId(kept.credentials().centre))}
    async with (
        httpx.AsyncClient(base_url=stage.url, cookies=brought, trust_env=False, timeout=60) as http,
        AsyncExitStack() as open_ones,
    ):
        streams = [
            await open_ones.enter_async_context(http.stream("GET", "/news?since=0"))
            for _ in range(OF_A_SESSION)
        ]
        os.kill(stage.pid("serve"), signal.SIGTERM)
        for one in streams:  # killed, it would break off
            assert one.status_code == 200
            assert [line async for line in one.aiter_lines() if "retry" in line] == ["retry: 5000"]


async def session_of(stage: Stage, centre: CentreId) -> str:
    """What the browser of a person who has signed in holds."""
    async with transaction(stage.owner_url, OWNER_ROLE, [centre]) as tx:
        counter = Counter(tx, datetime.now(UTC))
        whose = a_person(centre, PersonRole.COORDINATOR, "lv")
        await add(tx, whose, counter.now)
        return await sessions.begin(counter, whose, How.PASSKEY)


async def test_what_moved_is_said_by_a_button_and_shown_when_it_is_pressed(
    house: House, story: Play, somebody: Watched
) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    live, news = page.locator("#live"), page.locator("#news")
    await expect(live).to_have_text("Par izmaiņām paziņo uzreiz")
    await expect(news).to_be_hidden()
    before = await page.locator("li.case").all_inner_texts()
    exchange = await story.ask()
    await expect(news).to_have_text("Sarakstā ir izmaiņas: 1. Parādīt")
    assert await page.locator("li.case").all_inner_texts() == before
    await news.click()
    await expect(page.locator(f"a[href='/records/{exchange}']").first).to_be_attached()
    await expect(news).to_be_hidden()


async def test_a_tab_that_nobody_looks_at_holds_no_stream(
    house: House, story: Play, somebody: Watched
) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    live, news = page.locator("#live"), page.locator("#news")
    await expect(live).to_have_attribute("data-state", "on")
    await page.evaluate(LOOKED_AT, "hidden")
    await expect(live).to_have_text("Par izmaiņām nepaziņo; ielādējiet lapu no jauna")
    await story.ask()
    await expect(news).to_be_hidden()
    await page.evaluate(LOOKED_AT, "visible")
    await expect(news).to_have_text("Sarakstā ir izmaiņas: 1. Parādīt")


async def test_the_board_is_whole_without_scripts(house: House, somebody: Watched) -> None:
    await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    async with following(house, somebody) as http:
        said = (await http.get("/")).text
    assert 'id="news" data-since="' in said
    assert "hidden></button>" in said


@asynccontextmanager
async def following(house: House, somebody: Watched) -> AsyncIterator[httpx.AsyncClient]:
    """A program that shows the browser's session."""
    cookies = {one["name"]: one["value"] for one in await somebody.context.cookies()}
    async with httpx.AsyncClient(base_url=house.url, cookies=cookies, trust_env=False, timeout=30) as http:
        yield http


async def test_a_stream_ends_with_its_session(house: House, story: Play, somebody: Watched) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    await story.ask()
    async with following(house, somebody) as http, http.stream("GET", "/news?since=0") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        said = stream.aiter_lines()
        while not (line := await anext(said)).startswith("data: Sarakstā ir izmaiņas: "):
            assert line in {"", ":", ": ", "retry: 5000", "event: moved"}
        await page.get_by_role("button", name="Iziet").click()
        await page.wait_for_url("**/sign-in*")
        assert [line async for line in said if line] == []  # to its end
        assert (await http.get("/news?since=0")).status_code == 303


async def test_nothing_is_followed_from_nowhere_nor_too_often(house: House, somebody: Watched) -> None:
    await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)
    await somebody.page.goto(f"{house.url}/accessibility")
    async with following(house, somebody) as http, AsyncExitStack() as open_ones:
        for since in ("", "?since=", "?since=-1", "?since=x", f"?since={2**63}", "?since=1e3"):
            assert (await http.get(f"/news{since}")).status_code == 204, since
        for _ in range(OF_A_SESSION):
            stream = await open_ones.enter_async_context(http.stream("GET", "/news?since=0"))
            assert stream.status_code == 200
        assert (await http.get("/news?since=0")).status_code == 204
