"""One exchange under the hands of one of its sides, or of the hub itself, locked until the work is done.

Source: design.md 1, 4.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hub.exchange import store
from hub.exchange.documents import Asked
from hub.exchange.steps import STEPS, Action, Role
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.matters.casework import records
from hub.passwords.handover import Handover
from hub.plumbing.database import Tx, act_for
from hub.plumbing.promises import promised
from hub.plumbing.rows import Rows, insert
from hub.web.limits import Limits
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, FormType


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
    password_time: timedelta
    preparation_time: timedelta
    """How long an answer may be under way before the hub takes it back."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Case:
    row: Any
    """The exchange's row."""
    role: Role
    """In which it is held."""

    @property
    def identity(self) -> ExchangeId:
        return ExchangeId(self.row.exchange_id)

    @property
    def state(self) -> ExchangeState:
        return ExchangeState(self.row.state)

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
    def roles(self) -> dict[CentreId, Role]:
        return {self.requester: Role.REQUESTER, self.holder: Role.HOLDER}

    @property
    def handover(self) -> Handover:
        """The newest round, as `passwords` and promises name it."""
        return self.round_of(self.row.round)

    def round_of(self, number: int) -> Handover:
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
        return bool(STEPS.leads(self.state, action, self.role))

    def require(self, action: Action) -> None:
        """Refuses what the table does not list for this role."""
        STEPS.require(self.state, action, self.role)

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
    return Case(row, role)


async def newest_answer(tx: Tx, case: Case, round_no: int) -> Any:
    """The row of the answer that a statement names by its round, which is the newest one."""
    case.check_round(round_no)
    answer = await store.find_answer(tx, case.identity, round_no)
    if answer is None:
        raise NotFound
    return answer


async def hub_case(tx: Tx, handover: Handover) -> Case | None:
    """An exchange under the hands of the hub itself; None when it has moved on to another round."""
    await act_for(tx, (*handover.parties, OVERSIGHT))
    row = await store.lock(tx, handover.exchange)
    if row is None or row.round != handover.round:
        return None
    return Case(row, Role.HUB)


def notice(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> Rows:
    """Promise a mail without personal data: that something happened, and where to look."""
    return promised(tx, "exchange.tell", {"exchange": str(identity), "to": str(to), "notice": what})


async def tell(tx: Tx, identity: ExchangeId, to: CentreId, what: str) -> None:
    """A notice that is written by itself."""
    await insert(tx, notice(tx, identity, to, what))
