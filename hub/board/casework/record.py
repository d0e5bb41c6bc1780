"""One exchange, move or other matter as its page shows it: what is owed, what happened, who takes part.

The same page for every workflow; an exchange has its documents and ways beside. Foreign and absent are the
same. Source: the look's page shape: first what is owed and by when, then what to do, then what happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.board import store
from hub.board.casework.finding import state_of
from hub.board.casework.line import Happened, line_of
from hub.board.casework.worklist import about, called, reference_of
from hub.board.term_rule import Place, rule_of, whose
from hub.centres import store as centres
from hub.duties import store as duties
from hub.duties.duty import Stake
from hub.duties.term import duty_view
from hub.exchange.casework import case, reading
from hub.exchange.casework.case import Desk
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId, ExchangeId, MatterId
from hub.kernel.refusal import Refusal
from hub.matters import store as matters
from hub.matters.casework.keeping import kept_statement
from hub.people.person import Person
from hub.workdays.calendars import Calendars, Policy
from saikne_schemas.views import DutyView, ExchangeView, ReceiptView, StatementView
from saikne_schemas.vocabulary import ExchangeState, Workflow

LOOKS_SHOWN = 20


class NoSuchPage(Refusal):
    """Nothing is at this address for whoever asks: what is of others is the same as what is not there."""

    code = "http.not-found"


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    role: str
    """`<workflow>.role.<role>`, as all programs call it."""
    own: bool


@dataclass(frozen=True, slots=True)
class Owed:
    duty: DutyView
    places: Sequence[Place]
    """Of the large sign."""
    small: Sequence[Place]
    rule: str
    """Whose its term is, as `term_rule.whose` says."""


@dataclass(frozen=True, slots=True)
class RecordPage:
    id: MatterId
    workflow: str
    about: str
    reference: str
    family: str
    children: Sequence[str]
    state: str
    """`<workflow>.state.<state>`, as all programs call it."""
    parties: Sequence[Party]
    owed: Sequence[Owed]
    """What is open: the centre's own first, each the most urgent first."""
    line: Sequence[Happened]
    looks: Sequence[tuple[str, datetime]]
    """Who of the centre has opened this page and when, the newest first; each once a day."""
    exchange: ExchangeView | None
    opened_at: datetime
    moved_at: datetime

    @property
    def called(self) -> str:
        return called(self.reference, self.id)

    @property
    def confirmed(self) -> bool:
        """Whether a receipt lies with it."""
        if self.exchange is None:
            return False
        before = self.exchange.supplement is not None and self.exchange.supplement.answered_before
        return before or self.exchange.state is ExchangeState.CONFIRMED

    @property
    def others(self) -> list[str]:
        return [one.name for one in self.parties if not one.own]


async def show(desk: Desk, reader: Person, identity: MatterId) -> RecordPage:
    """The page as a person of one of its parties opens it, which is noted."""
    tenant = reader.centre
    row = await _of_a_party(desk, tenant, identity)
    await store.note_look(desk.tx, tenant, identity, reader.id, desk.now)
    calendars = await desk.calendars.current(desk.tx)
    names, outside = await centres.named(desk.tx, row.parties)
    of_roles = "role" if row.workflow == Workflow.COPIES else f"{row.workflow}.role"
    every = await duties.all_about(desk.tx, tenant, identity)
    terms = [duty_view(one, calendars, riga_day(desk.now), names, outside) for one in every]
    owed = [one for one in terms if one.ended_at is None]
    said = await matters.statements(desk.tx, identity)
    exchange = await reading.show(desk, tenant, identity) if row.workflow == Workflow.COPIES else None
    children = row.content.get("children") or [row.content.get("child")]
    return RecordPage(
        id=row.matter_id,
        workflow=row.workflow,
        about=about(row),
        reference=reference_of(row),
        family=str(row.content.get("family") or ""),
        children=[one for one in children if isinstance(one, str)],
        state=state_of(row.workflow, row.state),
        parties=[
            Party(names[one], f"{of_roles}.{role}", one == tenant)
            for one, role in zip(row.parties, row.roles, strict=True)
        ],
        owed=[_owed(one, desk, calendars) for one in sorted(owed, key=_own_first)],
        line=line_of(said, terms, exchange, names),
        looks=await store.looks_at(desk.tx, tenant, identity, LOOKS_SHOWN),
        exchange=exchange,
        opened_at=row.opened_at,
        moved_at=row.moved_at,
    )


async def signed_in_it(desk: Desk, reader: Person, identity: MatterId) -> list[StatementView]:
    """Every statement with what proves it, as programs get it."""
    await _of_a_party(desk, reader.centre, identity)
    return [kept_statement(row) for row in await matters.statements(desk.tx, identity)]


async def receipt_of(desk: Desk, reader: Person, identity: MatterId) -> ReceiptView:
    """Of a confirmed exchange."""
    await _of_a_party(desk, reader.centre, identity)
    try:
        return await reading.receipt(desk, reader.centre, ExchangeId(identity))
    except (case.NotFound, reading.NoReceiptYet) as nothing:
        raise NoSuchPage from nothing


async def _of_a_party(desk: Desk, tenant: CentreId, identity: MatterId) -> matters.MatterRow:
    row = await matters.find(desk.tx, identity)
    if row is None or tenant not in row.parties:
        raise NoSuchPage
    return row


def _own_first(duty: DutyView) -> tuple[bool, object]:
    return duty.stake != Stake.OWES, duty.due_on


def _owed(duty: DutyView, desk: Desk, calendars: Calendars) -> Owed:
    calendar, today = calendars.of(Policy(duty.calendar)), riga_day(desk.now)
    return Owed(duty, rule_of(duty, calendar, today, large=True), rule_of(duty, calendar, today), whose(duty))
