"""The demo as it is looked at: a drawn year, four people's links, telephone and mailboxes as pages."""

import asyncio
import json
import re
import smtplib
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import pytest

from hub.duties.casework import remind
from hub.exchange.store import ownerless
from hub.kernel.clock import now, riga_day
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.ops.database import transaction
from hub.plumbing.database import OWNER_ROLE
from hub.workdays import store as workdays
from saikne_demo.command import FOR_A_LOOK
from saikne_demo.house import House, fill
from saikne_demo.stage import NotDone
from saikne_demo.story import Story
from saikne_demo.telling import Console
from saikne_demo.visitors import VISITORS
from tests.conftest import Cluster
from tests.peers.stage import Stage

CENTRES = ("holder", "requester")
LOOKED_AT = ("/", "/?when=late", "/?when=awaited", "/?order=newest", "/calendar", "/figures")
OF = {**dict.fromkeys((*CENTRES, "overseer"), LOOKED_AT), "operator": ("/keeping",)}


class Open(House):
    """The house with its story, for tests."""

    story: Story


@pytest.fixture(scope="module")
async def house(
    cluster: Cluster, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Open]:
    name = await cluster.create(template)
    place = tmp_path_factory.mktemp("lively")
    stage = Stage(place, database_url=cluster.url(name), host="localhost", environment=FOR_A_LOOK)
    with ExitStack() as opened:
        opened.enter_context(stage)
        await asyncio.to_thread(stage.set_up)
        await asyncio.to_thread(stage.start, "serve")
        console = opened.enter_context(Console("en"))
        story = Story(stage, console, place / "scene")
        await story.enrol()
        with pytest.raises(NotDone, match="not named"):  # while a centre is there that is not of the showing
            await asyncio.to_thread(stage.operate, "fill", "--among", str(story.new.centre), "--lang", "en")
        house = Open(console, "en", opened)
        house.story = story
        await house.open(story)
        yield house
    await cluster.drop(name)


@pytest.fixture
async def database(house: Open) -> AsyncIterator[asyncpg.Connection]:
    """Past the wall: as whoever owns the server."""
    connection = await asyncpg.connect(house.story.stage.database_url)
    yield connection
    await connection.close()


async def counted(database: asyncpg.Connection) -> dict[str, int]:
    running = "FROM hub.duty WHERE stake = 'oversees' AND ended_at IS NULL"
    asked = {
        "centres": "SELECT count(*) FROM hub.centre WHERE role = 'centre'",
        "exchanges": "SELECT count(*) FROM hub.matter WHERE workflow = 'copies'",
        "open": f"SELECT count(DISTINCT matter_id) {running} AND workflow = 'copies'",
        "moves": "SELECT count(*) FROM hub.matter WHERE workflow = 'family_move'",
        "duties": f"SELECT count(*) {running}",
        "overdue": f"SELECT count(*) {running} AND due_on < $1",
        "today": f"SELECT count(*) {running} AND due_on = $1",
    }
    day = riga_day(now())
    days = {name: [day] if "$1" in one else [] for name, one in asked.items()}
    return {name: await database.fetchval(one, *days[name]) for name, one in asked.items()}


async def test_what_is_told_is_what_was_drawn_and_a_second_time_is_refused(
    house: Open, database: asyncpg.Connection
) -> None:
    before = await counted(database)
    assert house.filled == before
    assert (before["centres"], before["exchanges"]) == (30, 2000)
    assert all(many for name, many in before.items() if name != "today")  # it may be a Sunday
    with pytest.raises(NotDone, match="hub fill"):
        await asyncio.to_thread(fill, house.story)
    assert await counted(database) == before


async def test_it_names_nobody_and_nobody_is_said_to_have_done_it(
    house: Open, database: asyncpg.Connection
) -> None:
    about = [row["about"] for row in await database.fetch("SELECT about FROM hub.party WHERE about <> ''")]
    assert about
    assert all(re.fullmatch(r"AG-[0-9]{4}(-B[1-3])?", one) for one in about)
    for table in ("statement", "document", "password", "proof"):
        assert await database.fetchval(f"SELECT count(*) FROM hub.{table}") == 0, table  # noqa: S608
    told = await asyncio.to_thread(house.story.stage.operate, "evidence", "verify", "--json")
    chains = [json.loads(line) for line in told.splitlines()]
    assert all(chain["holds"] for chain in chains)
    known = {str(one.centre) for one in (*house.story.centres, house.story.overseer)}
    empty = [chain for chain in chains if not chain["last"]["seq"]]
    assert len(empty) >= 27
    assert known.isdisjoint(chain["tenant"] for chain in empty)


async def test_every_open_one_has_an_owner_and_none_is_reminded_of_at_once(
    house: Open, database: asyncpg.Connection
) -> None:
    centres = [CentreId(row["id"]) for row in await database.fetch("SELECT id FROM hub.centre")]
    async with transaction(str(house.story.stage.database_url), OWNER_ROLE, [*centres, OVERSIGHT]) as tx:
        assert await ownerless(tx, OVERSIGHT, UUID(int=0), 10) == []
        calendars = await workdays.load(tx)
        assert [await remind(tx, one, calendars, now()) for one in centres] == [0] * len(centres)
    moves = await database.fetch(
        "SELECT state, content::text, ARRAY(SELECT kind FROM hub.duty WHERE duty.matter_id = matter.matter_id"
        " AND stake = 'owes' AND ended_at IS NULL) AS owed FROM hub.matter WHERE workflow = 'family_move'"
    )
    assert {one["state"] for one in moves} == {"agreed", "dated", "closed", "cancelled"}
    for one in moves:
        remaining = set(json.loads(one["content"])["remaining"])
        awaited = {"talk", "acknowledge_notice"} if one["state"] == "agreed" else remaining
        assert set(one["owed"]) == awaited, one["state"]


@asynccontextmanager
async def come_in(link: str) -> AsyncIterator[httpx.AsyncClient]:
    """By a link, as a browser does that confirms who is meant."""
    base = link.partition("/welcome/")[0]
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as visitor:
        assert (await visitor.get(link)).status_code == 200
        entered = await visitor.post(link, headers={"Sec-Fetch-Site": "same-origin", "Origin": base})
        assert entered.status_code == 303
        yield visitor


async def front(house: Open) -> dict[str, str]:
    """The links on the one page that is told of, by whom they let in."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = (await browser.get(f"{house.url}/")).text
    links = re.findall(r'href="(http://localhost:[0-9]+/welcome/[^"]+)"', page)
    assert [one.who for one in VISITORS if one.name in page] == [one.who for one in VISITORS]
    return dict(zip((one.who for one in VISITORS), links, strict=True))


async def test_four_people_look_at_every_page_by_links_that_let_in_once(
    house: Open, database: asyncpg.Connection
) -> None:
    of_people = {"holder": house.story.previous.centre, "requester": house.story.new.centre}
    for who, link in (await front(house)).items():
        async with come_in(link) as visitor:
            pages = [*OF[who]]
            if who in of_people:
                some = await database.fetch(
                    "SELECT DISTINCT ON (workflow, state) matter_id FROM hub.party WHERE tenant_id = $1",
                    of_people[who],
                )
                pages += [f"/records/{one['matter_id']}" for one in some]
                assert len(some) > 5
            for page in pages:
                assert (await visitor.get(page)).status_code == 200, (who, page)
            shown = (await visitor.get(pages[0])).text
            assert "Atbalsta centrs „" in shown
            assert (await visitor.get(link)).status_code >= 400


async def test_another_link_is_made_where_its_own_page_asks(house: Open) -> None:
    async with httpx.AsyncClient(base_url=house.url, trust_env=False, timeout=60) as browser:
        before = await front(house)
        assert (await browser.post("/again/overseer")).status_code == 403
        elsewhere = {"Origin": "http://localhost:1"}
        assert (await browser.post("/again/overseer", headers=elsewhere)).status_code == 403
        assert await front(house) == before
        own = {"Origin": house.url}
        assert (await browser.post("/again/nobody", headers=own)).status_code == 404
        assert (await browser.post("/again/overseer", headers=own)).headers["Location"] == "/"
    after = await front(house)
    assert {who for who in after if after[who] != before[who]} == {"overseer"}
    async with come_in(after["overseer"]) as visitor:
        assert (await visitor.get("/")).status_code == 200


def send(house: Open, subject: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@a.example", "b@b.example"
    message.set_content("<script>text</script>")
    message.add_attachment(b"sealed", maintype="application", subtype="zip", filename="<b>.zip")
    mailbox = house.story.stage.mailbox
    with smtplib.SMTP(mailbox.host, mailbox.port) as smtp:
        smtp.send_message(message)


async def test_what_came_by_mail_and_phone_is_shown_as_text_and_to_this_machine_alone(house: Open) -> None:
    await asyncio.to_thread(send, house, "<script>subject</script>")
    wish = {"to": "+37120000001", "text": "<i>code</i>", "reference": "r", "sender": "Saikne"}
    house.story.stage.phone.deliver("key", {**wish, "callback_url": f"{house.story.stage.url}/nowhere"})
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as browser:
        listed, letter, phone = [await browser.get(path) for path in ("/mail", "/mail/0", "/phone")]
        for shown, said in ((listed, "subject"), (letter, "&lt;b&gt;.zip"), (phone, "&lt;i&gt;code")):
            assert said in shown.text
            assert not {"<script", "<i>", "<b>"} & set(re.findall(r"<(?:script|i|b)\b>?", shown.text))
            assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
            assert shown.headers["Referrer-Policy"] == "same-origin"  # else a browser's form says no origin
        for path in ("/mail/1", "/mail/x", "/nothing"):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.get("/style.css")).headers["Content-Type"].startswith("text/css")
        assert (await browser.get("/", headers={"Host": "evil.example"})).status_code == 421


async def test_nothing_is_filled_that_is_not_for_showing(house: Open, tmp_path: Path) -> None:
    stage = Stage(tmp_path, database_url=house.story.stage.database_url, host="localhost")
    with pytest.raises(NotDone, match="Only an installation for showing"):
        await asyncio.to_thread(stage.operate, "fill", "--lang", "en")
