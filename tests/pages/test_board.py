"""The board as a coordinator sees it: what is owed, one record, who looks; and nothing of what is others'."""

import os
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from hub.kernel.ids import OPERATOR
from hub.people.person import PersonRole
from saikne import compose
from saikne_schemas.family_moves import BeginFamilyMove
from tests.journeys.play import Play
from tests.pages.conftest import House, Watched, comes_in

BY_SCHEME: dict[Literal["light", "dark"], list[str]] = {
    "light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "dark": ["color-contrast", "link-in-text-block"],
}
"""The same page in other colours can only be wrong in its colours."""
SHOTS = os.environ.get("HUB_TEST_SHOTS")
"""A folder: then every page that is looked at is kept as a picture."""


async def look(page: Page, name: str) -> None:
    """Nothing that axe finds, light and dark, and no wider than the window at any width."""
    for scheme, rules in BY_SCHEME.items():
        await page.emulate_media(color_scheme=scheme)
        found = await Axe().run(page, options={"runOnly": rules})
        said = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]]
        assert said == [], name
        assert found.response["passes"], name
    for width in (1440, 768, 390, 320):
        await page.set_viewport_size({"width": width, "height": 900})
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{name} at {width}"
        if SHOTS:
            await page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    await page.set_viewport_size({"width": 1440, "height": 1000})
    await page.emulate_media(color_scheme="light")


@pytest.fixture
async def coordinator(house: House, somebody: Watched) -> Page:
    return await comes_in(house, somebody, house.ligzda, PersonRole.COORDINATOR)


async def test_what_is_owed_is_listed_and_opened(story: Play, coordinator: Page) -> None:
    exchange = await story.ask()
    page = coordinator
    await page.reload()
    row = page.get_by_role("listitem").filter(has_text="Jāizsniedz vai jānosūta kopijas").last
    await expect(row).to_contain_text("10 darbdienu")
    await look(page, "board")
    await row.get_by_role("link", name="Atvērt").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.goto(f"{story.stage.url}/records/{exchange}")
    await expect(page.locator(".act")).to_contain_text("Jāizsniedz vai jānosūta kopijas")
    await expect(page.locator(".timeline")).to_contain_text("Pieprasījums")
    await look(page, "record")


async def test_every_other_page_is_whole(house: House, story: Play, coordinator: Page) -> None:
    page = coordinator
    move = compose(
        BeginFamilyMove,
        new=story.requester.credentials.centre,
        previous=story.holder.credentials.centre,
        family="AG-2041",
        agreement="VL-14/2026",
        agreed_on=date(2026, 11, 2),
        territory="LV-111",
    )
    begun = await story.requester.tell(move)
    for name, address in (
        ("move", f"/records/{begun.matter}"),
        ("people", "/people"),
        ("ways", "/ways"),
        ("accessibility", "/accessibility"),
        ("awaited", "/?when=awaited"),
        ("empty", "/?when=late"),
        ("narrowed", "/?kind=answer&order=newest"),
        ("calendar", "/calendar?month=2026-12"),
        ("week", "/calendar?week=2026-12-08"),
        ("feed", "/calendar/feed"),
        ("telling", "/telling"),
        ("centre", "/centre"),
        ("figures", "/figures"),
        ("found", "/find?what=AG"),
        ("nothing found", "/find?what=XY"),
    ):
        await page.goto(f"{house.url}{address}")
        await look(page, name)


async def test_who_keeps_the_hub_sees_what_waits_and_who_takes_part(house: House, somebody: Watched) -> None:
    page = await comes_in(house, somebody, OPERATOR, PersonRole.OPERATOR, lands_on="/keeping")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Saiknes uzturēšana")
    await expect(page.locator("#centres + p")).to_contain_text("centr")
    await expect(page.get_by_role("listitem").filter(has_text="Ligzda").last).to_contain_text("piedalās")
    await look(page, "keeping")
