"""The holder answers: declares the set, sends each document, takes it back or dispatches (method S78)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from hub.centres import store as centres
from hub.centres.casework import active
from hub.duties.casework import meet
from hub.duties.duty import DutyKind
from hub.evidence.event import EventKind
from hub.evidence.store import record
from hub.exchange import documents, quotas, store, ways
from hub.exchange.casework.statements import Case, Desk, NotFound, keep, tell
from hub.exchange.steps import Action
from hub.kernel.clock import riga_day
from hub.kernel.refusal import Refusal, TooMuch
from hub.kernel.secret import Secret
from hub.kernel.steps import Step
from hub.passwords import casework as passwords
from hub.passwords.channels import ContactChanged, NoContact, Route, SameAddress, route
from hub.passwords.handover import ErasedBecause, Handover
from hub.plumbing.database import Tx
from hub.plumbing.promises import promise
from hub.plumbing.rows import Rows, insert
from hub.sealing.archive import SealedSegment, document_name
from hub.signing.statement import SignedStatement
from hub.web.limits import NOT_SOON
from saikne_schemas.manifests import AnswerManifest, DeclaredDocument, Discard, Dispatch, Receipt
from saikne_schemas.paper import PaperDocument
from saikne_schemas.views import Accepted, MissingForm
from saikne_schemas.vocabulary import (
    PAPER_WAYS,
    DeliveryChannel,
    ExchangeState,
    IncompleteBecause,
    PasswordChannel,
)

ROUNDS_AT_MOST = 50
"""How often an answer may be declared; whoever needs more withdraws and asks again."""


class TooMuchPrepared(TooMuch):
    """A centre has declared more documents than it may hold here without sending them on their way."""

    code = "exchange.too-much-prepared"


class TooManyRounds(Refusal):
    code = "exchange.too-many-rounds"


class DocumentsAwaited(Refusal):
    code = "exchange.documents-awaited"


class FormsMissing(Refusal):
    """Mandatory forms are missing and the dispatch does not say why (method S47-S55)."""

    code = "exchange.forms-missing"


class DocumentNotDeclared(Refusal):
    code = "exchange.document-not-declared"


def receipt_of(row: Any) -> Receipt:
    password = row.password_channel and PasswordChannel(row.password_channel)
    return Receipt(channel=DeliveryChannel(row.channel), password_channel=password)


async def agreed_way(tx: Tx, case: Case) -> Route:
    """The way agreed with the request, if the requester takes part and stands by both addresses still."""
    return await _standing(
        tx, case, receipt_of(case.row), (case.row.archive_address, case.row.password_address)
    )


async def way_under_way(tx: Tx, case: Case, taken: str) -> Route:
    """The same of a declared archive, which went the wished way or, where paper was wished, another."""
    ways.check_archive(taken)
    if receipt_of(case.row).channel not in PAPER_WAYS:
        return await agreed_way(tx, case)
    kept = await passwords.kept(tx, case.handover)
    actual = Receipt(channel=DeliveryChannel(taken), password_channel=kept.channel)
    return await _standing(tx, case, actual, (kept.archive_address, kept.address))


async def _standing(tx: Tx, case: Case, receipt: Receipt, addresses: tuple[str, str]) -> Route:
    await active(tx, [case.requester])
    try:
        way = route(receipt, (await centres.contacts(tx, case.requester)).contacts)
    except (NoContact, SameAddress):
        raise ContactChanged from None
    if (way.archive_address, way.password_address) != addresses:
        raise ContactChanged
    return way


async def _way_to_take(tx: Tx, case: Case, manifest: AnswerManifest) -> Route:
    """As wished; or another one, to the addresses that the requester has notified by now."""
    wish = receipt_of(case.row)
    taken = manifest.way or wish
    if manifest.way is None and wish.channel in PAPER_WAYS:
        raise ways.DepartsFromWish(wish=wish.channel.value, way=DeliveryChannel.HUB.value)
    ways.check_departure(wish, taken, manifest.departure)
    if taken == wish:
        return await agreed_way(tx, case)
    await active(tx, [case.requester])
    return route(taken, (await centres.contacts(tx, case.requester)).contacts)


def lacking_forms(case: Case, manifest: documents.Answer) -> list[MissingForm]:
    """What a new round would miss; refuses what may not travel, and a round too many."""
    documents.check(manifest, case.asked)
    lacking = documents.missing(manifest, case.asked)
    if case.row.round + 1 > ROUNDS_AT_MOST:
        raise TooManyRounds(at_most=ROUNDS_AT_MOST)
    return lacking


async def declare(desk: Desk, case: Case, statement: SignedStatement, manifest: AnswerManifest) -> Accepted:
    """Open a new round: the documents are named, and the round's password is made."""
    step = case.step(Action.ANSWER)
    lacking = lacking_forms(case, manifest)
    await _check_room(desk, case, manifest)
    way = await _way_to_take(desk.tx, case, manifest)
    await passwords.prepare(desk.tx, desk.keyring, case.round_after(case.row.round + 1), way)
    return await open_round(desk, case, statement, Round(manifest, lacking, way.delivery, step))


async def _check_room(desk: Desk, case: Case, manifest: AnswerManifest) -> None:
    wanted = sum(document.bytes for document in manifest.documents)
    held, at_most = await quotas.prepared_bytes(desk.tx, case.holder), desk.limits.prepared_bytes
    if held + wanted > at_most:
        raise TooMuchPrepared(NOT_SOON, prepared_bytes=held, bytes_at_most=at_most)


@dataclass(frozen=True, slots=True)
class Round:
    """A new round whose way is decided."""

    manifest: documents.Answer
    missing: list[MissingForm]
    way: DeliveryChannel
    step: Step[ExchangeState]


async def open_round(desk: Desk, case: Case, statement: SignedStatement, opened: Round) -> Accepted:
    """Write a declared answer down; the payload of the round before it goes."""
    manifest, step, number = opened.manifest, opened.step, case.row.round + 1
    documents.check_certified(manifest, riga_day(desk.now))
    if case.row.round:
        await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
    answer = {
        "exchange_id": case.identity,
        "round": number,
        "statement_id": manifest.id,
        "way": opened.way.value,
        "departure": manifest.departure,
        "missing": [form.model_dump(mode="json") for form in opened.missing],
        "declared_at": desk.now,
    }
    declared = [
        {
            "exchange_id": case.identity,
            "round": number,
            "no": one.no,
            "form": one.form.value,
            "subject": one.subject,
            "spouse": one.spouse,
            **_carried(one),
        }
        for one in manifest.documents
    ]
    await insert(desk.tx, Rows(store.answer, [answer]), Rows(store.document, declared))
    late = case.round_after(number).payload()
    await promise(desk.tx, "exchange.abandon", late, after=desk.preparation_time)
    await store.move(desk.tx, case.identity, step, desk.now, round=number)
    facts = {
        "round": number,
        "way": opened.way.value,
        "documents": len(manifest.documents),
        "missing": len(opened.missing),
    }
    taken = case.taken(manifest, EventKind.ANSWER_DECLARED, step, facts)
    return await keep(desk, taken, statement, case.parties)


def _carried(one: DeclaredDocument | PaperDocument) -> dict[str, object]:
    """In an archive by bytes and digest, on paper by pages."""
    if isinstance(one, PaperDocument):
        return {"media_type": None, "bytes": None, "sha256": None, "pages": one.pages}
    digest = bytes.fromhex(one.sha256)
    return {"media_type": one.media_type.value, "bytes": one.bytes, "sha256": digest, "pages": None}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document will lie: known before its first byte is read."""

    declared: Any
    """The document's row."""
    name: str
    path: str
    password: Secret


async def declared_document(tx: Tx, case: Case, round_no: int, no: int) -> Any:
    """The row of document `no`, while documents are taken."""
    case.step(Action.SEAL)
    case.check_round(round_no)
    for declared in await store.documents(tx, case.identity, round_no):
        if declared.pages is not None:
            raise ways.OtherWay(no=no)
        if declared.no == no:
            return declared
    raise DocumentNotDeclared(no=no)


async def make_room(desk: Desk, case: Case, declared: Any) -> Place:
    """Where a declared document goes."""
    password = await passwords.unwrap_for_sealing(desk.tx, desk.keyring, case.handover)
    name = document_name(declared.no, declared.media_type)
    return Place(declared, name, path(case, declared.no), password)


def path(case: Case, no: int) -> str:
    """A place in the object store that no other attempt shares."""
    return f"segments/{case.identity}/{case.row.round}/{no}-{uuid4().hex}"


async def take_document(
    desk: Desk, case: Case, place: Place, sealed: SealedSegment, signed_by: dict[str, str]
) -> None:
    """The document is whole, as declared, and sealed: say so."""
    declared = place.declared
    case.step(Action.SEAL)
    case.check_round(declared.round)
    row = _segment(case.handover, declared.no, place.path, sealed, desk.now)
    await insert(desk.tx, Rows(store.segment, [row]))
    facts = {"round": declared.round, "no": declared.no, "sha256": declared.sha256.hex(), **signed_by}
    await record(desk.tx, EventKind.DOCUMENT_SEALED, [case.holder], case.identity, facts)


def _segment(
    handover: Handover, no: int, where: str, sealed: SealedSegment, now: datetime
) -> dict[str, object]:
    return {
        "exchange_id": handover.exchange,
        "round": handover.round,
        "no": no,
        "name": sealed.name,
        "path": where,
        "plain_bytes": sealed.plain_bytes,
        "segment_bytes": sealed.segment_bytes,
        "sha256": sealed.sha256,
        "sealed_at": now,
    }


async def check_whole(tx: Tx, case: Case, dispatch: Dispatch) -> Any:
    """The answer's row. Only a complete, matching set is dispatched; a missing form needs a stated reason."""
    case.step(Action.DISPATCH)
    case.check_round(dispatch.round)
    answer = await store.find_answer(tx, case.identity, dispatch.round)
    if answer is None:
        raise NotFound
    ways.check_archive(answer.way)
    held = await store.documents(tx, case.identity, dispatch.round)
    awaited = [document.no for document in held if document.sealed_at is None]
    if awaited:
        raise DocumentsAwaited(documents=awaited)
    await way_under_way(tx, case, answer.way)
    check_missing(answer, dispatch.incomplete_because)
    return answer


def check_missing(answer: Any, because: IncompleteBecause | None) -> None:
    if answer.missing and because is None:
        forms = [" ".join(str(v) for v in form.values() if v is not None) for form in answer.missing]
        raise FormsMissing(missing=forms)


@dataclass(frozen=True, slots=True)
class Whole:
    """The finished archive: what was sealed beside the documents, and its last bytes."""

    beside: list[tuple[str, SealedSegment]]
    """Path and segment of the manifest, its signature and the inscription."""
    directory: bytes
    archive_bytes: int
    archive_sha256: bytes


async def dispatch_answer(
    desk: Desk, case: Case, statement: SignedStatement, manifest: Dispatch, whole: Whole
) -> Accepted:
    """Send the set on its way: the term is met, the password starts by its own channel."""
    answer = await check_whole(desk.tx, case, manifest)
    step = case.step(Action.DISPATCH)
    rows = [
        _segment(case.handover, documents.BESIDE_FROM + index, where, sealed, desk.now)
        for index, (where, sealed) in enumerate(whole.beside)
    ]
    await insert(desk.tx, Rows(store.segment, rows))
    mailed = answer.way == DeliveryChannel.EMAIL_TWO_STEP
    await store.change_answer(
        desk.tx,
        case.identity,
        manifest.round,
        dispatched_at=desk.now,
        directory=whole.directory,
        archive_bytes=whole.archive_bytes,
        archive_sha256=whole.archive_sha256,
        incomplete_because=manifest.incomplete_because,
        delivery="queued" if mailed else None,
    )
    await store.move(desk.tx, case.identity, step, desk.now)
    await meet(desk.tx, case.identity, DutyKind.ANSWER, desk.now, manifest.id)
    await passwords.hand_over(desk.tx, case.handover, desk.now, desk.password_time)
    if mailed:
        await promise(desk.tx, "exchange.mail_archive", case.handover.payload())
    await tell(desk.tx, case.identity, case.requester, "answer_dispatched")
    facts = {
        "round": manifest.round,
        "archive_sha256": whole.archive_sha256.hex(),
        "bytes": whole.archive_bytes,
    }
    taken = case.taken(manifest, EventKind.ANSWER_DISPATCHED, step, facts)
    return await keep(desk, taken, statement, case.parties)


async def discard(desk: Desk, case: Case, statement: SignedStatement, manifest: Discard) -> Accepted:
    """Take back a set that was not dispatched; its segments and its password go."""
    step = case.step(Action.DISCARD)
    case.check_round(manifest.round)
    await store.move(desk.tx, case.identity, step, desk.now)
    await promise(desk.tx, "exchange.erase_payload", case.handover.payload())
    await passwords.erase(desk.tx, case.handover, ErasedBecause.DISCARDED, desk.now)
    taken = case.taken(manifest, EventKind.ANSWER_DISCARDED, step, {"round": manifest.round})
    return await keep(desk, taken, statement, case.parties)
