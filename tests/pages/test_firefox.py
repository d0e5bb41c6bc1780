"""The pages in Debian's Firefox: coming in by password and code, the board, news, a file."""

import io
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pyotp
import pytest

from tests.journeys.play import Play
from tests.pages.conftest import House
from tests.peers.firefox import Firefox, firefox

PASSWORD = "trīs zaļas egles pie ezera"  # invented
MISSING = (
    "no Firefox: `apt-get install firefox-esr`, or HUB_TEST_FIREFOX=/path, or leave these tests out by"
    " --without-browser"
)


@pytest.fixture
async def other_browser(tmp_path: Path) -> AsyncIterator[Firefox]:
    program = os.environ.get("HUB_TEST_FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.fail(MISSING, pytrace=False)
    async with firefox(program, tmp_path) as browser:
        yield browser


async def test_a_person_comes_in_sees_the_board_and_saves_it(
    house: House, story: Play, other_browser: Firefox
) -> None:
    page, email = other_browser, "firefox@ligzda.example"
    await page.visit(await house.invited(house.ligzda, "Rita Balode", email))
    await page.press("main form button")
    await page.press("main details summary")
    app = pyotp.TOTP((await page.text(".mono")).strip())
    await page.type("input[name=password]", PASSWORD)
    await page.type("input[name=code]", app.at(datetime.now(UTC) - timedelta(seconds=30)))
    await page.press("main details form button, main form:has(input[name=password]) button")
    await page.says("h1", "Kā Jūs ienākat")
    await page.press("form[action='/sign-out'] button")

    await page.says("h1", "Ienākt Saiknē")
    await page.press("form[action='/sign-in'] details summary")
    await page.type("input[name=email]", email)
    await page.type("form[action='/sign-in'] input[name=password]", PASSWORD)
    await page.type("input[name=code]", app.now())
    await page.press("form[action='/sign-in'] details button")
    await page.find("#live[data-state=on]")
    await page.says("h1", "Darāmais")

    exchange = await story.ask()
    assert (await page.text("#news:not([hidden])")) == "Sarakstā ir izmaiņas: 1. Parādīt"
    await page.press("#news")
    await page.press(f"a[href='/records/{exchange}']")
    await page.says(".timeline", "Pieprasījums")

    await page.visit(house.url)
    await page.press("a[href^='/board.xlsx']")
    with ZipFile(io.BytesIO(await page.downloaded("*.xlsx"))) as book:
        assert str(exchange) in book.read("xl/sharedStrings.xml").decode()
