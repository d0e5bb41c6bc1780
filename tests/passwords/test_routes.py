"""Only the gateway can report, and what it reports twice or wrongly changes nothing."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from standardwebhooks import Webhook

from hub.kernel import clock
from hub.kernel.secret import Secret
from hub.passwords import casework, store
from hub.passwords.channels import Route
from hub.passwords.handover import Handover, HandoverState, Sending
from hub.passwords.routes import gateway_reports
from hub.plumbing.database import Database
from hub.signing.keyring import Keyring
from hub.web.problems import HANDLERS
from tests.passwords.conftest import NOW, SMS, WEBHOOK_SECRET

Dispatch = Callable[[Route], Awaitable[str]]
OTHER_SECRET = "whsec_C2FtZSBsZW5ndGggYnV0IG90aGVyIGtleQ"


def report(handover: Handover, **changes: Any) -> dict[str, Any]:
    reference = Sending(handover, 1).reference
    told = {"id": "id-1", "reference": reference, "status": "delivered", "at": clock.iso(NOW)}
    return {**told, **changes}


def signed(body: str, *, secret: str = WEBHOOK_SECRET, at: datetime | None = None) -> dict[str, str]:
    moment = at or clock.now()
    return {
        "content-type": "application/json",
        "webhook-id": "report_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("report_1", moment, body),
    }


async def post(url: str, told: object, **signing: Any) -> httpx.Response:
    body = told if isinstance(told, str) else json.dumps(told)
    async with httpx.AsyncClient() as http:
        return await http.post(url, content=body, headers=signed(body, **signing))


@pytest.fixture
async def taken_up(
    database: Database, keyring: Keyring, handover: Handover, dispatched: Dispatch
) -> Handover:
    await dispatched(SMS)
    async with database.transaction(handover.parties) as tx:
        await casework.take_up(tx, keyring, Sending(handover, 1), NOW)
    return handover


@pytest.fixture
async def sent(database: Database, taken_up: Handover) -> Handover:
    async with database.transaction(taken_up.parties) as tx:
        await casework.sent(tx, Sending(taken_up, 1), "id-1", NOW)
    return taken_up


async def state(database: Database, handover: Handover) -> HandoverState:
    async with database.transaction(handover.parties) as tx:
        kept = await store.find(tx, handover.exchange, handover.round)
    assert kept is not None
    return kept.state


async def test_a_signed_report_is_taken_and_taken_again(
    database: Database, sent: Handover, reports_url: str
) -> None:
    for _ in range(2):
        assert (await post(reports_url, report(sent))).status_code == 204
    assert await state(database, sent) is HandoverState.DELIVERED
    async with database.transaction(sent.parties) as tx:
        rows = await tx.exec_driver_sql("SELECT kind FROM hub.event WHERE tenant_id = $1", (sent.holder,))
        assert rows.scalars().all() == ["passwords.handover.sent", "passwords.handover.delivered"]


@pytest.mark.parametrize(
    "changes",
    [
        {"reference": "unknown"},
        {"reference": f"{uuid4()}:1:1:{uuid4()}:{uuid4()}"},
        {"id": "id-of-another-message"},
        {"id": ""},
        {"status": "queued"},
        {"status": 5},
        {"reference": None},
    ],
)
async def test_a_report_about_nothing_of_ours_is_answered_and_ignored(
    database: Database, sent: Handover, reports_url: str, changes: dict[str, Any]
) -> None:
    assert (await post(reports_url, report(sent, **changes))).status_code == 204
    assert await state(database, sent) is HandoverState.SENT


@pytest.mark.parametrize("body", ["", "[]", "not json", "null"])
async def test_a_signed_report_without_sense_is_answered_and_ignored(reports_url: str, body: str) -> None:
    assert (await post(reports_url, body)).status_code == 204


async def test_a_report_by_a_stranger_is_refused(
    database: Database, sent: Handover, reports_url: str
) -> None:
    answer = await post(reports_url, report(sent), secret=OTHER_SECRET)
    assert (answer.status_code, answer.json()["code"]) == (401, "passwords.report-not-signed")
    assert await state(database, sent) is HandoverState.SENT


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_report_of_another_time_is_refused(
    database: Database, sent: Handover, reports_url: str, minutes: int
) -> None:
    answer = await post(reports_url, report(sent), at=clock.now() + timedelta(minutes=minutes))
    assert (answer.status_code, answer.json()["code"]) == (401, "passwords.report-not-signed")
    assert await state(database, sent) is HandoverState.SENT


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,%%%"},
        {"webhook-signature": ""},
        {"webhook-id": "report_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
    ],
)
async def test_a_signature_that_does_not_fit_is_refused(
    sent: Handover, reports_url: str, changes: dict[str, str]
) -> None:
    body = json.dumps(report(sent))
    async with httpx.AsyncClient() as http:
        answer = await http.post(reports_url, content=body, headers={**signed(body), **changes})
    assert (answer.status_code, answer.json()["code"]) == (401, "passwords.report-not-signed")


@pytest.mark.parametrize("body", [b"{}", b'{"id": "id-1", "status": "failed"}', b"\xff\xfe"])
async def test_a_body_changed_under_its_signature_is_refused(
    sent: Handover, reports_url: str, body: bytes
) -> None:
    async with httpx.AsyncClient() as http:
        headers = signed(json.dumps(report(sent)))
        answer = await http.post(reports_url, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "passwords.report-not-signed")


async def test_a_report_that_is_too_long_is_not_read(reports_url: str) -> None:
    answer = await post(reports_url, "x" * 20_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "http.too-large")


async def test_a_hub_without_a_gateways_secret_believes_nobody(database: Database, sent: Handover) -> None:
    app = Litestar([gateway_reports(database, Secret(""))], exception_handlers=HANDLERS)
    async with AsyncTestClient(app) as client:
        body = json.dumps(report(sent))
        answer = await client.post("/v1/gateway/sms/reports", content=body, headers=signed(body))
    assert answer.status_code == 401


async def test_looking_at_the_address_reports_nothing(reports_url: str) -> None:
    async with httpx.AsyncClient() as http:
        for method in ("GET", "HEAD"):
            assert (await http.request(method, reports_url)).status_code == 405


@pytest.mark.parametrize("name", ["\0", "\ud800", "x" * 201, "two\nlines"])
async def test_a_report_that_names_a_message_as_no_gateway_may_is_answered_and_ignored(
    database: Database, taken_up: Handover, reports_url: str, name: str
) -> None:
    assert (await post(reports_url, report(taken_up, id=name))).status_code == 204
    assert await state(database, taken_up) is HandoverState.KEPT
