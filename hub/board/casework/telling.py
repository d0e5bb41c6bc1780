"""The morning's letter: what a person's centre owes, by reference, from the step on that the centre chose.

Begun once a working day for each person, in one transaction with its promise; it says how things stand when
it goes out, and where nothing is left to say none goes out. Whoever has a browser that tells is told there
the same morning (`pushing`), but in no quiet hour.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.board import store
from hub.board.casework.worklist import Case, cases_of
from hub.board.morning import Rule, Since, Way, is_named
from hub.board.speech import Speech, first_letter_large
from hub.board.store import Morning
from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.duty import Stake, last_days_within
from hub.duties.tables import DutyRow
from hub.kernel import clock
from hub.kernel.clock import riga_day
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId
from hub.matters.casework.records import Desk
from hub.people import store as people
from hub.people import subscriptions
from hub.people.person import Person, PersonId, PersonState
from hub.plumbing.database import Database
from hub.plumbing.outbound import Letter, Mail
from hub.plumbing.promises import Overtaken, promise
from hub.signing.keyring import Keyring
from hub.wording.catalogue import text
from hub.workdays.calendars import Calendars, Policy
from hub.workdays.casework import CalendarShelf

TELL, PUSH = "board.tell", "board.push"
LINES_AT_MOST = 100
ROWS_AT_MOST = 1_000
"""So many of a centre's urgent duties are looked at."""
_AHEAD = 4
"""Working days: nothing is named earlier than three before its last."""


async def look(desk: Desk, tenant: CentreId) -> int:
    """Promise what a centre's people are told this morning; to how many, once for each way.

    Acts for the centre.
    """
    rule, calendars = await store.rule_of(desk.tx, tenant), await desk.calendars.current(desk.tx)
    active = (await centres.find(desk.tx, [tenant]))[tenant].active
    if not active or not rule.is_morning(desk.now, calendars.statutory):
        return 0
    day, promised = riga_day(desk.now), 0
    browsers = {} if rule.is_quiet(desk.now) else await _browsers(desk, tenant)
    passed_over = await store.begun(desk.tx, tenant, day)
    passed_over |= {(who, Way.LETTER) for who in await store.silent_ones(desk.tx, tenant)}
    every = map(people.person_of, await people.of_centre(desk.tx, tenant))
    ways = [
        (person, way)
        for person in every
        if person.state is PersonState.ACTIVE
        for way in (Way.LETTER, *([Way.PUSH] if person.id in browsers else []))
        if (person.id, way) not in passed_over
    ]
    urgent = await _urgent(desk, tenant, calendars) if ways else []
    for person, way in ways:
        if _named(urgent, rule.since(person.role), day, calendars):
            await store.begin_morning(desk.tx, Morning(tenant, person.id, day, way))
            said = {"to": str(person.id), "centre": str(tenant), "day": str(day)}
            if way is Way.LETTER:
                await promise(desk.tx, TELL, {**said})
            for browser in browsers[person.id] if way is Way.PUSH else ():
                await promise(desk.tx, PUSH, {**said, "browser": browser.hex()})
            promised += 1
    return promised


async def _browsers(desk: Desk, tenant: CentreId) -> Mapping[PersonId, Sequence[bytes]]:
    """Those that tell a person, by their digests."""
    found: dict[PersonId, list[bytes]] = {}
    for row in await subscriptions.of_centre(desk.tx, tenant):
        found.setdefault(row.person_id, []).append(row.digest)
    return found


async def _urgent(desk: Desk, tenant: CentreId, calendars: Calendars) -> Sequence[DutyRow]:
    """What may be named at all, the most urgent first."""
    until = last_days_within(riga_day(desk.now), _AHEAD, calendars)
    return await duties.page(desk.tx, tenant, duties.Listed(ROWS_AT_MOST, Stake.OWES, until))


def _named(urgent: Sequence[DutyRow], since: Since, day: date, calendars: Calendars) -> list[DutyRow]:
    return [row for row in urgent if is_named(since, row.due_on, day, calendars.of(Policy(row.calendar)))]


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, and what there is to say on a day; never nothing."""

    person: Person
    rule: Rule
    cases: Sequence[Case]


async def told(desk: Desk, which: Morning) -> Told:
    """As things stand now; Overtaken where nobody is to be told any more, or of nothing."""
    row = await people.find(desk.tx, which.centre, which.to)
    person = people.person_of(row) if row is not None else None
    if person is None or person.state is not PersonState.ACTIVE or riga_day(desk.now) != which.day:
        raise Overtaken("nobody to be told any more")
    calendars, rule = await desk.calendars.current(desk.tx), await store.rule_of(desk.tx, which.centre)
    urgent = await _urgent(desk, which.centre, calendars)
    named = _named(urgent, rule.since(person.role), which.day, calendars)
    if not named:
        raise Overtaken("all handled")
    return Told(person, rule, await cases_of(desk, which.centre, named, calendars))


def morning_of(payload: JsonObject, way: Way) -> Morning:
    """What a promise is about."""
    centre, to = CentreId(UUID(payload["centre"])), PersonId(UUID(payload["to"]))
    return Morning(centre, to, date.fromisoformat(payload["day"]), way)


@dataclass(frozen=True, slots=True)
class Mornings:
    database: Database
    keyring: Keyring
    calendars: CalendarShelf
    mail: Mail
    public_url: str
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `board.tell`. Written down as sent before it is: the letter has one identity."""
        which, now = morning_of(payload, Way.LETTER), self.now()
        async with self.database.transaction([which.centre]) as tx:
            found = await told(Desk(tx, now, self.keyring, self.calendars), which)
            await store.end_morning(tx, which, named=len(found.cases), sent_at=now)
        person, speech = found.person, Speech(found.person.language)
        letter = Letter(
            to=person.email,
            subject=text("mail.morning.subject", person.language, count=len(found.cases)),
            text=_said(found.cases, speech, self.public_url, riga_day(now)),
            identity=f"{which.to}:morning:{which.day}",
        )
        await self.mail.send(letter, now)


def _said(cases: Sequence[Case], speech: Speech, url: str, today: date) -> str:
    language = speech.language
    lines = [_line(case, speech, url, today) for case in cases[:LINES_AT_MOST]]
    if (more := len(cases) - len(lines)) > 0:
        lines.append(text("mail.morning.more", language, count=more))
    first = text("mail.morning", language, count=len(cases))
    last = text("mail.morning.where", language, hub=url)
    return "\n\n".join([first, *lines, last]) + "\n"


def _line(case: Case, speech: Speech, url: str, today: date) -> str:
    """What, about which case, how it stands by which term, and where to go on."""
    duty, language = case.duty, speech.language
    return text(
        "mail.morning.line" if duty.by_method else "mail.morning.line.by-hub",
        language,
        ref=case.called,
        owed=first_letter_large(speech.word(f"duty.{duty.kind}")),
        due=speech.day(duty.due_on),
        stands=stands(case, language, today),
        address=f"{url}/records/{duty.concerns}",
    )


def stands(case: Case, language: str, today: date) -> str:
    """How a case stands by its term."""
    duty = case.duty
    if duty.overdue:
        return text("mail.morning.late", language, count=duty.working_days_late)
    if duty.due_on == today:
        return text("mail.morning.today", language)
    return text("mail.morning.left", language, count=duty.working_days_left)
