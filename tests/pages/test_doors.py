"""Every page by role and by centre, and forms from elsewhere: over HTTP, as a browser's calls come in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from hub.board.pages import POLICY
from hub.board.routes.visits import local
from hub.kernel.ids import OPERATOR, CentreId
from hub.ops.database import transaction
from hub.people.casework import sessions
from hub.people.office import Counter
from hub.people.person import PersonRole
from hub.people.session import PROVED, How
from hub.people.store import add
from hub.plumbing.database import OWNER_ROLE
from tests.journeys.play import Play
from tests.pages.conftest import House
from tests.people.persons import somebody

OWN = {"Sec-Fetch-Site": "same-origin"}
ABSENT = UUID("00000000-0000-4000-8000-000000000000")
FORMS = {
    *("/people", "/sign-out", "/ways/code", "/views", "/views/remove"),
    *("/calendar/feed", "/telling", "/telling/own", "/keys/end", "/telling/browsers/remove"),
    *("/centre/addresses", "/oauth/authorize"),
}
BY_SCRIPTS = {"/ways/passkey/options", "/keys/options", "/keys/token", "/telling/browsers"}


async def signed_in(
    house: House,
    centre: CentreId,
    role: PersonRole,
    *,
    how: How = How.PASSKEY,
    ago: timedelta = timedelta(),
    language: str = "en",
) -> httpx.AsyncClient:
    """As a browser that has proved who it is some time ago."""
    person = somebody(centre, role, language)
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [centre]) as tx:
        counter = Counter(tx, datetime.now(UTC) - ago)
        await add(tx, person, counter.now)
        cookie = await sessions.begin(counter, person, how)
    return httpx.AsyncClient(
        base_url=house.url, cookies={"saikne": cookie}, trust_env=False, headers={"Accept-Language": "en"}
    )


def token_on(page: str) -> str:
    """What its forms bear."""
    return page.partition('name="token" value="')[2][:64]


@pytest.fixture(scope="session")
async def record(story: Play) -> UUID:
    """Between Zemgale and Ligzda."""
    return await story.ask()


def places(house: House) -> dict[str, tuple[CentreId, PersonRole]]:
    overseer = CentreId(house.play.overseer.credentials.centre)
    return {
        "coordinator": (house.ligzda, PersonRole.COORDINATOR),
        "worker": (house.ligzda, PersonRole.SOCIAL_WORKER),
        "other centre": (house.zemgale, PersonRole.SOCIAL_WORKER),
        "neighbour": (CentreId(house.play.stranger.credentials.centre), PersonRole.COORDINATOR),
        "overseer": (overseer, PersonRole.OVERSEER),
        "operator": (OPERATOR, PersonRole.OPERATOR),
    }


SEEN = {
    "coordinator": {
        "/": 200,
        "/calendar": 200,
        "/figures": 200,
        "/board.csv": 200,
        "/board.xlsx": 200,
        "/figures.csv": 200,
        "/figures.xlsx": 200,
        "/calendar?week=2026-12-01": 200,
        "/calendar/feed": 200,
        "/telling": 200,
        "/centre": 200,
        "/keeping": 403,
        "/find?what=XY-1": 200,
        "/people": 200,
        "/ways": 200,
        "/keys": 200,
        "own": 200,
    },
    "worker": {"/": 200, "/people": 403, "/ways": 200, "/keys": 200, "own": 200},
    "other centre": {"/": 200, "/people": 403, "/ways": 200, "/keys": 200, "own": 200},
    "neighbour": {"/": 200, "/people": 200, "/ways": 200, "/keys": 200, "own": 404},
    "overseer": {
        "/": 200,
        "/calendar": 200,
        "/figures": 200,
        "/board.csv": 200,
        "/board.xlsx": 200,
        "/figures.csv": 200,
        "/figures.xlsx": 200,
        "/calendar?week=2026-12-01": 200,
        "/calendar/feed": 200,
        "/telling": 200,
        "/centre": 200,
        "/keeping": 403,
        "/find?what=XY-1": 200,
        "/people": 200,
        "/ways": 200,
        "/keys": 200,
        "own": 404,
    },
    "operator": {
        "/": 303,
        "/calendar": 403,
        "/figures": 403,
        "/board.csv": 403,
        "/board.xlsx": 403,
        "/figures.csv": 403,
        "/figures.xlsx": 403,
        "/calendar?week=2026-12-01": 403,
        "/calendar/feed": 200,
        "/telling": 403,
        "/centre": 403,
        "/keeping": 200,
        "/find?what=XY-1": 200,
        "/people": 200,
        "/ways": 200,
        "/keys": 200,
        "own": 404,
    },
}


@pytest.mark.parametrize("who", sorted(SEEN))
async def test_each_role_sees_its_pages_and_only_its_own_records(
    house: House, record: UUID, who: str
) -> None:
    async with await signed_in(house, *places(house)[who]) as browser:
        for page, status in SEEN[who].items():
            answer = await browser.get(f"/records/{record}" if page == "own" else page)
            assert answer.status_code == status, page
            assert answer.headers["Content-Security-Policy"] == POLICY
        absent = await browser.get(f"/records/{ABSENT}")
        assert absent.status_code == 404
        assert "<h1>" in absent.text


async def test_an_overseer_sees_what_is_owed_without_a_reference(house: House, record: UUID) -> None:
    async with await signed_in(house, *places(house)["overseer"]) as browser:
        page = (await browser.get("/")).text
    assert str(record)[:8].upper() in page
    assert "/records/" not in page
    assert "AG-7741" not in page
    assert "By: Ligzda" in page


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/people",
        "/calendar",
        "/figures",
        "/board.csv",
        "/board.xlsx",
        "/figures.csv",
        "/calendar?week=2026-12-01",
        "/calendar/feed",
        "/telling",
        "/centre",
        "/keeping",
        "/find?what=AG",
        "/ways",
        "/keys",
        "/prove",
        "/prove/organisation",
        f"/records/{ABSENT}",
        "/?when=late",
    ],
)
async def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(house: House, page: str) -> None:
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as browser:
        answer = await browser.get(page)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in?next=/")


async def test_whoever_came_by_an_invitation_alone_sets_up_a_way_first(house: House) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR, how=How.LINK) as browser:
        for page in ("/", "/people", f"/records/{ABSENT}"):
            assert (await browser.get(page)).headers["Location"] == "/ways"
        assert (await browser.get("/ways")).status_code == 200


FOREIGN: dict[str, Callable[[str], dict[str, str]]] = {
    "says nothing": lambda _: {},
    "another site": lambda _: {"Sec-Fetch-Site": "cross-site"},
    "a neighbour": lambda _: {"Sec-Fetch-Site": "same-site"},
    "another origin": lambda _: {"Origin": "https://hub.example.org"},
    "another port": lambda url: {"Origin": f"{url}0"},
}


@pytest.mark.parametrize("whence", sorted(FOREIGN))
@pytest.mark.parametrize(
    "form",
    sorted(FORMS | BY_SCRIPTS | {"/sign-in", "/ways/organisation/remove"}),
)
async def test_a_form_from_elsewhere_does_nothing(house: House, form: str, whence: str) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        answer = await browser.post(form, data={"name": "x"}, headers=FOREIGN[whence](house.url))
        assert answer.status_code == 403
        assert (await browser.get("/people")).status_code == 200


@pytest.mark.parametrize(
    "form", sorted(FORMS | {f"/people/{ABSENT}{deed}" for deed in ("", "/key/end", "/browser/remove")})
)
async def test_a_form_of_another_sign_in_does_nothing(house: House, form: str) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        for token in ("", "0" * 64):
            answer = await browser.post(form, data={"token": token}, headers=OWN)
            assert answer.status_code == 403
        assert (await browser.get("/people")).status_code == 200


async def test_what_is_dangerous_asks_for_a_fresh_proof(house: House) -> None:
    ago = PROVED + timedelta(seconds=30)
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR, ago=ago) as browser:
        page = (await browser.get("/people")).text
        token = token_on(page)
        ways = ("/ways/code", "/ways/passkey/remove", "/ways/organisation", "/ways/organisation/remove")
        keys = ("/keys", "/keys/options", f"/people/{ABSENT}/key")
        for form in ("/people", f"/people/{ABSENT}", "/centre/addresses", *ways, *keys):
            answer = await browser.post(form, data={"token": token}, headers=OWN)
            assert answer.headers["Location"] == f"/prove?next=/{form.split('/')[1]}"


@pytest.mark.parametrize(
    "address",
    ["//hub.example", "https://hub.example/", "/\\hub.example", "javascript:alert(1)", "hub.example", ""],
)
def test_nobody_is_sent_to_another_site(address: str) -> None:
    assert local(address) == "/"


def test_a_page_of_our_own_is_gone_on_to() -> None:
    assert local("/records/x?when=late#line") == "/records/x?when=late#line"


async def test_a_case_is_found_by_its_number_its_reference_and_how_that_begins(
    house: House, record: UUID
) -> None:
    """By its own centres alone."""
    for who, found in (("worker", True), ("other centre", True), ("neighbour", False), ("overseer", False)):
        async with await signed_in(house, *places(house)[who]) as browser:
            for what in (str(record), str(record)[:8], record.hex.upper()):
                answer = await browser.get("/find", params={"what": what})
                leads = answer.headers.get("Location") == f"/records/{record}"
                assert leads is found, (who, what)
            for what in ("AG-7741-B1", "AG-77"):
                answer = await browser.get("/find", params={"what": what})
                listed = f"/records/{record}" in answer.text or answer.status_code == 303
                assert listed is found, (who, what)
            for what in ("", "ag-77", "%", "AG_77", "AG-77%", "\\", "x" * 300):
                answer = await browser.get("/find", params={"what": what})
                assert answer.status_code == 200
                assert f"/records/{record}" not in answer.text


async def test_the_list_is_saved_without_a_formula_and_without_names_of_others(
    house: House, record: UUID
) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        saved = await browser.get("/board.csv")
    lines = saved.content.decode("utf-8-sig").splitlines()
    assert lines[0] == '"Case";"About";"To do";"Due";"Whose term";"Working days late";"By";"Number"'
    assert any(str(record) in line and "AG-7741-B1" in line for line in lines[1:])
    assert saved.headers["Content-Disposition"].startswith("attachment")


async def test_on_one_day_stands_what_is_due_then(house: House, record: UUID) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        due_on = (await house.play.holder.exchange(record)).due_on
        assert f"/records/{record}" in (await browser.get("/", params={"on": str(due_on)})).text
        assert f"/records/{record}" not in (await browser.get("/", params={"on": "2020-02-03"})).text
        month = (await browser.get("/calendar", params={"month": f"{due_on:%Y-%m}"})).text
        assert f'href="/?on={due_on}"' in month
