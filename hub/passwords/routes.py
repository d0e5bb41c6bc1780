"""Where the SMS gateway tells what became of a message: signed as Standard Webhooks demand.

Source: domain 4.4 (a report is answered by 2xx, whatever it is about). The signature covers the exact body
and a moment within five minutes; a report seen twice changes nothing the second time. No centre calls this.
"""

import json
from collections.abc import Callable
from datetime import datetime

from litestar import post
from litestar.handlers import HTTPRouteHandler
from standardwebhooks import Webhook, WebhookVerificationError

from hub.kernel import clock
from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Refusal
from hub.kernel.secret import Secret
from hub.passwords import casework
from hub.passwords.handover import Report, Sending, is_message_name
from hub.plumbing.database import Database
from hub.web.bodies import BodyTooLarge, announced_length, whole
from hub.web.calls import Http
from hub.web.heard_first import BYTES_AT_MOST, HeadsTaken
from hub.web.openapi import open_to_all

REPORTS = "/v1/gateway/sms/reports"
_SIGNED_BY = {"webhook-id", "webhook-timestamp", "webhook-signature"}
_STATUS = {
    "delivered": Report.DELIVERED,
    "failed": Report.FAILED,
    "expired": Report.FAILED,
    "rejected": Report.FAILED,
    "undelivered": Report.FAILED,
}
"""What gateways call it. Others (queued, sent, buffered) are no news."""
_REPORT = {
    "application/json": {
        "schema": {
            "type": "object",
            "required": ["id", "reference", "status"],
            "properties": {name: {"type": "string"} for name in ("id", "reference", "status")},
        },
        "example": {"id": "msg-41", "reference": "as it was given with the message", "status": "delivered"},
    }
}


class ReportNotSigned(Refusal):
    code = "passwords.report-not-signed"


def gateway_reports(
    database: Database, secret: Secret, now: Callable[[], datetime] = clock.now
) -> HTTPRouteHandler:
    """The route, for one gateway's secret. Without a secret every report is refused."""
    webhook = Webhook(secret.reveal()) if secret.reveal() else None

    @post(
        REPORTS,
        status_code=204,
        operation_id="reportSmsDelivery",
        tags=["gateway"],
        summary="The SMS gateway reports what became of a message (Standard Webhooks signature).",
        contract=open_to_all(ReportNotSigned, BodyTooLarge, takes=_REPORT),
    )
    async def report_sms_delivery(request: Http) -> None:
        if _is_long(request):
            raise BodyTooLarge
        if webhook is None or not _has_signature(request):
            raise ReportNotSigned  # before the body is waited for
        told = _verified(webhook, await whole(request, BYTES_AT_MOST), dict(request.headers))
        sending = Sending.referred(_text(told, "reference"))
        report = _STATUS.get(_text(told, "status").lower())
        name = _text(told, "id")
        if sending is None or report is None or not is_message_name(name):
            return
        async with database.transaction(sending.handover.parties) as tx:
            await casework.delivery_report(tx, sending, report, name, now())

    return report_sms_delivery


def heads(secret: Secret) -> HeadsTaken:
    """Where no report is taken, none is waited for."""
    if not secret.reveal():
        return {}
    return {REPORTS: lambda request: _has_signature(request) and not _is_long(request)}


def _is_long(request: Http) -> bool:
    return (announced_length(request) or 0) > BYTES_AT_MOST


def _has_signature(request: Http) -> bool:
    return request.headers.keys() >= _SIGNED_BY


def _verified(webhook: Webhook, body: bytes, headers: dict[str, str]) -> JsonObject:
    try:
        webhook.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError) as wrong:  # a malformed signature is a ValueError there
        raise ReportNotSigned from wrong
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _text(told: JsonObject, name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""
