"""The morning by push: all that is urgent for a person in one short message, by reference, to each browser.

It says how things stand when it goes out, and goes out in no quiet hour; nor does the service bring it in
one. The references and days in it are sealed for the browser alone, and are those of the letter: no name,
nothing of what an archive holds. Source: features F54; RFC 8030, 8291.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from hub.board import store
from hub.board.casework.telling import Told, morning_of, stands, told
from hub.board.casework.worklist import Case
from hub.board.morning import Way
from hub.board.speech import Speech
from hub.centres import store as centres
from hub.kernel import clock
from hub.kernel.clock import riga_day
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage
from hub.matters.casework.records import Desk
from hub.people import subscriptions
from hub.people.gateways.push_services import Gone, Message, PushRefused, PushServices
from hub.people.push import Subscription, Taken
from hub.people.push_sealing import LONGEST_BYTES
from hub.people.subscriptions import SubscriptionRow, bound_to
from hub.plumbing.database import Database
from hub.plumbing.promises import Overtaken
from hub.signing.keyring import Keyring
from hub.wording.catalogue import text
from hub.workdays.casework import CalendarShelf

LINES_AT_MOST = 4
"""What a device shows of a message; all the others are a number."""
TOPIC = "morning"


@dataclass(frozen=True, slots=True)
class Pushes:
    database: Database
    keyring: Keyring
    calendars: CalendarShelf
    services: PushServices
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `board.push`, for one browser.

        1. As things stand: who may be told still, of what, and whether the browser tells that person.
        2. Nothing is held while the service thinks. One that is away lets the promise live.
        3. What it said is kept for the page; a browser that is gone is forgotten.
        """
        which, now = morning_of(payload, Way.PUSH), self.now()
        browser = bytes.fromhex(payload["browser"])
        async with self.database.transaction([which.centre]) as tx:
            found = await self._told(Desk(tx, now, self.keyring, self.calendars), which)
            row = await subscriptions.find(tx, which.centre, browser)
            if row is None or row.person_id != which.to:
                raise Overtaken("the browser tells this person no more")
        to = self._uncovered(row)
        message = said(found, now)
        try:
            await self.services.send(self.keyring, row.push_key, to, message, now)
        except Gone:
            async with self.database.transaction([which.centre]) as tx:
                await subscriptions.remove(tx, which.centre, browser)
            raise Overtaken("the browser is gone") from None
        except (Outage, PushRefused) as trouble:
            outcome = Taken.AWAY if isinstance(trouble, Outage) else Taken.REFUSED
            async with self.database.transaction([which.centre]) as tx:
                await subscriptions.note(tx, which.centre, browser, now, outcome.value)
            raise
        async with self.database.transaction([which.centre]) as tx:
            await subscriptions.note(tx, which.centre, browser, now, Taken.TAKEN.value)
            await store.end_morning(tx, which, named=len(found.cases), sent_at=now)

    async def _told(self, desk: Desk, which: store.Morning) -> Told:
        found = await told(desk, which)
        if found.rule.is_quiet(desk.now):
            raise Overtaken("quiet hours")
        if not (await centres.find(desk.tx, [which.centre]))[which.centre].active:
            raise Overtaken("the centre is suspended")
        return found

    def _uncovered(self, row: SubscriptionRow) -> Subscription:
        return Subscription.of(self.keyring.unwrap(row.reached, bound_to(row.tenant_id, row.digest)).reveal())


def said(found: Told, now: datetime) -> Message:
    """As the browser's worker reads it (`push-worker.js`). One case is opened itself, of several the list."""
    cases, today, speech = found.cases, riga_day(now), Speech(found.person.language)
    urgent = any(case.duty.overdue or case.duty.due_on == today for case in cases)
    content = json.dumps(
        {
            "title": text("mail.morning.subject", speech.language, count=len(cases)),
            "body": "\n".join(_lines(cases, speech, today)),
            "address": f"/records/{cases[0].duty.concerns}" if len(cases) == 1 else "/",
            "lang": speech.language,
            "tag": TOPIC,
        },
        ensure_ascii=False,
    ).encode()
    assert len(content) <= LONGEST_BYTES  # noqa: S101  # a reference has its longest
    return Message(content, found.rule.lasts(now), TOPIC, urgent)


def _lines(cases: Sequence[Case], speech: Speech, today: date) -> list[str]:
    language = speech.language
    lines = [
        text(
            "push.morning.line",
            language,
            ref=case.called,
            due=speech.day(case.duty.due_on),
            stands=stands(case, language, today),
        )
        for case in cases[:LINES_AT_MOST]
    ]
    if (more := len(cases) - len(lines)) > 0:
        lines.append(text("mail.morning.more", language, count=more))
    return lines
