"""The calendars as data: seeded once, changed by the operator, every earlier edition still readable.

Rows are only added. A row says what a day or a year is from its edition on; an edition is read by taking,
for each day, the newest row that is not newer than it. So a term computed years ago is computed again from
the edition in its version. The application's role reads; only the owner writes (domain 6.2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    Table,
    Text,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on

from hub.kernel.refusal import Outage
from hub.plumbing.database import Tx, metadata
from hub.workdays.calendars import Calendars, DayKind, SpecialDay, calendars
from hub.workdays.changes import Entry, check_year, days_to_set, days_to_unset
from hub.workdays.seed import FIRST_EDITION
from hub.workdays.seed import seed as known_from_the_start

_READ_ONLY = {"wall": "common", "grant": "SELECT"}

editions = Table(
    "calendar_edition",
    metadata,
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("source", Text, nullable=False),
    info=_READ_ONLY,
)

days = Table(
    "calendar_day",
    metadata,
    Column("day", Date, primary_key=True),
    Column("edition", ForeignKey(editions.c.edition), primary_key=True, autoincrement=False),
    Column("kind", Text, comment="null: the day follows the week again"),
    Column("name", Text, nullable=False),
    Column("other_half", Date, comment="of a move: the day it was swapped with"),
    CheckConstraint("kind IN ('public-holiday', 'moved-day-off', 'worked-saturday')", name="kind"),
    CheckConstraint(
        "(other_half IS NOT NULL) = (coalesce(kind, '') IN ('moved-day-off', 'worked-saturday'))", name="half"
    ),
    info=_READ_ONLY,
)

years = Table(
    "calendar_year",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("edition", ForeignKey(editions.c.edition), primary_key=True, autoincrement=False),
    Column("confirmed", Boolean, nullable=False, comment="moved and proclaimed days are all entered"),
    info=_READ_ONLY,
)


class CalendarMissing(Outage):
    """The database has no calendar yet: the operator has not finished installing."""

    code = "workdays.calendar-missing"
    retry_after = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Change:
    """One edition: what it changed. A kind of None means that the day follows the week again."""

    edition: int
    entered_at: datetime
    entered_by: str
    source: str
    days: tuple[tuple[date, DayKind | None], ...]
    years: tuple[tuple[int, bool], ...]


@dataclass(frozen=True, slots=True)
class Whence:
    """Why a day is what it is: what it is called, and what its newest entry rests on."""

    day: date
    name: str
    source: str


async def whence(tx: Tx, which: Iterable[date]) -> list[Whence]:
    """Of the days that somebody has entered."""
    newest = (
        select(days.c.day, days.c.name, editions.c.source)
        .ext(distinct_on(days.c.day))
        .join(editions, editions.c.edition == days.c.edition)
        .where(days.c.day.in_(list(which)))
        .order_by(days.c.day, days.c.edition.desc())
    )
    return [Whence(row.day, row.name, row.source) for row in await tx.execute(newest)]


async def current_edition(tx: Tx) -> int:
    """The newest edition's number; a cache of calendars is good for as long as it stays the same."""
    newest: int | None = await tx.scalar(select(func.max(editions.c.edition)))
    if newest is None:
        raise CalendarMissing
    return newest


async def load(tx: Tx, edition: int | None = None) -> Calendars:
    """Both calendars of an edition: the newest, or the one that an old term's version names."""
    edition = edition or await current_edition(tx)
    newest_days = (
        select(days.c.day, days.c.kind, days.c.name, days.c.other_half)
        .ext(distinct_on(days.c.day))
        .where(days.c.edition <= edition)
        .order_by(days.c.day, days.c.edition.desc())
    )
    newest_years = (
        select(years.c.year, years.c.confirmed)
        .ext(distinct_on(years.c.year))
        .where(years.c.edition <= edition)
        .order_by(years.c.year, years.c.edition.desc())
    )
    special = [
        SpecialDay(row.day, DayKind(row.kind), row.name, row.other_half)
        for row in await tx.execute(newest_days)
        if row.kind is not None
    ]
    confirmed = {row.year: row.confirmed for row in await tx.execute(newest_years)}
    return calendars(edition, special, confirmed)


async def seed(tx: Tx, at: datetime) -> bool:
    """Enter the first edition, or what this release knows and nobody has entered yet; False: nothing new.

    A day that somebody has entered or taken back stays as it is, and so does what was said of a year.
    """
    await _one_change_at_a_time(tx)
    first = known_from_the_start()
    entry = Entry(by="hub", source=first.source, at=at)
    newest = await tx.scalar(select(func.max(editions.c.edition)))
    if newest is None:
        await _add(tx, FIRST_EDITION, entry, special=first.days, confirmed=first.years)
        return True
    entered = set(await tx.scalars(select(days.c.day).distinct()))
    lacking = [one for one in first.days if not {one.day, one.other_half or one.day} & entered]
    if lacking:
        await _add(tx, newest + 1, entry, special=lacking)
    return bool(lacking)


async def set_day(tx: Tx, wish: SpecialDay, entry: Entry) -> int:
    """Enter a public holiday or a whole move; returns the new edition."""
    now = await _to_change(tx)
    return await _add(tx, now.edition + 1, entry, special=days_to_set(now.moved, wish))


async def unset_day(tx: Tx, day: date, entry: Entry) -> int:
    """Let a day, and the other half of its move, follow the week again; returns the new edition."""
    now = await _to_change(tx)
    return await _add(tx, now.edition + 1, entry, plain=days_to_unset(now.moved, day))


async def confirm_year(tx: Tx, year: int, entry: Entry, *, confirmed: bool = True) -> int:
    """Say that a year's moved and proclaimed days are known, or not after all; returns the new edition."""
    now = await _to_change(tx)
    check_year(now.moved, year, confirmed=confirmed)
    return await _add(tx, now.edition + 1, entry, confirmed={year: confirmed})


async def history(tx: Tx) -> list[Change]:
    """Every edition, oldest first."""
    of_days: dict[int, list[tuple[date, DayKind | None]]] = {}
    for row in await tx.execute(select(days.c.edition, days.c.day, days.c.kind).order_by(days.c.day)):
        of_days.setdefault(row.edition, []).append((row.day, DayKind(row.kind) if row.kind else None))
    of_years: dict[int, list[tuple[int, bool]]] = {}
    for row in await tx.execute(select(years).order_by(years.c.year)):
        of_years.setdefault(row.edition, []).append((row.year, row.confirmed))
    return [
        Change(
            row.edition,
            row.entered_at,
            row.entered_by,
            row.source,
            tuple(of_days.get(row.edition, ())),
            tuple(of_years.get(row.edition, ())),
        )
        for row in await tx.execute(select(editions).order_by(editions.c.edition))
    ]


async def _to_change(tx: Tx) -> Calendars:
    await _one_change_at_a_time(tx)
    return await load(tx)


async def _one_change_at_a_time(tx: Tx) -> None:
    """Readers go on; a second writer waits, and then sees what the first one wrote."""
    await tx.execute(text("LOCK TABLE hub.calendar_edition IN EXCLUSIVE MODE"))


async def _add(
    tx: Tx,
    edition: int,
    entry: Entry,
    *,
    special: Iterable[SpecialDay] = (),
    plain: Iterable[date] = (),
    confirmed: Mapping[int, bool] | None = None,
) -> int:
    await tx.execute(
        insert(editions).values(
            edition=edition, entered_at=entry.at, entered_by=entry.by, source=entry.source
        )
    )
    nothing = {"kind": None, "name": "", "other_half": None}
    new_days = [{"edition": edition, "day": day, **nothing} for day in plain]
    new_days += [
        {"edition": edition, "day": s.day, "kind": s.kind.value, "name": s.name, "other_half": s.other_half}
        for s in special
    ]
    if new_days:
        await tx.execute(insert(days), new_days)
    if confirmed:
        rows = [{"edition": edition, "year": year, "confirmed": so} for year, so in confirmed.items()]
        await tx.execute(insert(years), rows)
    return edition
