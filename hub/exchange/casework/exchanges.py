"""Exchanges as records of the engine: a common record, and a side for each centre and for oversight."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from hub.exchange import store
from hub.exchange.casework.beside import Columns
from hub.exchange.casework.case import Case, NotFound, notice, open_case
from hub.exchange.steps import Role, StepNotAllowed
from hub.kernel.clock import riga_day
from hub.kernel.ids import OVERSIGHT, CentreId, ExchangeId, StatementId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.keeping import Book
from hub.matters.casework.records import Begun, Cause, Desk, Earlier, Sent
from hub.matters.workflow import AnyOpening, Held, Moment, News
from hub.plumbing.database import Tx
from hub.plumbing.rows import Rows
from saikne_schemas.statements import Accepted
from saikne_schemas.vocabulary import ExchangeState, SideRole


class IdentityReused(Refusal):
    code = "exchange.identity-reused"


class OtherExchange(Refusal):
    """The signed manifest names another exchange than the address it was sent to."""

    code = "exchange.other-exchange"


@dataclass(frozen=True, slots=True)
class Exchanges:
    lies_at: str = "/v1/exchanges"
    reused: type[Refusal] = IdentityReused
    elsewhere: type[Refusal] = OtherExchange
    may_refuse: tuple[News, ...] = (IdentityReused,)
    may_refuse_moving: tuple[News, ...] = (NotFound, OtherExchange, StepNotAllowed)

    def named_by(self, manifest: Any) -> UUID:
        identity: UUID = manifest.exchange
        return identity

    def identity_of(self, author: CentreId, statement: UUID) -> ExchangeId:
        return ExchangeId(uuid5(_begun_by(author), str(statement)))

    async def earlier(self, tx: Tx, author: CentreId, statement: StatementId) -> Earlier[Accepted] | None:
        row = await store.earlier_statement(tx, author, statement)
        if row is None:
            return None
        return Earlier(row.sha256, self.accepted(row.exchange_id, row.state, (), row.acceptance))

    def accepted(self, about: UUID, state: str, _warnings: Sequence[str], acceptance: str) -> Accepted:
        return Accepted(exchange=about, state=ExchangeState(state), acceptance=acceptance)

    def book(self, desk: Desk, _warnings: Sequence[str]) -> Book:
        return Book(desk.tx, desk.keyring, desk.now, store.statement, "exchange")

    async def at_beginning(
        self, desk: Desk, opening: AnyOpening[Columns | None, Moment], sent: Sent
    ) -> Moment:
        """Whom a statement may name is a rule of what it asks or offers."""
        roles = {CentreId(one): role for one, role in opening.parties(sent.manifest)}
        return _moment(desk, sent.author, roles)

    def rows(self, desk: Desk, begun: Begun[Columns | None]) -> tuple[Rows, Rows]:
        """Sides come first: they say who may write the common record."""
        content = begun.content or {}
        who = {role: centre for centre, role in begun.roles.items()}
        shared = {
            "exchange_id": begun.identity,
            "requester_id": who[Role.REQUESTER],
            "holder_id": who[Role.HOLDER],
            "kind": content["kind"],
            "state": begun.state.value,
            "requested_at": desk.now,
            "moved_at": desk.now,
        }
        roles = {
            who[Role.REQUESTER]: SideRole.REQUESTER,
            who[Role.HOLDER]: SideRole.HOLDER,
            OVERSIGHT: SideRole.OVERSIGHT,
        }
        sides = [
            shared | {"tenant_id": tenant, "role": role.value, "due_on": begun.due_on}
            for tenant, role in roles.items()
        ]
        return Rows(store.side, sides), Rows(store.exchange, [{**shared, **content}])

    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[Case]:
        return held(await open_case(desk.tx, author, ExchangeId(identity)))

    async def moment(self, desk: Desk, author: CentreId, held: Held[Case]) -> Moment:
        return _moment(desk, author, held.roles)

    async def move(
        self, desk: Desk, held: Held[Case], step: Step[Any], content: Columns | None, due_on: date | None
    ) -> None:
        if content is not None:
            await store.move(desk.tx, ExchangeId(held.identity), step, desk.now, **content)
        if due_on is not None:
            await store.set_due(desk.tx, ExchangeId(held.identity), due_on)

    def notice(self, tx: Tx, cause: Cause, to: CentreId, what: str) -> Rows:
        return notice(tx, ExchangeId(cause.identity), to, what)


def held(case: Case) -> Held[Case]:
    return Held(case.identity, case.state, case.roles, case)


def _moment(desk: Desk, author: CentreId, roles: Mapping[CentreId, StrEnum]) -> Moment:
    return Moment(now=desk.now, today=riga_day(desk.now), author=author, roles=roles)


@lru_cache(maxsize=1024)
def _begun_by(author: CentreId) -> UUID:
    return uuid5(NAMESPACE_URL, f"saikne:{author}")
