"""How a statement becomes part of the record: kept as it came, answered once, countersigned by the hub.

Source: design.md 1 and 2. The same bytes again get the first answer; other bytes under the same identity
are refused. What a statement means is decided by the verb that takes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from hub.evidence.event import EventKind
from hub.exchange import store
from hub.exchange.documents import Asked
from hub.exchange.steps import STEPS, Action, Role
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, StatementId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.keeping import Book, Said
from hub.matters.casework.keeping import keep as written
from hub.passwords.handover import Handover
from hub.plumbing.database import Tx, act_for
from hub.plumbing.promises import promised
from hub.plumbing.rows import AlreadyThere, Rows, insert
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from hub.web.limits import Limits
from hub.workdays.casework import CalendarShelf
from saikne_schemas.views import Accepted
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, FormType


class NotFound(Refusal):
    """Absent, or of other centres: the answer is the same."""

    code = "exchange.not-found"


class IdentityReused(Refusal):
    code = "exchange.identity-reused"


class OtherExchange(Refusal):
    """The signed manifest names another exchange than the address it was sent to."""

    code = "exchange.other-exchange"


class OtherRound(Refusal):
    """The statement is about an answer that is not the newest one."""

    code = "exchange.other-round"


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work: an open transaction, the time, and what casework signs and counts with."""

    tx: Tx
    now: datetime
    keyring: Keyring
    calendars: CalendarShelf
    payload_time: timedelta
    """How long an archive is kept after its confirmation or after its password lapsed."""
    password_time: timedelta
    preparation_time: timedelta
    """How long an answer may be under way before the hub takes it back."""
    limits: Limits = field(default_factory=Limits)


class Identified(Protocol):
    """What every statement says of itself."""

    @property
    def id(self) -> UUID: ...

    @property
    def schema_(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """A statement that the rules allow, and what it did."""

    exchange: ExchangeId
    author: CentreId
    identity: UUID
    kind: str
    event: EventKind
    state: ExchangeState
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One exchange under the hands of one side, locked."""

    row: Any
    """The exchange's row."""
    caller: CentreId
    role: Role

    @property
    def identity(self) -> ExchangeId:
        return ExchangeId(self.row.exchange_id)

    @property
    def requester(self) -> CentreId:
        return CentreId(self.row.requester_id)

    @property
    def holder(self) -> CentreId:
        return CentreId(self.row.holder_id)

    @property
    def parties(self) -> tuple[CentreId, CentreId]:
        return self.requester, self.holder

    @property
    def handover(self) -> Handover:
        """The newest round, as `passwords` and promises name it."""
        return Handover(self.identity, self.row.round, self.requester, self.holder)

    def round_after(self, number: int) -> Handover:
        return Handover(self.identity, number, self.requester, self.holder)

    @property
    def asked(self) -> Asked:
        row = self.row
        return Asked(
            kind=ExchangeKind(row.kind),
            family=row.family,
            children=row.children,
            more_children=row.more_children,
            more_forms=[FormType(form) for form in row.more_forms],
            answered_before=row.answered_before,
        )

    def may(self, action: Action) -> bool:
        return bool(STEPS.leads(ExchangeState(self.row.state), action, self.role))

    def step(self, action: Action) -> Step[ExchangeState]:
        """Refuses what the table does not list for this role."""
        return STEPS.take(ExchangeState(self.row.state), action, self.role)

    def taken(
        self, manifest: Identified, event: EventKind, step: Step[ExchangeState], facts: dict[str, Any]
    ) -> Taken:
        """What its caller has stated about it, once the rules allow it."""
        return Taken(self.identity, self.caller, manifest.id, manifest.schema_, event, step.state, facts)

    def check_round(self, round_no: int) -> None:
        if round_no != self.row.round:
            raise OtherRound(newest=self.row.round)


async def open_case(tx: Tx, caller: CentreId, identity: ExchangeId) -> Case:
    """Lock the exchange and act for all its sides from here on."""
    row = await store.lock(tx, identity)
    if row is None or caller not in (row.requester_id, row.holder_id):
        raise NotFound
    await act_for(tx, (row.requester_id, row.holder_id, OVERSIGHT))
    role = Role.REQUESTER if caller == row.requester_id else Role.HOLDER
    return Case(row, caller, role)


async def hub_case(tx: Tx, handover: Handover) -> Case | None:
    """An exchange under the hands of the hub itself; None when it has moved on to another round."""
    await act_for(tx, (*handover.parties, OVERSIGHT))
    row = await store.lock(tx, handover.exchange)
    if row is None or row.round != handover.round:
        return None
    return Case(row, handover.holder, Role.HUB)


async def answered_before(
    tx: Tx, author: CentreId, statement: SignedStatement, identity: UUID
) -> Accepted | None:
    """The first answer, where this statement was taken already."""
    earlier = await store.earlier_statement(tx, author, StatementId(identity))
    if earlier is None:
        return None
    if earlier.sha256 != statement.sha256:
        raise IdentityReused
    return Accepted(
        exchange=earlier.exchange_id, state=ExchangeState(earlier.state), acceptance=earlier.acceptance
    )


async def keep(
    desk: Desk,
    taken: Taken,
    statement: SignedStatement,
    parties: Iterable[CentreId],
    *,
    first: Sequence[Rows] = (),
    then: Sequence[Rows] = (),
) -> Accepted:
    """Write evidence on every party's chain, countersign, store. The last act of every verb.

    `first` is written with the evidence, `then` with the statement: fewer ways to the database.
    """
    said = Said(
        taken.exchange, taken.author, taken.identity, taken.kind, taken.event, taken.state.value, taken.facts
    )
    book = Book(desk.tx, desk.keyring, desk.now, store.statement, "exchange")
    try:
        acceptance = await written(book, said, statement, parties, first=first, then=then)
    except AlreadyThere:  # at this very moment, here or in another exchange
        raise IdentityReused from None
    return Accepted(exchange=taken.exchange, state=taken.state, acceptance=acceptance)


def notice(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> Rows:
    """Promise a mail without personal data: that something happened, and where to look."""
    return promised(tx, "exchange.tell", {"exchange": str(identity), "to": str(to), "notice": what})


async def tell(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> None:
    """A notice that is written by itself."""
    await insert(tx, notice(tx, identity, to, what))
