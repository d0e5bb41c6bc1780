"""A browser, Debian's own, and an installation whose pages it looks at.

Without one the tests of pages fail with a sentence that says what to do: a skip would hide.
`--without-browser` leaves them out by name and is counted; CI never says it.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from hub.kernel.ids import OVERSIGHT, CentreId
from hub.ops.database import transaction
from hub.people.casework import inviting
from hub.people.casework.inviting import Newcomer
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.plumbing.database import OWNER_ROLE
from tests.conftest import Cluster
from tests.journeys.conftest import playing
from tests.journeys.play import Play
from tests.peers.stage import Stage

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MISSING = (
    "no Chromium: `apt-get install chromium fonts-noto-core`, or HUB_TEST_BROWSER=/path, or leave these tests"
    " out by --without-browser"
)

PUSH_SERVICE = "localhost:1"
"""Where nobody answers: what a browser is told is handed over by the tests themselves."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = os.environ.get("HUB_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    async with async_playwright() as playwright:
        sandbox = os.geteuid() != 0  # root cannot have it
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=sandbox)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def board_stage(cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """By name: a browser keeps no passkey for a number."""
    name = asyncio.run(cluster.create(template))
    url = cluster.url(name)
    push = {"HUB_PUSH_SERVICES": PUSH_SERVICE}
    folder = tmp_path_factory.mktemp("pages")
    with Stage(folder, database_url=url, host="localhost", environment=push) as stage:
        stage.set_up()
        stage.start()
        yield stage
    asyncio.run(cluster.drop(name))


@pytest.fixture(scope="session")
async def story(board_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Play]:
    async with playing(board_stage, tmp_path_factory.mktemp("pages-play")) as play:
        yield play


@dataclass
class House:
    """The installation as those see it who invite and look."""

    play: Play

    @property
    def url(self) -> str:
        return self.play.stage.url

    @property
    def zemgale(self) -> CentreId:
        return CentreId(self.play.requester.credentials.centre)

    @property
    def ligzda(self) -> CentreId:
        return CentreId(self.play.holder.credentials.centre)

    async def invited(
        self, centre: CentreId, name: str, email: str, role: PersonRole = PersonRole.COORDINATOR
    ) -> str:
        """The address of the link, as the operator's command makes it."""
        newcomer = Newcomer(name=name, position="sociālā darbiniece", email=email, role=role)
        async with transaction(self.play.stage.owner_url, OWNER_ROLE, [centre, OVERSIGHT]) as tx:
            link = await inviting.invite_by_operator(Counter(tx, datetime.now(UTC)), centre, newcomer)
        return f"{self.url}/welcome/{link.token}"


@pytest.fixture(scope="session")
def house(story: Play) -> House:
    return House(story)


@dataclass
class Watched:
    """A browser of one person. What it says as an error, and what the policy stopped, fails the test."""

    context: BrowserContext
    page: Page
    wrong: list[str]

    async def authenticator(self) -> str:
        """A device with a passkey store and a finger on it."""
        session = await self.context.new_cdp_session(self.page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        made = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return str(made["authenticatorId"])


@pytest.fixture
async def somebody(browser: Browser) -> AsyncIterator[Watched]:
    context = await browser.new_context(
        locale="lv-LV",
        timezone_id="Europe/Riga",
        viewport={"width": 1440, "height": 1000},
        reduced_motion="reduce",
    )
    page, wrong = await context.new_page(), list[str]()
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield Watched(context, page, wrong)
    await context.close()
    assert wrong == []


async def comes_in(
    house: House, somebody: Watched, centre: CentreId, role: PersonRole, lands_on: str = "/"
) -> Page:
    """A person of a centre, invited and signed in by a passkey; the page is the board."""
    page = somebody.page
    await somebody.authenticator()
    await page.goto(await house.invited(centre, "Ilze Kalniņa", f"{uuid4()}@ligzda.example", role))
    await page.get_by_role("button", name="Viss pareizi, tālāk").click()
    await page.get_by_role("button", name="Izveidot piekļuves atslēgu").click()
    await page.wait_for_url(f"{house.url}{lands_on}")
    return page
