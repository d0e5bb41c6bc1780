"""Refusals and outages as HTTP: RFC 9457 problem documents. The only module that knows status numbers.

Every code is permanent. Its sentences stand in `wording`; `GET /problems/{code}` shows them to people.
"""

import math
from collections.abc import Mapping

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap, Receive, Scope, Send

from hub.kernel.documents import JsonObject
from hub.kernel.refusal import Outage, Refusal, TooMuch
from hub.web.calls import Http, HttpAnswer
from hub.web.numbering import number
from hub.wording.catalogue import language_of, sentence

log = structlog.get_logger(__name__)

STATUS: dict[str, int] = {
    "access.centre-suspended": 403,
    "access.centre-unknown": 401,
    "access.key-malformed": 400,
    "access.key-taken": 409,
    "access.key-unknown": 404,
    "access.memory-lost": 503,
    "access.proof-invalid": 401,
    "access.proof-replayed": 401,
    "access.scope-missing": 403,
    "access.token-expired": 401,
    "access.token-invalid": 401,
    "access.token-missing": 401,
    "access.token-revoked": 401,
    "agis.attempt-over": 409,
    "agis.attempt-unknown": 404,
    "agis.day-differs": 409,
    "agis.earlier-under-way": 409,
    "agis.entered-by-hand": 409,
    "agis.entry-differs": 409,
    "agis.no-register": 409,
    "agis.not-found": 404,
    "agis.outcome-given": 409,
    "agis.outcome-incomplete": 422,
    "agis.register-key-unknown": 422,
    "agis.registration-unknown": 404,
    "agis.seal-malformed": 422,
    "agis.sealed-differs": 422,
    "agis.sealed-gone": 409,
    "agis.step-not-allowed": 409,
    "agis.word-differs": 422,
    "agis.word-missing": 422,
    "agis.word-not-the-registers": 422,
    "agreements.days-out-of-order": 422,
    "agreements.ended": 422,
    "agreements.ends-in-the-past": 422,
    "agreements.ends-later-than-agreed": 422,
    "agreements.qualified-signature-needed": 422,
    "agreements.signed-certification-needed": 422,
    "blobs.full": 507,
    "blobs.unavailable": 503,
    "centres.agreement-not-yet-signed": 422,
    "centres.already-admitted": 409,
    "centres.contact-shared": 422,
    "centres.email-invalid": 422,
    "centres.file-malformed": 422,
    "centres.keys-wrong": 422,
    "centres.named-outside": 409,
    "centres.phone-not-for-speech": 422,
    "centres.phone-not-mobile": 422,
    "centres.proof-invalid": 422,
    "centres.registration-number-invalid": 422,
    "centres.rotation-known": 409,
    "centres.scope-not-for-role": 422,
    "centres.state-unchanged": 409,
    "centres.suspended": 403,
    "centres.unknown": 404,
    "database.not-proven": 503,
    "database.unavailable": 503,
    "days.before-cause": 422,
    "days.in-the-future": 422,
    "days.out-of-range": 422,
    "demo.not-installed": 422,
    "exchange.archive-gone": 410,
    "exchange.asked-already": 409,
    "exchange.asked-of-yourself": 400,
    "exchange.basis-does-not-fit": 422,
    "exchange.cannot-collect": 422,
    "exchange.certification-does-not-fit": 422,
    "exchange.certification-mixed": 422,
    "exchange.departs-from-wish": 422,
    "exchange.departure-does-not-fit": 422,
    "exchange.document-may-not-travel": 422,
    "exchange.document-not-as-declared": 422,
    "exchange.document-not-declared": 404,
    "exchange.documents-awaited": 409,
    "exchange.extension-not-a-working-day": 422,
    "exchange.extension-not-later": 422,
    "exchange.extension-not-proposed": 409,
    "exchange.extension-too-long": 422,
    "exchange.forms-missing": 422,
    "exchange.holder-unknown": 422,
    "exchange.identity-reused": 409,
    "exchange.no-receipt-yet": 409,
    "exchange.no-term": 409,
    "exchange.not-found": 404,
    "exchange.not-missing": 422,
    "exchange.not-your-centre": 403,
    "exchange.not-answered-there": 422,
    "exchange.nothing-offered": 409,
    "exchange.nothing-to-refuse": 409,
    "exchange.nothing-was-asked": 409,
    "exchange.offered-to-yourself": 400,
    "exchange.one-child-only": 422,
    "exchange.other-exchange": 400,
    "exchange.other-refusal": 409,
    "exchange.other-round": 409,
    "exchange.other-way": 409,
    "exchange.outcome-known": 409,
    "exchange.person-not-listed": 422,
    "exchange.reason-does-not-fit": 422,
    "exchange.receipt-differs": 422,
    "exchange.receiver-unknown": 422,
    "exchange.same-item": 409,
    "exchange.sent-before": 409,
    "exchange.signed-file-not-certified": 422,
    "exchange.spouses-not-stated": 422,
    "exchange.step-not-allowed": 409,
    "exchange.subject-not-asked": 422,
    "exchange.supplement-adds-nothing": 422,
    "exchange.too-many-children": 422,
    "exchange.too-many-open": 429,
    "exchange.too-many-rounds": 409,
    "exchange.too-many-uploads": 429,
    "exchange.too-much-prepared": 429,
    "exchange.upload-broken-off": 400,
    "http.body-broken-off": 400,
    "http.body-too-slow": 408,
    "http.cursor-malformed": 400,
    "http.encoding-not-taken": 415,
    "http.failed": 500,
    "http.head-too-large": 431,
    "http.head-unclear": 400,
    "http.media-type-not-taken": 415,
    "http.method-not-allowed": 405,
    "http.not-found": 404,
    "http.precondition-failed": 412,
    "http.range-not-satisfiable": 416,
    "http.refused": 400,
    "http.too-large": 413,
    "http.transfer-coding-not-taken": 501,
    "hub.not-ready": 503,
    "identities.identity-not-random": 400,
    "identities.identity-reused": 409,
    "identities.key-rotated": 409,
    "identities.key-unknown": 422,
    "identities.malformed": 400,
    "identities.not-for-a-party": 422,
    "identities.too-large": 413,
    "identities.too-many-waiting": 429,
    "identities.unknown": 422,
    "keys.file-wrong": 503,
    "keys.missing": 503,
    "limits.at-once": 429,
    "limits.calls": 429,
    "limits.statements": 429,
    "limits.strangers": 429,
    "mail.refused": 502,
    "mail.too-large": 503,
    "mail.unavailable": 503,
    "manifest.malformed": 400,
    "manifest.too-large": 413,
    "matters.identity-reused": 409,
    "matters.not-found": 404,
    "matters.not-open-already": 409,
    "matters.not-your-matter": 403,
    "matters.other-matter": 400,
    "matters.party-unknown": 422,
    "matters.step-not-allowed": 409,
    "oversight.month-not-over": 409,
    "outside.identity-reused": 409,
    "outside.is-a-member": 409,
    "outside.named-differently": 409,
    "outside.not-between-the-two": 422,
    "outside.not-for-another": 422,
    "outside.not-found": 404,
    "outside.not-named-by-you": 403,
    "outside.same-address": 422,
    "outside.speaks-for-itself": 409,
    "outside.too-many-named": 429,
    "passwords.already-revealed": 409,
    "passwords.channel-not-offered": 422,
    "passwords.contact-changed": 409,
    "passwords.expired": 410,
    "passwords.no-contact": 422,
    "passwords.no-outlet": 503,
    "passwords.not-handed-over": 409,
    "passwords.not-voice": 409,
    "passwords.person-not-authorised": 403,
    "passwords.prolonged-too-often": 409,
    "passwords.report-not-signed": 401,
    "passwords.same-address": 422,
    "passwords.same-channel": 422,
    "passwords.sms-refused": 502,
    "passwords.sms-unavailable": 503,
    "passwords.spoken-not-sent": 409,
    "passwords.too-many-tries": 409,
    "plans.activity-ended-already": 409,
    "plans.activity-not-agreed": 422,
    "plans.activity-not-signed": 422,
    "plans.activity-unknown": 422,
    "plans.another-plan-is-newer": 409,
    "plans.confirmation-contradictory": 422,
    "plans.documents-differ": 422,
    "plans.length-missing": 411,
    "plans.not-an-archive": 422,
    "plans.nothing-to-agree": 422,
    "plans.number-not-next": 422,
    "plans.one-per-family": 409,
    "plans.other-sending": 409,
    "plans.proof-missing": 422,
    "plans.recipient-differs": 422,
    "plans.same-channel": 422,
    "plans.sending-reused": 409,
    "plans.sending-unknown": 404,
    "plans.specialist-not-agreed": 422,
    "plans.talk-later-than-the-year": 422,
    "plans.too-large-to-mail": 413,
    "plans.too-many-sendings": 409,
    "proofs.identity-not-random": 400,
    "proofs.identity-reused": 409,
    "proofs.length-missing": 411,
    "proofs.media-type-not-kept": 415,
    "proofs.named-elsewhere": 409,
    "proofs.not-found": 404,
    "proofs.not-signed": 422,
    "proofs.other-proof": 400,
    "proofs.signature-altered": 422,
    "proofs.signature-incomplete": 422,
    "proofs.signature-untrusted": 422,
    "proofs.too-large": 413,
    "proofs.too-much-unused": 429,
    "proofs.unknown": 422,
    "reconciliation.closed-already": 409,
    "reconciliation.difference-not-found": 404,
    "reconciliation.identity-reused": 409,
    "reconciliation.month-malformed": 400,
    "reconciliation.nothing-to-send": 422,
    "reconciliation.older-than-compared": 409,
    "reconciliation.other-difference": 400,
    "reconciliation.page-differs": 409,
    "reconciliation.page-does-not-fit": 422,
    "reconciliation.taken-in-the-future": 422,
    "sealing.digest-mismatch": 422,
    "sealing.document-too-long": 422,
    "sealing.document-truncated": 422,
    "sealing.media-type-not-carried": 422,
    "sealing.too-many-documents": 422,
    "settings.database-in-clear": 400,
    "settings.database-tls-unclear": 400,
    "settings.in-clear": 400,
    "siblings.agreed-already": 409,
    "siblings.children-differ": 422,
    "siblings.other-proposal": 409,
    "signing.digest-mismatch": 400,
    "signing.expired": 401,
    "signing.invalid": 401,
    "signing.key-revoked": 401,
    "signing.malformed": 401,
    "signing.missing": 401,
    "signing.not-yet-valid": 401,
    "signing.replayed": 401,
    "signing.unknown-key": 401,
    "signing.wrong-algorithm": 401,
    "signing.wrong-coverage": 401,
    "training.amount-does-not-fit": 422,
    "training.ceiling-differs": 422,
    "training.ceiling-stated-already": 409,
    "training.characteristic-not-agreed": 422,
    "training.clause-missing": 422,
    "training.over-ceiling": 422,
    "training.same-ceiling": 422,
    "transfers.child-moves-already": 409,
    "transfers.copies-have-ended": 409,
    "transfers.copies-under-way": 409,
    "transfers.court-changed-since": 409,
    "transfers.court-field-invalid": 422,
    "transfers.court-file-malformed": 422,
    "transfers.court-serves-already": 409,
    "transfers.court-unknown": 404,
    "transfers.date-after-placement": 422,
    "transfers.exchange-does-not-fit": 422,
    "transfers.family-moves-already": 409,
    "transfers.information-not-sent": 409,
    "transfers.move-in-effect": 409,
    "transfers.notice-without-evidence": 422,
    "transfers.nothing-to-correct": 409,
    "transfers.nothing-to-object-to": 409,
    "transfers.objection-too-late": 409,
    "transfers.other-centre-confirms": 409,
    "transfers.override-not-standing": 409,
    "transfers.psychologist-not-agreed": 422,
    "transfers.register-said-so": 409,
    "transfers.second-person-needed": 422,
    "transfers.territory-ended": 409,
    "transfers.territory-unknown": 404,
    "workdays.calendar-missing": 503,
    "workdays.day-already-so": 409,
    "workdays.day-is-otherwise": 409,
    "workdays.kind-follows-from-the-week": 400,
    "workdays.move-leaves-the-month": 400,
    "workdays.move-needs-both-days": 400,
    "workdays.not-a-saturday": 400,
    "workdays.not-a-working-day": 400,
    "workdays.nothing-to-unset": 409,
    "workdays.only-moves-have-two-days": 400,
    "workdays.source-missing": 400,
    "workdays.term-out-of-range": 400,
    "workdays.year-already-so": 409,
    "workdays.year-not-known": 422,
}

_HTTP_CODES = {404: "http.not-found", 405: "http.method-not-allowed", 413: "http.too-large"}


def problem(request: Http, code: str, facts: JsonObject, status: int) -> HttpAnswer:
    """One problem document, in the language the caller prefers."""
    language = language_of(request.headers.get("accept-language", ""))
    text = sentence(code, language)
    body = {
        "type": f"/problems/{code}",
        "title": text.title,
        "status": status,
        "code": code,
        "detail": text.detail.format(**facts) if text.detail else None,
        **facts,
    }
    if (call := number()) is not None:
        body["instance"] = f"urn:uuid:{call}"
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    return Response(body, status_code=status, media_type="application/problem+json", headers=headers)


def refused(request: Http, refusal: Refusal) -> HttpAnswer:
    log.info("refused", code=refusal.code, path=request.scope["path"])
    return unlogged(request, refusal)


def unlogged(request: Http, refusal: Refusal) -> HttpAnswer:
    """The answer of `refused` alone: for one who was refused so often that a line each is dear."""
    answer = problem(request, refusal.code, refusal.facts, STATUS[refusal.code])
    if isinstance(refusal, TooMuch):
        answer.headers["Retry-After"] = str(math.ceil(refusal.retry_after.total_seconds()))
    return answer


async def refuse(
    refusal: Refusal, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """The whole answer, for what stands before the framework."""
    request = Http(scope, receive, send)
    answer = unlogged(request, refusal) if isinstance(refusal, TooMuch) else refused(request, refusal)
    answer.headers.update(headers or {})
    await answer.to_asgi_response(None, request)(scope, receive, send)


def outage(request: Http, failure: Outage) -> HttpAnswer:
    why = {"cause": failure.__cause__} if failure.__cause__ else {}
    log.warning("outage", code=failure.code, path=request.scope["path"], **why)
    answer = problem(request, failure.code, failure.facts, STATUS[failure.code])
    answer.headers["Retry-After"] = str(int(failure.retry_after.total_seconds()))
    return answer


def http_error(request: Http, error: HTTPException) -> HttpAnswer:
    """What the framework refused by itself: no such path, a body over the limit, a malformed parameter."""
    if error.status_code >= 500:  # noqa: PLR2004
        return our_fault(request, error)
    code = _HTTP_CODES.get(error.status_code, "http.refused")
    answer = problem(request, code, {}, STATUS[code])
    allowed = (error.headers or {}).get("allow")
    if allowed is not None:
        answer.headers["Allow"] = allowed
    return answer


def our_fault(request: Http, error: Exception) -> HttpAnswer:
    """A bug: logged with its trace, told to the caller without a detail of it."""
    log.error("failed", path=request.scope["path"], exc_info=error)
    return problem(request, "http.failed", {}, STATUS["http.failed"])


HANDLERS: ExceptionHandlersMap = {
    Refusal: refused,
    Outage: outage,
    HTTPException: http_error,
    Exception: our_fault,
}
