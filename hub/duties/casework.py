"""Opening, reminding, counting again: a duty's verbs, inside the caller's transaction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from hub.duties import store
from hub.duties.duty import WORKING_DAYS, Basis, DutyKind, Stake
from hub.duties.ladder import is_overdue_rung, rungs_passed
from hub.duties.recount import recount as by_newest
from hub.duties.tables import DutyRow, duty
from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.plumbing.database import Tx
from hub.plumbing.promises import Overtaken, promise
from hub.plumbing.rows import Json, Rows
from hub.workdays import store as workdays
from hub.workdays.calendars import Calendars, Policy
from hub.workdays.deadlines import BothTerms, both
from saikne_schemas.vocabulary import Workflow

TELL = "duties.tell"
LOOK_AHEAD = timedelta(days=14)
"""Three working days are never further away than this, whatever the holidays."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Who owes what to whom, since when."""

    kind: DutyKind
    about: MatterId
    owner: CentreId
    awaited_by: tuple[CentreId, ...]
    starts_on: date
    """The day of the event; the first day that counts is the next working day."""
    basis: Basis
    policy: Policy
    """The owner's calendar."""
    workflow: Workflow = Workflow.COPIES
    opened_on: date | None = None
    """Today, where somebody is told today that it begins."""
    working_days: int | None = None
    """Others than its kind has."""
    objections_until: date | None = None
    """Until when a centre may object to the day that it counts from."""


def opened(opening: Opening, calendars: Calendars) -> tuple[BothTerms, Rows]:
    """A new duty: its terms, and a row for every side, which the caller writes acting for all of them."""
    working_days = opening.working_days or WORKING_DAYS[opening.kind]
    terms = both(opening.starts_on, working_days, calendars, opening.policy)
    awaiting = dict.fromkeys(opening.awaited_by, Stake.AWAITS)
    sides = {**awaiting, opening.owner: Stake.OWES, OVERSIGHT: Stake.OVERSEES}
    identity = uuid4()
    shared = {
        "id": identity,
        "kind": opening.kind.value,
        "matter_id": opening.about,
        "workflow": opening.workflow.value,
        "owner_id": opening.owner,
        "starts_on": opening.starts_on,
        "basis": opening.basis.value,
        "working_days": working_days,
        "calendar": opening.policy.value,
        "calendar_version": terms.own.version,
        "edition": calendars.edition,
        "confirmed": terms.own.confirmed,
        "due_on": terms.due_on,
        "alt_due_on": terms.alt_due_on,
        "explanation": Json(terms.own.explained),
        "objections_until": opening.objections_until,
    }
    told = _told_by_beginning(opening, terms, calendars)
    rows = [
        shared | {"tenant_id": who, "stake": stake.value, "rungs_told": 0 if who == OVERSIGHT else told}
        for who, stake in sides.items()
    ]
    return terms, Rows(duty, rows)


def _told_by_beginning(opening: Opening, terms: BothTerms, calendars: Calendars) -> int:
    """Nobody is reminded of a short term on the day on which it begins: its beginning is told."""
    if opening.opened_on != opening.starts_on:
        return 0
    return rungs_passed(terms.due_on, opening.starts_on, calendars.of(opening.policy))


async def remind(tx: Tx, tenant: CentreId, calendars: Calendars, now: datetime) -> int:
    """Promise the reminders that are due for one centre's duties; how many were promised.

    The owner hears every rung; the one who waits hears only that it is overdue. Acts for `tenant`.
    """
    today, told = riga_day(now), 0
    for row in await store.open_until(tx, tenant, today + LOOK_AHEAD):
        rungs = rungs_passed(row.due_on, today, calendars.of(Policy(row.calendar)))
        if rungs <= row.rungs_told:
            continue
        late = is_overdue_rung(rungs)
        await store.tell(tx, tenant, [row.id], rungs)
        if late or row.stake == Stake.OWES:
            notice = "overdue" if late else "reminder"
            await promise(tx, *_told(row, tenant, notice))
            kind = EventKind.DUTY_OVERDUE if late else EventKind.REMINDER_SENT
            facts: dict[str, Fact] = {"due_on": str(row.due_on), "rung": rungs}
            await record(tx, kind, [tenant], row.matter_id, facts)
            told += 1
    return told


async def still_owed(tx: Tx, tenant: CentreId, identity: UUID) -> DutyRow:
    """What a reminder is about; overtaken where it was met since: a reminder ends with its cause."""
    owed = await store.find(tx, tenant, identity)
    if owed is None or owed.ended_at is not None:
        raise Overtaken("duty ended")
    return owed


async def recount(tx: Tx, about: MatterId, identity: UUID, calendars: Calendars) -> date | None:
    """Count a duty again by a newer edition; its new day where it ends later, and then both sides are told.

    The caller holds the record that the duty is about, and acts for its parties and for oversight.
    """
    rows = await store.every_side(tx, about, identity)
    if not rows or rows[0].ended_at is not None or rows[0].edition >= calendars.edition:
        return None
    row = rows[0]
    again = by_newest(row, calendars)
    if not again.moves:
        await store.change(tx, about, identity, again.columns)
        return None
    why = [
        {"day": str(off.day), "name": off.name, "source": off.source}
        for off in await workdays.whence(tx, again.days_off)
    ]
    moved_by = {"edition": calendars.edition, "before": str(row.due_on), "days_off": why}
    await store.change(tx, about, identity, again.columns | {"moved_by": moved_by})
    concerned = [CentreId(side.tenant_id) for side in rows if side.stake != Stake.OVERSEES]
    for tenant in concerned:
        await promise(tx, *_told(row, tenant, "moved"))
    facts: dict[str, Fact] = {
        "duty": str(identity),
        "due_on": str(again.due_on),
        "before": str(row.due_on),
        "edition": calendars.edition,
        "days_off": [str(day) for day in again.days_off],
    }
    await record(tx, EventKind.DUTY_MOVED, concerned, about, facts)
    return again.due_on


def _told(row: DutyRow, tenant: CentreId, notice: str) -> tuple[str, dict[str, str | int]]:
    """How it is said, the workflow's own room knows: `timetable` binds the two."""
    about = {"about": str(row.matter_id), "workflow": row.workflow, "duty": str(row.id)}
    return TELL, {**about, "to": str(tenant), "notice": notice}
