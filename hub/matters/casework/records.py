"""A record under the engine's hands: the port through which it is held, moved and answered for.

Matters lie in tables of their own, and so do exchanges; what a statement does to either is decided in one
place (`engine`). Source: design.md 1, 4.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from hub.kernel.ids import CentreId, StatementId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters.casework.keeping import Book
from hub.matters.workflow import AnyOpening, Held, Moment, News
from hub.plumbing.database import Tx
from hub.plumbing.rows import Rows
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from hub.workdays.casework import CalendarShelf
from saikne_schemas.vocabulary import Workflow as Kind

V_co = TypeVar("V_co", covariant=True)
C = TypeVar("C")
N = TypeVar("N")
M = TypeVar("M", bound=Moment)


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work: an open transaction, the time, and what casework signs and counts with."""

    tx: Tx
    now: datetime
    keyring: Keyring
    calendars: CalendarShelf


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement as it came, with whose it is and what it says."""

    author: CentreId
    statement: SignedStatement
    manifest: Any


@dataclass(frozen=True, slots=True)
class Cause:
    """Of which record something is, and which statement or report did it."""

    identity: UUID
    kind: Kind
    by: UUID


@dataclass(frozen=True, slots=True)
class Earlier(Generic[V_co]):
    """A statement that was taken, and what its author was answered."""

    sha256: bytes
    answer: V_co


@dataclass(frozen=True, slots=True)
class Begun(Generic[N]):
    """A record that begins: what is known of it before its rows are written."""

    identity: UUID
    state: StrEnum
    roles: Mapping[CentreId, StrEnum]
    content: N
    due_on: date | None
    """Of what is owed from the beginning, the first day."""


class Records(Protocol[V_co, C, M, N]):
    """Where the records of one workflow lie; `V_co`: what the author of a statement is answered."""

    @property
    def lies_at(self) -> str:
        """The path of them all."""

    @property
    def reused(self) -> type[Refusal]:
        """Other bytes under an identity that was used."""

    @property
    def elsewhere(self) -> type[Refusal]:
        """The signed statement names another record than the address it was sent to."""

    @property
    def may_refuse(self) -> tuple[News, ...]:
        """Any statement, beside what its own description says."""

    @property
    def may_refuse_moving(self) -> tuple[News, ...]:
        """The same of those that move a record."""

    def named_by(self, manifest: Any) -> UUID:
        """Which record a statement says that it moves."""

    def identity_of(self, author: CentreId, statement: UUID) -> UUID:
        """A record is named by who began it and by which statement: a repeated beginning finds the first."""

    async def earlier(self, tx: Tx, author: CentreId, statement: StatementId) -> Earlier[V_co] | None:
        """What was taken already under this identity."""

    def accepted(self, about: UUID, state: str, warnings: Sequence[str], acceptance: str) -> V_co: ...

    def book(self, desk: Desk, warnings: Sequence[str]) -> Book:
        """Where its statements are kept."""

    async def at_beginning(self, desk: Desk, opening: AnyOpening[N, M], sent: Sent) -> M:
        """Refuses whom the statement may not name."""

    def rows(self, desk: Desk, begun: Begun[N]) -> tuple[Rows, Rows]:
        """Of the parties, and of the record itself."""

    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[C]:
        """For one of its parties; foreign, absent and of another workflow are refused alike."""

    async def moment(self, desk: Desk, author: CentreId, held: Held[C]) -> M: ...

    async def move(self, desk: Desk, held: Held[C], step: Step[Any], content: N, due_on: date | None) -> None:
        """Write where it stands now, and the next day that counts where that is another one."""

    def notice(self, tx: Tx, cause: Cause, to: CentreId, notice: str) -> Rows:
        """The promise to mail one notice."""
