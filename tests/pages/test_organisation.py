"""People sign in at their own organisation: over HTTP and in a browser, by providers on the loopback."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import expect

from hub.board.speech import COOKIE
from hub.evidence.store import page
from hub.kernel.ids import CentreId
from hub.ops.database import transaction
from hub.people import store
from hub.people.casework import inviting
from hub.people.casework.sessions import key_of
from hub.people.office import Counter
from hub.people.person import PersonId, PersonRole
from hub.people.session import PROVED
from hub.plumbing.database import OWNER_ROLE
from saikne_demo.stage import NotDone
from tests.pages.conftest import House, Watched
from tests.pages.test_doors import OWN
from tests.pages.test_signing_in import press, said
from tests.peers.openid_provider import CLIENT, SECRET, OpenIdProvider, under_the_public_key, unsigned
from tests.peers.others_provider import others_provider

SESSION, JOURNEY = "saikne", "saikne-journey"
BOUND_FOR = re.compile(r'href="(http://127\.0\.0\.1[^"]+)"')
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


def register(house: House, centre: CentreId, issuer: str, folder: Path) -> dict[str, Any]:
    file = folder / "secret"
    file.write_text(f"{SECRET}\n")
    words = "--centre", str(centre), "--issuer", issuer, "--client-id", CLIENT, "--secret", str(file)
    told: dict[str, Any] = json.loads(house.play.stage.operate("provider", "set", *words, "--json"))
    return told


@pytest.fixture(scope="module")
def served(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    """One provider for two centres: Ligzda's and Zemgale's."""
    with OpenIdProvider() as peer:
        for centre in (house.ligzda, house.zemgale):
            register(house, centre, peer.issuer, tmp_path_factory.mktemp("provider"))
        yield peer


@pytest.fixture
def peer(served: OpenIdProvider) -> OpenIdProvider:
    """As one that keeps to everything, where somebody works whom nobody knows yet."""
    served.subject, served.sign = f"darbinieks-{uuid4()}", None
    for kept in (served.claims, served.back, served.asked, served.wished, served.answering):
        kept.clear()
    return served


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with others_provider(tmp_path_factory.mktemp("others")) as issuer:
        yield issuer


@asynccontextmanager
async def a_browser(house: House) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=house.url, trust_env=False, cookies={COOKIE: "en"}) as browser:
        yield browser


async def invited(house: House, browser: httpx.AsyncClient, centre: CentreId | None = None) -> PersonId:
    """A coordinator, come by the link; the browser holds a session of it."""
    link = await house.invited(centre or house.ligzda, "Rita Balode", f"{uuid4()}@ligzda.example")
    assert (await browser.post(link, headers=OWN)).headers["Location"] == "/ways"
    async with transaction(house.play.stage.owner_url, OWNER_ROLE) as tx:
        row = await store.find_session(tx, key_of(browser.cookies[SESSION]))
    assert row is not None
    return row.person_id


async def token_of(browser: httpx.AsyncClient) -> str:
    found = TOKEN.search((await browser.get("/ways")).text)
    assert found
    return found[1]


async def adding(browser: httpx.AsyncClient) -> str:
    """From the page of one's ways to the provider's address."""
    page = await browser.post("/ways/organisation", data={"token": await token_of(browser)}, headers=OWN)
    found = BOUND_FOR.search(page.text)
    assert found, page.text
    return html.unescape(found[1])


async def leaving(browser: httpx.AsyncClient, start: str) -> str:
    gone = await browser.get(start)
    assert gone.status_code == 303, gone.text
    return gone.headers["Location"]


async def through(address: str) -> str:
    """What the provider's pages do to a browser: where it is sent back to."""
    async with httpx.AsyncClient(trust_env=False) as there:
        return (await there.get(address)).headers["Location"]


async def signs_in(house: House, browser: httpx.AsyncClient, onward: str = "") -> httpx.Response:
    address = await leaving(browser, f"/sign-in/organisation/{house.ligzda}{onward}")
    return await browser.get(await through(address))


async def with_account(house: House, browser: httpx.AsyncClient) -> PersonId:
    """Somebody of Ligzda who has added the account of the provider's present subject, and is in by it."""
    person = await invited(house, browser)
    answer = await browser.get(await through(await adding(browser)))
    assert answer.headers["Location"] == "/"
    return person


async def in_as(house: House, browser: httpx.AsyncClient) -> tuple[UUID, str] | None:
    cookie = browser.cookies.get(SESSION)
    if cookie is None:
        return None
    async with transaction(house.play.stage.owner_url, OWNER_ROLE) as tx:
        row = await store.find_session(tx, key_of(cookie))
    return (row.person_id, row.how) if row else None


async def test_an_invited_person_adds_the_account_and_comes_back_by_it(
    house: House, peer: OpenIdProvider
) -> None:
    async with a_browser(house) as browser:
        person = await invited(house, browser)
        assert "With your organisation" not in (await browser.get("/ways")).text
        by_link = browser.cookies[SESSION]
        address = await adding(browser)
        assert JOURNEY in browser.cookies
        answer = await browser.get(await through(address))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/")
        assert browser.cookies[SESSION] != by_link
        assert JOURNEY not in browser.cookies
        assert await in_as(house, browser) == (person, "account")
        assert (await browser.get("/")).status_code == 200
        assert "Account at your organisation" in (await browser.get("/ways")).text
    asked = peer.wished[0]
    assert {name: asked[name] for name in ("scope", "code_challenge_method", "prompt", "max_age")} == {
        "scope": "openid",
        "code_challenge_method": "S256",
        "prompt": "login",
        "max_age": "0",
    }
    async with a_browser(house) as browser:
        answer = await signs_in(house, browser, "?next=/calendar")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/calendar")
        assert await in_as(house, browser) == (person, "account")
    assert (peer.wished[1]["max_age"], "prompt" in peer.wished[1]) == ("36000", False)
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.ligzda]) as tx:
        told = [json.loads(one.body) for one in await page(tx, house.ligzda, 0, 10_000)]
    ways = [one.get("way") or one.get("how") for one in told if one.get("person") == str(person)]
    assert ways == [None, "link", "account", "account", "account"]


async def test_an_account_there_is_none_here(house: House, peer: OpenIdProvider) -> None:
    async with a_browser(house) as browser:
        answer = await signs_in(house, browser)
        assert answer.status_code == 403
        assert "Saikne does not know this account" in answer.text
        assert "ask the coordinator for a new link" in answer.text
        assert 'data-passkey="show"' in answer.text
        assert peer.subject not in answer.text
        assert SESSION not in browser.cookies


@pytest.mark.usefixtures("peer")
async def test_an_answer_counts_in_the_browser_that_went_and_once(house: House) -> None:
    async with a_browser(house) as browser, a_browser(house) as thief:
        await with_account(house, browser)
        browser.cookies.delete(SESSION)
        back = await through(await leaving(browser, f"/sign-in/organisation/{house.ligzda}"))
        assert (await thief.get(back)).status_code == 403
        await leaving(thief, f"/sign-in/organisation/{house.ligzda}")
        stolen = await thief.get(back)
        assert stolen.status_code == 403
        assert "was begun in another browser" in stolen.text
        held = browser.cookies[JOURNEY]
        forged = re.sub("state=[^&]+", "state=forged", back)
        assert (await browser.get(forged)).status_code == 403
        assert (await browser.get(back)).headers["Location"] == "/"
        browser.cookies.set(JOURNEY, held)
        assert (await browser.get(back)).status_code == 403


LIES: dict[str, Callable[[OpenIdProvider], None]] = {
    "another nonce": lambda peer: peer.claims.update(nonce="n"),
    "no nonce": lambda peer: peer.claims.update(nonce=None),
    "another issuer": lambda peer: peer.claims.update(iss="https://id.zemgale.example"),
    "for another": lambda peer: peer.claims.update(aud="cits"),
    "over": lambda peer: peer.claims.update(exp=1_700_000_000),
    "unsigned": lambda peer: setattr(peer, "sign", unsigned),
    "a code under the public key": lambda peer: setattr(peer, "sign", under_the_public_key(peer.key)),
    "answers for another": lambda peer: peer.back.update(iss="https://id.zemgale.example"),
    "does not name itself": lambda peer: peer.back.update(iss=None),
}


@pytest.mark.parametrize("lie", sorted(LIES))
async def test_a_provider_that_lies_is_not_believed(house: House, peer: OpenIdProvider, lie: str) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
    async with a_browser(house) as browser:
        LIES[lie](peer)
        answer = await signs_in(house, browser)
        assert (answer.status_code, SESSION in browser.cookies) == (403, False)
        assert "The answer of your organisation cannot be believed" in answer.text


@pytest.mark.usefixtures("peer")
async def test_an_account_of_one_centre_opens_no_other_even_by_the_same_provider(house: House) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
    async with a_browser(house) as browser:
        address = await leaving(browser, f"/sign-in/organisation/{house.zemgale}")
        back = await through(address)
        moved = back.replace(str(house.zemgale), str(house.ligzda))
        assert "was begun in another browser" in (await browser.get(moved)).text
        again = await through(await leaving(browser, f"/sign-in/organisation/{house.zemgale}"))
        answer = await browser.get(again)
        assert "Saikne does not know this account" in answer.text
        assert SESSION not in browser.cookies


@pytest.mark.usefixtures("peer")
async def test_whoever_is_suspended_does_not_come_in(house: House) -> None:
    async with a_browser(house) as browser:
        person = await with_account(house, browser)
        async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.ligzda]) as tx:
            await inviting.suspend(Counter(tx, datetime.now(UTC)), house.ligzda, person, None)
        assert (await browser.get("/")).headers["Location"].startswith("/sign-in")
        answer = await signs_in(house, browser)
        assert "Saikne does not know this account" in answer.text
        assert await in_as(house, browser) is None


async def test_what_a_provider_declines_is_told_in_our_own_words(house: House, peer: OpenIdProvider) -> None:
    said: dict[str, str | None] = {"error_description": "<script>alert(1)</script>", "code": None}
    for error, status, sentence in (
        ("access_denied", 403, "Your organisation did not let you in"),
        ("<b>ha</b>", 403, "Your organisation did not let you in"),
        ("temporarily_unavailable", 503, "sign-in does not answer"),
    ):
        peer.back = {**said, "error": error}
        async with a_browser(house) as browser:
            answer = await signs_in(house, browser)
        assert answer.status_code == status
        assert sentence in html.unescape(answer.text)
        assert "alert(1)" not in answer.text
        assert "ha</b>" not in answer.text


@pytest.mark.usefixtures("peer")
async def test_nobody_is_sent_to_another_site_afterwards(house: House) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
        for onward in ("//hub.example", "https://hub.example/", "/\\hub.example", "javascript:alert(1)"):
            answer = await signs_in(house, browser, f"?next={onward}")
            assert answer.headers["Location"] == "/"


async def test_a_provider_that_is_down_leaves_the_other_ways(house: House, tmp_path: Path) -> None:
    stranger = CentreId(house.play.stranger.credentials.centre)
    with OpenIdProvider() as away:
        await asyncio.to_thread(register, house, stranger, away.issuer, tmp_path)
    async with a_browser(house) as browser:
        answer = await browser.get(f"/sign-in/organisation/{stranger}")
        assert answer.status_code == 503
        assert "sign-in does not answer" in html.unescape(answer.text)
        assert 'data-passkey="show"' in answer.text
        assert JOURNEY not in browser.cookies
        await invited(house, browser, stranger)
        answer = await browser.post(
            "/ways/organisation", data={"token": await token_of(browser)}, headers=OWN
        )
        assert answer.status_code == 503
        assert 'data-passkey="make"' in answer.text


async def test_a_sign_in_is_a_proof_of_when_the_provider_asked(house: House, peer: OpenIdProvider) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
        for asked_at, proved in ((0, True), (PROVED.total_seconds() + 90, False), (None, False)):
            now = datetime.now(UTC).timestamp()
            peer.claims["auth_time"] = None if asked_at is None else int(now - asked_at)
            assert (await signs_in(house, browser)).headers["Location"] == "/"
            answer = await browser.post(
                "/ways/organisation/remove", data={"token": await token_of(browser)}, headers=OWN
            )
            assert (answer.headers.get("Location") == "/prove?next=/ways") is not proved


async def test_proving_it_again_wants_the_same_person_asked_just_now(
    house: House, peer: OpenIdProvider
) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
        page = (await browser.get("/prove?next=/people")).text
        assert 'href="/prove/organisation?next=/people"' in page

        async def proved() -> httpx.Response:
            address = await leaving(browser, "/prove/organisation?next=/people")
            return await browser.get(await through(address))

        before = browser.cookies[SESSION]
        own = peer.subject
        for asked_at in (None, int(datetime.now(UTC).timestamp() - PROVED.total_seconds() - 60)):
            peer.claims["auth_time"] = asked_at
            answer = await proved()
            assert (answer.status_code, browser.cookies[SESSION]) == (403, before)
            assert "did not ask anew who you are" in answer.text
        peer.claims.clear()
        peer.subject = "cits"
        assert "does not know this account" in (await proved()).text
        async with a_browser(house) as another:
            await with_account(house, another)
        assert "does not know this account" in (await proved()).text
        peer.subject = own
        assert (await proved()).headers["Location"] == "/people"
        assert browser.cookies[SESSION] != before
    assert {one["prompt"] for one in peer.wished} == {"login"}


@pytest.mark.usefixtures("peer")
async def test_an_account_leads_to_one_person_of_a_centre(house: House) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
    async with a_browser(house) as browser:
        person = await invited(house, browser)
        answer = await browser.get(await through(await adding(browser)))
        assert answer.status_code == 409
        assert "This account was added already" in answer.text
        assert 'data-passkey="make"' in answer.text
        assert await in_as(house, browser) == (person, "link")


@pytest.mark.usefixtures("peer")
async def test_an_account_is_added_for_whoever_began_and_is_still_there(house: House) -> None:
    async with a_browser(house) as browser:
        await invited(house, browser)
        for change in ("nobody", "another"):
            back = await through(await adding(browser))
            journey = browser.cookies[JOURNEY]
            if change == "nobody":
                kept = browser.cookies[SESSION]
                browser.cookies.delete(SESSION)
                answer = await browser.get(back)
                browser.cookies.set(SESSION, kept, domain="localhost.local")
            else:
                async with a_browser(house) as other:
                    await invited(house, other)
                    other.cookies.set(JOURNEY, journey)
                    answer = await other.get(back)
            assert answer.status_code == 403
            assert "does not count any more" in answer.text


async def test_the_last_way_in_stays_and_one_that_is_removed_opens_nothing(
    house: House, peer: OpenIdProvider
) -> None:
    async with a_browser(house) as browser:
        await with_account(house, browser)
        first, second = peer.subject, f"darbinieks-{uuid4()}"

        async def remove() -> httpx.Response:
            page = (await browser.get("/ways")).text
            digest = re.findall(r'name="account" value="([^"]+)"', page)[0]
            form = {"token": await token_of(browser), "account": digest}
            return await browser.post("/ways/organisation/remove", data=form, headers=OWN)

        assert (await remove()).status_code == 409
        peer.subject = second
        await browser.get(await through(await adding(browser)))
        assert (await remove()).headers["Location"] == "/ways"
        for subject, status in ((first, 403), (second, 303)):
            peer.subject = subject
            async with a_browser(house) as other:
                assert (await signs_in(house, other)).status_code == status


async def test_the_operator_sees_everything_of_a_provider_but_its_secret(
    house: House, peer: OpenIdProvider, tmp_path: Path
) -> None:
    operate = house.play.stage.operate
    again = await asyncio.to_thread(register, house, house.ligzda, peer.issuer, tmp_path)
    assert again["back"] == f"{house.url}/sign-in/organisation/{house.ligzda}/back"
    listed = await asyncio.to_thread(operate, "provider", "list", "--json")
    (own,) = [one for one in map(json.loads, listed.splitlines()) if one["centre"] == str(house.ligzda)]
    assert (own["issuer"], own["client_id"]) == (peer.issuer, CLIENT)
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [house.ligzda]) as tx:
        rows = [*await tx.exec_driver_sql("SELECT to_jsonb(one)::text FROM hub.provider AS one")]
        rows += [*await tx.exec_driver_sql("SELECT to_jsonb(one)::text FROM hub.event AS one")]
        kept = "\n".join(row[0] for row in rows)
    for place in (json.dumps(again), listed, kept):
        assert SECRET not in place
        assert SECRET.encode().hex() not in place
    with OpenIdProvider() as other:
        with pytest.raises(NotDone, match="another sign-in provider"):
            await asyncio.to_thread(register, house, house.ligzda, other.issuer, tmp_path)
        other.says["issuer"] = peer.issuer
        with pytest.raises(NotDone, match=r"people\.provider-does-not-fit"):
            await asyncio.to_thread(register, house, house.ligzda, other.issuer, tmp_path)


async def test_with_the_provider_go_its_accounts_and_who_is_in_by_them(
    house: House, peer: OpenIdProvider, tmp_path: Path
) -> None:
    operate, whose = house.play.stage.operate, ("--centre", str(house.ligzda))
    async with a_browser(house) as browser:
        await with_account(house, browser)
        under_way = await through(await leaving(browser, f"/sign-in/organisation/{house.ligzda}"))
        await asyncio.to_thread(operate, "provider", "remove", *whose)
        assert await in_as(house, browser) is None
        assert (await browser.get(f"/sign-in/organisation/{house.ligzda}")).status_code == 404
        assert f"/sign-in/organisation/{house.ligzda}" not in (await browser.get("/sign-in")).text
        with pytest.raises(NotDone, match="has no sign-in of its own"):
            await asyncio.to_thread(operate, "provider", "remove", *whose, "--lang", "en")
        with OpenIdProvider() as other:
            await asyncio.to_thread(register, house, house.ligzda, other.issuer, tmp_path)
            assert "does not count any more" in (await browser.get(under_way)).text
            assert "/token" not in other.asked
        await asyncio.to_thread(operate, "provider", "remove", *whose)
        await asyncio.to_thread(register, house, house.ligzda, peer.issuer, tmp_path)
        assert (await signs_in(house, browser)).status_code == 403


async def test_from_one_address_nobody_goes_without_end(house: House, peer: OpenIdProvider) -> None:
    """The others of these tests come from another one."""
    elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    address = house.url.replace("localhost", "127.0.0.1")
    async with httpx.AsyncClient(base_url=address, transport=elsewhere, trust_env=False) as browser:
        gone = [await browser.get(f"/sign-in/organisation/{house.ligzda}") for _ in range(121)]
    assert [one.status_code for one in gone] == [303] * 120 + [429]
    assert 0 < int(gone[-1].headers["Retry-After"]) <= 60
    async with a_browser(house) as browser:
        assert await leaving(browser, f"/sign-in/organisation/{house.ligzda}")
    assert peer.asked == []


async def test_in_a_browser_the_way_leads_out_and_back_under_the_policy(
    house: House, somebody: Watched, others: str, tmp_path: Path
) -> None:
    there, overseer = somebody.page, CentreId(house.play.overseer.credentials.centre)
    await asyncio.to_thread(register, house, overseer, others, tmp_path)

    async def signs_in_there(name: str = "mara.ozola") -> None:
        await there.get_by_placeholder("sub").fill(name)
        await press(there, "Authorize")

    link = await house.invited(overseer, "Māra Ozola", "mara@bac.example", PersonRole.OVERSEER)
    await there.goto(link)
    await press(there, "Viss pareizi, tālāk")
    await press(there, "Ienākt ar manas organizācijas kontu")
    await said(there, "Tālāk – Jūsu organizācijā")
    await there.get_by_role("link", name=re.compile("^Doties uz")).click()
    await signs_in_there()
    await there.wait_for_url(f"{house.url}/")
    await press(there, "Iziet")
    await there.goto(f"{house.url}/sign-in?next=/calendar")
    await there.get_by_text("Ar savas organizācijas kontu").click()
    await there.get_by_role("link", name="BAC").click()
    await signs_in_there()
    await there.wait_for_url(f"{house.url}/calendar")
    await there.goto(f"{house.url}/ways")
    await expect(there.get_by_role("region", name="Jūsu veidi")).to_contain_text("Organizācijas konts")
    await press(there, "Iziet visās ierīcēs")
    await there.goto(f"{house.url}/sign-in/organisation/{overseer}")
    await signs_in_there("peteris.kalns")
    await expect(there.get_by_role("alert")).to_contain_text("Šo kontu Saikne nepazīst")
    assert set(somebody.wrong) <= {
        "Failed to load resource: the server responded with a status of 403 (Forbidden)",  # our own word
        "Failed to load resource: net::ERR_NAME_NOT_RESOLVED",  # a style of the provider's, from elsewhere
        "Failed to load resource: the server responded with a status of 404 (Not Found)",  # its picture
    }
    somebody.wrong.clear()
