"""The page of one record: what happened in order, who of the centre looked, and files that prove it."""

from uuid import UUID

import httpx
import pytest

from hub.people.person import PersonRole
from saikne.receipts import verify_receipt, verify_statement
from saikne_schemas.views import StatementView
from tests.journeys.play import Play
from tests.pages.conftest import House
from tests.pages.test_doors import ABSENT, places, signed_in

FILES = ("statements.json", "receipt.json")


@pytest.fixture(scope="session")
async def confirmed(story: Play) -> UUID:
    exchange = await story.ask()
    await story.finish(await story.answer(exchange))
    return exchange


async def page_of(browser: httpx.AsyncClient, exchange: UUID) -> str:
    answer = await browser.get(f"/records/{exchange}")
    assert answer.status_code == 200
    return answer.text


async def test_what_happened_is_told_in_its_order(house: House, confirmed: UUID) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        line = (await page_of(browser, confirmed)).partition('<ol class="timeline">')[2].partition("</ol>")[0]
    told = [
        "All documents received and encrypted",
        "Password: ",
        "Duty met: the copies are to be issued or sent",
        "Duty met: the copies are to be collected and confirmed",
    ]
    assert [one for one in told if one not in line] == [], line
    in_order = [line.index(one) for one in ("Request<", told[0], *told[2:])]  # a gateway tells whole seconds
    assert in_order == sorted(in_order)
    assert "done in time" in line


async def test_who_looked_is_told_once_a_day_and_to_their_own_centre_alone(house: House, story: Play) -> None:
    exchange = await story.ask()
    for centre in (house.zemgale, house.ligzda):
        async with await signed_in(house, centre, PersonRole.SOCIAL_WORKER) as browser:
            await page_of(browser, exchange)
            again = await page_of(browser, exchange)
        looked = again.partition('aria-labelledby="looked"')[2].partition("</section>")[0]
        assert (looked.count("<li>"), looked.count("Rita Balode")) == (1, 1)


@pytest.mark.parametrize("whose", ["worker", "other centre"])
async def test_what_was_signed_is_saved_and_proves_itself(
    house: House, story: Play, confirmed: UUID, whose: str
) -> None:
    async with await signed_in(house, *places(house)[whose]) as browser:
        page = await page_of(browser, confirmed)
        signed, receipt = [await browser.get(f"/records/{confirmed}/{name}") for name in FILES]
    assert all(f'href="/records/{confirmed}/{name}"' in page for name in FILES)
    assert signed.headers["Content-Disposition"] == f'attachment; filename="saikne-{confirmed}.json"'
    jwks = await story.requester.jwks()
    statements = [StatementView.model_validate(one) for one in signed.json()]
    assert statements == await story.requester.statements(confirmed)
    for one in statements:
        verify_statement(one, jwks)
    assert receipt.json() == (await story.requester.receipt(confirmed)).model_dump(mode="json")
    verify_receipt(receipt.json()["receipt"], jwks)


async def test_files_are_of_the_parties_alone_and_of_what_there_is(
    house: House, story: Play, confirmed: UUID
) -> None:
    open_one = await story.ask()
    for whose in ("neighbour", "overseer", "operator"):
        async with await signed_in(house, *places(house)[whose]) as browser:
            for name in FILES:
                assert (await browser.get(f"/records/{confirmed}/{name}")).status_code == 404, (whose, name)
    async with await signed_in(house, *places(house)["worker"]) as browser:
        assert f"/records/{open_one}/receipt.json" not in await page_of(browser, open_one)
        assert (await browser.get(f"/records/{open_one}/receipt.json")).status_code == 404
        for name in FILES:
            assert (await browser.get(f"/records/{ABSENT}/{name}")).status_code == 404
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as stranger:
        assert (await stranger.get(f"/records/{confirmed}/{FILES[0]}")).status_code == 303
