"""People come in through the hub to their centre's own system: over HTTP, and in a browser."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit
from uuid import UUID

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from playwright.async_api import Page, expect

from hub.access.store import admit_key
from hub.board.pages import POLICY
from hub.board.routes.systems import MINUTES
from hub.evidence.store import page as events
from hub.kernel.ids import OPERATOR, CentreId
from hub.ops.database import transaction
from hub.people import store
from hub.people.casework import inviting
from hub.people.casework.inviting import Given
from hub.people.casework.sessions import key_of
from hub.people.office import Counter
from hub.people.person import PersonId, PersonRole
from hub.people.session import PROVED
from hub.plumbing.database import OWNER_ROLE
from saikne.statements import wire_bytes
from saikne_schemas.agreements import ProposeAgreement
from saikne_schemas.enrolment import PublicKey
from saikne_schemas.manifests import RequestForCopies
from saikne_schemas.vocabulary import ExchangeKind
from tests.journeys.play import HUB_SMS, ByHand
from tests.journeys.test_agreements import proposal
from tests.pages.conftest import House, Watched, comes_in
from tests.pages.test_board import look
from tests.pages.test_doors import OWN, places, signed_in, token_on
from tests.pages.test_signing_in import press, said
from tests.peers.relying_system import RelyingSystem, relying_system

REQUEST = re.compile(r'name="request_uri" value="([^"]+)"')


@pytest.fixture(scope="module")
async def system(house: House) -> AsyncIterator[RelyingSystem]:
    """Zemgale's own; its key is admitted, and its address added by a coordinator."""
    hands = await house.play.by_hand(house.play.requester)
    async with relying_system(hands.system) as system:
        key = PublicKey.model_validate_json(json.dumps(system.public_key()))
        async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.zemgale]) as tx:
            await admit_key(tx, centre=house.zemgale, key=key, now=datetime.now(UTC))
        async with await signed_in(house, house.zemgale, PersonRole.COORDINATOR) as browser:
            assert (await change(browser, system.back)).headers["Location"] == "/centre"
        yield system


async def change(browser: httpx.AsyncClient, address: str, deed: str = "add") -> httpx.Response:
    form = {"token": token_on((await browser.get("/centre")).text), "address": address, "deed": deed}
    return await browser.post("/centre/addresses", data=form, headers=OWN)


async def decide(browser: httpx.AsyncClient, address: str, deed: str = "approve") -> httpx.Response:
    """As the form of the page does it."""
    shown = (await browser.get(address)).text
    named = REQUEST.search(shown)
    assert named, shown
    form = {"token": token_on(shown), "request_uri": named[1], "deed": deed}
    form |= {"client_id": dict(parse_qsl(urlsplit(address).query))["client_id"]}
    return await browser.post("/oauth/authorize", data=form, headers=OWN)


async def person_of(house: House, browser: httpx.AsyncClient) -> PersonId:
    async with transaction(house.play.stage.owner_url, OWNER_ROLE) as tx:
        row = await store.find_session(tx, key_of(browser.cookies["saikne"]))
    assert row is not None
    return row.person_id


async def come_in(system: RelyingSystem, browser: httpx.AsyncClient) -> str:
    """A person approves, and the system has a token."""
    answer = await decide(browser, await system.pushed())
    assert answer.status_code == 303, answer.text
    token: str = (await system.taken(answer.headers["Location"]))["access_token"]
    return token


def hands_with(house: House, system: RelyingSystem, token: str) -> ByHand:
    return ByHand(system.centre, house.play.http, token)


def told(answer: httpx.Response) -> str:
    return "welcome" if answer.is_success else str(answer.json()["code"])


async def test_the_answer_goes_to_the_system_with_the_hubs_name_and_once(
    house: House, system: RelyingSystem
) -> None:
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        address = await system.pushed()
        answer = await decide(browser, address)
        assert answer.status_code == 303
        back, said_there = answer.headers["Location"].split("?")
        brought = dict(parse_qsl(said_there))
        assert back == system.back
        assert brought.keys() == {"code", "state", "iss"}
        assert (brought["iss"], brought["state"] in system.kept) == (house.url, True)
        assert (await browser.get(address)).status_code == 410, "a request is decided once"
        token = await system.taken(answer.headers["Location"])
        person = await person_of(house, browser)
        shown = await system.who(token["access_token"])
        assert (shown["sub"], shown["client_id"]) == (str(person), str(house.zemgale))
        assert (shown["name"], shown["position"]) == ("Rita Balode", "psiholoģe")
        assert shown["username"].endswith("@ligzda.example")
        assert "refresh_token" not in token


async def test_whoever_says_no_sends_nothing_but_that(house: House, system: RelyingSystem) -> None:
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        address = await system.pushed()
        answer = await decide(browser, address, "decline")
        brought = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
        assert answer.headers["Location"].startswith(f"{system.back}?")
        assert brought.keys() == {"error", "state", "iss"}
        assert brought["error"] == "access_denied"
        assert (await browser.get(address)).status_code == 410


async def test_nobody_is_sent_away_by_a_request_that_was_not_pushed(
    house: House, system: RelyingSystem
) -> None:
    pushed = await system.pushed()
    evil = quote("https://evil.example/", safe="")
    asked, client = f"{house.url}/oauth/authorize", f"client_id={house.zemgale}"
    name = dict(parse_qsl(urlsplit(pushed).query))["request_uri"]
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        for address, status in (
            (asked, 400),
            (f"{asked}?{client}", 400),
            (f"{asked}?request_uri={name}", 400),
            (f"{pushed}&redirect_uri={evil}", 400),
            (f"{pushed}&state=x", 400),
            (f"{pushed}&{client}", 400),
            (f"{asked}?{client}&response_type=code&redirect_uri={evil}", 400),
            (f"{asked}?{client}&request={evil}", 400),
            (f"{asked}?{client}&request_uri={evil}", 410),
            (f"{asked}?{client}&request_uri={name}x", 410),
            (f"{asked}?client_id={house.ligzda}&request_uri={name}", 410),
        ):
            answer = await browser.get(address)
            assert (answer.status_code, "Location" in answer.headers) == (status, False), address
            assert "evil" not in answer.text
            assert answer.headers["Content-Security-Policy"] == POLICY
        assert (await browser.get(pushed)).status_code == 200, "it is whole still"


async def test_a_page_leads_to_the_place_of_its_request_and_to_no_other(
    house: House, system: RelyingSystem
) -> None:
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        policy = (await browser.get(await system.pushed())).headers["Content-Security-Policy"]
        assert policy == POLICY.replace("form-action 'self'", f"form-action 'self' {system.url}")
        assert (await browser.get("/centre")).headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("who", ["coordinator", "neighbour", "overseer", "operator"])
async def test_a_system_gets_nobody_of_another_centre(house: House, system: RelyingSystem, who: str) -> None:
    """A page says so, and leads back without a code, whatever is sent from it."""
    async with await signed_in(house, *places(house)[who]) as browser:
        address = await system.pushed()
        shown = await browser.get(address)
        assert shown.status_code == 403
        assert 'value="approve"' not in shown.text
        answer = await decide(browser, address, "approve")
        assert dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["error"] == "access_denied"


async def test_whoever_signs_in_first_comes_back_to_the_request(house: House, system: RelyingSystem) -> None:
    address = await system.pushed()
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as stranger:
        answer = await stranger.get(address)
    following = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))["next"]
    assert answer.headers["Location"].startswith("/sign-in?next=")
    async with await signed_in(house, house.zemgale, PersonRole.COORDINATOR) as browser:
        assert (await browser.get(following)).status_code == 200


async def test_a_form_from_elsewhere_lets_nobody_in(house: House, system: RelyingSystem) -> None:
    address = await system.pushed()
    async with await signed_in(house, house.zemgale, PersonRole.COORDINATOR) as browser:
        shown = (await browser.get(address)).text
        form = dict(parse_qsl(urlsplit(address).query)) | {"deed": "approve", "token": token_on(shown)}
        for headers, changed, status in (
            ({}, {}, 403),
            ({"Sec-Fetch-Site": "cross-site"}, {}, 403),
            ({"Sec-Fetch-Site": "same-site"}, {}, 403),
            (OWN, {"token": "0" * 64}, 403),
            (OWN, {"deed": ""}, 400),
            (OWN, {"request_uri": "x"}, 410),
            (OWN, {"client_id": str(house.ligzda)}, 410),
        ):
            answer = await browser.post("/oauth/authorize", data=form | changed, headers=headers)
            assert (answer.status_code, "Location" in answer.headers) == (status, False)
        answer = await browser.post("/oauth/authorize", data=form, headers=OWN)
        assert answer.headers["Location"].startswith(system.back)


ENDS = ["suspended", "another role", "out everywhere"]


@pytest.mark.parametrize("how", ENDS)
async def test_what_was_approved_ends_with_the_person(house: House, system: RelyingSystem, how: str) -> None:
    async with (
        await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser,
        await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as another,
    ):
        person, other = await person_of(house, browser), await come_in(system, another)
        token = await come_in(system, browser)
        hands, others = hands_with(house, system, token), hands_with(house, system, other)
        assert told(await hands.get("/v1/exchanges")) == "welcome"
        under_way = (await decide(browser, await system.pushed())).headers["Location"]
        if how == "out everywhere":
            form = {"token": token_on((await browser.get("/ways")).text), "everywhere": "1"}
            await browser.post("/sign-out", data=form, headers=OWN)
        else:
            async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.zemgale]) as tx:
                counter, given = Counter(tx, datetime.now(UTC)), Given(PersonRole.COORDINATOR, None)
                if how == "suspended":
                    await inviting.suspend(counter, house.zemgale, person, None)
                else:
                    await inviting.may_do(counter, house.zemgale, person, given, OVERSEEN)
        assert told(await hands.get("/v1/exchanges")) == "access.token-revoked"
        assert (await system.who(token)) == {"active": False}
        with pytest.raises(OAuthError, match="invalid_grant"):
            await system.taken(under_way)
        assert told(await others.get("/v1/exchanges")) == "welcome", "another person's goes on"


OVERSEEN = PersonId(UUID("00000000-0000-4000-8000-000000000001"))
"""Somebody else, who gives roles."""


async def test_to_sign_out_here_ends_nothing_there(house: House, system: RelyingSystem) -> None:
    """Nor does proving it again, which begins another session."""
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        token = await come_in(system, browser)
        form = {"token": token_on((await browser.get("/ways")).text)}
        assert (await browser.post("/sign-out", data=form, headers=OWN)).status_code == 303
        assert told(await hands_with(house, system, token).get("/v1/exchanges")) == "welcome"


async def test_whoever_was_suspended_meanwhile_approves_nothing(house: House, system: RelyingSystem) -> None:
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        address, person = await system.pushed(), await person_of(house, browser)
        shown = (await browser.get(address)).text
        async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.zemgale]) as tx:
            await inviting.suspend(Counter(tx, datetime.now(UTC)), house.zemgale, person, None)
        form = dict(parse_qsl(urlsplit(address).query)) | {"deed": "approve", "token": token_on(shown)}
        answer = await browser.post("/oauth/authorize", data=form, headers=OWN)
        assert answer.headers["Location"].startswith("/sign-in")


async def test_a_statement_names_centre_and_person_and_goes_as_far_as_the_person(
    house: House, system: RelyingSystem
) -> None:
    request, again = (
        house.play.request(HUB_SMS, ExchangeKind.CHILD_IAP, children=[f"SI-2001-{one}"])
        for one in ("B1", "B2")
    )
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        person, hands = (
            await person_of(house, browser),
            hands_with(house, system, await come_in(system, browser)),
        )
        assert told(await hands.post(RequestForCopies.goes_to, wire_bytes(request))) == "welcome"
        agreement = wire_bytes(proposal(house.play))
        assert told(await hands.post(ProposeAgreement.goes_to, agreement)) == "access.person-may-not"
    async with await signed_in(house, house.zemgale, PersonRole.COORDINATOR) as browser:
        hands = hands_with(house, system, await come_in(system, browser))
        assert told(await hands.post(ProposeAgreement.goes_to, agreement)) == "welcome"
    own = await house.play.by_hand(house.play.requester)
    assert told(await own.post(RequestForCopies.goes_to, wire_bytes(again))) == "welcome"
    for centre in (house.zemgale, house.ligzda):
        async with transaction(house.play.stage.owner_url, OWNER_ROLE, [centre]) as tx:
            said_there = [json.loads(one.body) for one in await events(tx, centre, 0, 10_000)]
        by = {one["statement"]["id"]: one for one in said_there if "statement" in one}
        assert by[str(request.id)]["person"] == str(person)
        assert by[str(request.id)]["author"] == str(house.zemgale)
        assert "person" not in by[str(again.id)], "the system by itself names nobody"


async def test_addresses_are_the_managers_to_change_after_a_fresh_proof(
    house: House, system: RelyingSystem
) -> None:
    async with await signed_in(house, house.zemgale, PersonRole.SOCIAL_WORKER) as browser:
        page = (await browser.get("/centre")).text
        assert system.back in page
        assert "/centre/addresses" not in page
        assert (await change(browser, "https://a.example/")).status_code == 403
    ago = PROVED + timedelta(seconds=30)
    async with await signed_in(house, house.zemgale, PersonRole.COORDINATOR, ago=ago) as browser:
        assert (await change(browser, "https://a.example/")).headers["Location"] == "/prove?next=/centre"
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        assert system.back not in (await browser.get("/centre")).text
        await change(browser, system.back, "remove")
    assert (await system.pushed()).startswith(house.url), "another centre removes nothing"


async def test_addresses_are_few_exact_and_told_on_the_chain(house: House) -> None:
    stranger = CentreId(house.play.stranger.credentials.centre)
    async with await signed_in(house, stranger, PersonRole.COORDINATOR) as browser:
        wrong = await change(browser, "http://sistema.example/")
        assert (wrong.status_code, "cannot be added" in wrong.text) == (422, True)
        every = [f"https://sistema.example/{number}" for number in range(10)]
        for address in [*every, every[0]]:
            assert (await change(browser, address)).status_code == 303
        over = await change(browser, "https://sistema.example/10")
        assert (over.status_code, "too many addresses" in over.text) == (409, True)
        assert (await change(browser, every[0], "remove")).status_code == 303
        page = (await browser.get("/centre")).text
        assert [address for address in every if f">{address}<" in page] == every[1:]
        person = str(await person_of(house, browser))
        for address in every[1:]:
            await change(browser, address, "remove")
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [stranger]) as tx:
        kept = [one for one in await events(tx, stranger, 0, 10_000) if "return_address" in one.kind]
    assert [one.kind.rpartition(".")[2] for one in kept] == ["added"] * 10 + ["removed"] * 10
    assert {json.loads(one.body)["by"] for one in kept} == {person}
    assert json.loads(kept[0].body)["address"] == every[0]


async def test_who_keeps_the_hub_has_no_system(house: House) -> None:
    async with await signed_in(house, OPERATOR, PersonRole.OPERATOR) as browser:
        token = token_on((await browser.get("/people")).text)
        form = {"token": token, "address": "https://a.example/", "deed": "add"}
        assert (await browser.post("/centre/addresses", data=form, headers=OWN)).status_code == 403


async def test_a_person_comes_in_by_a_browser_and_the_system_acts_in_that_name(
    house: House, system: RelyingSystem, somebody: Watched
) -> None:
    page = await comes_in(house, somebody, house.zemgale, PersonRole.COORDINATOR)
    await page.goto(f"{house.url}/centre")
    await expect(page.get_by_role("region", name="Centra sistēmas adreses")).to_contain_text(system.back)
    await look(page, "centre-system")
    await press(page, "Iziet")

    async def begins(there: Page) -> None:
        await there.goto(system.url)
        await there.get_by_role("link", name="Ienākt ar Saikni").click()

    await begins(page)
    await said(page, "Ienākt Saiknē")
    await press(page, "Ienākt ar piekļuves atslēgu")
    await said(page, "Centra sistēma lūdz Jūsu atļauju")
    facts = page.get_by_role("region", name="Par ko tiek lūgts")
    await expect(facts).to_contain_text(urlsplit(system.url).netloc)
    await expect(facts).to_contain_text("Ilze Kalniņa, sociālā darbiniece")
    await expect(facts).to_contain_text(f"Ne ilgāk par {MINUTES:.0f} minūtēm")
    await look(page, "system")
    await press(page, re.compile("^Atļaut$"))
    await said(page, "Labdien, Ilze Kalniņa")
    hands = hands_with(house, system, system.tokens[-1]["access_token"])
    assert told(await hands.get("/v1/exchanges")) == "welcome"

    await begins(page)
    await press(page, "Neatļaut")
    await said(page, "Nav ienākts")
    await expect(page.get_by_text("access_denied")).to_be_visible()
    assert system.came[-1].keys() == {"error", "state", "iss"}


async def test_in_a_browser_a_person_of_another_centre_is_told_so_and_goes_back(
    house: House, system: RelyingSystem, somebody: Watched
) -> None:
    page = await comes_in(house, somebody, house.ligzda, PersonRole.SOCIAL_WORKER)
    await page.goto(f"{system.url}/ienakt")
    await said(page, "Šai sistēmai Jūs atļauju dot nevarat")
    await look(page, "system-not-yours")
    await press(page, "Atgriezties sistēmā")
    await said(page, "Nav ienākts")
    assert [one.rpartition(" status of ")[2] for one in somebody.wrong] == ["403 (Forbidden)"]
    somebody.wrong.clear()
