"""The morning by push against a database and a push service: to which browsers, when, and what they read."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub import timetable
from hub.board import store
from hub.board.casework import telling
from hub.board.casework.pushing import LINES_AT_MOST, Pushes
from hub.board.morning import Rule, Since, Way
from hub.board.store import MorningRow
from hub.centres import store as centres
from hub.centres.centre import CentreState
from hub.duties import store as duties
from hub.duties.duty import DutyKind, Ending
from hub.kernel import clock
from hub.kernel.clock import RIGA, riga_day
from hub.kernel.documents import JsonObject
from hub.parts import assemble
from hub.people import store as people
from hub.people import subscriptions
from hub.people.casework import inviting, sessions, subscribing
from hub.people.casework.inviting import Given
from hub.people.gateways.push_services import PushAway, PushRefused, PushServices, written
from hub.people.office import Counter, PeopleOffice
from hub.people.person import Person, PersonRole
from hub.people.subscriptions import SubscriptionRow
from hub.plumbing.promises import Overtaken, promise
from hub.settings import Settings
from hub.signing.key_files import Kind
from saikne_demo.family import CANARY_DETAILS, CANARY_NAMES
from tests.board.conftest import LATE, House
from tests.conftest import Cluster
from tests.exchange.bureau import CHILD, DUE, RECEIVED, noon, request_for_copies
from tests.peers.push_service import PushService, SubscribedBrowser


@dataclass
class Pushed:
    """The house with a push service, to which its people's browsers belong."""

    house: House
    service: PushService
    services: PushServices

    @property
    def office(self) -> PeopleOffice:
        bureau = self.house.bureau
        return PeopleOffice(bureau.database, bureau.keyring, "https://hub.example", push=self.services)

    async def subscribe(self, person: Person, label: str = "telefons") -> SubscribedBrowser:
        key = self.office.keyring.push_key()
        assert key is not None
        browser = self.service.subscribe(written(key))
        said = {"subscription": browser.json(), "key": key.key_id, "label": label}
        async with self.office.counter_of(person) as counter:
            await subscribing.keep(counter, self.office, person, said)
        return browser

    async def look(self, day: date = LATE) -> list[JsonObject]:
        return await self.house.look(day, telling.PUSH)

    async def tell(self, payload: JsonObject, at: datetime | None = None) -> None:
        moment = at or noon(date.fromisoformat(payload["day"]))
        self.service.now = moment.timestamp
        bureau = self.house.bureau
        pushes = Pushes(bureau.database, bureau.keyring, bureau.calendars, self.services, lambda: moment)
        await pushes.tell(payload)

    async def rows(self, person: Person) -> list[SubscriptionRow]:
        async with self.house.desk(LATE) as desk:
            return list(await subscriptions.of_person(desk.tx, person.centre, person.id))

    async def mornings(self, person: Person) -> list[MorningRow]:
        async with self.house.desk(LATE) as desk:
            return list(await store.mornings(desk.tx, person.centre, person.id, 10))

    async def choose(self, rule: Rule) -> None:
        async with self.house.desk(LATE) as desk:
            await store.keep_rule(desk.tx, self.house.holder, rule)

    async def asked_more(self, count: int) -> None:
        for number in range(count):
            children = [f"AG-88{number:02}-B1"]
            request = request_for_copies(self.house.requester, self.house.holder, children=children)
            await self.house.bureau.ask(RECEIVED, request)


@pytest.fixture
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture
async def pushed(house: House, service: PushService) -> AsyncIterator[Pushed]:
    services = PushServices({service.host}, "mailto:saikne@hub.example", service.client)
    yield Pushed(house, service, services)
    await services.close()


async def test_each_browser_is_told_once_a_morning_from_the_step_that_the_centre_chose(
    pushed: Pushed,
) -> None:
    worker, coordinator = pushed.house.worker, pushed.house.coordinator
    for person in (worker, worker, coordinator):
        await pushed.subscribe(person)
    assert await pushed.look(date(2026, 11, 10)) == []
    first = await pushed.look(date(2026, 11, 12))
    assert [one["to"] for one in first] == [str(worker.id)] * 2
    assert len({one["browser"] for one in first}) == 2
    assert await pushed.look(date(2026, 11, 12)) == first
    assert len(await pushed.look(DUE)) == 3
    assert len(await pushed.house.look(DUE)) == 2, "letters go out beside"


async def test_a_message_names_the_case_its_day_and_where_to_go_on(pushed: Pushed) -> None:
    browser = await pushed.subscribe(pushed.house.worker)
    (promised,) = await pushed.look()
    await pushed.tell(promised)
    (message,) = pushed.service.pushed
    assert message.answered == 201
    assert browser.read(message) == {
        "title": "Saikne: 1 steidzams pienākums",
        "body": f"{CHILD}: termiņš 16.11.2026., nokavēts par 2 darbdienām",
        "address": f"/records/{pushed.house.matter}",
        "lang": "lv",
        "tag": "morning",
    }
    (row,) = await pushed.rows(pushed.house.worker)
    assert (row.told_at, row.outcome) == (noon(LATE), "taken")
    (shown,) = await pushed.mornings(pushed.house.worker)
    assert (shown.way, shown.named, shown.sent_at) == (Way.PUSH, 1, noon(LATE))


async def test_many_are_gathered_into_one_message_that_opens_the_list(pushed: Pushed) -> None:
    browser = await pushed.subscribe(pushed.house.coordinator)
    await pushed.asked_more(30)
    (promised,) = await pushed.look()
    await pushed.tell(promised)
    (message,) = pushed.service.pushed
    said = browser.read(message)
    assert (said["title"], said["address"], said["lang"]) == ("Saikne: 31 urgent duties", "/", "en")
    lines = said["body"].split("\n")
    assert len(lines) == LINES_AT_MOST + 1
    assert lines[-1] == "and 27 more; all stand on the list"
    assert len(message.body) == 2151


async def test_a_message_is_urgent_where_a_term_ends_today_or_is_over(pushed: Pushed) -> None:
    await pushed.subscribe(pushed.house.worker)
    for day in (date(2026, 11, 12), DUE, LATE):
        (promised,) = await pushed.look(day)
        await pushed.tell(promised)
    assert [one.headers["urgency"] for one in pushed.service.pushed] == ["normal", "high", "high"]
    assert {one.headers["topic"] for one in pushed.service.pushed} == {"morning"}


async def test_nothing_is_pushed_in_quiet_hours_and_nothing_waits_into_them(pushed: Pushed) -> None:
    """The desk looks at noon in UTC: two in the afternoon in Riga."""
    await pushed.subscribe(pushed.house.worker)
    await pushed.choose(Rule(quiet_from=time(13), quiet_until=time(15)))
    assert await pushed.look() == []
    assert len(await pushed.house.look(LATE)) == 2
    await pushed.choose(Rule(quiet_from=time(18), quiet_until=time(7)))
    (promised,) = await pushed.look()
    with pytest.raises(Overtaken):
        await pushed.tell(promised, datetime.combine(LATE, time(19), RIGA))
    assert pushed.service.pushed == []
    await pushed.tell(promised)
    assert pushed.service.pushed[-1].headers["ttl"] == str(4 * 3600)
    await pushed.choose(Rule())
    await pushed.tell(promised)
    assert pushed.service.pushed[-1].headers["ttl"] == str(10 * 3600)


async def test_who_wants_no_letter_may_be_told_by_push_alone(pushed: Pushed) -> None:
    worker = pushed.house.worker
    await pushed.subscribe(worker)
    async with pushed.house.desk(LATE) as desk:
        await store.fall_silent(desk.tx, worker.centre, worker.id)
    assert [one["to"] for one in await pushed.look()] == [str(worker.id)]
    assert str(worker.id) not in {one["to"] for one in await pushed.house.look(LATE)}


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(pushed: Pushed, status: int) -> None:
    worker = pushed.house.worker
    await pushed.subscribe(worker)
    (promised,) = await pushed.look()
    pushed.service.next = [status]
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert await pushed.rows(worker) == []
    assert await pushed.mornings(worker) == []
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert len(pushed.service.pushed) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_service_that_is_away_is_tried_again_and_the_page_says_so(
    pushed: Pushed, status: int
) -> None:
    worker = pushed.house.worker
    await pushed.subscribe(worker)
    (promised,) = await pushed.look()
    pushed.service.next = [status]
    with pytest.raises(PushAway):
        await pushed.tell(promised)
    assert [row.outcome for row in await pushed.rows(worker)] == ["away"]
    await pushed.tell(promised)
    assert [row.outcome for row in await pushed.rows(worker)] == ["taken"]
    assert [one.answered for one in pushed.service.pushed] == [status, 201]


async def test_one_browsers_trouble_is_no_others(pushed: Pushed) -> None:
    worker = pushed.house.worker
    browsers = [await pushed.subscribe(worker) for _ in range(3)]
    pushed.service.unsubscribe(browsers[0])
    for promised in await pushed.look():
        try:
            await pushed.tell(promised)
        except Overtaken:
            continue
    assert sorted(one.answered for one in pushed.service.pushed) == [201, 201, 410]
    assert len(await pushed.rows(worker)) == 2


async def test_what_a_service_does_not_take_is_an_operators_matter(pushed: Pushed) -> None:
    await pushed.subscribe(pushed.house.worker)
    (promised,) = await pushed.look()
    pushed.service.next = [401]
    with pytest.raises(PushRefused):
        await pushed.tell(promised)
    assert [row.outcome for row in await pushed.rows(pushed.house.worker)] == ["refused"]


async def test_after_a_new_key_the_old_one_serves_until_it_is_withdrawn(pushed: Pushed) -> None:
    worker, keyring = pushed.house.worker, pushed.house.bureau.keyring
    await pushed.subscribe(worker)
    old = keyring.newest(Kind.PUSH)
    keyring.renew(Kind.PUSH)
    (promised,) = await pushed.look()
    await pushed.tell(promised)
    assert pushed.service.pushed[-1].answered == 201
    keyring.retire(Kind.PUSH, old)
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert await pushed.rows(worker) == []


def of(pushed: Pushed) -> Person:
    return pushed.house.worker


async def _suspended(pushed: Pushed, counter: Counter) -> None:
    await inviting.suspend(counter, of(pushed).centre, of(pushed).id, None)


async def _signed_out(pushed: Pushed, counter: Counter) -> None:
    await sessions.end_everywhere(counter, of(pushed))


async def _taken_back(pushed: Pushed, counter: Counter) -> None:
    await subscribing.remove_all(counter, of(pushed))


async def _invited_anew(pushed: Pushed, counter: Counter) -> None:
    await people.change(counter.tx, of(pushed).centre, of(pushed).id, state="invited")


async def _overseer(pushed: Pushed, counter: Counter) -> None:
    await people.change(counter.tx, of(pushed).centre, of(pushed).id, role="overseer")


async def _never_by_the_rule(pushed: Pushed, counter: Counter) -> None:
    await store.keep_rule(counter.tx, of(pushed).centre, Rule(workers=Since.NEVER))


async def _coordinator_who_is_told_later(pushed: Pushed, counter: Counter) -> None:
    given, boss = Given(PersonRole.COORDINATOR, None), pushed.house.coordinator
    await inviting.may_do(counter, boss.centre, of(pushed).id, given, boss.id)
    await store.keep_rule(counter.tx, boss.centre, Rule(coordinators=Since.LATE_5))


async def _handled(pushed: Pushed, counter: Counter) -> None:
    deed = duties.Deed(Ending.MET, noon(LATE), of(pushed).id)
    await duties.end(counter.tx, pushed.house.matter, [DutyKind.ANSWER], deed)


@pytest.mark.parametrize(
    "happens",
    [
        *(_suspended, _signed_out, _taken_back, _invited_anew, _overseer),
        *(_never_by_the_rule, _coordinator_who_is_told_later, _handled),
    ],
)
async def test_nothing_goes_out_to_whom_it_no_longer_concerns(
    pushed: Pushed, happens: Callable[[Pushed, Counter], Awaitable[None]]
) -> None:
    """What was promised before is not kept, and nothing new is promised."""
    await pushed.subscribe(of(pushed))
    (promised,) = await pushed.look()
    async with pushed.office.counter_of(of(pushed)) as counter:
        await happens(pushed, counter)
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert await pushed.look(date(2026, 11, 20)) == []
    assert pushed.service.pushed == []


async def test_the_people_of_a_suspended_centre_are_told_nothing(pushed: Pushed) -> None:
    await pushed.subscribe(of(pushed))
    (promised,) = await pushed.look()
    async with pushed.house.bureau.owner.transaction([pushed.house.holder]) as tx:
        await centres.set_state(tx, pushed.house.holder, CentreState.SUSPENDED)
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert await pushed.look(date(2026, 11, 20)) == []
    assert pushed.service.pushed == []


async def test_a_browser_that_tells_somebody_else_now_says_nothing_of_the_one_before(pushed: Pushed) -> None:
    browser = await pushed.subscribe(of(pushed))
    (promised,) = await pushed.look()
    key = pushed.office.keyring.push_key()
    assert key is not None
    coordinator = pushed.house.coordinator
    async with pushed.office.counter_of(coordinator) as counter:
        said = {"subscription": browser.json(), "key": key.key_id}
        await subscribing.keep(counter, pushed.office, coordinator, said)
    with pytest.raises(Overtaken):
        await pushed.tell(promised)
    assert await pushed.rows(of(pushed)) == []
    assert len(await pushed.rows(coordinator)) == 1


async def test_a_message_and_the_log_name_nobody_and_no_address(pushed: Pushed) -> None:
    """Whom the hub knows by name, and the canaries that it does not."""
    worker, coordinator = pushed.house.worker, pushed.house.coordinator
    made = [await pushed.subscribe(person) for person in (worker, coordinator)]
    by_path = {browser.path: browser for browser in made}
    with capture_logs() as logs:
        for promised in await pushed.look():
            await pushed.tell(promised)
    names = [*CANARY_NAMES, *CANARY_DETAILS, "Ligzda", "Zemgale"]
    names += [word for person in (worker, coordinator) for word in (person.name, person.email)]
    assert {message.path for message in pushed.service.pushed} == by_path.keys()
    for message in pushed.service.pushed:
        browser = by_path[message.path]
        said = browser.opened(message).decode()
        assert CHILD in said
        assert [name for name in names if name.casefold() in said.casefold()] == []
        outside = json.dumps(message.headers) + message.path
        assert [name for name in [*names, CHILD] if name.casefold() in outside.casefold()] == []
        assert browser.endpoint not in str(logs)


async def test_a_copy_of_the_database_does_not_say_where_a_browser_is_reached(pushed: Pushed) -> None:
    browser = await pushed.subscribe(of(pushed))
    (row,) = await pushed.rows(of(pushed))
    (promised,) = await pushed.look()
    for secret in (browser.endpoint, browser.endpoint.rsplit("/", 1)[1], browser.json()["keys"]["auth"]):
        assert secret.encode() not in row.reached
        assert secret not in str(row)
        assert secret not in json.dumps(promised)


def test_a_message_lasts_to_the_next_quiet_hour_or_midnight_in_riga() -> None:
    night = Rule(quiet_from=time(20), quiet_until=time(7))
    day = date(2026, 3, 28)
    for rule, at, hours in (
        (Rule(), time(8), 16),
        (night, time(8), 12),
        (night, time(21), 3),
        (Rule(quiet_from=time(6), quiet_until=time(9)), time(10), 14),
    ):
        assert rule.lasts(datetime.combine(day, at, RIGA)) == timedelta(hours=hours)
    to_summer = datetime.combine(date(2026, 3, 29), time(1), RIGA)
    assert Rule().lasts(to_summer) == timedelta(hours=22)


async def test_the_hubs_own_worker_tries_again_until_the_service_takes_it(
    pushed: Pushed, cluster: Cluster, database_name: str, tmp_path: Path
) -> None:
    """By the promises' own retry, through a service that wants less, then fails, then is well again."""
    worker = of(pushed)
    browser = await pushed.subscribe(worker)
    pushed.service.next = [429, 503]
    payload = {"to": str(worker.id), "centre": str(worker.centre), "day": str(riga_day(clock.now()))}
    async with pushed.house.bureau.database.transaction([worker.centre]) as tx:
        name = hashlib.sha256(browser.endpoint.encode()).hexdigest()
        await promise(tx, telling.PUSH, {**payload, "browser": name})
    parts = assemble(Settings(home=tmp_path, database_url=cluster.url(database_name)))
    own = timetable.worker(replace(parts, people=replace(parts.people, push=pushed.services)))
    running = asyncio.create_task(own.run())
    for _ in range(300):
        if [row.outcome for row in await pushed.rows(worker)] == ["taken"]:
            break
        await asyncio.sleep(0.2)
    own.stop()
    await running
    await parts.database.close()
    assert [one.answered for one in pushed.service.pushed] == [429, 503, 201]
    assert browser.read(pushed.service.pushed[-1])["title"] == "Saikne: 1 steidzams pienākums"
