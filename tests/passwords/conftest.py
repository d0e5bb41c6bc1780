"""An exchange between two centres that a password belongs to, and the peers that it travels through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert

from hub.exchange.store import exchange, side
from hub.kernel.ids import CentreId, ExchangeId
from hub.ops.demo.mailboxes import Mailbox
from hub.ops.demo.phone import Phone
from hub.passwords import casework
from hub.passwords.channels import Route
from hub.passwords.handover import Handover
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from saikne_schemas.vocabulary import DeliveryChannel, PasswordChannel

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOKEN = "throw-away-gateway-token"
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NUMBER = "+37120000001"
SMS = Route(DeliveryChannel.HUB, PasswordChannel.SMS, "birojs@ac.example", NUMBER)
MAIL = Route(DeliveryChannel.HUB, PasswordChannel.EMAIL, "birojs@ac.example", "paroles@ac.example")
VOICE = Route(DeliveryChannel.EMAIL_TWO_STEP, PasswordChannel.VOICE, "lietas@ac.example", "+37160000002")


@dataclass
class Jobs:
    """What was promised and not yet kept."""

    database: Database

    async def named(self, name: str) -> list[dict[str, Any]]:
        async with self.database.transaction() as tx:
            rows = await tx.exec_driver_sql(
                "SELECT convert_from(payload, 'UTF8')::json AS payload FROM queue.pgqueuer"
                " WHERE entrypoint = $1 ORDER BY id",
                (name,),
            )
            return list(rows.scalars())


@pytest.fixture
def jobs(database: Database) -> Jobs:
    return Jobs(database)


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


@pytest.fixture
async def handover(database: Database) -> Handover:
    """The first round of an exchange that two centres have a side in."""
    parties = Handover(ExchangeId(uuid4()), 1, CentreId(uuid4()), CentreId(uuid4()))
    both = {
        "exchange_id": parties.exchange,
        "requester_id": parties.requester,
        "holder_id": parties.holder,
        "kind": "family_case",
        "state": "dispatched",
        "requested_at": NOW,
        "moved_at": NOW,
    }
    common = {
        **both,
        "children": [],
        "legal_basis": "method_family_move",
        "purpose": "continuity_of_support",
        "channel": "hub",
        "password_channel": "sms",
    }
    async with database.transaction(parties.parties) as tx:
        for tenant, role in ((parties.requester, "requester"), (parties.holder, "holder")):
            row = {**both, "tenant_id": tenant, "role": role, "due_on": date(2026, 12, 7)}
            await tx.execute(insert(side).values(row))
        await tx.execute(insert(exchange).values(common))
    return parties


@pytest.fixture
def dispatched(database: Database, keyring: Keyring, handover: Handover) -> Callable[[Route], Any]:
    """Prepare and hand over a password by a route; answers with the password."""

    async def dispatch(route: Route) -> str:
        async with database.transaction(handover.parties) as tx:
            password = await casework.prepare(tx, keyring, handover, route)
            await casework.hand_over(tx, handover, NOW)
        return password.reveal()

    return dispatch


@pytest.fixture
def phone() -> Iterator[Phone]:
    with Phone(token=TOKEN, webhook_secret=WEBHOOK_SECRET, report_pauses=(0.0, 0.1, 0.2)) as phone:
        yield phone


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as mailbox:
        yield mailbox
