"""What the pages keep behind a centre's wall: own views, who looked, who is told when, the letters sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    Time,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from hub.board.morning import Rule, Since, Way
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, MatterId
from hub.people.person import PersonId
from hub.people.tables import person
from hub.plumbing.database import Tx, metadata
from hub.plumbing.reading import TableRow

saved_view = Table(
    "saved_view",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("query", Text, nullable=False, comment="of the list's address"),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_saved_view_person"
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE", "changes": "query"},
)


async def views_of(tx: Tx, tenant: CentreId, who: PersonId) -> list[tuple[str, str]]:
    """Name and query of each, by name."""
    mine = saved_view.c.tenant_id == tenant, saved_view.c.person_id == who
    asked = select(saved_view.c.name, saved_view.c.query).where(*mine).order_by(saved_view.c.name)
    return [(row.name, row.query) for row in await tx.execute(asked)]


async def keep_view(tx: Tx, tenant: CentreId, who: PersonId, name: str, query: str) -> None:
    kept = upsert(saved_view).values(tenant_id=tenant, person_id=who, name=name, query=query)
    same = [saved_view.c.tenant_id, saved_view.c.person_id, saved_view.c.name]
    await tx.execute(kept.on_conflict_do_update(index_elements=same, set_={"query": query}))


async def remove_view(tx: Tx, tenant: CentreId, who: PersonId, name: str) -> None:
    mine = saved_view.c.tenant_id == tenant, saved_view.c.person_id == who
    await tx.execute(delete(saved_view).where(*mine, saved_view.c.name == name))


looked = Table(
    "looked",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("matter_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True, comment="in Riga"),
    Column("at", DateTime(timezone=True), nullable=False, comment="the last time on that day"),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_looked_person"
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "changes": "at"},
)


async def note_look(tx: Tx, tenant: CentreId, matter: MatterId, who: PersonId, at: datetime) -> None:
    """That a person has opened the page of a record: kept once a day, with the last time."""
    key = {"tenant_id": tenant, "matter_id": matter, "person_id": who, "day": riga_day(at)}
    kept = upsert(looked).values(**key, at=at)
    await tx.execute(kept.on_conflict_do_update(index_elements=list(key), set_={"at": at}))


async def looks_at(tx: Tx, tenant: CentreId, matter: MatterId, limit: int) -> Sequence[tuple[str, datetime]]:
    """Who of a centre has opened the page of a record and when, the newest first."""
    same = person.c.tenant_id == looked.c.tenant_id, person.c.person_id == looked.c.person_id
    mine = looked.c.tenant_id == tenant, looked.c.matter_id == matter
    asked = select(person.c.name, looked.c.at).where(*same, *mine)
    return [(row.name, row.at) for row in await tx.execute(asked.order_by(looked.c.at.desc()).limit(limit))]


telling = Table(
    "telling",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("coordinators", Text, nullable=False, comment="from which step on a duty is named to them"),
    Column("workers", Text, nullable=False),
    Column("at", Time, nullable=False, comment="of the day in Riga"),
    Column("quiet_from", Time),
    Column("quiet_until", Time),
    CheckConstraint("num_nulls(quiet_from, quiet_until) <> 1", name="quiet_both"),
    info={
        "wall": "tenant",
        "grant": "SELECT, INSERT",
        "changes": "coordinators workers at quiet_from quiet_until",
    },
)

morning = Table(
    "morning",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("way", Text, primary_key=True, server_default=Way.LETTER.value, comment="a letter, or by push"),
    Column("named", Integer, comment="how many duties; unknown until it is written"),
    Column("sent_at", DateTime(timezone=True)),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_morning_person"
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT", "changes": "named sent_at"},
)

silent = Table(
    "silent",
    metadata,
    Column("tenant_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    ForeignKeyConstraint(
        ["tenant_id", "person_id"], [person.c.tenant_id, person.c.person_id], name="fk_silent_person"
    ),
    info={"wall": "tenant", "grant": "SELECT, INSERT, DELETE"},
)


class TellingRow(TableRow, of=telling):
    coordinators: str
    workers: str
    at: time
    quiet_from: time | None
    quiet_until: time | None


class MorningRow(TableRow, of=morning):
    day: date
    way: str
    named: int | None
    sent_at: datetime | None


async def rule_of(tx: Tx, tenant: CentreId) -> Rule:
    """As the centre has chosen, or as it is where nobody has."""
    row = await TellingRow.first(tx, select(telling).where(telling.c.tenant_id == tenant))
    if row is None:
        return Rule()
    return Rule(Since(row.coordinators), Since(row.workers), row.at, row.quiet_from, row.quiet_until)


async def keep_rule(tx: Tx, tenant: CentreId, rule: Rule) -> None:
    chosen = {
        "coordinators": rule.coordinators.value,
        "workers": rule.workers.value,
        "at": rule.at,
        "quiet_from": rule.quiet_from,
        "quiet_until": rule.quiet_until,
    }
    kept = upsert(telling).values(tenant_id=tenant, **chosen)
    await tx.execute(kept.on_conflict_do_update(index_elements=[telling.c.tenant_id], set_=chosen))


async def silent_ones(tx: Tx, tenant: CentreId) -> set[PersonId]:
    """Who of a centre wants no letter in the morning."""
    return set(await tx.scalars(select(silent.c.person_id).where(silent.c.tenant_id == tenant)))


async def fall_silent(tx: Tx, tenant: CentreId, who: PersonId) -> None:
    await tx.execute(upsert(silent).values(tenant_id=tenant, person_id=who).on_conflict_do_nothing())


async def speak_again(tx: Tx, tenant: CentreId, who: PersonId) -> None:
    await tx.execute(delete(silent).where(silent.c.tenant_id == tenant, silent.c.person_id == who))


async def begun(tx: Tx, tenant: CentreId, day: date) -> set[tuple[PersonId, Way]]:
    """To whom it was promised before that it is told on a day, and by which way."""
    asked = select(morning.c.person_id, morning.c.way).where(
        morning.c.tenant_id == tenant, morning.c.day == day
    )
    return {(row.person_id, Way(row.way)) for row in await tx.execute(asked)}


@dataclass(frozen=True, slots=True)
class Morning:
    """What one person is told on one day by one way."""

    centre: CentreId
    to: PersonId
    day: date
    way: Way

    @property
    def row(self) -> dict[str, object]:
        return {"tenant_id": self.centre, "person_id": self.to, "day": self.day, "way": self.way.value}


async def begin_morning(tx: Tx, which: Morning) -> None:
    """Two workers that look at once: the second one's transaction fails, and with it its promises."""
    await tx.execute(insert(morning).values(**which.row))


async def end_morning(tx: Tx, which: Morning, **said: object) -> None:
    mine = [morning.c[name] == value for name, value in which.row.items()]
    await tx.execute(update(morning).where(*mine).values(**said))


async def mornings(tx: Tx, tenant: CentreId, who: PersonId, limit: int) -> Sequence[MorningRow]:
    """What went out, the newest first."""
    mine = morning.c.tenant_id == tenant, morning.c.person_id == who, morning.c.sent_at.is_not(None)
    asked = select(morning).where(*mine).order_by(morning.c.sent_at.desc(), morning.c.way).limit(limit)
    return await MorningRow.every(tx, asked)
