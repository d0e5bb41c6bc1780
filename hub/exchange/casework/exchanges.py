"""Exchanges as records of the engine: matters whose workflow is copies, with answers of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self
from uuid import NAMESPACE_URL, UUID, uuid5

from hub.exchange.casework.case import Case, NotFound, notice, open_case
from hub.exchange.owed import NEXT_STEP
from hub.exchange.record import Record
from hub.exchange.steps import StepNotAllowed
from hub.kernel.clock import riga_day
from hub.kernel.documents import JsonObject
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.records import Cause, Desk, Records, Sent
from hub.matters.workflow import AnyOpening, Held, Moment
from hub.plumbing.database import Tx
from hub.plumbing.promises import promise
from hub.plumbing.rows import Rows
from saikne_schemas.statements import Accepted
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState

_ENDS_PROPOSALS = frozenset({ExchangeState.DISPATCHED, ExchangeState.WITHDRAWN, ExchangeState.REFUSED})
"""Nothing is owed: whoever comes to owe it again proposes again."""


_ENDS = frozenset(ExchangeState) - NEXT_STEP.keys()
_FOR_MOVES = frozenset({ExchangeKind.FAMILY_CASE, ExchangeKind.CHILD_IAP})
MOVED = "exchange.moved"
"""Promised when one came to its end, or goes on after it; kept by whoever waits for that."""


@dataclass(frozen=True, slots=True)
class Moved:
    exchange: ExchangeId
    requester: CentreId
    holder: CentreId

    @classmethod
    def of(cls, payload: JsonObject) -> Self:
        exchange, requester, holder = (UUID(payload[name]) for name in _NAMED)
        return cls(ExchangeId(exchange), CentreId(requester), CentreId(holder))

    def payload(self) -> dict[str, str | int]:
        return {name: str(getattr(self, name)) for name in _NAMED}


_NAMED = ("exchange", "requester", "holder")


class IdentityReused(Refusal):
    code = "exchange.identity-reused"


class OtherExchange(Refusal):
    """The signed manifest names another exchange than the address it was sent to."""

    code = "exchange.other-exchange"


class Exchanges(Records[Accepted, Case, Moment, Record]):
    about = "exchange"
    reused = IdentityReused
    elsewhere = OtherExchange
    may_refuse = (IdentityReused,)
    may_refuse_moving = (NotFound, OtherExchange, StepNotAllowed)

    def identity_of(self, author: CentreId, statement: UUID) -> ExchangeId:
        return ExchangeId(uuid5(_begun_by(author), str(statement)))

    def accepted(self, about: UUID, state: str, _warnings: Sequence[str], acceptance: str) -> Accepted:
        return Accepted(exchange=about, state=ExchangeState(state), acceptance=acceptance)

    async def at_beginning(self, desk: Desk, opening: AnyOpening[Record, Moment], sent: Sent) -> Moment:
        """Whom a statement may name is a rule of what it asks or offers."""
        roles = {CentreId(one): role for one, role in opening.parties(sent.manifest)}
        return _moment(desk, sent.whose, roles)

    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[Case]:
        return held(await open_case(desk.tx, author, ExchangeId(identity)))

    def of(self, held: Held[Case], whose: CentreId) -> Held[Case]:
        return replace(held, content=replace(held.content, role=held.content.roles[whose]))

    async def moment(self, desk: Desk, author: CentreId, held: Held[Case]) -> Moment:
        return _moment(desk, author, held.roles)

    async def move(self, desk: Desk, held: Held[Case], step: Step[Any], content: Record) -> None:
        over = step.state in _ENDS_PROPOSALS
        await super().move(desk, held, step, content.proposing(None) if over else content)
        goes_on = step.state is not held.state
        if content.kind in _FOR_MOVES and goes_on and not _ENDS.isdisjoint({held.state, step.state}):
            await promise(desk.tx, MOVED, Moved(held.content.identity, *held.content.parties).payload())

    def kind_of(self, content: Record) -> str:
        return content.kind.value

    def notice(self, tx: Tx, cause: Cause, to: CentreId, what: str) -> Rows:
        return notice(tx, cause.identity, to, what)


def held(case: Case) -> Held[Case]:
    return Held(case.identity, case.state, case.roles, case)


def _moment(desk: Desk, author: CentreId, roles: Mapping[CentreId, StrEnum]) -> Moment:
    return Moment(now=desk.now, today=riga_day(desk.now), author=author, roles=roles)


@lru_cache(maxsize=1024)
def _begun_by(author: CentreId) -> UUID:
    return uuid5(NAMESPACE_URL, f"saikne:{author}")
