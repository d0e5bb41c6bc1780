"""An exchange between two centres that a password belongs to, and the peers that it travels through."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar
from sqlalchemy import insert

from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Outage
from hub.kernel.secret import Secret
from hub.matters import store as matters
from hub.passwords import casework, store
from hub.passwords.channels import Route
from hub.passwords.courier import Courier, Outlet
from hub.passwords.gateways.second_mailbox import SecondMailbox
from hub.passwords.gateways.sms import SmsGateway
from hub.passwords.handover import Handover, HandoverState
from hub.passwords.routes import gateway_reports
from hub.plumbing.database import Database
from hub.plumbing.outbound import Mail, gateway_client
from hub.plumbing.promises import Overtaken
from hub.signing.keyring import Keyring
from hub.web.problems import HANDLERS
from saikne_demo.mailboxes import Mailbox
from saikne_demo.phone import Phone
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

    async def told_of(self, handover: Handover) -> list[tuple[str, str]]:
        """Which centres will be told what."""
        named = {str(handover.requester): "requester", str(handover.holder): "holder"}
        return [(named[one["to"]], one["notice"]) for one in await self.named("passwords.tell")]


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
        "matter_id": parties.exchange,
        "workflow": "copies",
        "state": "dispatched",
        "parties": [*parties.parties],
        "opened_at": NOW,
        "moved_at": NOW,
    }
    async with database.transaction(parties.parties) as tx:
        for tenant, role in ((parties.requester, "requester"), (parties.holder, "holder")):
            await tx.execute(insert(matters.party).values({**both, "tenant_id": tenant, "role": role}))
        record = both | {"roles": ["requester", "holder"], "content": {}}
        await tx.execute(insert(matters.matter).values(record))
    return parties


@pytest.fixture
def dispatched(database: Database, keyring: Keyring, handover: Handover) -> Callable[[Route], Any]:
    """Prepare and hand over a password by a route; answers with the password."""

    async def dispatch(route: Route) -> str:
        async with database.transaction(handover.parties) as tx:
            password = await casework.prepare(tx, keyring, handover, route)
            await casework.hand_over(tx, handover, NOW, NOW + timedelta(hours=72))
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


@pytest.fixture
async def gateway(phone: Phone) -> AsyncIterator[SmsGateway]:
    """Its reports go to a port where nobody listens."""
    async with gateway_client() as client:
        yield SmsGateway(client, phone.url, Secret(TOKEN), "Saikne", "http://127.0.0.1:1/")


@pytest.fixture
async def reports_url(database: Database) -> AsyncIterator[str]:
    """The hub's report route behind a real server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    routes = [gateway_reports(database, Secret(WEBHOOK_SECRET), now=lambda: NOW)]
    app = Litestar(routes, exception_handlers=HANDLERS, openapi_config=None)
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    await _answering(f"http://127.0.0.1:{port}/")
    yield f"http://127.0.0.1:{port}/v1/gateway/sms/reports"
    server.stop()  # type: ignore[no-untyped-call]  # as the library has it
    await serving


async def _answering(url: str) -> None:
    transport = httpx.AsyncHTTPTransport(retries=20)  # each after a longer pause
    async with httpx.AsyncClient(transport=transport) as http:
        await http.get(url)


@pytest.fixture
def courier(database: Database, keyring: Keyring, gateway: SmsGateway, mailbox: Mailbox) -> Courier:
    mail = Mail.at(f"smtp://127.0.0.1:{mailbox.port}", "saikne@hub.example")
    outlets: dict[PasswordChannel, Outlet] = {
        PasswordChannel.SMS: gateway,
        PasswordChannel.EMAIL: SecondMailbox(mail),
    }
    return Courier(database, keyring, outlets, now=lambda: NOW)


@dataclass
class Errands:
    """One password's courier, and how far it has come."""

    courier: Courier
    handover: Handover

    async def run(self, sending: int = 1, courier: Courier | None = None) -> str | None:
        """What has overtaken the promise, if anything."""
        try:
            await (courier or self.courier).hand_over({**self.handover.payload(), "sending": sending})
        except Overtaken as overtaken:
            return overtaken.by
        return None

    def reporting_to(self, url: str) -> "Errands":
        gateway = self.courier.outlets[PasswordChannel.SMS]
        assert isinstance(gateway, SmsGateway)
        outlets = {**self.courier.outlets, PasswordChannel.SMS: replace(gateway, callback_url=url)}
        return Errands(replace(self.courier, outlets=outlets), self.handover)

    async def outage(self, courier: Courier | None = None) -> str:
        """Run into an outage; its code."""
        with pytest.raises(Outage) as trouble:
            await self.run(courier=courier)
        return trouble.value.code

    async def state(self) -> HandoverState:
        async with self.courier.database.transaction(self.handover.parties) as tx:
            kept = await store.find(tx, self.handover.exchange, self.handover.round)
        assert kept is not None
        return kept.state


@pytest.fixture
def errands(courier: Courier, handover: Handover) -> Errands:
    return Errands(courier, handover)
