"""A month's registrations, for whom it is: a centre's own, all with the list, or the totals of each centre.

Source: method S80, S17 (oversight sees that and when, not what). Three questions to the database for any
number of centres; days are those of Riga.
"""

from datetime import UTC, date, datetime, time
from uuid import UUID

from hub.centres import store as centres
from hub.centres.centre import Centre, CentreRole
from hub.duties.duty import Ending
from hub.kernel.clock import RIGA, riga_day
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.matters.casework.records import Desk
from hub.plumbing.database import act_for
from hub.reconciliation import store
from hub.reconciliation.month import Differences, Due, Sheet, by_machine, month_of, sheet, total
from hub.workdays.calendars import Policy
from saikne_schemas.reconciliation import CentreReport, DifferenceState, RegisterReport
from saikne_schemas.register_words import DifferenceResolution


async def report(desk: Desk, tenant: CentreId, month: str) -> RegisterReport:
    """`tenant` is a centre, the register's side or oversight."""
    first, after = month_of(month)
    everyone = [one for one in await centres.directory(desk.tx) if one.role is CentreRole.CENTRE]
    shown = [one for one in everyone if tenant in {one.id, REGISTRY, OVERSIGHT}]
    await act_for(desk.tx, [*(one.id for one in shown), tenant])
    sheets = await _sheets(desk, shown, first, after)
    reports = [
        CentreReport(centre=one.id, name=one.name, **sheets[one.id].counts.model_dump()) for one in shown
    ]
    late = [line for one in shown for line in sheets[one.id].late]
    return RegisterReport(
        month=month,
        as_of=desk.now,
        total=total(reports),
        centres=reports,
        late=[] if tenant == OVERSIGHT else sorted(late, key=lambda line: (line.due_on, line.matter)),
    )


async def _sheets(desk: Desk, shown: list[Centre], first: date, after: date) -> dict[CentreId, Sheet]:
    ids = [one.id for one in shown]
    owed = await store.due_between(desk.tx, ids, first, after)
    due = {(row["owner_id"], row["matter_id"], row["due_on"]): _due(row) for row in owed}
    machine = by_machine(await store.by_machine(desk.tx, {one.matter for one in due.values()}))
    counted = await store.found_between(desk.tx, ids, _midnight(first), _midnight(after))
    differences = [_differences(row) for row in counted]
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    return {
        one.id: sheet(
            [owing for owing in due.values() if owing.centre == one.id],
            machine,
            [found for found in differences if found.centre == one.id],
            today,
            calendars.of(Policy(one.calendar)),
        )
        for one in shown
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), RIGA).astimezone(UTC)


def _due(row: store.Owed) -> Due:
    ended_at: datetime | None = row["ended_at"]
    done_on = row["done_on"] or (riga_day(ended_at) if ended_at else None)
    ending = Ending(row["ending"]) if row["ending"] else None
    return Due(UUID(str(row["owner_id"])), UUID(str(row["matter_id"])), row["due_on"], ending, done_on)


def _differences(row: store.Counted) -> Differences:
    how = DifferenceResolution(row["how"]) if row["how"] else None
    return Differences(UUID(str(row["centre_id"])), DifferenceState(row["state"]), how, row["many"])
