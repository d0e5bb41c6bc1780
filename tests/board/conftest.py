"""A centre that owes copies, with a worker and a coordinator, as it is looked at on any morning."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from hub.board.casework import telling
from hub.board.casework.telling import Mornings
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, MatterId
from hub.matters.casework.records import Desk
from hub.people import store as people
from hub.people.person import Person, PersonRole
from hub.plumbing.database import Database
from hub.plumbing.outbound import Letter
from hub.signing.keyring import Keyring
from saikne_demo import stage
from tests.exchange.bureau import RECEIVED, Bureau, noon, request_for_copies
from tests.oversight.test_casework import Postbox
from tests.people.persons import somebody

URL = "https://hub.example"
LATE = date(2026, 11, 19)
"""Three working days after the term's end; the 18th was a holiday."""


@dataclass
class House:
    bureau: Bureau
    requester: CentreId
    holder: CentreId
    matter: MatterId
    worker: Person
    coordinator: Person

    @asynccontextmanager
    async def desk(self, day: date) -> AsyncIterator[Desk]:
        async with self.bureau.database.transaction([self.holder]) as tx:
            yield Desk(tx, noon(day), self.bureau.keyring, self.bureau.calendars)

    async def look(self, day: date, promised: str = telling.TELL) -> list[JsonObject]:
        """What is promised on a day at noon."""
        async with self.desk(day) as desk:
            await telling.look(desk, self.holder)
            rows = await desk.tx.exec_driver_sql(
                "SELECT convert_from(payload, 'UTF8')::json AS payload FROM queue.pgqueuer"
                " WHERE entrypoint = $1 ORDER BY id",
                (promised,),
            )
            return [row.payload for row in rows if row.payload["day"] == str(day)]

    async def letter(self, payload: JsonObject, at: datetime | None = None) -> Letter:
        mail = Postbox(host="localhost", port=25, sender="hub@saikne.example")
        object.__setattr__(mail, "letters", [])
        moment = at or noon(date.fromisoformat(payload["day"]))
        bureau = self.bureau
        mornings = Mornings(bureau.database, bureau.keyring, bureau.calendars, mail, URL, lambda: moment)
        await mornings.tell(payload)
        (letter,) = mail.letters
        return letter


async def person_of(bureau: Bureau, centre: CentreId, role: PersonRole, language: str = "lv") -> Person:
    who = somebody(centre, role, language)
    async with bureau.database.transaction([centre]) as tx:
        await people.add(tx, who, RECEIVED)
    return who


@pytest.fixture
async def house(database: Database, owner: Database, tmp_path: Path) -> House:
    bureau = Bureau(database, owner, Keyring(tmp_path / "keys"))
    requester = await bureau.admit("Zemgale", "50008021661", stage.ZEMGALE)
    holder = await bureau.admit("Ligzda", "40003521600", stage.LIGZDA)
    worker = await person_of(bureau, holder, PersonRole.SOCIAL_WORKER)
    coordinator = await person_of(bureau, holder, PersonRole.COORDINATOR, "en")
    await person_of(bureau, requester, PersonRole.COORDINATOR)
    matter = await bureau.ask(RECEIVED, request_for_copies(requester, holder))
    return House(bureau, requester, holder, MatterId(matter), worker, coordinator)
