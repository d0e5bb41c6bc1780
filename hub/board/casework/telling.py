"""The morning's letter: what a person's centre owes, by reference, from the step on that the centre chose.

Begun once a working day for each person, in one transaction with its promise; it says how things stand when
it goes out, and where nothing is left to say none goes out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.board import store
from hub.board.casework.worklist import Case, cases_of
from hub.board.morning import Since, is_named
from hub.board.speech import Speech, first_letter_large
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
from hub.people.person import PersonId, PersonState
from hub.plumbing.database import Database
from hub.plumbing.outbound import Letter, Mail
from hub.plumbing.promises import Overtaken, promise
from hub.signing.keyring import Keyring
from hub.wording.catalogue import text
from hub.workdays.calendars import Calendars, Policy
from hub.workdays.casework import CalendarShelf

TELL = "board.tell"
LINES_AT_MOST = 100
ROWS_AT_MOST = 1_000
"""So many of a centre's urgent duties are looked at."""
_AHEAD = 4
"""Working days: nothing is named earlier than three before its last."""


async def look(desk: Desk, tenant: CentreId) -> int:
    """Promise the letters of this morning for a centre's people; how many. Acts for the centre."""
    rule, calendars = await store.rule_of(desk.tx, tenant), await desk.calendars.current(desk.tx)
    active = (await centres.find(desk.tx, [tenant]))[tenant].active
    if not active or not rule.is_morning(desk.now, calendars.statutory):
        return 0
    day, told = riga_day(desk.now), 0
    passed_over = await store.silent_ones(desk.tx, tenant) | await store.begun(desk.tx, tenant, day)
    every = map(people.person_of, await people.of_centre(desk.tx, tenant))
    waiting = [one for one in every if one.state is PersonState.ACTIVE and one.id not in passed_over]
    urgent = await _urgent(desk, tenant, calendars) if waiting else []
    for person in waiting:
        if _named(urgent, rule.since(person.role), day, calendars):
            await store.begin_morning(desk.tx, tenant, person.id, day)
            await promise(desk.tx, TELL, {"to": str(person.id), "centre": str(tenant), "day": str(day)})
            told += 1
    return told


async def _urgent(desk: Desk, tenant: CentreId, calendars: Calendars) -> Sequence[DutyRow]:
    """What may be named at all, the most urgent first."""
    until = last_days_within(riga_day(desk.now), _AHEAD, calendars)
    return await duties.page(desk.tx, tenant, duties.Listed(ROWS_AT_MOST, Stake.OWES, until))


def _named(urgent: Sequence[DutyRow], since: Since, day: date, calendars: Calendars) -> list[DutyRow]:
    return [row for row in urgent if is_named(since, row.due_on, day, calendars.of(Policy(row.calendar)))]


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
        tenant, who = CentreId(UUID(payload["centre"])), PersonId(UUID(payload["to"]))
        day, now = date.fromisoformat(payload["day"]), self.now()
        async with self.database.transaction([tenant]) as tx:
            desk = Desk(tx, now, self.keyring, self.calendars)
            row = await people.find(tx, tenant, who)
            person = people.person_of(row) if row is not None else None
            if person is None or person.state is not PersonState.ACTIVE or riga_day(now) != day:
                raise Overtaken("nobody to be told any more")
            calendars, rule = await desk.calendars.current(tx), await store.rule_of(tx, tenant)
            urgent = await _urgent(desk, tenant, calendars)
            named = _named(urgent, rule.since(person.role), day, calendars)
            if not named:
                raise Overtaken("all handled")
            cases = await cases_of(desk, tenant, named, calendars)
            await store.end_morning(tx, tenant, who, day, named=len(cases), sent_at=now)
        speech = Speech(person.language)
        letter = Letter(
            to=person.email,
            subject=text("mail.morning.subject", person.language, count=len(cases)),
            text=_said(cases, speech, self.public_url, riga_day(now)),
            identity=f"{who}:morning:{day}",
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
    if duty.overdue:
        stands = text("mail.morning.late", language, count=duty.working_days_late)
    elif duty.due_on == today:
        stands = text("mail.morning.today", language)
    else:
        stands = text("mail.morning.left", language, count=duty.working_days_left)
    return text(
        "mail.morning.line" if duty.by_method else "mail.morning.line.by-hub",
        language,
        ref=case.called,
        owed=first_letter_large(speech.word(f"duty.{duty.kind}")),
        due=speech.day(duty.due_on),
        stands=stands,
        address=f"{url}/records/{duty.concerns}",
    )
