"""What one side sees of its exchanges: by key or by page, a fixed number of queries whatever their size."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.duty import standing
from hub.duties.term import term_of
from hub.exchange import store
from hub.exchange.casework.case import Desk, NotFound
from hub.exchange.casework.way import receipt_of
from hub.exchange.steps import STEPS, Action
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.matters.casework.keeping import kept_statement
from hub.passwords import casework as passwords
from hub.passwords.handover import Handover
from hub.plumbing.database import Tx
from hub.web.paging import cursor, moment, place
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.views import (
    AnswerView,
    DocumentView,
    ExchangeView,
    ExtensionView,
    MissingForm,
    OverduePage,
    OverdueView,
    Page,
    PaperDocumentView,
    PaperView,
    ReceiptView,
    SideView,
    StatementView,
    SupplementView,
)
from saikne_schemas.vocabulary import PAPER_WAYS, ExchangeKind, ExchangeState, ExtensionReason, SideRole


class NoReceiptYet(Refusal):
    """The requester has not confirmed."""

    code = "exchange.no-receipt-yet"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of a list is asked for."""

    role: SideRole | None
    state: ExchangeState | None
    cursor: str | None
    limit: int


async def show(desk: Desk, caller: CentreId, identity: ExchangeId) -> ExchangeView:
    """One exchange as the caller's side sees it; foreign or absent is the same."""
    tx = desk.tx
    row = await store.find(tx, identity)
    duty = await duties.of_exchange(tx, caller, identity)
    if row is None:
        raise NotFound
    names = await centres.find(tx, [row.requester_id, row.holder_id])
    calendars, today = await desk.calendars.current(tx), riga_day(desk.now)
    answer = await store.find_answer(tx, identity, row.round) if row.round else None
    return ExchangeView(
        id=row.exchange_id,
        role=SideRole.REQUESTER if caller == row.requester_id else SideRole.HOLDER,
        state=ExchangeState(row.state),
        kind=ExchangeKind(row.kind),
        requester=row.requester_id,
        requester_name=names[row.requester_id].name,
        holder=row.holder_id,
        holder_name=names[row.holder_id].name,
        family=row.family,
        children=row.children,
        legal_basis=row.legal_basis,
        purpose=row.purpose,
        receipt=receipt_of(row),
        signatures=row.signatures,
        requested_at=row.requested_at,
        moved_at=row.moved_at,
        extension=_extension(row),
        supplement=_supplement(row),
        term=duty and term_of(duty, calendars.of(Policy(duty.calendar)), today, answer and answer.sent_on),
        answer=await _answer(tx, row, answer) if answer else None,
    )


def _extension(row: Any) -> ExtensionView | None:
    if row.proposal_id is None:
        return None
    reason = ExtensionReason(row.proposal_reason)
    return ExtensionView(proposal=row.proposal_id, until=row.proposed_until, reason=reason)


def _supplement(row: Any) -> SupplementView | None:
    if not row.more_children and not row.more_forms:
        return None
    return SupplementView(
        children=row.more_children, forms=row.more_forms, answered_before=row.answered_before
    )


def round_of(row: Any) -> Handover:
    return Handover(
        ExchangeId(row.exchange_id), row.round, CentreId(row.requester_id), CentreId(row.holder_id)
    )


async def _answer(tx: Tx, row: Any, answer: Any) -> AnswerView:
    declared = await store.documents(tx, row.exchange_id, row.round)
    return AnswerView(
        round=answer.round,
        declared_at=answer.declared_at,
        way=answer.way,
        departure=answer.departure,
        documents=[
            DocumentView(
                no=one.no,
                form=one.form,
                subject=one.subject,
                spouse=one.spouse,
                media_type=one.media_type,
                bytes=one.bytes,
                sha256=one.sha256.hex(),
                sealed_at=one.sealed_at,
            )
            for one in declared
            if one.pages is None
        ],
        missing=[MissingForm(**form) for form in answer.missing],
        dispatched_at=answer.dispatched_at,
        archive_bytes=answer.archive_bytes,
        archive_sha256=answer.archive_sha256.hex() if answer.archive_sha256 else None,
        archive_available=_is_fetchable(row, answer),
        delivery=answer.delivery,
        password=await passwords.view(tx, round_of(row)),
        dispute=answer.dispute,
        paper=_paper(answer, declared) if answer.way in PAPER_WAYS else None,
    )


def _paper(answer: Any, declared: Any) -> PaperView:
    return PaperView(
        documents=[
            PaperDocumentView(
                no=one.no, form=one.form, subject=one.subject, spouse=one.spouse, pages=one.pages
            )
            for one in declared
        ],
        handed_over_to=answer.handed_over_to,
        authority=answer.authority,
        item_number=answer.item_number,
        item_number_checked=answer.item_number_checked,
        sent_on=answer.sent_on,
        outcome=answer.outcome,
        outcome_on=answer.outcome_on,
    )


def _is_fetchable(row: Any, answer: Any) -> bool:
    listed = (ExchangeState(row.state), Action.COLLECT) in STEPS.listed
    return listed and answer.directory is not None and answer.erased_at is None


async def page(desk: Desk, caller: CentreId, wish: Wish) -> Page:
    """The caller's own sides, the last moved first."""
    before = place(wish.cursor, moment, UUID) if wish.cursor else None
    rows = await store.page(
        desk.tx, caller, role=wish.role, state=wish.state, before=before, limit=wish.limit + 1
    )
    shown, more = rows[: wish.limit], len(rows) > wish.limit
    names = await _names(desk.tx, shown)
    today = riga_day(desk.now)
    items = [
        SideView(
            id=row.exchange_id,
            role=row.role,
            state=row.state,
            kind=row.kind,
            counterpart=(other := row.holder_id if caller == row.requester_id else row.requester_id),
            counterpart_name=names[other],
            requested_at=row.requested_at,
            moved_at=row.moved_at,
            due_on=row.due_on,
            original_due_on=row.original_due_on,
            moved_by=row.moved_by,
            overdue=row.owed is not None and row.due_on < today,
        )
        for row in shown
    ]
    return Page(items=items, next=cursor(shown[-1].moved_at, shown[-1].exchange_id) if more else None)


async def overdue(
    tx: Tx, calendars: Calendars, today: date, *, tenant: CentreId, after: str | None, limit: int
) -> OverduePage:
    """What is overdue for a tenant today, derived from the dates now; the oldest first."""
    start = place(after, date.fromisoformat, UUID) if after else None
    rows = await store.overdue(tx, tenant, today, after=start, limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    names = await _names(tx, shown)
    items = [
        OverdueView(
            exchange=row.exchange_id,
            role=row.role,
            kind=row.kind,
            state=row.state,
            requester=row.requester_id,
            requester_name=names[row.requester_id],
            holder=row.holder_id,
            holder_name=names[row.holder_id],
            due_on=row.due_on,
            original_due_on=row.original_due_on,
            moved_by=row.moved_by,
            alt_due_on=row.alt_due_on,
            calendar=row.calendar,
            confirmed=row.confirmed,
            working_days_late=standing(
                row.due_on, None, today, calendars.of(Policy(row.calendar))
            ).working_days_late,
        )
        for row in shown
    ]
    return OverduePage(
        today=today, items=items, next=cursor(shown[-1].due_on, shown[-1].id) if more else None
    )


async def _names(tx: Tx, rows: Any) -> dict[UUID, str]:
    concerned = {one for row in rows for one in (row.requester_id, row.holder_id)}
    return {identity: centre.name for identity, centre in (await centres.find(tx, concerned)).items()}


async def statements(desk: Desk, identity: ExchangeId) -> list[StatementView]:
    rows = await store.statements(desk.tx, identity)
    if not rows:
        raise NotFound
    return [kept_statement(row) for row in rows]


async def receipt(desk: Desk, identity: ExchangeId) -> ReceiptView:
    row = await store.find(desk.tx, identity)
    if row is None:
        raise NotFound
    if row.receipt is None:
        raise NoReceiptYet
    earlier = [one for one in await store.earlier_receipts(desk.tx, identity) if one != row.receipt]
    return ReceiptView(exchange=row.exchange_id, receipt=row.receipt, earlier=earlier)
