"""What leaves the pages: files of lists and figures, and a calendar that a program reads by its address."""

import io
import re
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import httpx
import pytest
from icalendar import Calendar

from hub.board.sheets import Kind, Sheet, file_of
from hub.people.person import PersonRole
from tests.journeys.play import Play
from tests.pages.conftest import House
from tests.pages.test_doors import OWN, places, signed_in, token_on

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ("=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x")')


@pytest.fixture(scope="session")
async def record(story: Play) -> UUID:
    return await story.ask()


def cells(workbook: bytes) -> list[list[str]]:
    """What stands in a workbook's only sheet; a formula anywhere fails."""
    with ZipFile(io.BytesIO(workbook)) as parts:
        shared = ET.fromstring(parts.read("xl/sharedStrings.xml"))  # noqa: S314  # made by ourselves
        texts = ["".join(one.itertext()) for one in shared.findall(f"{_SHEET}si")]
        sheet = ET.fromstring(parts.read("xl/worksheets/sheet1.xml"))  # noqa: S314
        assert sheet.findall(f".//{_SHEET}f") == []
        assert not any("hyperlink" in name.lower() for name in parts.namelist())
    return [
        [
            texts[int(cell.findtext(f"{_SHEET}v", ""))]
            if cell.get("t") == "s"
            else cell.findtext(f"{_SHEET}v", "")
            for cell in row
        ]
        for row in sheet.iter(f"{_SHEET}row")
    ]


async def test_the_list_is_saved_as_a_workbook_with_days_that_are_days(house: House, record: UUID) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        saved = await browser.get("/board.xlsx")
    assert saved.headers["Content-Disposition"].endswith('.xlsx"')
    heading, *rows = cells(saved.content)
    assert heading[0] == "Case"
    (row,) = [one for one in rows if str(record) in one]
    assert float(row[3]) > 46_000, "a day as spreadsheets count them"
    assert row[4] == "The method’s term"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_a_file_holds_what_the_page_was_narrowed_to(house: House, record: UUID, kind: str) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        exchange = await house.play.holder.exchange(record)
        for narrowed, there in (
            ({"reference": exchange.children[0][:4]}, True),
            ({"reference": "XY"}, False),
            ({"kind": "answer"}, True),
            ({"kind": "register"}, False),
            ({"when": "late"}, False),
            ({"order": "newest"}, True),
        ):
            saved = await browser.get(f"/board.{kind}", params=narrowed)
            held = saved.content if kind == "csv" else str(cells(saved.content)).encode()
            assert (str(record).encode() in held) is there, narrowed
            page = await browser.get("/", params=narrowed)
            assert (f"/records/{record}" in page.text) is there, narrowed


async def test_figures_are_saved_with_what_is_untold_left_untold(house: House, record: UUID) -> None:
    for who in ("worker", "overseer"):
        async with await signed_in(house, *places(house)[who]) as browser:
            for kind in ("csv", "xlsx"):
                saved = await browser.get(f"/figures.{kind}")
                assert saved.status_code == 200
                assert str(record).encode() not in saved.content
            assert cells(saved.content)[-1][0] == "Total"


def test_no_text_becomes_a_formula_in_a_workbook() -> None:
    sheet = Sheet("x", ["a"], [[one] for one in FORMULAS], str, datetime(2026, 1, 5, tzinfo=UTC))
    assert [row[0] for row in cells(file_of(sheet, Kind.XLSX))] == ["a", *FORMULAS]


async def test_a_view_is_kept_under_a_name_and_removed(house: House) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        page = await browser.get("/", params={"kind": "answer", "order": "newest"})
        form = {"token": token_on(page.text), "query": "kind=answer&order=newest", "name": "<b>Atbildes"}
        kept = await browser.post("/views", data=form, headers=OWN)
        assert kept.headers["Location"] == "/?kind=answer&order=newest"
        shown = (await browser.get(kept.headers["Location"])).text
        assert "&lt;b&gt;Atbildes" in shown
        assert 'aria-current="true">&lt;b&gt;' in shown
        for foreign in ("https://x.example/", "when=late&next=//x.example", "%0d%0aLocation: x", "kind=<b>"):
            answer = await browser.post("/views", data={**form, "query": foreign}, headers=OWN)
            assert answer.headers["Location"] in {"/", "/?when=late"}
        again = await browser.post("/views", data={**form, "query": "when=late"}, headers=OWN)
        assert again.headers["Location"] == "/?when=late"
        assert (await browser.get("/")).text.count("&lt;b&gt;Atbildes</a>") == 1
        for number in range(19):
            await browser.post("/views", data={**form, "name": f"skats {number}"}, headers=OWN)
        refused = await browser.post("/views", data={**form, "name": "par daudz"}, headers=OWN)
        assert refused.status_code == 409
        nameless = await browser.post("/views", data={**form, "name": " "}, headers=OWN)
        assert nameless.status_code == 422
        removed = {"token": form["token"], "name": "<b>Atbildes"}
        await browser.post("/views/remove", data=removed, headers=OWN)
        assert "Atbildes" not in (await browser.get("/")).text
    async with await signed_in(house, *places(house)["coordinator"]) as other:
        assert "skats" not in (await other.get("/")).text


async def test_an_overseer_has_views_too(house: House) -> None:
    """They are of the overseer's own centre, while the list is oversight's."""
    async with await signed_in(house, *places(house)["overseer"]) as browser:
        page = (await browser.get("/")).text
        form = {"token": token_on(page), "query": "when=late", "name": "Nokavētie"}
        kept = await browser.post("/views", data=form, headers=OWN)
        assert ">Nokavētie</a>" in (await browser.get(kept.headers["Location"])).text


async def test_a_week_shows_each_day_and_what_is_due_on_it(house: House, record: UUID) -> None:
    async with await signed_in(house, *places(house)["worker"]) as browser:
        due_on = (await house.play.holder.exchange(record)).due_on
        week = (await browser.get("/calendar", params={"week": str(due_on)})).text
        assert f"/records/{record}" in week
        other = (await browser.get("/calendar", params={"week": "2020-02-05"})).text
        assert f"/records/{record}" not in other
        assert "d-2020-02-03" in other
        assert (await browser.get("/calendar", params={"week": "never"})).status_code == 200


async def feed_of(browser: httpx.AsyncClient) -> str:
    """The path of another calendar address."""
    page = await browser.get("/calendar/feed")
    made = await browser.post(
        "/calendar/feed", data={"token": token_on(page.text), "deed": "make"}, headers=OWN
    )
    (found,) = re.findall(r'value="[^"]*(/feeds/[^"]+\.ics)"', made.text)
    return str(found)


async def test_a_calendar_is_read_by_its_address_alone(house: House, record: UUID) -> None:
    async with (
        await signed_in(house, *places(house)["worker"]) as browser,
        httpx.AsyncClient(base_url=house.url, trust_env=False) as program,
    ):
        address = await feed_of(browser)
        read = await program.get(address)
        assert read.headers["Content-Type"] == "text/calendar; charset=utf-8"
        exchange = await house.play.holder.exchange(record)
        (event,) = [
            one
            for one in Calendar.from_ical(read.text).walk("VEVENT")
            if str(one["URL"]).endswith(str(record))
        ]
        assert event.decoded("DTSTART") == exchange.due_on
        assert str(event["SUMMARY"]).startswith(f"{exchange.children[0]}: ")
        assert "by the method" in str(event["DESCRIPTION"]) or "method" in str(event["DESCRIPTION"])
        tag = read.headers["ETag"]
        assert (await program.get(address, headers={"If-None-Match": tag})).status_code == 304
        another = await feed_of(browser)
        assert (await program.get(address)).status_code == 404
        assert (await program.get(another)).status_code == 200
        page = await browser.get("/calendar/feed")
        assert another.rpartition("/")[2] not in page.text, "it is shown once"
        end = {"token": token_on(page.text), "deed": "end"}
        await browser.post("/calendar/feed", data=end, headers=OWN)
        assert (await program.get(another)).status_code == 404
        assert (await program.get("/feeds/x.ics")).status_code == 404


async def test_a_calendar_ends_with_its_person(house: House) -> None:
    async with (
        await signed_in(house, house.ligzda, PersonRole.SOCIAL_WORKER) as worker,
        await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as coordinator,
        httpx.AsyncClient(base_url=house.url, trust_env=False) as program,
    ):
        address = await feed_of(worker)
        assert (await program.get(address)).status_code == 200
        people = (await coordinator.get("/people")).text
        for path in re.findall(r'action="(/people/[0-9a-f-]+)"', people):
            form = {"token": token_on(people), "deed": "suspend"}
            await coordinator.post(path, data=form, headers=OWN)
        assert (await program.get(address)).status_code == 404


@pytest.mark.parametrize("who", ["overseer", "operator"])
async def test_who_owes_nothing_has_no_calendar_address(house: House, who: str) -> None:
    async with await signed_in(house, *places(house)[who]) as browser:
        page = await browser.get("/calendar/feed")
        assert 'name="deed"' not in page.text
        token = token_on(page.text)
        made = await browser.post("/calendar/feed", data={"token": token, "deed": "make"}, headers=OWN)
        assert made.status_code == 403
