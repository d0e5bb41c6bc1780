"""Exchanges as records of the engine: matters whose workflow is copies, with answers of their own."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from hub.exchange.casework.case import Case, NotFound, notice, open_case
from hub.exchange.record import Record
from hub.exchange.steps import StepNotAllowed
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, ExchangeId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.records import Cause, Desk, Records, Sent
from hub.matters.workflow import AnyOpening, Held, Moment
from hub.plumbing.database import Tx
from hub.plumbing.rows import Rows
from saikne_schemas.statements import Accepted
from saikne_schemas.vocabulary import ExchangeState

_ENDS_PROPOSALS = frozenset({ExchangeState.DISPATCHED, ExchangeState.WITHDRAWN, ExchangeState.REFUSED})
"""Nothing is owed: whoever comes to owe it again proposes again."""


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
        return _moment(desk, sent.author, roles)

    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[Case]:
        return held(await open_case(desk.tx, author, ExchangeId(identity)))

    async def moment(self, desk: Desk, author: CentreId, held: Held[Case]) -> Moment:
        return _moment(desk, author, held.roles)

    async def move(self, desk: Desk, held: Held[Case], step: Step[Any], content: Record) -> None:
        over = step.state in _ENDS_PROPOSALS
        await super().move(desk, held, step, content.proposing(None) if over else content)

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
