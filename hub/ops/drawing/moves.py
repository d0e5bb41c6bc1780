"""Families' moves, drawn around some of the drawn exchanges: what is owed in them says the moves' own room.

Each takes effect on the day on which its copies were asked for, as both centres agreed. A few more have only
begun, or were cancelled.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hub.duties.duty import DutyKind
from hub.kernel.clock import riga_day
from hub.kernel.ids import CentreId
from hub.matters.workflow import Scene
from hub.ops.drawing.days import Days
from hub.ops.drawing.exchanges import Played
from hub.ops.drawing.sheet import Sheet
from hub.transfers import copies
from hub.transfers.courts import Directory
from hub.transfers.family.dating import dated
from hub.transfers.family.notice import word_owed
from hub.transfers.family.opening import talk_owed
from hub.transfers.family.steps import AWAITS_A_DAY, DONE_BY_BOTH
from hub.transfers.fitting_exchange import NamedExchange
from saikne_schemas.family_move_words import (
    CourtChannel,
    DatedBy,
    FamilyMoveRole,
    FamilyMoveState,
    MoveCancelReason,
    TalkForm,
    TalkTopic,
)
from saikne_schemas.family_moves import Archive, CourtNotice, FamilyMove, Registration, Talk
from saikne_schemas.matters import CopiesEnd
from saikne_schemas.vocabulary import CopiesEnded, ExchangeKind, ExchangeState, Workflow

TERRITORIES = ("LV-RIX", "LV-041", "LV-111", "LV-022", "LV-099", "LV-067", "LV-113")
_EVERY = 12
"""Of a family's exchanges one in so many belongs to a move that is in the hub."""
_BEGUN, _CANCELLED = 9, 7
_FIRST_FAMILY = 9041
_YEAR = timedelta(days=365)
_GOES_WITH = frozenset(ExchangeState) - {ExchangeState.WITHDRAWN, ExchangeState.REFUSED, ExchangeState.FROZEN}


@dataclass(slots=True)
class Move:
    """One under way."""

    sheet: Sheet
    new: CentreId
    previous: CentreId

    @property
    def content(self) -> FamilyMove:
        assert isinstance(self.sheet.content, FamilyMove)  # noqa: S101  # made as one
        return self.sheet.content

    def keep(self, **changes: object) -> None:
        self.sheet.content = self.content.model_copy(update=changes)

    def scene(self, today: date) -> Scene:
        days = self.sheet.days
        return Scene(
            now=days.now,
            today=today,
            author=self.new,
            roles=self.sheet.roles,
            calendars=days.calendars,
            policies=days.policies,
        )

    def settle(self, effective_on: date, known_on: date) -> None:
        """As both centres agreed."""
        at = self.sheet.days.during(known_on)
        found = dated(self.content, effective_on, DatedBy.OVERRIDE, self.scene(known_on))
        self.sheet.drop(AWAITS_A_DAY, at)
        self.sheet.content = found.content
        for one in found.opens:
            self.sheet.owe(one)
        self.sheet.move(FamilyMoveState.DATED, at)

    def done(self, kind: DutyKind, on: date, **said: object) -> None:
        """Where its day is not to come; the last thing done closes the move."""
        days = self.sheet.days
        if on > days.today:
            return
        at = max(days.during(on), self.sheet.moved_at)
        self.sheet.meet([kind], at)
        self.keep(remaining=[one for one in self.content.remaining if one is not kind], **said)
        self.sheet.move(FamilyMoveState.DATED if self.content.remaining else FamilyMoveState.CLOSED, at)


def draw(days: Days, courts: Directory, exchanges: Sequence[Played]) -> Iterator[Sheet]:
    asked = [
        one
        for one in exchanges
        if one.record.kind is ExchangeKind.FAMILY_CASE and one.sheet.state in _GOES_WITH
    ]
    for exchange in asked[::_EVERY]:
        yield _of_copies(days, courts, exchange)
    lately, long_ago = days.worked(days.today - timedelta(days=14))[-3:], days.worked(days.today - _YEAR)[:-9]
    for n in range(_BEGUN + _CANCELLED):
        cancelled = n >= _BEGUN
        on = days.rng.choice(long_ago if cancelled else lately)
        move = _begun(days, courts, days.rng.choice(asked), f"AG-{_FIRST_FAMILY + n}", on)
        if cancelled:
            _cancel(move)
        yield move.sheet


def _begun(days: Days, courts: Directory, like: Played, family: str, on: date) -> Move:
    territory = days.rng.choice(TERRITORIES)
    court = courts.must_serve(territory, on)
    content = FamilyMove(
        family=family,
        children=[f"{family}-B1"],
        agreement=f"VIEN-{on.year}/{days.rng.randint(1, 90)}",
        agreed_on=on,
        territory=territory,
        court=court.code,
        court_name=court.name,
        remaining=list(DONE_BY_BOTH),
    )
    sheet = Sheet(
        days=days,
        workflow=Workflow.FAMILY_MOVE,
        roles={like.requester: FamilyMoveRole.NEW, like.holder: FamilyMoveRole.PREVIOUS},
        content=content,
        state=FamilyMoveState.AGREED,
        opened_at=days.during(on),
        about=family,
    )
    move = Move(sheet, like.requester, like.holder)
    for one in (talk_owed(move.scene(on)), word_owed(content, move.scene(on))):
        sheet.owe(one)
    return move


def _cancel(move: Move) -> None:
    at = move.sheet.days.during(move.sheet.days.after(move.content.agreed_on, 1))
    move.keep(cancelled=MoveCancelReason.FAMILY_STAYS, remaining=[])
    move.sheet.drop((*DONE_BY_BOTH, *AWAITS_A_DAY), at)
    move.sheet.move(FamilyMoveState.CANCELLED, at)


def _of_copies(days: Days, courts: Directory, exchange: Played) -> Sheet:
    rng, sheet = days.rng, exchange.sheet
    effective_on = riga_day(sheet.opened_at)
    begun = days.worked(effective_on - timedelta(days=rng.randint(8, 20)))[0]
    move = _begun(days, courts, exchange, str(exchange.record.family), begun)
    move.keep(children=exchange.record.children)
    move.settle(effective_on, days.worked(begun + timedelta(days=1))[0])
    talk = Talk(held_on=begun, form=TalkForm.PHONE, topics=[TalkTopic.REASONS], psychologist=False)
    move.done(DutyKind.TALK, begun, talked=talk)
    move.done(DutyKind.REQUEST_COPIES, effective_on, copies=sheet.identity)
    move.sheet.owe(copies.awaited(move.new, effective_on, _named(exchange)))
    for kind, later, said in (
        (DutyKind.REGISTER, rng.choice((1, 2, 2, 3, 4)), "registered"),
        (DutyKind.COURT_NOTICE, rng.choice((1, 2, 3, 3, 5)), "court_told"),
        (DutyKind.ARCHIVE_CASE, rng.randint(4, 12), "archived"),
    ):
        on = days.after(effective_on, later)
        move.done(kind, on, **{said: _said(move, kind, on)})
    if sheet.state is ExchangeState.CONFIRMED:
        on = riga_day(sheet.moved_at)
        end = CopiesEnd(how=CopiesEnded.CONFIRMED, ended_on=on)
        move.done(DutyKind.RECEIVE_COPIES, on, copies_end=end)
    return move.sheet


def _said(move: Move, kind: DutyKind, on: date) -> Registration | CourtNotice | Archive:
    if kind is DutyKind.REGISTER:
        return Registration(registered_on=on)
    if kind is DutyKind.COURT_NOTICE:
        return CourtNotice(court=move.content.court, channel=CourtChannel.E_ADDRESS, sent_on=on)
    return Archive(archived_on=on, archive_reference=f"ARH-{move.content.family}")


def _named(exchange: Played) -> NamedExchange:
    record = exchange.record
    return NamedExchange(
        kind=record.kind,
        requester=exchange.requester,
        holder=exchange.holder,
        family=record.family,
        children=tuple(record.children),
        state=ExchangeState.REQUESTED,
        due_on=exchange.sheet.duties[0].due_on,
    )
