"""The overseer's letter of a day: what has become late by one, three or five working days, by reference.

Source: method S17; features 2.2, F54 (a notice holds no personal data). What is new is looked for once a day
and marked on oversight's own row of the duty in the same transaction; the letter says how it stands when it
goes out, and what has been done meanwhile is left out. A letter in which nothing is left is not sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties import store as duties
from hub.duties.duty import NAMED_BY_METHOD, DutyKind, days_late
from hub.duties.tables import DutyRow
from hub.kernel import clock
from hub.kernel.clock import riga_day
from hub.kernel.documents import JsonObject
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework.records import Desk
from hub.matters.casework.telling import SHORT
from hub.oversight.late_list import LINES_AT_MOST, RUNGS, rungs_reached
from hub.plumbing.database import Database
from hub.plumbing.outbound import Letter, Mail
from hub.plumbing.promises import Overtaken, promise
from hub.wording.catalogue import LANGUAGES, text
from hub.workdays.calendars import Calendars, Policy
from hub.workdays.casework import CalendarShelf

LOOK, TELL = "oversight.look", "oversight.tell"


async def look(desk: Desk) -> int:
    """Promise today's letters; how many duties are new in them. While nobody oversees, nothing is told."""
    overseers = [
        centre.id
        for centre in await centres.directory(desk.tx)
        if centre.role is CentreRole.OVERSIGHT and centre.active
    ]
    if not overseers:
        return 0
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    late = await duties.late_and_untold(desk.tx, OVERSIGHT, before=today, rungs=len(RUNGS))
    reached = {row.id: rungs_reached(row.due_on, today, calendars.of(Policy(row.calendar))) for row in late}
    new = [row.id for row in late if reached[row.id] > row.rungs_told]
    for rung in sorted({reached[one] for one in new}):
        await duties.tell(desk.tx, OVERSIGHT, [one for one in new if reached[one] == rung], rung)
    for overseer in overseers if new else ():
        about = " ".join(str(one) for one in new)
        await promise(desk.tx, TELL, {"to": str(overseer), "day": str(today), "duties": about})
    return len(new)


@dataclass(frozen=True, slots=True)
class Digests:
    database: Database
    mail: Mail
    calendars: CalendarShelf
    public_url: str
    now: Callable[[], datetime] = clock.now

    async def tell(self, payload: JsonObject) -> None:
        """Keep the promise `oversight.tell`."""
        overseer = CentreId(UUID(payload["to"]))
        about = [UUID(one) for one in payload["duties"].split()]
        async with self.database.transaction([OVERSIGHT, overseer]) as tx:
            to = (await centres.contacts(tx, overseer)).contacts.notices
            rows = await duties.open_among(tx, OVERSIGHT, about)
            names = await centres.names(tx, {row.owner_id for row in rows})
            calendars = await self.calendars.current(tx)
        if not rows:
            raise Overtaken("all ended")
        day = riga_day(self.now())
        said = [_in_language(language, rows, names, calendars, day) for language in LANGUAGES]
        letter = Letter(
            to=to,
            subject=text("mail.late_duties.subject", "lv", count=len(rows)),
            text="\n\n".join([*said, self.public_url]) + "\n",
            identity=f"{overseer}:late_duties:{payload['day']}",
        )
        await self.mail.send(letter, self.now())


def _in_language(
    language: str,
    rows: Sequence[DutyRow],
    names: Mapping[UUID, str],
    calendars: Calendars,
    today: date,
) -> str:
    late = {row.id: days_late(row.due_on, today, calendars.of(Policy(row.calendar))) for row in rows}
    ordered = sorted(rows, key=lambda row: (-late[row.id], row.due_on, row.id))
    lines = [
        text(
            "mail.late_duties.line"
            if DutyKind(row.kind) in NAMED_BY_METHOD
            else "mail.late_duties.line.by-hub",
            language,
            late=late[row.id],
            ref=str(row.matter_id)[:SHORT],
            owner=names[row.owner_id],
            owed=text(f"duty.{row.kind}", language),
        )
        for row in ordered[:LINES_AT_MOST]
    ]
    if (more := len(rows) - len(lines)) > 0:
        lines.append(text("mail.late_duties.more", language, count=more))
    return "\n".join([text("mail.late_duties", language, count=len(rows)), *lines])
