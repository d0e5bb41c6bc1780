"""What a workflow between centres is made of: a step table, and a rule for each statement.

A rule is told everything and touches nothing: it gets the matter's content, the statement, the scene, and as
its last what was looked up for it, if it wants something (`knowing`). It answers with the content after it,
what is owed from now on, and who is told. The engine (`casework`) writes.
Source: design.md 1-4; house.md, habit 4 and 5. Knows no workflow: the rooms above describe theirs.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, Never, Union, overload
from uuid import UUID

from typing_extensions import TypeVar

from hub.duties.duty import Basis
from hub.evidence.event import EventKind, Fact
from hub.kernel import steps
from hub.kernel.ids import CentreId, MatterId
from hub.kernel.refusal import Outage, Refusal
from hub.signing.statement import SignedStatement
from hub.workdays.calendars import Calendar, Calendars, Policy
from saikne_schemas.statements import RecordView, Statement
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.vocabulary import Workflow as Kind

News = type[Refusal] | type[Outage]

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)
R = TypeVar("R", bound=StrEnum)

# A rule is told of a record (C), a statement (A), the moment (M), and maybe of what is known (K), found at a
# desk (D). It answers with what the record holds after it (N, After), and with what is written beside it (B).
A = TypeVar("A", bound=Statement)
C = TypeVar("C")
M = TypeVar("M", bound="Moment", default="Scene")
K = TypeVar("K")
D = TypeVar("D")
N = TypeVar("N")
N_co = TypeVar("N_co", covariant=True)
After = TypeVar("After", default=C)
B = TypeVar("B", default=Never)
B_co = TypeVar("B_co", covariant=True, default=Never)
Ruling_co = TypeVar("Ruling_co", covariant=True)


class StepNotAllowed(steps.StepNotAllowed):
    code = "matters.step-not-allowed"


def table(listed: Mapping[tuple[S, T], Mapping[R, S | frozenset[S]]]) -> steps.Steps[S, T, R]:
    """The step table of a workflow between centres."""
    return steps.Steps(listed, StepNotAllowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a rule is asked, and about whose statement."""

    now: datetime
    today: date
    """In Riga."""
    author: CentreId
    roles: Mapping[CentreId, StrEnum]
    signed: SignedStatement | None = None
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
class Held(Generic[C]):
    """One record, locked until the transaction ends, which acts for its parties from here on."""

    identity: MatterId
    state: StrEnum
    roles: Mapping[CentreId, StrEnum]
    content: C
    """As the workflow's rules are told it."""


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
    working_days: int | None = None
    """Others than its kind has, where the day is given and not the term."""
    objections_until: date | None = None
    """Until when the day that it counts from may be objected to."""
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
class Outcome(Generic[N_co, B_co]):
    """What a statement does. Duties end before others begin, so that one may be dated anew."""

    content: N_co
    to: StrEnum | None = None
    """The state after it, where the table leaves a choice; None: the matter stays, or goes the one way."""
    meets: tuple[DutyKind | OneOwners, ...] = ()
    done_on: date | None = None
    """When what it meets was done, where the statement tells of an earlier day than its own."""
    corrects: tuple[DutyKind, date] | None = None
    """What had been met, and on which other day that was done."""
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
    beside: Sequence[B_co] = ()
    """What the room writes beside the record, as its `Verb.beside` takes it."""
    moves: bool = True
    """Whether it comes to the head of the lists; else nothing of the record changes."""
    also_for: tuple[CentreId, ...] = ()
    """On whose chain the evidence goes beside those of the parties."""


@dataclass(frozen=True, slots=True)
class Knowing(Generic[Ruling_co]):
    """A rule for which something is looked up first; made by `knowing`."""

    learn: Callable[..., Awaitable[object]]
    """(desk, author, content where there is a record, statement) -> what is known."""
    told: Callable[..., Ruling_co]
    """The rule, once it is known."""


@overload
def knowing(
    learn: Callable[[D, CentreId, C, A], Awaitable[K]], rule: Callable[[C, A, M, K], N]
) -> Knowing[Callable[[C, A, M], N]]: ...


@overload
def knowing(
    learn: Callable[[D, CentreId, A], Awaitable[K]], rule: Callable[[A, M, K], N]
) -> Knowing[Callable[[A, M], N]]: ...


def knowing(learn: Callable[..., Awaitable[object]], rule: Callable[..., N]) -> Knowing[Callable[..., N]]:
    """`rule` takes as its last what the workflow's own casework has looked up by `learn`."""
    return Knowing(learn, lambda known: lambda *asked: rule(*asked, known))


Ruled = Union[Ruling_co, Knowing[Ruling_co]]  # noqa: UP007  # `|` takes no parameter


class OpenAlready(Refusal):
    """One about the same is open between the same centres, and what would begin another does not say why."""


@dataclass(frozen=True, slots=True)
class Once(Generic[N]):
    """One is open at a time between the same two centres about the same, unless it says why (`despite`)."""

    about: Callable[[N], str]
    """Whom what begins is about: a reference."""
    under_way: frozenset[StrEnum]
    """In which states it is not over."""
    refusal: type[OpenAlready]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOpening(Generic[N, M]):
    """An `Opening`, whatever it states: so that each is compared with its own statement, not with any."""

    statement: type[Statement]
    operation: str
    event: EventKind
    state: StrEnum
    parties: Callable[..., Sequence[tuple[UUID, StrEnum]]]
    """Every party with its role, the order is kept."""
    rule: Ruled[Callable[..., Outcome[N]]]
    refuses: tuple[News, ...] = ()
    by: StrEnum | None = None
    """In which role only a matter is begun; None where any party may."""
    once: Once[N] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(AnyOpening[N, M], Generic[A, N, M]):
    """The statement that begins a matter."""

    statement: type[A]
    parties: Callable[[A], Sequence[tuple[UUID, StrEnum]]]
    rule: Ruled[Callable[[A, M], Outcome[N]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyVerb(Generic[C, M, After]):
    """A `Verb`, whatever it states and writes beside."""

    statement: type[Statement]
    operation: str
    event: EventKind | Callable[..., EventKind]
    action: StrEnum | Callable[..., StrEnum]
    """The step of the table that this is, by what is stated where one statement says different things."""
    rule: Ruled[Callable[..., Outcome[After, object]]]
    refuses: tuple[News, ...] = ()
    beside: Callable[..., Awaitable[None]] | None = None
    """(desk, record, `Outcome.beside`, moment): what a room writes beside the record."""
    untold: str = ""
    """Why no other party is told of it by mail; where nothing is said, its rule tells each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb(AnyVerb[C, M, After], Generic[A, C, M, After, B]):
    """A statement that moves an open matter; the summary published is the statement's own first line."""

    statement: type[A]
    event: EventKind | Callable[[A], EventKind]
    action: StrEnum | Callable[[A], StrEnum]
    rule: Ruled[Callable[[C, A, M], Outcome[After, B]]]
    beside: Callable[[Any, Held[C], Sequence[B], M], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Generic[C, M, After]):
    """`C` is what its rules are told of a record, `After` what they answer with, `M` when they are asked."""

    kind: Kind
    content: type[C]
    """What its rules are told of a record; of a matter the projection for reading. Meaning lives in the
    statements."""
    view: type[RecordView]
    """How a party is shown it."""
    states: type[StrEnum]
    roles: type[StrEnum]
    steps: steps.Steps[Any, Any, Any]
    at_rest: frozenset[StrEnum] = frozenset()
    """States in which nothing is awaited although more may be said. In every other one that is not final
    somebody owes the next step by a day (design.md 9)."""
    awaited: Callable[..., tuple[Owed, ...]] = lambda *_: ()
    """(content, state, moment): every duty that is open in a state that is no end, as it would begin today.
    The steps open them themselves; by this they are checked, and what an older version has not opened is made
    up for (`owners`)."""
    forgets_in: frozenset[StrEnum] = frozenset()
    """States in which a record has ended, so that who was meant in it is erased (`identities`)."""
    opening: AnyOpening[After, M]
    unasked: AnyOpening[After, M] | None = None
    """Another statement that begins one."""
    verbs: tuple[AnyVerb[C, M, After], ...]
    notices: frozenset[str]
    """Every notice its rules may send, so that each has its sentences."""

    @property
    def awaiting(self) -> frozenset[StrEnum]:
        """The states in which somebody owes the next step."""
        return frozenset(state for state, _ in self.steps.listed) - self.at_rest - self.forgets_in
