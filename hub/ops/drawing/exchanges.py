"""A year of drawn exchanges, each played day by day until today by one of a few courses.

The steps, what each ends and what it opens are those of `exchange.steps` and `exchange.owed`; drawn is only
when, between whom, about which reference, and which course is taken.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hub.duties.duty import Basis, DutyKind
from hub.exchange import owed
from hub.exchange.copy_request import about
from hub.exchange.record import Record
from hub.exchange.steps import Role
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId
from hub.matters.workflow import Owed
from hub.ops.drawing.days import Days
from hub.ops.drawing.sheet import Sheet
from saikne_schemas.enrolment import Contacts
from saikne_schemas.manifests import Receipt
from saikne_schemas.refusals import RefusalView
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    ExchangeKind,
    ExchangeState,
    LegalBasis,
    PasswordChannel,
    Purpose,
    RefuseReason,
    Workflow,
)

MANY = 2_000
_A_YEAR = timedelta(days=365)
_FIRST_FAMILY = 4041
_WEIGHT = 4
"""How often one of the centres that people look in for takes part, against a drawn one."""
_WAYS = {
    DeliveryChannel.HUB: 5,
    DeliveryChannel.EMAIL_TWO_STEP: 2,
    DeliveryChannel.IN_PERSON: 3,
}
_ARCHIVES = frozenset({DeliveryChannel.HUB, DeliveryChannel.EMAIL_TWO_STEP})
_IN_TIME, _LAST_DAY, _LATE = (2, 8), (9, 9), (10, 28)
"""Working days until an answer is declared; it goes out one later, and ten are the term."""

Deed = Callable[["Played", datetime], None]
Plan = list[tuple[int, Deed]]
"""After how many working days what is done."""


@dataclass(slots=True)
class Played:
    """An exchange under way."""

    sheet: Sheet
    requester: CentreId
    holder: CentreId
    round: int = 0

    @property
    def record(self) -> Record:
        assert isinstance(self.sheet.content, Record)  # noqa: S101  # made as one
        return self.sheet.content

    def owes(self, kind: DutyKind, at: datetime) -> None:
        self.sheet.owe(owed.owed(kind, self.requester, self.holder, riga_day(at)))

    def keep(self, **changes: object) -> None:
        self.sheet.content = self.record.model_copy(update=changes)

    def declare(self, at: datetime) -> None:
        self.round += 1
        self.keep(round=self.round)
        self.sheet.answers.append(
            {
                "exchange_id": self.sheet.identity,
                "round": self.round,
                "statement_id": self.sheet.number(),
                "way": self.record.receipt.channel.value,
                "missing": [],
                "declared_at": at,
                "dispatched_at": None,
                "dispute": None,
                "sent_on": None,
            }
        )
        self.sheet.move(ExchangeState.PREPARING, at)

    def dispatch(self, at: datetime) -> None:
        on_paper = self.record.receipt.channel not in _ARCHIVES
        self.sheet.answers[-1] |= {"dispatched_at": at, "sent_on": riga_day(at) if on_paper else None}
        self.sheet.meet(owed.ANSWERING, at)
        self.owes(DutyKind.CONFIRM_COPIES, at)
        self.sheet.move(ExchangeState.DISPATCHED, at)

    def confirm(self, at: datetime) -> None:
        self.sheet.meet([DutyKind.CONFIRM_COPIES], at)
        self.sheet.drop(owed.EVERYTHING, at)
        self.sheet.move(ExchangeState.CONFIRMED, at)

    def dispute(self, at: datetime) -> None:
        self.sheet.answers[-1] |= {"dispute": DisputeReason.INCOMPLETE.value}
        self.sheet.meet([DutyKind.CONFIRM_COPIES], at)
        self.sheet.reopen(DutyKind.ANSWER)
        self.sheet.move(ExchangeState.DISPUTED, at)

    def lapse(self, at: datetime) -> None:
        self.sheet.drop(owed.ON_ITS_WAY, at)
        self.owes(DutyKind.SEND_AGAIN, at)
        self.sheet.move(ExchangeState.LAPSED, at)

    def go_astray(self, at: datetime) -> None:
        self.sheet.drop(owed.ON_ITS_WAY, at)
        self.sheet.reopen(DutyKind.ANSWER)
        self.owes(DutyKind.RESOLVE_ASTRAY, at)
        self.sheet.move(ExchangeState.FROZEN, at)

    def resolve(self, at: datetime) -> None:
        self.sheet.meet([DutyKind.RESOLVE_ASTRAY], at)
        self.sheet.move(ExchangeState.DISPUTED, at)

    def withdraw(self, at: datetime) -> None:
        self.sheet.drop(owed.EVERYTHING, at)
        self.sheet.move(ExchangeState.WITHDRAWN, at)

    def refuse(self, at: datetime) -> None:
        self.keep(refusal=RefusalView(refusal=self.sheet.number(), reason=RefuseReason.NOT_OUR_FAMILY))
        self.sheet.meet(owed.ANSWERING, at)
        self.owes(DutyKind.DECIDE_REFUSAL, at)
        self.sheet.move(ExchangeState.REFUSED, at)

    def accept(self, at: datetime) -> None:
        """Nothing moves by it."""
        assert self.record.refusal is not None  # noqa: S101  # it was refused
        self.keep(refusal=self.record.refusal.model_copy(update={"accepted": True}))
        self.sheet.meet([DutyKind.DECIDE_REFUSAL], at)


def draw(
    days: Days,
    looked_at: Sequence[CentreId],
    drawn: Sequence[CentreId],
    reached: Mapping[CentreId, Contacts],
) -> Iterator[Played]:
    """More of them towards today, as more centres take part."""
    worked = days.worked(days.today - _A_YEAR)
    centres = [*looked_at, *drawn]
    weights = [_WEIGHT] * len(looked_at) + [1] * len(drawn)
    for n in range(MANY):
        first = worked[max(days.rng.randrange(len(worked)) for _ in range(3))]
        requester = holder = days.rng.choices(centres, weights)[0]
        while holder == requester:
            holder = days.rng.choices(centres, weights)[0]
        record = _asked(days, n, reached[requester])
        yield _played(days, requester, holder, record, first)


def _played(days: Days, requester: CentreId, holder: CentreId, record: Record, first: date) -> Played:
    at = days.during(first)
    sheet = Sheet(
        days=days,
        workflow=Workflow.COPIES,
        roles={requester: Role.REQUESTER, holder: Role.HOLDER},
        content=record,
        state=ExchangeState.REQUESTED,
        opened_at=at,
        about=about(record),
        kind=record.kind.value,
    )
    sheet.owe(Owed(DutyKind.ANSWER, holder, first, Basis.REQUEST_RECEIVED, awaited_by=(requester,)))
    played, day = Played(sheet, requester, holder), first
    for later, deed in _plan(days, record):
        day = days.after(day, later)
        at = max(at, days.during(min(day, days.today)))
        if day > days.today:
            break
        deed(played, at)
    return played


def _asked(days: Days, n: int, to: Contacts) -> Record:
    family, rng = f"AG-{_FIRST_FAMILY + n}", days.rng
    children = [f"{family}-B{child + 1}" for child in range(rng.choice((1, 1, 2, 2, 3)))]
    whole = rng.random() < 0.6  # noqa: PLR2004  # drawn: families move more often than children
    way = rng.choices(list(_WAYS), list(_WAYS.values()))[0]
    archive = way in _ARCHIVES
    return Record(
        kind=ExchangeKind.FAMILY_CASE if whole else ExchangeKind.CHILD_IAP,
        family=family if whole else None,
        children=children if whole else children[:1],
        legal_basis=LegalBasis.METHOD_FAMILY_MOVE if whole else LegalBasis.METHOD_CHILD_MOVE,
        purpose=Purpose.CONTINUITY_OF_SUPPORT if whole else Purpose.CARE_OF_PLACED_CHILD,
        receipt=Receipt(channel=way, password_channel=PasswordChannel.SMS if archive else None),
        archive_address=str(to.archive_email) if archive else None,
        password_address=str(to.password_phone) if archive else None,
    )


def _plan(days: Days, record: Record) -> Plan:
    """How it goes, with what is to be expected of many: most are answered in time and confirmed."""
    rng = days.rng
    soon = rng.randint(1, 3)
    wait = rng.randint(*rng.choices((_IN_TIME, _LAST_DAY, _LATE), (70, 12, 18))[0])
    sent: Plan = [(wait, Played.declare), (1, Played.dispatch)]
    again: Plan = [(rng.randint(1, 3), Played.declare), (1, Played.dispatch), (soon, Played.confirm)]
    astray: Plan = [*sent, (1, Played.go_astray), (2, Played.resolve), *again]
    lapsed: Plan = [*sent, (4, Played.lapse), *again]
    courses: dict[str, tuple[int, Plan]] = {
        "confirmed": (82, [*sent, (soon, Played.confirm)]),
        "disputed": (6, [*sent, (soon, Played.dispute), *again]),
        "lapsed": (4 if record.receipt.channel in _ARCHIVES else 0, lapsed),
        "astray": (2, astray),
        "withdrawn": (3, [(rng.randint(1, 5), Played.withdraw)]),
        "refused": (3, [(rng.randint(1, 7), Played.refuse), (rng.randint(1, 6), Played.accept)]),
    }
    return rng.choices([plan for _, plan in courses.values()], [weight for weight, _ in courses.values()])[0]
