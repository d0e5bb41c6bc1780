"""On every page and in every answer a term that the method does not name is marked as Saikne's own.

A centre owes one duty of each kind; each place that shows them is read, in both languages.
"""

import csv
import html
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from icalendar import Calendar

from hub.board.speech import first_letter_large
from hub.duties.casework import Opening, opened
from hub.duties.duty import BY_THE_HUB, Basis
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, MatterId
from hub.ops.database import transaction
from hub.people.person import PersonRole
from hub.plumbing.database import OWNER_ROLE
from hub.plumbing.rows import insert
from hub.wording.catalogue import LANGUAGES, text
from hub.workdays.calendars import Policy
from hub.workdays.casework import CalendarShelf
from saikne_schemas.vocabulary import DutyKind
from tests.journeys.by_command import done, told
from tests.pages.conftest import House
from tests.pages.test_doors import signed_in
from tests.pages.test_out import feed_of

KINDS = list(DutyKind)
OPERATORS = {"lv": "metodika termiņu nenosaka", "en": "the method names no term"}
_MOVED = "UPDATE hub.duty SET due_on = due_on + $3::int WHERE matter_id = $1 AND kind = $2"
_PLACES = re.compile(r"(?=<(?:li|tr|section|text|option)\b)")


@pytest.fixture(scope="module")
async def owed(house: House) -> AsyncIterator[UUID]:
    """An exchange in which a centre owes everything that can be owed, since today and until today."""
    exchange, owner, today = await house.play.ask(), house.ligzda, riga_day(datetime.now(UTC))
    async with transaction(house.play.stage.owner_url, OWNER_ROLE, [owner, OVERSIGHT]) as tx:
        calendars = await CalendarShelf().current(tx)
        for kind in KINDS:
            opening = Opening(
                kind=kind,
                about=MatterId(exchange),
                owner=owner,
                awaited_by=(),
                starts_on=today,
                basis=Basis.AGREED,
                policy=Policy.STATUTORY,
                working_days=1,
            )
            if kind is not DutyKind.ANSWER:
                await insert(tx, opened(opening, calendars)[1])
    await house.play.sql("UPDATE hub.duty SET due_on = $2 WHERE matter_id = $1", exchange, today)
    yield exchange
    await house.play.sql("DELETE FROM hub.duty WHERE matter_id = $1", exchange)


def named(kind: DutyKind, language: str) -> str:
    return text(f"duty.{kind.value}", language)


def unlike(page: str, language: str) -> Iterator[tuple[DutyKind, str]]:
    """Kinds that are shown without what has to stand beside them, or not at all."""
    mark = html.escape(text("page.own-term", language))
    places = [html.unescape(place) for place in _PLACES.split(re.sub("<desc.*?</desc>", "", page))]
    for kind in KINDS:
        name = first_letter_large(named(kind, language))
        shown = [place for place in places if re.search(rf"(?:>|> ){re.escape(name)}(?=[<;])", place)]
        shown = [place for place in shown if not place.startswith("<option")]
        if {html.unescape(mark) in place for place in shown} != {kind in BY_THE_HUB}:
            yield kind, "".join(shown)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["/", "/?order=newest", "/calendar?week=", "/figures", "/records/"])
async def test_every_page_that_shows_a_duty_marks_it(
    house: House, owed: UUID, page: str, language: str
) -> None:
    """The board, a week, a month's figures; a record: what comes first there, what else is owed, its line."""
    whole = {"/records/": f"{page}{owed}", "/calendar?week=": f"{page}{riga_day(datetime.now(UTC))}"}
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        browser.cookies.set("saikne-language", language)
        answer = await browser.get(whole.get(page, page))
    assert answer.status_code == 200
    assert list(unlike(answer.text, language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_boards_table_has_a_column_for_it(house: House, owed: UUID, language: str) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        browser.cookies.set("saikne-language", language)
        table = (await browser.get("/board.csv")).content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(table), delimiter=";") if str(owed) in row]
    own, method = text("page.own-term", language), text("page.method-term", language)
    assert {row[2]: row[4] for row in rows} == {
        named(kind, language): own if kind in BY_THE_HUB else method for kind in KINDS
    }


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_calendar_feed_says_it(house: House, owed: UUID, language: str) -> None:
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR, language=language) as browser:
        events = Calendar.from_ical((await browser.get(await feed_of(browser))).text).walk("VEVENT")
    told = {
        str(event["SUMMARY"]).partition(": ")[2]: str(event["DESCRIPTION"]).splitlines()[-1]
        for event in events
        if str(event["URL"]).endswith(str(owed))
    }
    assert {name for name, rule in told.items() if OPERATORS[language] in rule.lower()} == {
        first_letter_large(named(kind, language)) for kind in BY_THE_HUB
    }
    assert len(told) == len(KINDS)


async def test_a_day_that_the_method_names_is_not_told_as_a_number_of_days(house: House, owed: UUID) -> None:
    await house.play.sql(
        "UPDATE hub.duty SET due_on = due_on - 1 WHERE kind = 'yearly_talk' AND matter_id = $1", owed
    )
    async with await signed_in(house, house.ligzda, PersonRole.COORDINATOR) as browser:
        lead = (await browser.get(f"/records/{owed}")).text.partition('class="act-do"')[0]
    await house.play.sql(
        "UPDATE hub.duty SET due_on = due_on + 1 WHERE kind = 'yearly_talk' AND matter_id = $1", owed
    )
    assert "The method names the last day" in lead
    assert "The method’s term" not in lead


async def test_every_answer_of_the_interface_says_it(house: House, owed: UUID) -> None:
    holder = house.play.holder
    of_lists = [one async for one in holder.duties() if one.concerns == owed]
    of_exchange = (await holder.exchange(owed)).duties
    month = f"{riga_day(datetime.now(UTC)):%Y-%m}"
    of_month = (await holder.duty_report(month)).kinds
    for shown in (of_lists, of_exchange, of_month):
        assert {one.kind: not one.by_method for one in shown} == {kind: kind in BY_THE_HUB for kind in KINDS}


async def test_a_list_of_exchanges_says_it_of_the_next_step(house: House, owed: UUID) -> None:
    marked = {}
    for kind in (DutyKind.ANSWER, DutyKind.SEND_AGAIN):
        await house.play.sql(_MOVED, owed, kind.value, -1)
        _, printed = await told(house.play, house.play.holder, "inbox")
        (marked[kind],) = [" * " in line for line in printed.splitlines() if str(owed) in line]
        assert not marked[kind] or f"* {OPERATORS['en']}" in printed
        await house.play.sql(_MOVED, owed, kind.value, 1)
    assert marked == {kind: kind in BY_THE_HUB for kind in marked}


@pytest.mark.usefixtures("owed")
async def test_a_months_table_says_it(house: House) -> None:
    file = house.play.new_folder().with_suffix(".csv")
    month = f"{riga_day(datetime.now(UTC)):%Y-%m}"
    await done(house.play, house.play.holder, "duty-report", month, "--csv", str(file))
    head, *rows = csv.reader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";")
    at = head.index("by_method")
    told = {row[3]: row[at] for row in rows if row[3]}
    assert told == {kind.value: json.dumps(kind not in BY_THE_HUB) for kind in KINDS}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_operators_list_says_it(house: House, owed: UUID, language: str) -> None:
    await house.play.sql("UPDATE hub.duty SET due_on = due_on - 1 WHERE matter_id = $1", owed)
    lines = house.play.stage.operate("overdue", "--lang", language).splitlines()
    await house.play.sql("UPDATE hub.duty SET due_on = due_on + 1 WHERE matter_id = $1", owed)
    told = {
        kind: OPERATORS[language] in line
        for line in lines
        for kind in KINDS
        if line.endswith(f": {named(kind, language)}  {owed}")
    }
    assert told == {kind: kind in BY_THE_HUB for kind in KINDS if kind is not DutyKind.ANSWER}
