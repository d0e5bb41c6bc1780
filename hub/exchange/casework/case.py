"""One exchange under the hands of one of its sides, or of the hub itself, locked until the work is done.

Source: design.md 1, 4.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from hub.duties.duty import Basis, DutyKind
from hub.exchange import owed, store
from hub.exchange.record import Record
from hub.exchange.steps import STEPS, Action, Role
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, StatementId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework import records
from hub.matters.workflow import Owed
from hub.passwords.handover import Handover
from hub.plumbing.database import Tx, act_for
from hub.plumbing.promises import promised
from hub.plumbing.rows import Rows, insert
from hub.web.limits import Limits
from saikne_schemas.spelling import KEPT
from saikne_schemas.vocabulary import ExchangeState, Workflow


class NotFound(Refusal):
    """Absent, or of other centres: the answer is the same."""

    code = "exchange.not-found"


class OtherRound(Refusal):
    """The statement is about an answer that is not the newest one."""

    code = "exchange.other-round"


@dataclass(frozen=True, slots=True)
class Desk(records.Desk):
    """What the work on an exchange is measured by, beside what every record's is."""

    payload_time: timedelta
    """How long an archive is kept after its confirmation or after its password lapsed."""
    preparation_time: timedelta
    """How long an answer may be under way before the hub takes it back."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Case:
    identity: ExchangeId
    state: ExchangeState
    requester: CentreId
    holder: CentreId
    record: Record
    opened_at: datetime
    moved_at: datetime
    role: Role
    """In which it is held."""

    @property
    def parties(self) -> tuple[CentreId, CentreId]:
        return self.requester, self.holder

    @property
    def roles(self) -> dict[CentreId, Role]:
        return {self.requester: Role.REQUESTER, self.holder: Role.HOLDER}

    @property
    def handover(self) -> Handover:
        """The newest round, as `passwords` and promises name it."""
        return self.round_of(self.record.round)

    def round_of(self, number: int) -> Handover:
        return Handover(self.identity, number, self.requester, self.holder)

    @property
    def answer_duty(self) -> DutyKind:
        return owed.answer_of(self.record.kind)

    def owes(self, kind: DutyKind, today: date, basis: Basis | None = None) -> Owed:
        """A duty of the hub's own in this exchange, from today."""
        return owed.owed(kind, self.requester, self.holder, today, basis)

    def may(self, action: Action) -> bool:
        return bool(STEPS.leads(self.state, action, self.role))

    def require(self, action: Action) -> None:
        """Refuses what the table does not list for this role."""
        STEPS.require(self.state, action, self.role)

    def check_round(self, round_no: int) -> None:
        if round_no != self.record.round:
            raise OtherRound(newest=self.record.round)


def case_of(row: matters.MatterRow, role: Role) -> Case:
    """An exchange by its row; the requester is its first party."""
    requester, holder = row.parties
    return Case(
        identity=row.matter_id,
        state=ExchangeState(row.state),
        requester=requester,
        holder=holder,
        record=Record.model_validate(row.content, strict=False, context=KEPT),
        opened_at=row.opened_at,
        moved_at=row.moved_at,
        role=role,
    )


def held_by(row: matters.MatterRow | None, caller: CentreId) -> Case:
    """Refuses what is no exchange, or not the caller's: absent and foreign are the same."""
    if row is None or row.workflow != Workflow.COPIES or caller not in row.parties:
        raise NotFound
    return case_of(row, Role.REQUESTER if caller == row.parties[0] else Role.HOLDER)


async def find_case(tx: Tx, caller: CentreId, identity: ExchangeId) -> Case:
    return held_by(await matters.find(tx, identity), caller)


async def open_case(tx: Tx, caller: CentreId, identity: ExchangeId) -> Case:
    """Lock the exchange and act for all its sides from here on."""
    case = held_by(await matters.lock(tx, identity), caller)
    await act_for(tx, (*case.parties, OVERSIGHT))
    return case


async def newest_answer(tx: Tx, case: Case, round_no: int) -> store.AnswerRow:
    """The row of the answer that a statement names by its round, which is the newest one."""
    case.check_round(round_no)
    answer = await store.find_answer(tx, case.identity, round_no)
    if answer is None:
        raise NotFound
    return answer


async def declared_by(tx: Tx, case: Case, answer: store.AnswerRow) -> matters.StatementRow:
    """The statement with which an answer was declared: the holder's, or the requester's in its place."""
    statement = StatementId(answer.statement_id)
    for author in (case.holder, case.requester):
        declared = await matters.earlier_statement(tx, author, statement, of_copies=True)
        if declared is not None:
            return declared
    raise NotFound


async def hub_case(tx: Tx, handover: Handover) -> Case | None:
    """An exchange under the hands of the hub itself; None when it has moved on to another round."""
    await act_for(tx, (*handover.parties, OVERSIGHT))
    row = await matters.lock(tx, handover.exchange)
    case = None if row is None else case_of(row, Role.HUB)
    return None if case is None or case.record.round != handover.round else case


def notice(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> Rows:
    """Promise a mail without personal data: that something happened, and where to look."""
    return promised(tx, "exchange.tell", {"exchange": str(identity), "to": str(to), "notice": what})


async def tell(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> None:
    """A notice that is written by itself."""
    await insert(tx, notice(tx, identity, to, what))
