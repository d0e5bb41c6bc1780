"""What one side sees of its exchanges: by key or by page, a fixed number of queries whatever their size."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hub.centres import store as centres
from hub.centres.centre import CentreState
from hub.duties import store as duties
from hub.duties.duty import NAMED_BY_METHOD, standing
from hub.duties.term import duty_view, term_of
from hub.exchange import store
from hub.exchange.casework import signed
from hub.exchange.casework.case import Case, Desk, NotFound, find_case, held_by
from hub.exchange.casework.refusing import may_be_refused
from hub.exchange.owed import OWING
from hub.exchange.record import Record
from hub.exchange.steps import STEPS, Action
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework.keeping import kept_statement
from hub.passwords import casework as passwords
from hub.plumbing.database import Row, Tx
from hub.web.paging import cursor, moment, place
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.manifests import by_mail_twice
from saikne_schemas.spelling import KEPT
from saikne_schemas.views import (
    AnswerView,
    DocumentView,
    ExchangeView,
    HandoverView,
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
from saikne_schemas.vocabulary import PAPER_WAYS, ExchangeState, SideRole, Workflow


class NoReceiptYet(Refusal):
    """The requester has not confirmed."""

    code = "exchange.no-receipt-yet"


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of a list is asked for."""

    role: SideRole | None
    states: Collection[ExchangeState]
    """Any, if none is named."""
    cursor: str | None
    limit: int


async def show(desk: Desk, caller: CentreId, identity: ExchangeId) -> ExchangeView:
    """One exchange as the caller's side sees it; foreign or absent is the same."""
    row = await store.shown(desk.tx, caller, identity)
    if row is None:
        raise NotFound
    case = held_by(row, caller)
    record = case.record
    calendars, today = await desk.calendars.current(desk.tx), riga_day(desk.now)
    declared = [] if row.round is None else await store.documents(desk.tx, identity, row.round)
    owed = await duties.open_about(desk.tx, caller, identity) if case.state in OWING else ()
    names: dict[UUID, str] = {case.requester: row.requester_name, case.holder: row.holder_name}
    states = {case.requester: row.requester_state, case.holder: row.holder_state}
    outside = [one for one, state in states.items() if state == CentreState.OUTSIDE]
    view = ExchangeView(
        id=identity,
        role=SideRole(case.role),
        state=case.state,
        kind=record.kind,
        requester=case.requester,
        requester_name=row.requester_name,
        holder=case.holder,
        holder_name=row.holder_name,
        family=record.family,
        children=record.children,
        legal_basis=record.legal_basis,
        purpose=record.purpose,
        receipt=record.receipt,
        weaker_way=record.receipt.by_mail_twice,
        signatures=record.signatures,
        requested_at=case.opened_at,
        moved_at=case.moved_at,
        extension=record.proposal,
        supplement=_supplement(record),
        refusal=record.refusal,
        despite=record.despite,
        refusable=may_be_refused(
            case.state, record.kind, sent=row.ever_sent, answered_before=record.answered_before
        ),
        term=None
        if row.due_on is None
        else term_of(row, calendars.of(Policy(row.calendar)), today, row.sent_on),
        answer=None if row.round is None else _answer(case, row, declared),
        duties=[duty_view(one, calendars, today, names, outside) for one in owed],
    )
    return await _with_what_was_signed(desk, case, view)


async def _with_what_was_signed(desk: Desk, case: Case, view: ExchangeView) -> ExchangeView:
    """Each side sees what the other signed: its proof, and what was found in it."""
    if (asked := case.record.signed_request) is not None:
        view = view.model_copy(update={"signed_request": await signed.show(desk, case, asked)})
    if (certified := case.record.certified_by) is not None and view.answer is not None:
        shown = await signed.show(desk, case, certified)
        view = view.model_copy(update={"answer": view.answer.model_copy(update={"certified_by": shown})})
    return view


def _supplement(record: Record) -> SupplementView | None:
    if not record.more_children and not record.more_forms:
        return None
    return SupplementView(
        children=record.more_children, forms=record.more_forms, answered_before=record.answered_before
    )


def _answer(case: Case, answer: Row, declared: Sequence[store.DeclaredRow]) -> AnswerView:
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
        missing=[MissingForm(**{"because": answer.incomplete_because, **form}) for form in answer.missing],
        dispatched_at=answer.dispatched_at,
        archive_bytes=answer.archive_bytes,
        archive_sha256=answer.archive_sha256.hex() if answer.archive_sha256 else None,
        archive_available=answer.archive_kept and (case.state, Action.COLLECT) in STEPS.listed,
        delivery=answer.delivery,
        password=_password(answer),
        dispute=answer.dispute,
        paper=_paper(case, answer, declared) if answer.way in PAPER_WAYS else None,
    )


def _password(answer: Row) -> HandoverView | None:
    password = passwords.view(answer)
    if password is None or not by_mail_twice(answer.way, password.channel):
        return password
    return password.model_copy(update={"weaker": True})


def _paper(case: Case, answer: Row, declared: Sequence[store.DeclaredRow]) -> PaperView:
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
        items_corrected=[one for one in case.record.items_corrected if one.round == answer.round],
    )


async def page(desk: Desk, caller: CentreId, wish: Wish) -> Page:
    """The caller's own exchanges, the last moved first."""
    before = place(wish.cursor, moment, UUID) if wish.cursor else None
    roles = tuple(SideRole) if wish.role is None else (wish.role,)
    states = tuple(state for state in ExchangeState if state in (wish.states or ExchangeState))
    rows = await store.page(desk.tx, caller, store.Listed(roles, states, wish.limit + 1), before)
    shown, more = rows[: wish.limit], len(rows) > wish.limit
    today = riga_day(desk.now)
    items = [SideView.model_validate(_line(row, today), context=KEPT) for row in shown]
    return Page(items=items, next=cursor(shown[-1].moved_at, shown[-1].matter_id) if more else None)


def _line(row: Row, today: date) -> dict[str, object]:
    """What a list shows of an exchange: most of it is called there as in the row."""
    late, next_late = (day is not None and day < today for day in (row["due_on"], row["next_due_on"]))
    is_owed, archive = row["ended_at"] is None, row["archive_sha256"]
    return {
        **row,
        "id": row["matter_id"],
        "requested_at": row["opened_at"],
        "original_due_on": row["original_due_on"] if is_owed else None,
        "moved_by": row["moved_by"] if is_owed else None,
        "overdue": late and is_owed,
        "next_by_method": None if row["next"] is None else row["next"] in NAMED_BY_METHOD,
        "next_overdue": next_late,
        "archive_sha256": archive.hex() if archive else None,
        "refusable": may_be_refused(
            row["state"], row["kind"], sent=row["ever_sent"], answered_before=bool(row["answered_before"])
        ),
    }


async def overdue(
    tx: Tx, calendars: Calendars, today: date, *, tenant: CentreId, after: str | None, limit: int
) -> OverduePage:
    """What is overdue for a tenant today, derived from the dates now; the oldest first."""
    start = place(after, date.fromisoformat, UUID) if after else None
    rows = await store.overdue(tx, tenant, today, after=start, limit=limit + 1)
    shown, more = rows[:limit], len(rows) > limit
    names = await centres.names(tx, {one for row in shown for one in row.parties})
    items = [
        OverdueView(
            exchange=row.matter_id,
            role=row.role,
            kind=row.asked,
            state=row.state,
            requester=(requester := row.parties[0]),
            requester_name=names[requester],
            holder=(holder := row.parties[1]),
            holder_name=names[holder],
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


async def statements(desk: Desk, identity: ExchangeId) -> list[StatementView]:
    rows = await matters.statements(desk.tx, identity)
    if not rows or rows[0].workflow != Workflow.COPIES:
        raise NotFound
    return [kept_statement(row) for row in rows]


async def receipt(desk: Desk, caller: CentreId, identity: ExchangeId) -> ReceiptView:
    """The newest one, and what was confirmed before a supplement."""
    await find_case(desk.tx, caller, identity)
    receipts = await store.receipts(desk.tx, identity)
    if not receipts:
        raise NoReceiptYet
    return ReceiptView(exchange=identity, receipt=receipts[-1], earlier=receipts[:-1])
