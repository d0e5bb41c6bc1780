"""Two centres with registrations in the hub's book, and extracts handed in; whoever calls is believed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hub.agis.tables import registration
from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.matters.casework.records import Desk
from hub.plumbing.database import Tx
from hub.reconciliation.casework import deciding, reading, taking
from saikne import compose
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.reconciliation import (
    DecisionTaken,
    DifferenceState,
    DifferenceView,
    ExtractTaken,
    ResolveDifference,
)
from saikne_schemas.register_entries import ExtractEntry, RegisterExtract
from saikne_schemas.register_words import DifferenceResolution, EntryState
from tests.exchange.bureau import Bureau, as_signed

ZEMGALE, LIGZDA = "50008021661", "40003521600"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY, REGISTERED_ON = date(2026, 11, 1), date(2026, 11, 3)
IEVA = AuthorisedPerson(name="Ieva Ozola", position="sociālā darbiniece")


def entry(key: UUID | None, number: str, register_id: str = "AG-1", **changes: Any) -> ExtractEntry:
    return ExtractEntry(
        **{
            "register_id": register_id,
            "key": key,
            "revision": 1 if key else None,
            "new": number,
            "effective_on": DAY,
            "registered_on": REGISTERED_ON,
            "state": EntryState.IN_FORCE,
            **changes,
        }
    )


def pages(entries: Sequence[ExtractEntry], taken_at: datetime, size: int = 500) -> list[RegisterExtract]:
    parts = [entries[start : start + size] for start in range(0, len(entries), size)] or [[]]
    return [
        RegisterExtract(
            schema_="saikne.register-extract/1",
            taken_at=taken_at,
            page=number,
            last=number == len(parts),
            entries=list(part),
        )
        for number, part in enumerate(parts, 1)
    ]


@dataclass
class Bench:
    bureau: Bureau
    zemgale: CentreId
    ligzda: CentreId
    now: datetime = NOW
    said: list[ExtractTaken] = field(default_factory=list)

    @asynccontextmanager
    async def desk(self, *parties: CentreId) -> AsyncIterator[Desk]:
        async with self.bureau.database.transaction(parties) as tx:
            yield Desk(tx, self.now, self.bureau.keyring, self.bureau.calendars)

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[Tx]:
        async with self.bureau.database.transaction([self.zemgale, self.ligzda, REGISTRY, OVERSIGHT]) as tx:
            yield tx

    async def registered(self, centre: CentreId, many: int = 1, **changes: Any) -> list[UUID]:
        """Registrations as the hub knows them, confirmed by the register unless something else is said."""
        rows = [
            {
                "key": uuid4(),
                "matter_id": uuid4(),
                "centre_id": centre,
                "previous_id": self.ligzda,
                "parties": [centre, REGISTRY, OVERSIGHT],
                "effective_on": DAY,
                "revision": 1,
                "operation": "transfer_support_centre",
                "state": "acknowledged",
                "attempts": 1,
                "tries": 1,
                "maybe_there": True,
                "prepared_at": NOW - timedelta(days=20),
                "changed_at": NOW - timedelta(days=19),
                "registered_on": REGISTERED_ON,
                "register_id": f"AG-{number}",
                **changes,
            }
            for number in range(1, many + 1)
        ]
        async with self.acting() as tx:
            await tx.execute(registration.insert(), rows)
        return [row["key"] for row in rows]

    async def take(self, tenant: CentreId, page: RegisterExtract) -> ExtractTaken:
        async with self.desk(tenant) as desk:
            return await taking.take(desk, tenant, as_signed(page, self.now), page)

    async def compared(self, tenant: CentreId, *entries: ExtractEntry) -> dict[str, int]:
        """Hand a whole extract in, taken now; a day passes. What came of it, in figures."""
        taken = [await self.take(tenant, page) for page in pages(entries, self.now)][-1]
        self.now += timedelta(days=1)
        assert taken.compared is not None
        return {name: getattr(taken.compared, name) for name in ("found", "still_open", "vanished")}

    async def seen(self, tenant: CentreId, state: DifferenceState | None = None) -> list[DifferenceView]:
        async with self.desk(tenant) as desk:
            return (await reading.page(desk, tenant, state=state, after=None, limit=200)).items

    async def decide(
        self, centre: CentreId, difference: UUID, how: DifferenceResolution
    ) -> tuple[DecisionTaken, ResolveDifference]:
        said = compose(ResolveDifference, difference=difference, how=how, decided_by=IEVA)
        return await self.say(centre, said), said

    async def say(self, centre: CentreId, said: ResolveDifference) -> DecisionTaken:
        async with self.desk(centre, REGISTRY) as desk:
            return await deciding.decide(desk, centre, as_signed(said, self.now), said)

    async def count(self, table: str) -> int:
        async with self.acting() as tx:
            return int((await tx.exec_driver_sql(f"SELECT count(*) FROM hub.{table}")).scalar_one())  # noqa: S608

    async def told(self) -> list[str]:
        """The kinds of events on the centre's chain and on the register's side's."""
        async with self.acting() as tx:
            rows = await tx.exec_driver_sql(
                "SELECT tenant_id, kind FROM hub.event WHERE kind LIKE 'reconciliation.%'"
            )
            names = {self.zemgale: "zemgale", self.ligzda: "ligzda", REGISTRY: "registry"}
            return sorted(f"{names[row.tenant_id]} {row.kind}" for row in rows)
