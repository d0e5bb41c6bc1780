"""A browser that tells what is urgent: added on a click, shown, removed; what its worker makes of a message.

Chromium cannot reach its vendor's service here, so the subscription itself is played, by a script that keeps
it as a browser does; permission, worker, message and what is shown are Chromium's own.
"""

import asyncio
import hashlib
import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Browser, CDPSession, Page, Worker, expect

from hub.kernel.ids import CentreId
from hub.people.person import PersonRole
from tests.pages.conftest import PUSH_SERVICE, House, Watched, comes_in
from tests.pages.test_board import look
from tests.pages.test_doors import ABSENT, OWN, places, signed_in, token_on
from tests.peers.push_service import SubscribedBrowser

ADD = "Sūtīt ziņas uz šo ierīci"
REMOVE = "Vairs nesūtīt"
SUBSCRIPTIONS = """
  const kept = 'played-subscription', said = SUBSCRIPTION;
  const made = () => ({endpoint: said.endpoint, toJSON: () => said,
    unsubscribe: async () => { localStorage.removeItem(kept); return true; }});
  PushManager.prototype.getSubscription = async () => localStorage.getItem(kept) ? made() : null;
  PushManager.prototype.subscribe = async options => {
    localStorage.setItem(kept, JSON.stringify([options.userVisibleOnly, options.applicationServerKey]));
    return made();
  };
"""
SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration('/telling/')).getNotifications())
  .map(one => ({title: one.title, body: one.body, tag: one.tag, lang: one.lang, data: one.data}))"""
TOUCH = """async () => {
  self.opened = [];
  self.Clients.prototype.openWindow = async address => { opened.push(address); };
  for (const notification of await registration.getNotifications()) {
    const event = new NotificationEvent('notificationclick', {notification});
    const ended = [];
    event.waitUntil = promise => ended.push(promise);
    dispatchEvent(event);
    await Promise.all(ended);
  }
  return opened;
}"""


def browser_of() -> SubscribedBrowser:
    return SubscribedBrowser(f"https://{PUSH_SERVICE}/push/{uuid4()}")


def digest_of(which: SubscribedBrowser) -> bytes:
    return hashlib.sha256(which.endpoint.encode()).digest()


def name_of(which: SubscribedBrowser) -> str:
    return urlsafe_b64encode(digest_of(which)).decode()


async def plays(somebody: Watched, which: SubscribedBrowser) -> None:
    """From the next page on the browser subscribes as this one."""
    script = SUBSCRIPTIONS.replace("SUBSCRIPTION", json.dumps(which.json()), 1)
    await somebody.context.add_init_script(f"if (self.PushManager) {{{script}}}")


async def adds(page: Page, house: House, label: str) -> None:
    await page.goto(f"{house.url}/telling")
    await page.get_by_label("Kā saukt šo ierīci").fill(label)
    await page.get_by_role("button", name=ADD).click()
    row = page.get_by_role("listitem").filter(has_text=label)
    await expect(row).to_contain_text("(šajā pārlūkā)")


@pytest.fixture
async def worker(house: House, somebody: Watched) -> Page:
    await somebody.context.grant_permissions(["notifications"], origin=house.url)
    return await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)


async def test_a_browser_is_added_on_a_click_and_shown_and_taken_back(
    house: House, somebody: Watched, worker: Page
) -> None:
    which = browser_of()
    await plays(somebody, which)
    await worker.goto(f"{house.url}/telling")
    await look(worker, "telling without a browser")
    assert await worker.evaluate("navigator.serviceWorker.getRegistration('/telling/')") is None
    await adds(worker, house, "darba telefons")
    visible, key = json.loads(await worker.evaluate("localStorage.getItem('played-subscription')"))
    assert visible is True
    shown = worker.locator("[data-browsers]")
    await expect(shown.locator(f'[data-browser="{name_of(which)}"]')).to_contain_text("ziņu vēl nav bijis")
    await expect(worker.get_by_role("button", name=ADD)).to_be_hidden()
    form = worker.locator("[data-push]")
    assert await form.get_attribute("data-push") == key
    await look(worker, "telling with a browser")
    await worker.get_by_role("button", name=REMOVE).click()
    await expect(shown.get_by_role("listitem")).to_have_count(0)
    await expect(worker.get_by_role("button", name=ADD)).to_be_enabled()
    assert await worker.evaluate("localStorage.getItem('played-subscription')") is None


TOLD = """
    UPDATE hub.subscription SET outcome = $2, told_at = now(), push_key = 'older' WHERE digest = $1
    RETURNING tenant_id, person_id
"""


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("taken", "Pieņemta nosūtīšanai"), ("away", "neatbildēja"), ("refused", "nepieņēma")],
)
async def test_what_became_of_the_last_message_and_what_was_sent_is_shown(
    house: House, somebody: Watched, worker: Page, outcome: str, said: str
) -> None:
    """By an older key of the hub's too: then the browser may be added once more."""
    which = browser_of()
    await plays(somebody, which)
    await adds(worker, house, "vecais telefons")
    ((centre, who),) = await house.play.sql(TOLD, digest_of(which), outcome)
    for way, named in (("letter", 3), ("push", 11)):
        await house.play.sql(
            "INSERT INTO hub.morning VALUES ($1, $2, current_date, $3, now(), $4)", centre, who, named, way
        )
    await worker.reload()
    row = worker.get_by_role("listitem").filter(has_text="vecais telefons")
    await expect(row).to_contain_text(said)
    await expect(row).to_contain_text("Saiknei ir jauna atslēga")
    await expect(worker.get_by_role("button", name=ADD)).to_be_enabled()
    sent = worker.get_by_role("listitem")
    await expect(sent.filter(has_text="Vēstule: 3 pienākumi")).to_be_visible()
    await expect(sent.filter(has_text="Ziņa ierīcē: 11 pienākumu")).to_be_visible()
    await look(worker, f"telling {outcome}")


async def test_a_browser_that_was_removed_elsewhere_forgets_by_itself(
    house: House, somebody: Watched, worker: Page
) -> None:
    which = browser_of()
    await plays(somebody, which)
    await adds(worker, house, "mājas dators")
    form = {"token": token_on(await worker.content()), "browser": name_of(which)}
    cookies = {one["name"]: one["value"] for one in await somebody.context.cookies()}
    async with httpx.AsyncClient(base_url=house.url, cookies=cookies, trust_env=False) as elsewhere:
        assert (await elsewhere.post("/telling/browsers/remove", data=form, headers=OWN)).status_code == 303
    await worker.reload()
    await expect(worker.get_by_role("button", name=ADD)).to_be_enabled()
    await worker.wait_for_function("localStorage.getItem('played-subscription') === null")


async def test_who_says_no_to_the_browser_is_told_how_to_say_yes(house: House, somebody: Watched) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)
    await somebody.context.add_init_script(
        "Notification.requestPermission = async () => 'denied';"
        "Object.defineProperty(Notification, 'permission', {get: () => 'default'});"
    )
    await page.goto(f"{house.url}/telling")
    await page.get_by_role("button", name=ADD).click()
    await expect(page.get_by_role("alert")).to_contain_text("Atļaujiet tās pārlūka iestatījumos")
    await look(page, "telling denied")


async def test_without_scripts_the_page_says_what_it_needs_and_removes_all_the_same(
    house: House, browser: Browser
) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.SOCIAL_WORKER, language="lv") as caller:
        which = browser_of()
        await kept(caller, which)
        context = await browser.new_context(java_script_enabled=False, locale="lv-LV")
        await context.add_cookies(
            [{"name": "saikne", "value": str(caller.cookies["saikne"]), "url": house.url}]
        )
        page = await context.new_page()
        await page.goto(f"{house.url}/telling")
        await expect(page.get_by_role("button", name=ADD)).to_be_disabled()
        await expect(page.locator("[data-note=unable]")).to_contain_text("JavaScript")
        await expect(page.get_by_role("listitem").filter(has_text="pa HTTP")).to_be_visible()
        await page.get_by_role("button", name=REMOVE).click()
        await expect(page.get_by_role("listitem").filter(has_text="pa HTTP")).to_have_count(0)
        await context.close()


async def key_on(caller: httpx.AsyncClient) -> str:
    page = (await caller.get("/telling")).text
    return page.partition('data-key="')[2].partition('"')[0]


async def kept(caller: httpx.AsyncClient, which: SubscribedBrowser, **changes: Any) -> httpx.Response:
    said = {"subscription": which.json(), "key": await key_on(caller), "label": "pa HTTP", **changes}
    return await caller.post("/telling/browsers", json=said, headers=OWN)


async def test_each_refusal_has_its_code_and_its_number(house: House) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.SOCIAL_WORKER) as caller:
        for said, status, code in (
            ({"subscription": SubscribedBrowser("https://127.0.0.1/x").json()}, 422, "push-service-unknown"),
            ({"subscription": SubscribedBrowser("http://localhost:1/x").json()}, 422, "push-service-unknown"),
            ({"subscription": {}}, 422, "subscription-malformed"),
            ({"key": "x"}, 422, "subscription-malformed"),
        ):
            answer = await kept(caller, browser_of(), **said)
            assert answer.status_code == status
            assert f"people.{code}" in answer.text
        for _ in range(10):
            assert (await kept(caller, browser_of())).json() == {"ok": True}
        eleventh = await kept(caller, browser_of())
        assert eleventh.status_code == 409
        assert "people.too-many-subscriptions" in eleventh.text
        large = await caller.post("/telling/browsers", json={"x": "y" * 40_000}, headers=OWN)
        assert large.status_code == 413


@pytest.mark.parametrize("who", ["overseer", "operator"])
async def test_those_who_owe_nothing_are_offered_nothing(house: House, who: str) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.SOCIAL_WORKER) as caller:
        key = await key_on(caller)
    async with await signed_in(house, *places(house)[who]) as caller:
        page = await caller.get("/telling")
        assert "data-push" not in page.text
        assert (await kept(caller, browser_of(), key=key)).status_code == 403


async def test_a_coordinator_removes_a_lost_device_of_the_centres_people_and_of_nobody_elses(
    house: House, somebody: Watched
) -> None:
    boss = await comes_in(house, somebody, house.zemgale, PersonRole.COORDINATOR)
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as worker:
        which = browser_of()
        await kept(worker, which, label="pazudis telefons")
        neighbour = CentreId(house.play.stranger.credentials.centre)
        async with await signed_in(house, neighbour, PersonRole.COORDINATOR) as stranger:
            page = (await stranger.get("/people")).text
            assert "pazudis telefons" not in page
            address = await row_address(boss, house)
            form = {"token": token_on(page), "browser": name_of(which)}
            for place in (address, f"/people/{ABSENT}/browser/remove"):
                assert (await stranger.post(place, data=form, headers=OWN)).status_code == 404
        form = {"token": token_on((await worker.get("/telling")).text), "browser": name_of(which)}
        assert (await worker.post(address, data=form, headers=OWN)).status_code == 403
        await look(boss, "people with a browser")
        lost = boss.locator(".more").filter(has_text="pazudis telefons")
        await lost.get_by_role("button", name=REMOVE).click()
        await expect(boss.locator(".more").filter(has_text="pazudis telefons")).to_have_count(0)
        assert "pazudis telefons" not in (await worker.get("/telling")).text


async def row_address(page: Page, house: House) -> str:
    await page.goto(f"{house.url}/people")
    form = page.locator(".more").filter(has_text="pazudis telefons").locator("form")
    return str(await form.get_attribute("action"))


async def test_signing_out_everywhere_takes_every_browser_back(house: House) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.SOCIAL_WORKER) as caller:
        which = browser_of()
        await kept(caller, which)
        token = token_on((await caller.get("/telling")).text)
        await caller.post("/sign-out", data={"token": token, "everywhere": "1"}, headers=OWN)
    found = await house.play.sql("SELECT FROM hub.subscription WHERE digest = $1", digest_of(which))
    assert found == []


async def test_a_suspended_person_has_no_browser_within_a_second(house: House) -> None:
    async with (
        await signed_in(house, house.zemgale, PersonRole.COORDINATOR) as boss,
        await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as worker,
    ):
        which = browser_of()
        await kept(worker, which, label="apturētā")
        page = (await boss.get("/people")).text
        address = page.partition("apturētā")[2].partition('action="')[2].partition('/browser/remove"')[0]
        begun = time.monotonic()
        form = {"token": token_on(page), "deed": "suspend"}
        assert (await boss.post(address, data=form, headers=OWN)).status_code == 303
        left = await house.play.sql("SELECT FROM hub.subscription WHERE digest = $1", digest_of(which))
        assert left == []
        assert time.monotonic() - begun < 1
        assert (await kept(worker, browser_of(), key="x")).status_code == 303


@dataclass
class Workers:
    """Chromium's own door to the workers of a page: it brings them messages as a push service would."""

    session: CDPSession
    known: dict[str, str] = field(default_factory=dict)

    async def watch(self) -> None:
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._note)
        await self.session.send("ServiceWorker.enable")

    def _note(self, said: dict[str, Any]) -> None:
        self.known |= {one["scopeURL"]: one["registrationId"] for one in said["registrations"]}

    async def push(self, house: House, data: str) -> None:
        for _ in range(100):
            if (number := self.known.get(f"{house.url}/telling/")) is not None:
                break
            await asyncio.sleep(0.05)
        said = {"origin": house.url, "registrationId": number, "data": data}
        await self.session.send("ServiceWorker.deliverPushMessage", said)


@pytest.fixture
async def workers(somebody: Watched) -> Workers:
    workers = Workers(await somebody.context.new_cdp_session(somebody.page))
    await workers.watch()
    return workers


MESSAGE = {
    "title": "Saikne: 1 steidzams pienākums",
    "body": "AG-7741-B1: termiņš 16.11.2026., nokavēts par 2 darbdienām",
    "address": f"/records/{ABSENT}",
    "lang": "lv",
    "tag": "morning",
}


async def shown(page: Page, count: int) -> list[dict[str, Any]]:
    for _ in range(100):
        found: list[dict[str, Any]] = await page.evaluate(SHOWN)
        if len(found) == count:
            break
        await asyncio.sleep(0.05)
    return found


async def test_a_message_is_shown_and_a_touch_opens_its_page(
    house: House, somebody: Watched, worker: Page, workers: Workers
) -> None:
    await plays(somebody, browser_of())
    await adds(worker, house, "darba dators")
    await workers.push(house, json.dumps(MESSAGE))
    (one,) = await shown(worker, 1)
    assert one == {name: MESSAGE[name] for name in ("title", "body", "tag", "lang")} | {
        "data": MESSAGE["address"]
    }
    await workers.push(house, json.dumps({**MESSAGE, "title": "Saikne: 2 steidzami pienākumi"}))
    for _ in range(100):
        (newest,) = await worker.evaluate(SHOWN)
        if newest["title"].startswith("Saikne: 2"):
            break
        await asyncio.sleep(0.05)
    assert newest["title"] == "Saikne: 2 steidzami pienākumi", "the newer takes the place of the older"
    (at_work,) = somebody.context.service_workers
    assert await at_work.evaluate(TOUCH) == [f"{house.url}/records/{ABSENT}"]
    assert await shown(worker, 0) == []


@pytest.mark.parametrize(
    "data", ["", "not JSON", '{"address": "https://evil.example/"}', '{"address": "//x.y"}']
)
async def test_a_message_that_is_none_of_ours_leads_to_the_board_at_most(
    house: House, somebody: Watched, worker: Page, workers: Workers, data: str
) -> None:
    await plays(somebody, browser_of())
    await adds(worker, house, "darba dators")
    await workers.push(house, data)
    (one,) = await shown(worker, 1)
    assert one["title"] == "Saikne"
    (at_work,) = somebody.context.service_workers
    assert await at_work.evaluate(TOUCH) == [f"{house.url}/"]


async def test_the_worker_stands_in_front_of_no_page(house: House, somebody: Watched, worker: Page) -> None:
    await plays(somebody, browser_of())
    await adds(worker, house, "darba dators")
    at_work: Worker = somebody.context.service_workers[0]
    assert at_work.url == f"{house.url}/telling/push-worker.js"
    for address in ("/", "/telling", "/ways"):
        await worker.goto(f"{house.url}{address}")
        assert await worker.evaluate("navigator.serviceWorker.controller") is None
    answer = await worker.request.get(f"{house.url}/telling/push-worker.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
