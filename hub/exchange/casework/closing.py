"""The requester closes: it confirms in three parts, or disputes, or takes the request back (method S134)."""

import json
from functools import partial
from typing import Any

from hub.duties import casework as duties
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind
from hub.exchange import store, ways
from hub.exchange.casework.answering import DocumentNotDeclared
from hub.exchange.casework.statements import Case, Desk, NotFound, keep, tell
from hub.exchange.steps import Action
from hub.kernel.clock import iso
from hub.kernel.refusal import Refusal
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause
from hub.plumbing.aside import aside
from hub.plumbing.promises import promise
from hub.signing.statement import SignedStatement
from saikne_schemas.manifests import Confirmation, Dispute, Withdrawal
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import PAPER_WAYS, DisputeReason, ExchangeState

RECEIPT = "saikne-receipt+jws"


class ReasonDoesNotFit(Refusal):
    """A reason that the answer's way cannot give: there is no password to paper."""

    code = "exchange.reason-does-not-fit"


class ReceiptDiffers(Refusal):
    """What the requester computed is not what was declared: that is a dispute, not a confirmation."""

    code = "exchange.receipt-differs"


async def confirm(desk: Desk, case: Case, statement: SignedStatement, manifest: Confirmation) -> Accepted:
    """Close the exchange on the requester's own digests, and countersign the receipt."""
    step = case.step(Action.CONFIRM)
    case.check_round(manifest.round)
    answer = await store.find_answer(desk.tx, case.identity, manifest.round)
    if answer is None:
        raise NotFound
    ways.check_archive(answer.way)
    declared = await store.documents(desk.tx, case.identity, manifest.round)
    computed = {d.no: (d.sha256, d.bytes) for d in manifest.documents}
    differing = [d.no for d in declared if computed.pop(d.no, None) != (d.sha256.hex(), d.bytes)]
    if differing or computed or manifest.archive_sha256 != answer.archive_sha256.hex():
        raise ReceiptDiffers(documents=differing + sorted(computed))
    about = {"archive_sha256": answer.archive_sha256.hex(), "archive_bytes": answer.archive_bytes}
    receipt = await countersigned(desk, case, statement, answer, about)
    await store.move(desk.tx, case.identity, step, desk.now, receipt=receipt)
    await promise(desk.tx, "exchange.erase_payload", case.handover.payload(), after=desk.payload_time)
    await tell(desk.tx, case.identity, case.holder, "confirmed")
    await passwords.erase(desk.tx, case.handover, ErasedBecause.CONFIRMED, desk.now)
    facts = {"round": manifest.round, "archive_sha256": manifest.archive_sha256}
    taken = case.taken(manifest, EventKind.RECEIPT_CONFIRMED, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def countersigned(
    desk: Desk, case: Case, statement: SignedStatement, answer: Any, about: dict[str, object]
) -> str:
    """Every statement of the exchange by digest, and the confirmation itself, under the hub's signature.

    `about` says what was confirmed, as its way lets it be named.
    """
    told = await store.statements(desk.tx, case.identity)
    content = {
        "exchange": str(case.identity),
        "requester": str(case.requester),
        "holder": str(case.holder),
        "round": answer.round,
        "dispatched_at": iso(answer.dispatched_at),
        **about,
        "statements": [
            {"kind": one.kind, "author": str(one.author_id), "sha256": one.sha256.hex()} for one in told
        ],
        "confirmation": {
            "body": statement.body.decode(),
            "signature_base": statement.signature_base.decode(),
            "signature": statement.signature.hex(),
            "public_key": statement.public_jwk,
        },
        "confirmed_at": iso(desk.now),
    }
    payload = json.dumps(content, sort_keys=True).encode()
    return await aside(partial(desk.keyring.sign_jws, RECEIPT, payload))


async def dispute(desk: Desk, case: Case, statement: SignedStatement, manifest: Dispute) -> Accepted:
    """Open the answer again; the holder's term goes on from where it began (features N7)."""
    step = case.step(Action.DISPUTE)
    case.check_round(manifest.round)
    answer = await store.find_answer(desk.tx, case.identity, manifest.round)
    if answer is None:
        raise NotFound
    if manifest.reason is DisputeReason.WRONG_PASSWORD and answer.way in PAPER_WAYS:
        raise ReasonDoesNotFit(reason=manifest.reason.value, way=answer.way)
    numbers = {d.no for d in await store.documents(desk.tx, case.identity, manifest.round)}
    unknown = sorted(set(manifest.documents) - numbers)
    if unknown:
        raise DocumentNotDeclared(documents=unknown)
    await duties.reopen(desk.tx, case.identity, DutyKind.ANSWER)
    await store.change_answer(desk.tx, case.identity, manifest.round, dispute=manifest.reason.value)
    await store.move(desk.tx, case.identity, step, desk.now)
    await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
    await tell(desk.tx, case.identity, case.holder, "disputed")
    await passwords.erase(desk.tx, case.handover, ErasedBecause.DISPUTED, desk.now)
    facts = {"round": manifest.round, "reason": manifest.reason.value, "documents": manifest.documents}
    taken = case.taken(manifest, EventKind.ANSWER_DISPUTED, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def withdraw(desk: Desk, case: Case, statement: SignedStatement, manifest: Withdrawal) -> Accepted:
    """Take the request back: nobody owes anything any more, and nothing is kept of an answer under way."""
    step = case.step(Action.WITHDRAW)
    await duties.withdraw(desk.tx, case.identity, DutyKind.ANSWER, desk.now, manifest.id)
    await store.move(desk.tx, case.identity, step, desk.now)
    await tell(desk.tx, case.identity, case.holder, "withdrawn")
    if case.row.state == ExchangeState.PREPARING:
        await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
        await passwords.erase(desk.tx, case.handover, ErasedBecause.WITHDRAWN, desk.now)
    taken = case.taken(manifest, EventKind.REQUEST_WITHDRAWN, step, {"reason": manifest.reason.value})
    return await keep(desk, taken, statement, case.parties)
