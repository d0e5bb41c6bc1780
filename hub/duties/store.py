"""Open duties in lists, counted, and changed: every side's row alike."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Update, func, or_, select, text, tuple_, update

from hub.duties.duty import DutyKind, Ending, Stake
from hub.duties.tables import OVERSEEN, DutyRow, duty
from hub.kernel.ids import CentreId, MatterId
from hub.plumbing.database import Tx, fetch
from hub.workdays.calendars import Policy

TERM = """
    duty.due_on, duty.original_due_on, duty.moved_by, duty.extended_by, duty.alt_due_on, duty.starts_on,
    duty.basis, duty.working_days, duty.calendar, duty.calendar_version, duty.confirmed, duty.explanation,
    duty.ended_at, duty.ending
"""
"""What `term.term_of` shows of a duty: SQL, asked beside."""
_NEWEST = "(duty.ended_at IS NULL) DESC, duty.starts_on DESC, duty.ended_at DESC"
"""At most one of a kind is open for an exchange, and it is opened when the one before has ended."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What ends duties."""

    how: Ending
    at: datetime
    by: UUID
    """The statement."""
    done_on: date | None = None


async def end(
    tx: Tx, about: UUID, which: Collection[DutyKind | tuple[DutyKind, CentreId]], deed: Deed
) -> None:
    """End every side's row of open duties; one that has ended already keeps its first ending.

    Duties of a kind, or of a kind and one owner.
    """
    kinds = [one for one in which if isinstance(one, DutyKind)]
    owned = [one for one in which if not isinstance(one, DutyKind)]
    meant = or_(duty.c.kind.in_(kinds), tuple_(duty.c.kind, duty.c.owner_id).in_(owned))
    await tx.execute(
        update(duty)
        .where(duty.c.matter_id == about, meant, duty.c.ended_at.is_(None))
        .values(ended_at=deed.at, ending=deed.how, ended_by=deed.by, done_on=deed.done_on)
    )


async def reopen(tx: Tx, about: UUID, kind: DutyKind) -> None:
    """Take the last ending back; the dates stay (features N7: a dispute does not restart the clock)."""
    values = {"ended_at": None, "ending": None, "ended_by": None, "done_on": None}
    await tx.execute(_newest(about, kind).values(values))


async def correct(tx: Tx, about: UUID, kind: DutyKind, done_on: date) -> None:
    """What met the last one was done on another day; by whom and when that was told stays."""
    await tx.execute(_newest(about, kind).where(duty.c.ending == Ending.MET).values(done_on=done_on))


def _newest(about: UUID, kind: DutyKind) -> Update:
    """Every side's row of the open duty of a kind, or of the one that ended last."""
    newest = (
        select(duty.c.id)
        .where(duty.c.matter_id == about, duty.c.kind == kind)
        .order_by(text(_NEWEST))
        .limit(1)
        .scalar_subquery()
    )
    return update(duty).where(duty.c.matter_id == about, duty.c.id == newest)


async def extend(tx: Tx, about: UUID, duty_id: UUID, until: date, by: UUID) -> None:
    """Another day counts on every side's row; the first one stays beside it, and reminders begin anew."""
    await tx.execute(
        update(duty)
        .where(duty.c.matter_id == about, duty.c.id == duty_id)
        .values(
            due_on=until,
            original_due_on=func.coalesce(duty.c.original_due_on, duty.c.due_on),
            extended_by=by,
            rungs_told=0,
        )
    )


async def counted_before(tx: Tx, edition: int, *, after: UUID | None = None, limit: int) -> Sequence[DutyRow]:
    """Open duties that an older edition of the calendars was the last to count, for oversight's eyes."""
    query = select(duty).where(text(OVERSEEN), duty.c.edition < edition).order_by(duty.c.id).limit(limit)
    return await DutyRow.every(tx, query if after is None else query.where(duty.c.id > after))


async def every_side(tx: Tx, about: UUID, duty_id: UUID) -> Sequence[DutyRow]:
    """The rows of one duty that the transaction may see, held until it ends."""
    return await DutyRow.every(
        tx,
        select(duty)
        .where(duty.c.matter_id == about, duty.c.id == duty_id)
        .order_by(duty.c.tenant_id)
        .with_for_update(),
    )


async def change(tx: Tx, about: UUID, duty_id: UUID, columns: dict[str, Any]) -> None:
    """The same on every side's row."""
    await tx.execute(update(duty).where(duty.c.matter_id == about, duty.c.id == duty_id).values(**columns))


async def of_exchange(tx: Tx, tenant: CentreId, exchange: MatterId) -> DutyRow | None:
    """The answer that is owed, else the one last owed."""
    return await DutyRow.first(
        tx,
        select(duty)
        .where(duty.c.tenant_id == tenant, duty.c.matter_id == exchange, duty.c.kind == DutyKind.ANSWER)
        .order_by(text(_NEWEST))
        .limit(1),
    )


def answer_owed(columns: str, *, to: str, about: str) -> str:
    """The same inside another query: SQL for these of a duty's columns, of a tenant and an exchange there."""
    return f"""
        SELECT {columns} FROM hub.duty
        WHERE duty.tenant_id = {to} AND duty.matter_id = {about} AND duty.kind = '{DutyKind.ANSWER}'
        ORDER BY {_NEWEST} LIMIT 1
    """  # noqa: S608  # our own words


async def find(tx: Tx, tenant: CentreId, identity: UUID) -> DutyRow | None:
    query = select(duty).where(duty.c.tenant_id == tenant, duty.c.id == identity)
    return await DutyRow.first(tx, query)


_ABOUT = "SELECT * FROM hub.duty WHERE tenant_id = $1 AND matter_id = $2"
_BY_DAY = "ORDER BY due_on, kind, id"


async def all_about(tx: Tx, tenant: CentreId, about: UUID) -> Sequence[DutyRow]:
    """Every duty of a matter in which a tenant has a stake, in the order of their days."""
    return await DutyRow.said(tx, f"{_ABOUT} {_BY_DAY}", tenant, about)


async def open_about(tx: Tx, tenant: CentreId, about: UUID) -> Sequence[DutyRow]:
    """The same of those that are open."""
    return await DutyRow.said(tx, f"{_ABOUT} AND ended_at IS NULL {_BY_DAY}", tenant, about)


Place = Callable[[object], str]
"""Takes a value of a statement and says how it is named there."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Which open duties of a tenant: of one stake, and due by a day that may differ between the calendars."""

    limit: int
    stake: Stake | None = None
    due_by: tuple[date, date] | None = None
    """By the statutory calendar, and by the one with moved days."""
    kind: DutyKind | None = None
    among: Callable[[Place], str] | None = None
    """Only of some matters: the query for their numbers, made with what puts values in their places."""
    newest: bool = False
    """Those first whose term began last, else the most urgent."""


async def page(
    tx: Tx, tenant: CentreId, which: Listed, after: tuple[date, UUID] | None = None
) -> Sequence[DutyRow]:
    """A tenant's open duties along the index of what is open, no further than the later of both days.

    `after`: the day and id of the last one seen, of the beginning of its term where the newest come first.
    """
    given: list[object] = []

    def place(value: object) -> str:
        given.append(value)
        return f"${len(given)}"

    kept = [f"tenant_id = {place(tenant)}", "ended_at IS NULL"]
    if which.stake is not None:
        kept.append(f"stake = {place(which.stake.value)}")
    if which.due_by is not None:
        statutory, moved = map(place, which.due_by)
        kept.append(f"due_on <= greatest({statutory}::date, {moved}::date)")
        kept.append(f"due_on <= CASE calendar WHEN '{Policy.MOVED}' THEN {moved} ELSE {statutory} END")
    if which.kind is not None:
        kept.append(f"kind = {place(which.kind.value)}")
    if which.among is not None:
        kept.append(f"matter_id IN ({which.among(place)})")
    order, beside = (
        ("starts_on DESC, id DESC", "(starts_on, id) <") if which.newest else ("due_on, id", "(due_on, id) >")
    )
    if after is not None:
        kept.append(f"{beside} ({place(after[0])}, {place(after[1])})")
    said = f"SELECT * FROM hub.duty WHERE {' AND '.join(kept)} ORDER BY {order} LIMIT {place(which.limit)}"  # noqa: S608  # our own words
    return await DutyRow.said(tx, said, *given)


@dataclass(frozen=True, slots=True)
class Tally:
    """Open duties of one stake: how many in all, late, due today, and due soon after."""

    all: int = 0
    late: int = 0
    today: int = 0
    soon: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.all + other.all,
            self.late + other.late,
            self.today + other.today,
            self.soon + other.soon,
        )


_TALLIED = """
    SELECT stake, kind, count(*) AS all,
        count(*) FILTER (WHERE due_on < $2) AS late,
        count(*) FILTER (WHERE due_on = $2) AS today,
        count(*) FILTER (WHERE due_on > $2 AND due_on <= $3) AS soon
    FROM hub.duty WHERE tenant_id = $1 AND ended_at IS NULL GROUP BY stake, kind
"""


async def tallied(tx: Tx, tenant: CentreId, today: date, soon: date) -> dict[Stake, dict[DutyKind, Tally]]:
    """By stake and kind; along the index of what is open."""
    found: dict[Stake, dict[DutyKind, Tally]] = {}
    for row in await fetch(tx, _TALLIED, tenant, today, soon):
        tally = Tally(row.all, row.late, row.today, row.soon)
        found.setdefault(Stake(row.stake), {})[DutyKind(row.kind)] = tally
    return found


_PER_DAY = """
    SELECT due_on, count(*) AS many FROM hub.duty
    WHERE tenant_id = $1 AND stake = $2 AND ended_at IS NULL AND due_on >= $3 AND due_on < $4 GROUP BY due_on
"""


async def per_day(tx: Tx, tenant: CentreId, stake: Stake, first: date, after: date) -> dict[date, int]:
    """How many open duties end on each day of a span; days without any are left out."""
    rows = await fetch(tx, _PER_DAY, tenant, stake.value, first, after)
    return {row.due_on: row.many for row in rows}


async def open_until(tx: Tx, tenant: CentreId, latest: date) -> Sequence[DutyRow]:
    """A tenant's open duties that fall due until `latest`, the most urgent first."""
    return await DutyRow.every(
        tx,
        select(duty)
        .where(duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on <= latest)
        .order_by(duty.c.due_on, duty.c.id)
        .with_for_update(skip_locked=True),
    )


async def overdue(
    tx: Tx,
    tenant: CentreId,
    workflow: str,
    bases: Collection[str],
    *,
    before: date,
    after: UUID | None,
    limit: int,
) -> Sequence[DutyRow]:
    """A tenant's open duties of a workflow that count from these events and whose day is over."""
    query = (
        select(duty)
        .where(duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on < before)
        .where(duty.c.workflow == workflow, duty.c.basis.in_(bases))
        .order_by(duty.c.id)
        .limit(limit)
    )
    return await DutyRow.every(tx, query if after is None else query.where(duty.c.id > after))


async def late_and_untold(tx: Tx, tenant: CentreId, *, before: date, rungs: int) -> Sequence[DutyRow]:
    """A tenant's open duties whose day is over and of which it has not been told so often yet."""
    return await DutyRow.every(
        tx,
        select(duty)
        .where(duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on < before)
        .where(duty.c.rungs_told < rungs)
        .order_by(duty.c.due_on, duty.c.id)
        .with_for_update(skip_locked=True),
    )


async def tell(tx: Tx, tenant: CentreId, which: Collection[UUID], rungs: int) -> None:
    """So often a tenant has been told of these."""
    await tx.execute(
        update(duty).where(duty.c.tenant_id == tenant, duty.c.id.in_(which)).values(rungs_told=rungs)
    )


async def open_among(tx: Tx, tenant: CentreId, which: Collection[UUID]) -> Sequence[DutyRow]:
    """Those of a tenant's duties that have not ended."""
    query = select(duty).where(duty.c.tenant_id == tenant, duty.c.id.in_(which), duty.c.ended_at.is_(None))
    return await DutyRow.every(tx, query)


async def overdue_by_kind(tx: Tx, tenant: CentreId, today: date) -> dict[DutyKind, int]:
    """How many of a tenant's open duties are past their day."""
    late = duty.c.tenant_id == tenant, duty.c.ended_at.is_(None), duty.c.due_on < today
    rows = await tx.execute(select(duty.c.kind, func.count()).where(*late).group_by(duty.c.kind))
    return {DutyKind(kind): count for kind, count in rows}
