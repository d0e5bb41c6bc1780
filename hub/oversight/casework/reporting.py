"""A month's duties for whom it is: a centre's own, or every centre's for oversight; one question for all."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from hub.centres import store as centres
from hub.centres.centre import CentreRole
from hub.duties.duty import DutyKind, Stake
from hub.kernel.clock import RIGA, riga_day
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework.records import Desk
from hub.oversight import store
from hub.oversight.month import Line, Lines, MonthNotOver, numbered_days, overseen, own
from hub.oversight.small_cells import AT_LEAST
from hub.reconciliation.month import month_of
from saikne_schemas.duty_reports import DutyReport


async def report(desk: Desk, tenant: CentreId, month: str) -> DutyReport:
    """`tenant` is a centre or oversight; others owe nothing and oversee nothing."""
    first, after = month_of(month)
    ended = datetime.combine(after, time(), RIGA).astimezone(UTC)
    for_all = tenant == OVERSIGHT
    if for_all and desk.now < ended:
        raise MonthNotOver(month=month, from_day=after.isoformat())
    span = store.Span(first, after, ended if for_all else desk.now)
    stake = Stake.OVERSEES if for_all else Stake.OWES
    calendars = await desk.calendars.current(desk.tx)
    numbers = numbered_days(calendars, riga_day(desk.now))
    lines = _lines(await store.counted(desk.tx, tenant, stake, span, numbers))
    owing = {owner for owner, _ in lines}
    everyone = [
        (one.id, one.name)
        for one in await centres.every(desk.tx)
        if one.role is CentreRole.CENTRE
        and (one.id in owing or (for_all and not one.outside) or one.id == tenant)
    ]
    counted = overseen(lines, everyone) if for_all else own(lines, everyone)
    return DutyReport(
        month=month,
        as_of=span.moment,
        at_least=AT_LEAST if for_all else None,
        total=counted.total,
        kinds=counted.kinds,
        centres=counted.centres,
    )


def _lines(rows: Sequence[store.Counted]) -> Lines:
    return {
        (row["owner_id"], DutyKind(row["kind"]) if row["kind"] else None): Line(
            row["due"], row["in_time"], row["done_late"], row["overdue"], row["median"]
        )
        for row in rows
    }
