"""What a workflow between centres is made of: a step table, and a rule for each statement.

A rule is told everything and touches nothing: it gets the matter's content, the statement and the scene, and
answers with the content after it, what is owed from now on, and who is told. The engine (`casework`) writes.
Source: design.md 1-4; house.md, habit 4 and 5. Knows no workflow: the rooms above describe theirs.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from hub.duties.duty import Basis
from hub.evidence.event import EventKind, Fact
from hub.kernel import steps
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Outage, Refusal
from hub.workdays.calendars import Calendar, Calendars, Policy
from saikne_schemas.statements import Statement
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.vocabulary import Workflow as Kind

News = type[Refusal] | type[Outage]

C = TypeVar("C")
S = TypeVar("S", bound=StrEnum)
B = TypeVar("B", bound=Statement)
A = TypeVar("A", bound=Statement)

M = TypeVar("M", bound="Moment")
T = TypeVar("T", bound=StrEnum)
R = TypeVar("R", bound=StrEnum)


class StepNotAllowed(steps.StepNotAllowed):
    code = "matters.step-not-allowed"


def table(listed: Mapping[tuple[S, T], Mapping[R, S | frozenset[S]]]) -> steps.Steps[S, T, R]:
    """The step table of a workflow between centres."""
    return steps.Steps(listed, StepNotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a rule is asked, about whose statement, and what was looked up for it."""

    now: datetime
    today: date
    """In Riga."""
    author: CentreId
    roles: Mapping[CentreId, StrEnum]
    known: Any = None
    """What the workflow's own casework looked up for this statement."""
    signed: Any = None
    """The statement as it came; None where something else moves the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Moment):
    """What a rule may know beside the matter itself."""

    calendars: Calendars
    policies: Mapping[CentreId, Policy]
    suspended: frozenset[CentreId] = frozenset()
    """Parties that take part no more: what concerns them goes on without their hand."""

    @property
    def active(self) -> frozenset[CentreId]:
        """The parties that take part now."""
        return frozenset(self.roles) - self.suspended

    def calendar_of(self, centre: CentreId) -> Calendar:
        """By which this centre counts."""
        return self.calendars.of(self.policies[centre])

    def who(self, role: StrEnum) -> CentreId:
        """The one party in a role."""
        (found,) = [centre for centre, own in self.roles.items() if own is role]
        return found

    def other(self) -> CentreId:
        """Of two parties the one that does not speak."""
        (found,) = set(self.roles) - {self.author}
        return found


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty that begins: its working days are those of its kind, counted after `starts_on`."""

    kind: DutyKind
    owner: CentreId
    starts_on: date
    basis: Basis
    awaited_by: tuple[CentreId, ...] = ()
    policy: Policy | None = None
    """The owner's calendar, where the scene does not know it."""
    tells_its_days: bool = False
    """Whether evidence and acceptance say until when, by either way of counting."""


@dataclass(frozen=True, slots=True)
class Extension:
    """A later day that was agreed for what is owed."""

    duty: UUID
    until: date


OneOwners = tuple[DutyKind, CentreId]
"""A duty of one owner, where several parties owe the same."""


@dataclass(frozen=True, slots=True)
class Outcome(Generic[C]):
    """What a statement does. Duties end before others begin, so that one may be dated anew."""

    content: C
    to: StrEnum | None = None
    """The state after it, where the table leaves a choice; None: the matter stays, or goes the one way."""
    meets: tuple[DutyKind | OneOwners, ...] = ()
    done_on: date | None = None
    """When what it meets was done, where the statement tells of an earlier day than its own."""
    drops: tuple[DutyKind | OneOwners, ...] = ()
    reopens: tuple[DutyKind, ...] = ()
    """What had been met and is owed again, by its first date."""
    extends: Extension | None = None
    opens: tuple[Owed, ...] = ()
    tells: tuple[tuple[CentreId, str], ...] = ()
    """To whom which notice of the workflow is mailed."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Beside the statement itself, for evidence and acceptance: references, dates, counts."""
    warnings: tuple[str, ...] = ()
    """Codes of what is taken although it looks wrong."""
    beside: Any = None
    """What the room writes beside the record, as its `Verb.beside` takes it."""
    also_for: tuple[CentreId, ...] = ()
    """On whose chain the evidence goes beside those of the parties."""


Learn = Callable[[Any, CentreId, Any, Any], Awaitable[Any]]
"""(desk, author, content or None, statement) -> `Moment.known`."""


Beside = Callable[[Any, Any, Any, Any], Awaitable[None]]
"""(desk, record, `Outcome.beside`, moment): what a room writes beside the record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Generic[B, C, M]):
    """The statement that begins a matter."""

    statement: type[B]
    operation: str
    event: EventKind
    state: StrEnum
    parties: Callable[[B], Sequence[tuple[UUID, StrEnum]]]
    """Every party with its role, the order is kept."""
    rule: Callable[[B, M], Outcome[Any]]
    refuses: tuple[News, ...] = ()
    learn: Learn | None = None
    by: StrEnum | None = None
    """In which role only a matter is begun; None where any party may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(Generic[A, C, M]):
    """A statement that moves an open matter; the summary published is the statement's own first line."""

    statement: type[A]
    operation: str
    event: EventKind | Callable[[A], EventKind]
    action: StrEnum | Callable[[A], StrEnum]
    """The step of the table that this is, by what is stated where one statement says different things."""
    rule: Callable[[C, A, M], Outcome[Any]]
    refuses: tuple[News, ...] = ()
    learn: Learn | None = None
    beside: Beside | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Generic[C]):
    kind: Kind
    content: type[C]
    """What its rules are told of a record; of a matter the projection for reading. Meaning lives in the
    statements."""
    view: Any
    """How a party is shown it, and at which path (`lies_at`)."""
    states: type[StrEnum]
    roles: type[StrEnum]
    steps: steps.Steps[Any, Any, Any]
    opening: Opening[Any, C, Any]
    unasked: Opening[Any, C, Any] | None = None
    """Another statement that begins one."""
    verbs: tuple[Verb[Any, C, Any], ...]
    notices: frozenset[str]
    """Every notice its rules may send, so that each has its sentences."""
