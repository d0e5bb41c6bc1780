"""A record under the engine's hands: how it is written, held, moved and answered for.

All lie in the same tables, exchanges too; what differs between the two is in `matters` and in the exchange's
own room. What a statement does to either is decided in one place (`engine`). Source: design.md 1, 4.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel

from hub.kernel.ids import OVERSIGHT, CentreId, MatterId, StatementId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Step
from hub.matters import store
from hub.matters.casework.keeping import Book
from hub.matters.workflow import AnyOpening, Held, Moment, News, Workflow
from hub.plumbing.database import Tx
from hub.plumbing.rows import Json, Rows
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from hub.workdays.casework import CalendarShelf
from saikne_schemas.statements import ForOutside
from saikne_schemas.vocabulary import Workflow as Kind

V = TypeVar("V")
C = TypeVar("C")
N = TypeVar("N", bound=BaseModel)
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

    @property
    def outside(self) -> ForOutside | None:
        """What it says of an outside centre's deed, if it is said in the place of one."""
        word: ForOutside | None = getattr(self.manifest, "for_outside", None)
        return word

    @property
    def whose(self) -> CentreId:
        """Whose deed it is: the author's own, or that of the outside centre it speaks for."""
        return self.author if self.outside is None else CentreId(self.outside.centre)


@dataclass(frozen=True, slots=True)
class Cause:
    """Of which record something is, and which statement or report did it."""

    identity: MatterId
    kind: Kind
    by: UUID


@dataclass(frozen=True, slots=True)
class Earlier(Generic[V]):
    """A statement that was taken, and what its author was answered."""

    sha256: bytes
    answer: V


@dataclass(frozen=True, slots=True)
class Begun(Generic[N]):
    """A record that begins: what is known of it before its rows are written."""

    identity: MatterId
    state: StrEnum
    roles: Mapping[CentreId, StrEnum]
    content: N
    kind: str | None = None
    """What is asked for, where lists tell it."""
    about: str | None = None
    """The family or child that it is about, where another one about the same is looked for."""


class Records(ABC, Generic[V, C, M, N]):
    """Those of one workflow; `V`: what the author of a statement is answered.

    Rows are the same for all: a record, one for each party and for oversight, one for each statement.
    """

    about: ClassVar[str]
    """What its statements say they are about, and the word in acceptances."""
    reused: ClassVar[type[Refusal]]
    """Other bytes under an identity that was used."""
    elsewhere: ClassVar[type[Refusal]]
    """The signed statement names another record than the address it was sent to."""
    may_refuse: ClassVar[tuple[News, ...]]
    """Any statement, beside what its own description says."""
    may_refuse_moving: ClassVar[tuple[News, ...]]
    """The same of those that move a record."""

    def __init__(self, workflow: Workflow[C, M, N]) -> None:
        self.workflow = workflow

    @property
    def lies_at(self) -> str:
        """The path of them all."""
        return self.workflow.view.lies_at

    def named_by(self, manifest: Any) -> UUID:
        """Which record a statement says that it moves."""
        identity: UUID = getattr(manifest, self.about)
        return identity

    @abstractmethod
    def identity_of(self, author: CentreId, statement: UUID) -> MatterId:
        """A record is named by who began it and by which statement: a repeated beginning finds the first."""

    @abstractmethod
    def accepted(self, about: UUID, state: str, warnings: Sequence[str], acceptance: str) -> V: ...

    @abstractmethod
    async def at_beginning(self, desk: Desk, opening: AnyOpening[N, M], sent: Sent) -> M:
        """Refuses whom the statement may not name."""

    @abstractmethod
    async def hold(self, desk: Desk, identity: UUID, author: CentreId) -> Held[C]:
        """For one of its parties; foreign, absent and of another workflow are refused alike."""

    def of(self, held: Held[C], _whose: CentreId) -> Held[C]:
        """A record that an author holds, as it lies before whose deed it is."""
        return held

    @abstractmethod
    async def moment(self, desk: Desk, author: CentreId, held: Held[C]) -> M: ...

    def kind_of(self, _content: N) -> str | None:
        """What is asked for, where lists tell it."""
        return None

    @abstractmethod
    def notice(self, tx: Tx, cause: Cause, to: CentreId, notice: str) -> Rows:
        """The promise to mail one notice."""

    async def move(self, desk: Desk, held: Held[C], step: Step[Any], content: N) -> None:
        """Write where it stands now, and what its content is."""
        await store.move(desk.tx, held.identity, step, content.model_dump(mode="json"), desk.now)

    async def earlier(self, tx: Tx, author: CentreId, statement: StatementId) -> Earlier[V] | None:
        """What was taken already under this identity."""
        of_copies = self.workflow.kind is Kind.COPIES
        row = await store.earlier_statement(tx, author, statement, of_copies=of_copies)
        if row is None:
            return None
        return Earlier(row.sha256, self.accepted(row.matter_id, row.state, row.warnings, row.acceptance))

    def book(self, desk: Desk, warnings: Sequence[str]) -> Book:
        """Where its statements are kept."""
        beside = {"workflow": self.workflow.kind.value, "warnings": list(warnings)}
        return Book(desk.tx, desk.keyring, desk.now, store.statement, "matter_id", self.about, beside)

    def rows(self, desk: Desk, begun: Begun[N]) -> tuple[Rows, Rows]:
        """Of the parties, who come first because they say who may write the record, and of the record."""
        shared: dict[str, object] = {
            "matter_id": begun.identity,
            "workflow": self.workflow.kind.value,
            "state": begun.state.value,
            "parties": list(begun.roles),
            "opened_at": desk.now,
            "moved_at": desk.now,
        }
        roles = {one: role.value for one, role in begun.roles.items()} | {OVERSIGHT: store.OVERSEES}
        parties = [
            shared
            | {"tenant_id": one, "role": role, "kind": begun.kind}
            | {"about": None if one == OVERSIGHT else begun.about}
            for one, role in roles.items()
        ]
        record = shared | {
            "roles": [role.value for role in begun.roles.values()],
            "content": Json(begun.content.model_dump_json()),
        }
        return Rows(store.party, parties), Rows(store.matter, [record])
