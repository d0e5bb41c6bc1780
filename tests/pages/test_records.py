"""The page of one record: what happened in order, who of the centre looked, and files that prove it."""

import re
from html import unescape
from uuid import UUID

import httpx
import pypdfium2
import pytest

from hub.board.speech import COOKIE
from hub.people.person import PersonRole
from saikne.receipts import verify_receipt, verify_statement
from saikne_schemas.views import StatementView
from tests.journeys.play import Play
from tests.pages.conftest import House
from tests.pages.test_doors import ABSENT, places, signed_in

FILES = ("statements.json", "receipt.json")
SHEETS = {"lv": ("Norise", "Pienākums izpildīts"), "en": ("What happened", "Duty met")}


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


@pytest.mark.parametrize("language", SHEETS)
async def test_the_sheet_for_the_file_says_what_the_page_says(
    house: House, confirmed: UUID, language: str
) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        browser.cookies.set(COOKIE, language)
        page = await page_of(browser, confirmed)
        saved = await browser.get(f"/records/{confirmed}/sheet.pdf")
    assert 'href="' + f"/records/{confirmed}/sheet.pdf" in page
    assert saved.headers["Content-Type"] == "application/pdf"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in saved.content
    assert b"<pdfaid:part>2</pdfaid:part>" in saved.content
    assert f"<rdf:li>{language}</rdf:li>".encode() in saved.content
    said = words_of(saved.content)
    of_page = re.findall(
        r"<dd[^>]*>(?:<strong>)?([^<]+)|<p>([^<]+)</p><p class=\"small quiet\">([^<]*)", page
    )
    shown = [unescape(one) for found in of_page for one in found if one]
    assert len(shown) > 15
    assert [one for one in shown if squeezed(one) not in squeezed(said)] == []
    assert all(one in said for one in SHEETS[language])


def words_of(file: bytes) -> str:
    document = pypdfium2.PdfDocument(file)
    return " ".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    """Lines are broken elsewhere on paper."""
    return re.sub(r"\s|\ufffe", "", text)


async def test_files_are_of_the_parties_alone_and_of_what_there_is(
    house: House, story: Play, confirmed: UUID
) -> None:
    open_one = await story.ask()
    for whose in ("neighbour", "overseer", "operator"):
        async with await signed_in(house, *places(house)[whose]) as browser:
            for name in (*FILES, "sheet.pdf"):
                assert (await browser.get(f"/records/{confirmed}/{name}")).status_code == 404, (whose, name)
    async with await signed_in(house, *places(house)["worker"]) as browser:
        assert f"/records/{open_one}/receipt.json" not in await page_of(browser, open_one)
        assert (await browser.get(f"/records/{open_one}/receipt.json")).status_code == 404
        for name in (*FILES, "sheet.pdf"):
            assert (await browser.get(f"/records/{ABSENT}/{name}")).status_code == 404
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as stranger:
        assert (await stranger.get(f"/records/{confirmed}/{FILES[0]}")).status_code == 303
