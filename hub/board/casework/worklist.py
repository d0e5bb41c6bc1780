"""The work list: what a centre owes, most urgent first, what it awaits from others, and how many of each.

Source: features F27, N3; the look's board. A fixed number of queries, whatever the size: a page of duties,
their counts, the names of centres, and the references of the matters on the page.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from hub.board.term_rule import Place, rule_of, whose
from hub.centres import store as centres
from hub.duties import store
from hub.duties.duty import DutyKind, Stake, last_days_within
from hub.duties.tables import DutyRow
from hub.duties.term import duty_view
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, MatterId
from hub.matters import store as matters
from hub.matters.casework.records import Desk
from hub.matters.casework.telling import SHORT
from hub.web.paging import cursor, place
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.views import DutyView

SOON = 3
"""Working days that count as soon."""
ON_A_PAGE = 50
LAST = UUID(int=2**128 - 1)
"""After every duty of one day."""


class When(StrEnum):
    """The groups of the list, and what it can be narrowed to."""

    ALL = "all"
    """Where the newest come first, one group of its own."""
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    AWAITED = "awaited"


@dataclass(frozen=True, slots=True)
class Case:
    """One row: what is owed in which record."""

    duty: DutyView
    reference: str
    about: str
    """What is asked for where the record is one for several things, else its workflow."""
    others: Sequence[str]
    places: Sequence[Place]
    rule: str
    """Whose its term is, as `term_rule.whose` says."""

    @property
    def called(self) -> str:
        return called(self.reference, self.duty.concerns)


@dataclass(frozen=True, slots=True)
class WorkList:
    counts: Mapping[When, int]
    kinds: Sequence[DutyKind]
    """Of what is open, to narrow the list to."""
    groups: Mapping[When, Sequence[Case]]
    next: str | None

    @property
    def cases(self) -> list[Case]:
        return [case for cases in self.groups.values() for case in cases]


@dataclass(frozen=True, slots=True)
class Wish:
    when: When = When.ALL
    after: str | None = None
    on: date | None = None
    """What is due on one day alone."""
    kind: DutyKind | None = None
    reference: str = ""
    """Of the case, or how that begins."""
    newest: bool = False
    limit: int = ON_A_PAGE


async def work_list(desk: Desk, tenant: CentreId, wish: Wish) -> WorkList:
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    soon = last_days_within(today, SOON, calendars)
    stake = Stake.OVERSEES if tenant == OVERSIGHT else Stake.OWES
    wanted = Stake.AWAITS if wish.when is When.AWAITED else stake
    newest = wish.newest and wish.when in {When.ALL, When.AWAITED} and wish.on is None
    after, until = _between(wish.when, today, soon) if wish.on is None else _on(wish.on)
    start = place(wish.after, date.fromisoformat, UUID) if wish.after else after
    looks = wish.reference and tenant != OVERSIGHT
    among = matters.numbers_referred(tenant, wish.reference) if looks else None
    which = store.Listed(wish.limit + 1, wanted, until, wish.kind, among, newest)
    rows = await store.page(desk.tx, tenant, which, start)
    shown, more = rows[: wish.limit], len(rows) > wish.limit
    grouped: dict[When, list[Case]] = {}
    for one in await cases_of(desk, tenant, shown, calendars):
        group = wish.when if wanted is Stake.AWAITS or newest else _group(one.duty, today)
        grouped.setdefault(group, []).append(one)
    counted = await store.tallied(desk.tx, tenant, today, max(soon))
    last = (shown[-1].starts_on if newest else shown[-1].due_on, shown[-1].id) if more else None
    return WorkList(
        counts=_counts(counted, stake),
        kinds=sorted(counted.get(wanted, {})),
        groups={group: grouped[group] for group in When if group in grouped},
        next=cursor(*last) if last else None,
    )


def _between(
    when: When, today: date, soon: tuple[date, date]
) -> tuple[tuple[date, UUID] | None, tuple[date, date] | None]:
    """After which place of the list a group begins, and the last days in it by both calendars."""
    yesterday = today - timedelta(days=1)
    return {
        When.LATE: (None, (yesterday, yesterday)),
        When.TODAY: ((yesterday, LAST), (today, today)),
        When.SOON: ((today, LAST), soon),
        When.LATER: ((max(soon), LAST), None),
    }.get(when, (None, None))


def _on(day: date) -> tuple[tuple[date, UUID], tuple[date, date]]:
    return (day - timedelta(days=1), LAST), (day, day)


def _group(duty: DutyView, today: date) -> When:
    if duty.overdue:
        return When.LATE
    if duty.due_on == today:
        return When.TODAY
    return When.SOON if duty.working_days_left <= SOON else When.LATER


def _counts(counted: Mapping[Stake, Mapping[DutyKind, store.Tally]], stake: Stake) -> Mapping[When, int]:
    own, awaited = (sum(counted.get(one, {}).values(), store.Tally()) for one in (stake, Stake.AWAITS))
    return {
        When.ALL: own.all,
        When.LATE: own.late,
        When.TODAY: own.today,
        When.SOON: own.soon,
        When.AWAITED: awaited.all,
    }


async def cases_of(desk: Desk, tenant: CentreId, rows: Sequence[DutyRow], calendars: Calendars) -> list[Case]:
    """Duties of a tenant as rows of a list: two queries, however many."""
    today = riga_day(desk.now)
    known = {} if tenant == OVERSIGHT else await _records(desk, {row.matter_id for row in rows})
    parties = {one for record in known.values() for one in record.parties}
    names, outside = await centres.named(desk.tx, parties | {row.owner_id for row in rows})
    return [
        Case(
            duty=(duty := duty_view(row, calendars, today, names, outside)),
            reference=reference_of(record) if (record := known.get(row.matter_id)) else "",
            about=about(record) if record else row.workflow,
            others=[names[one] for one in record.parties if one != tenant] if record else [],
            places=rule_of(duty, calendars.of(Policy(row.calendar)), today),
            rule=whose(duty),
        )
        for row in rows
    ]


async def _records(desk: Desk, which: Collection[MatterId]) -> dict[MatterId, matters.MatterRow]:
    return {row.matter_id: row for row in await matters.find_all(desk.tx, which)}


def reference_of(record: matters.MatterRow) -> str:
    """By what the centre knows the case: the child's reference, else the family's."""
    said = record.content
    children = said.get("children") or ()
    return str(said.get("child") or said.get("family") or next(iter(children), ""))


def called(reference: str, identity: UUID) -> str:
    """As people speak of a case: by its reference, else by how its number begins."""
    return reference or str(identity)[:SHORT].upper()


def about(record: matters.MatterRow) -> str:
    return str(record.content.get("kind") or record.workflow)
