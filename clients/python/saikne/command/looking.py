"""Looking without changing anything: inbox, state and term, what is late, receipts, proofs.

Source: domain 1.5, 6 (ten working days by two calendars); features.md 2 (1, 3, 9, 14).
"""

import base64
import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from saikne.command.asking import Exchange, goes_weaker_way
from saikne.command.connection import connected
from saikne.command.correcting import tell_remedies
from saikne.command.given import today_in_riga
from saikne.command.manners import verb
from saikne.command.missing import tell_missing
from saikne.command.naming import WithNames, tell_names
from saikne.command.numbering import number
from saikne.command.owed import acts, moved, stands, tell_acts, tell_duty, to_be_done
from saikne.command.paper import tell_paper
from saikne.command.sendings import sending_of
from saikne.command.signed_files import tell_signed_files
from saikne.command.speech import Console, about, say, size, word
from saikne.home import write_private
from saikne.problems import LocalRefusal
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import (
    DutyKind,
    ExchangeKind,
    ExchangeState,
    RequestSignatures,
    SideRole,
    Workflow,
)

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.refusals import RefusalView
    from saikne_schemas.views import (
        AnswerView,
        ExchangeView,
        ExtensionView,
        HandoverView,
        SideView,
        SupplementView,
        TermView,
    )

CLOSED = frozenset({ExchangeState.CONFIRMED, ExchangeState.WITHDRAWN, ExchangeState.REFUSED})
PROLONGED_AT_MOST = 3
Out = Annotated[Path | None, typer.Option("--out")]


class WatchHasNoEnd(LocalRefusal):
    """One JSON document cannot hold what never ends."""

    code = "inbox.watch-has-no-end"


@verb
async def inbox(
    console: Console,
    *,
    watch: Annotated[bool, typer.Option("--watch")] = False,
    names: WithNames = False,
) -> None:
    """What waits for this centre among copies, and how much else is to be done."""
    if watch and console.as_json:
        raise WatchHasNoEnd
    async with connected() as hub:
        async for items in hub.watch_inbox():
            beside = 0 if items or console.as_json else await _owed(hub)
            _tell_list(console, items, "inbox.empty-but" if beside else "inbox.empty")
            if beside:
                console.tell("inbox.beside", count=beside)
            elif items:
                console.tell("inbox.all")
            if names:
                await tell_names(console, hub, {item.id: Workflow.COPIES for item in items})
            console.document(items)
            if not watch:
                return
            console.line("")


async def _owed(hub: "Hub") -> int:
    """How many rows `today` has: asked for only where the inbox would say that nothing waits."""
    return sum([to_be_done(one) async for one in hub.duties()])


@verb
async def status(
    console: Console,
    exchange: Annotated[UUID | None, typer.Argument(metavar="ID", parser=number)] = None,
    *,
    names: WithNames = False,
) -> None:
    """Where an exchange stands, or all that are open."""
    async with connected() as hub:
        if exchange is not None:
            view = await hub.exchange(exchange)
            disputed = view.answer is not None and view.answer.dispute is not None
            numbers = await _disputed(hub, exchange) if disputed else []
            _tell_exchange(console, view, numbers, await sending_of(hub, view))
            if names:
                await tell_names(console, hub, {exchange: Workflow.COPIES})
            console.document(view)
            return
        states = [state for state in ExchangeState if state not in CLOSED]
        items = [item async for item in hub.exchanges(states=states)]
        _tell_list(console, items, "status.empty")
        if names:
            await tell_names(console, hub, {item.id: Workflow.COPIES for item in items})
    console.document(items)


@verb
async def overdue(console: Console) -> None:
    """What is late today."""
    async with connected() as hub:
        late = [item async for item in hub.overdue()]
        others = [one async for one in hub.duties(overdue=True) if one.kind is not DutyKind.ANSWER]
    if not late and not others:
        console.tell("overdue.empty")
    for item in sorted(late, key=lambda one: -one.working_days_late):
        console.tell(
            "overdue.one",
            exchange=item.exchange,
            holder=item.holder_name,
            requester=item.requester_name,
            due=item.due_on,
            days=item.working_days_late,
        )
        if item.moved_by is not None:
            console.tell("status.moved", before=item.moved_by.before, **moved(item))
        elif item.original_due_on is not None:
            console.tell("status.extended", due=item.due_on, original=item.original_due_on)
        if not item.confirmed:
            console.tell("status.unconfirmed")
    if others:
        console.tell("overdue.others")
    for duty in others:
        tell_duty(console, duty, indent="  ")
    console.document({"copies": late, "duties": others})


@verb
async def receipt(console: Console, exchange: Exchange, *, out: Out = None) -> None:
    """The countersigned receipt, proved before it is shown or written."""
    from saikne.receipts import verify_receipt

    async with connected() as hub:
        view = await hub.receipt(exchange)
        certified = verify_receipt(view.receipt, await hub.jwks())
    if out is not None:
        write_private(out, view.model_dump_json().encode())
        console.tell("receipt.written", path=out)
    console.tell("receipt.proved", exchange=exchange)
    if {"confirmed_at", "archive_bytes", "archive_sha256"} <= certified.keys():
        at, archive = datetime.fromisoformat(certified["confirmed_at"]), certified["archive_sha256"]
        console.tell("receipt.confirmed", at=at)
        console.tell("receipt.archive", size=size(certified["archive_bytes"]), sha256=archive)
    if {"confirmed_at", "channel", "documents"} <= certified.keys():
        console.tell("receipt.confirmed", at=datetime.fromisoformat(certified["confirmed_at"]))
        way, papers = word("way", certified["channel"]), len(certified["documents"])
        console.tell("receipt.paper", way=way, on=certified["sent_on"], documents=papers)
    console.document({"exchange": exchange, "receipt": view.receipt, "certified": certified})


@verb
async def statements(console: Console, exchange: Exchange, *, out: Out = None) -> None:
    """Everything that was said in an exchange, proved; with `--out` as a file that proves itself."""
    from saikne.receipts import verify_statement

    async with connected() as hub:
        found = await hub.statements(exchange)
        view, jwks = await hub.exchange(exchange), await hub.jwks()
    for statement in found:
        verify_statement(statement, jwks)
    if out is not None:
        written = json.dumps([statement.model_dump(mode="json") for statement in found], indent=1)
        write_private(out, written.encode())
        console.tell("receipt.written", path=out)
    names = {view.requester: view.requester_name, view.holder: view.holder_name}
    console.table(
        [
            [one.received_at, word("statement", one.kind), names.get(one.author, str(one.author))]
            for one in found
        ]
    )
    console.document(found)


async def _disputed(hub: "Hub", exchange: UUID) -> list[int]:
    """The documents that the last dispute is about, as the other side signed it."""
    from saikne_schemas.manifests import Dispute
    from saikne_schemas.reading import kept

    found: list[int] = []
    for statement in await hub.statements(exchange):
        if statement.kind.startswith("saikne.dispute/"):
            found = kept(Dispute, base64.b64decode(statement.manifest)).documents
    return found


def _tell_list(console: Console, items: "list[SideView]", empty: str) -> None:
    if not items:
        console.tell(empty)
    console.table(
        [
            [
                str(item.id),
                _by_when(item),
                _state(item),
                word("kind", item.kind.value),
                item.counterpart_name,
                _next(item),
            ]
            for item in sorted(items, key=lambda one: one.next_due_on or one.due_on or date.max)
        ]
    )
    if any(item.next_by_method is False for item in items):
        console.tell("today.by-hub")
    for item in items:
        if item.moved_by is not None:
            console.tell("list.moved", id=item.id, **moved(item))


def _state(of: "SideView | ExchangeView") -> str:
    """What nobody asked for was offered."""
    offered = of.kind is ExchangeKind.CHILD_INFORMATION and of.state is ExchangeState.REQUESTED
    return word("state", "offered" if offered else of.state.value)


def _by_when(item: "SideView") -> str:
    """The day of the next step; the answer's own, where that is met and nothing else is owed."""
    day = item.next_due_on or item.due_on
    by_hub = " *" if item.next_by_method is False else ""
    return (for_people(day) if day else "-") + by_hub + (" !" if item.overdue or item.next_overdue else "")


def _next(item: "SideView") -> str:
    """What is owed next, and whether by us."""
    if item.next is None:
        return "-"
    return say(f"list.next.{item.next_stake}", owed=word("duty", item.next.value))


def _tell_exchange(console: Console, view: "ExchangeView", disputed: list[int], sending: int) -> None:
    console.tell("status.state", state=_state(view), kind=word("kind", view.kind.value))
    between = "status.offered" if view.kind is ExchangeKind.CHILD_INFORMATION else "status.between"
    console.tell(between, requester=view.requester_name, holder=view.holder_name)
    children = ", ".join(view.children) or "-"
    if view.family is None:
        console.tell("status.child", child=children)
    else:
        console.tell("status.subject", family=view.family, children=children)
    _tell_despite(console, view)
    if view.signatures is not RequestSignatures.PLAIN:
        told = view.signatures.value.replace("_", "-")
        console.tell(f"status.{told}", requester=view.requester_name)
    if goes_weaker_way(view):
        console.tell("status.weaker-way")
    tell_signed_files(console, view)
    if view.supplement is not None:
        _tell_supplement(console, view.supplement)
    if view.term is not None:
        _tell_term(console, view.term, view.extension)
    if view.answer is not None and (view.answer.dispatched_at or view.state is ExchangeState.PREPARING):
        console.tell("status.round", round=sending)
        _tell_answer(console, view.answer, disputed)
        _tell_lasting(console, view, view.answer.password)
        tell_paper(console, view)
    at = stands(view)
    for duty in view.duties:
        if duty.kind is not DutyKind.ANSWER or len(view.duties) > 1:  # alone it was told above, as the term
            tell_duty(console, duty)
        tell_acts(console, acts(duty, at))
    _tell_standing(console, view)
    tell_remedies(console, view)


def _tell_despite(console: Console, view: "ExchangeView") -> None:
    if view.despite is None:
        return
    console.tell("status.despite", reason=word("despite", view.despite.reason.value))
    for one in view.despite.already:
        console.tell("status.despite.one", exchange=one)


def _tell_standing(console: Console, view: "ExchangeView") -> None:
    """What its state comes from, where nothing goes on by itself; where to see whom it is about."""
    if (view.role, view.state) == (SideRole.HOLDER, ExchangeState.REQUESTED):
        console.tell("status.names.next", exchange=view.id)
    if view.state is ExchangeState.FROZEN:
        console.tell("status.frozen", holder=view.holder_name)
    if view.refusal is not None:
        _tell_refusal(console, view, view.refusal)
    if view.state in CLOSED and not (view.refusal and view.refusal.accepted):  # that moved it once more
        console.tell(f"status.{view.state.value}", at=view.moved_at)


def _tell_lasting(console: Console, view: "ExchangeView", password: "HandoverView | None") -> None:
    """Until when the password lives, while somebody waits for it."""
    if view.state is not ExchangeState.DISPATCHED or password is None or password.last_day is None:
        return
    console.tell("status.password.until", until=password.last_day)
    if password.prolonged:
        console.tell("status.password.prolonged", times=password.prolonged)
    if view.role is SideRole.REQUESTER and password.prolonged < PROLONGED_AT_MOST:
        console.tell("status.password.next", exchange=view.id)


def _tell_refusal(console: Console, view: "ExchangeView", no: "RefusalView") -> None:
    console.tell("status.refusal", reason=word("refuse-reason", no.reason.value))
    if no.since is not None:
        console.tell("status.refusal.since", since=no.since)
    if no.answered_in is not None:
        console.tell("status.refusal.answered-in", exchange=no.answered_in)
    if no.disputed is not None:
        console.tell("status.refusal.disputed", reason=word("refusal-dispute", no.disputed.value))
    elif no.accepted:
        console.tell("status.refusal.accepted", at=view.moved_at)
    elif view.state is ExchangeState.REFUSED and view.role is SideRole.REQUESTER and not view.duties:
        console.tell("refuse.next", exchange=view.id)


def _tell_term(console: Console, term: "TermView", proposed: "ExtensionView | None") -> None:
    due = term.original_due_on or term.due_on
    said = "status.due" if term.alt_due_on == due else "status.due.differs"
    calendar = word("calendar", term.calendar.value)
    console.tell(said, due=due, calendar=calendar, other=term.alt_due_on)
    if term.extended_by is not None:
        console.tell("status.extended", due=term.due_on, original=term.original_due_on)
    if term.moved_by is not None:
        console.tell("status.moved", before=term.moved_by.before, **moved(term))
    if proposed is not None:
        reason = word("extension", proposed.reason.value)
        console.tell("status.proposed", until=proposed.until, reason=reason)
    if not term.confirmed:
        console.tell("status.unconfirmed")
    if term.met_at is not None:
        console.tell("status.met", at=term.met_at)
        if term.met_on is not None and term.met_on < term.met_at.date():
            console.tell("status.met-on", on=term.met_on)
    elif term.overdue:
        console.tell("status.late", days=term.working_days_late)
    elif term.due_on == today_in_riga():
        console.tell("status.due-today")
    else:
        console.tell("status.left", days=term.working_days_left)


def _tell_supplement(console: Console, more: "SupplementView") -> None:
    children = ", ".join(more.children) or "-"
    forms = ", ".join(word("form", form.value) for form in more.forms) or "-"
    console.tell("status.supplement", children=children, forms=forms)
    if more.answered_before:
        console.tell("status.supplement.only")


def _tell_answer(console: Console, answer: "AnswerView", disputed: list[int]) -> None:
    console.table(
        [
            [
                f"  {one.no}.",
                word("form", one.form.value),
                about(one.subject, one.spouse),
                size(one.bytes),
                say("status.sealed") if one.sealed_at else say("status.awaited"),
            ]
            for one in answer.documents
        ]
    )
    tell_missing(console, answer)
    if answer.dispatched_at is not None:
        console.tell("status.dispatched", at=answer.dispatched_at)
    if answer.delivery is not None:
        console.tell("status.delivery", delivery=word("delivery", answer.delivery))
    if answer.password is not None:
        password = answer.password
        channel = word("channel", password.channel)
        state = word("password-state", password.state)
        console.tell("status.password", channel=channel, address=password.address, state=state)
    if answer.dispute is not None:
        console.tell("status.disputed", reason=word("dispute", answer.dispute.value))
        if disputed:
            console.tell("status.disputed-documents", numbers=", ".join(map(str, disputed)))
