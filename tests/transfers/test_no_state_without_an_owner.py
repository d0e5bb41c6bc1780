"""No state of a move is without somebody who owes the next step: walked over the step tables themselves.

From the beginning every step that the table lists is taken by its own rule, with a statement of its kind, in
every state that this leads to. After each, what has to be owed there is open; and so is something at all.
What cannot be taken as the move stands (a proposal that is not there) is refused, and leads nowhere. Of what
one centre does the other one is told, or the table says why not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache, partial
from typing import Any, NamedTuple
from uuid import UUID

from hub.agis.casework.halting import NOTICES
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.transfers import child_move, childs_copies
from hub.transfers.casework.child_moves import CHILD_MOVES
from hub.transfers.child_move import Action as ChildAction
from hub.transfers.copies import CopiesHaveEnded, news
from hub.transfers.family import copies as familys_copies
from hub.transfers.family import correcting, notice, opening, override, silence, tracks
from hub.transfers.family.awaiting import awaited
from hub.transfers.family.steps import STEPS, Action
from hub.transfers.fitting_exchange import NamedExchange
from hub.transfers.hand import Hand
from hub.workflows import MOVES
from saikne_schemas import child_moves as child
from saikne_schemas import corrections as correction
from saikne_schemas import family_moves as family
from saikne_schemas.child_vocabulary import ChildMoveRole, ChildMoveState
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.family_move_words import FamilyMoveRole, FamilyMoveState
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.vocabulary import DutyKind, ExchangeKind, ExchangeState
from tests.transfers.family.scenes import COURTS, LATVIA, NEW, PREVIOUS, scene

PROPOSAL = UUID("7d1f3c5a-2b64-4e8f-9a0c-1e3b5d7f9a24")
CHILD = str(EXAMPLES[child.BeginChildMove]["child"])
TODAY = date(2026, 4, 20)


class Stand(NamedTuple):
    """Where a move stands, and what is owed in it."""

    state: StrEnum
    content: Any
    open: frozenset[tuple[DutyKind, str]]
    """Kinds with their owners."""


@cache
def example(kind: Any, **changes: Any) -> Any:
    return kind.model_validate(EXAMPLES[kind] | changes, strict=False)


def copies(kind: ExchangeKind, state: ExchangeState = ExchangeState.DISPATCHED) -> NamedExchange:
    return NamedExchange(kind, NEW, PREVIOUS, "AG-7741", (CHILD,), state)


def _established(move: family.FamilyMove, at: Scene) -> Outcome[family.FamilyMove]:
    if move.notice is None and (move.claim is None or notice.is_denied(move)):
        raise notice.NoticeWithoutEvidence  # the hub has nothing to establish it by
    return silence.establish(move, at)


def _taken_back(move: family.FamilyMove, at: Scene) -> Outcome[family.FamilyMove]:
    return tracks.entry_taken_back(move, at) if move.registered else Outcome(move)


STATES = (ExchangeState.CONFIRMED, ExchangeState.REFUSED, ExchangeState.WITHDRAWN, ExchangeState.DISPUTED)
"""What an exchange may come to."""


def _asked(rule: Any, kind: Any, exchange: NamedExchange, move: Any, at: Scene) -> Outcome[Any]:
    outcome: Outcome[Any] = rule(move, example(kind), at, exchange)
    return outcome


def _heard(rule: Any, exchange: NamedExchange, move: Any, at: Scene) -> Outcome[Any]:
    of_a_family = isinstance(move, family.FamilyMove)
    asked_in, known = (move.copies, move.copies_end) if of_a_family else (move.plan_asked, move.plan_end)
    if asked_in is None or news(exchange, known) is None:
        raise CopiesHaveEnded  # nobody tells it what it knows
    outcome: Outcome[Any] = rule(move, at, exchange)
    return outcome


def _of(asked_in: UUID | None, kind: ExchangeKind) -> NamedExchange | None:
    return copies(kind) if asked_in else None


def _corrected(rule: Any, kind: Any, move: Any, at: Scene, **changes: Any) -> Outcome[Any]:
    outcome: Outcome[Any] = rule(move, example(kind, **changes), at)
    return outcome


_LATE = datetime(2026, 3, 30, 9, tzinfo=UTC)
CONFIRMED = example(
    family.ConfirmOverride, confirmed_by=AuthorisedPerson(name="Cita Persona", position="vadītāja")
)
"""By whoever did not propose it."""
FAMILY: dict[Action, tuple[Callable[[Any, Scene], Outcome[Any]], ...]] = {
    Action.RECEIVE: (
        lambda move, at: notice.receive(move, example(family.NoticeReceived), at),
        lambda move, at: notice.receive(move, example(family.NoticeReceived, received_at=_LATE), at),
    ),
    Action.CORRECT_NOTICE: tuple(
        partial(_corrected, correcting.correct_notice, correction.CorrectNotice, received_at=moment)
        for moment in ("2026-03-11T09:00:00Z", "2026-03-30T09:00:00Z", "2026-04-17T09:00:00Z")
    ),
    Action.CORRECT_REGISTRATION: (
        partial(_corrected, correcting.correct_registration, correction.CorrectRegistration),
    ),
    Action.CLAIM_NOTICE: (lambda move, at: notice.claim(move, example(family.NoticeClaimed), at),),
    Action.ASK_NOTICE: (lambda move, at: notice.ask(move, example(family.AskNotice), at),),
    Action.DENY_NOTICE: (lambda move, at: notice.deny(move, example(family.NoticeNotReceived), at),),
    Action.DECIDE: (lambda move, at: notice.decide(move, example(family.DecideLateNotice), at),),
    Action.PROPOSE_DATE: (lambda move, at: override.propose(move, example(family.OverrideDate), at),),
    Action.CONFIRM_DATE: (lambda move, at: override.confirm(move, CONFIRMED, at),),
    Action.DECLINE_DATE: (lambda move, at: override.decline(move, example(family.DeclineOverride), at),),
    Action.ESTABLISH_DATE: (_established,),
    Action.OBJECT_TO_DATE: (
        lambda move, at: silence.object_to(move, example(family.ObjectToDate, id=PROPOSAL), at),
    ),
    Action.REGISTER: (lambda move, at: tracks.register(move, example(family.Registered), at),),
    Action.TELL_COURT: (lambda move, at: tracks.tell_court(move, example(family.CourtTold), at, COURTS),),
    Action.TALK: (lambda move, at: tracks.talk(move, example(family.Talked), at),),
    Action.ASK_COPIES: tuple(
        partial(_asked, familys_copies.ask, family.CopiesAsked, copies(ExchangeKind.FAMILY_CASE, state))
        for state in (ExchangeState.DISPATCHED, ExchangeState.CONFIRMED)
    ),
    Action.HEAR_OF_COPIES: tuple(
        partial(_heard, familys_copies.heard, copies(ExchangeKind.FAMILY_CASE, state)) for state in STATES
    ),
    Action.GIVE_UP_COPIES: (
        lambda move, at: familys_copies.give_up(
            move, example(family.GiveUpCopies), at, _of(move.copies, ExchangeKind.FAMILY_CASE)
        ),
    ),
    Action.ARCHIVE: (lambda move, at: tracks.archive(move, example(family.Archived), at),),
    Action.CANCEL: (lambda move, at: opening.cancel(move, example(family.CancelMove), at),),
    Action.TAKE_BACK: (_taken_back,),
    Action.REGISTER_BY_MACHINE: (lambda move, _: Outcome(move),),
}
CHILDS: dict[ChildAction, tuple[Callable[[Any, Scene], Outcome[Any]], ...]] = {
    ChildAction.INFORM: (
        lambda move, at: child_move.inform(
            move, example(child.InformedBefore), at, copies(ExchangeKind.CHILD_INFORMATION)
        ),
    ),
    ChildAction.MEET: (lambda move, at: child_move.meet(move, example(child.MeetingHeld), at),),
    ChildAction.ACQUAINT: (lambda move, at: child_move.acquaint(move, example(child.AcquaintanceHeld), at),),
    ChildAction.PLACE: (lambda move, at: child_move.place(move, example(child.ChildPlaced), at),),
    ChildAction.ASK: tuple(
        partial(_asked, childs_copies.ask, child.IapAsked, copies(ExchangeKind.CHILD_IAP, state))
        for state in (ExchangeState.DISPATCHED, ExchangeState.CONFIRMED)
    ),
    ChildAction.HEAR_OF_COPIES: tuple(
        partial(_heard, childs_copies.heard, copies(ExchangeKind.CHILD_IAP, state)) for state in STATES
    ),
    ChildAction.GIVE_UP: (
        lambda move, at: childs_copies.give_up(
            move, example(child.GiveUpIap), at, _of(move.plan_asked, ExchangeKind.CHILD_IAP)
        ),
    ),
    ChildAction.ARCHIVE: (lambda move, at: child_move.archive(move, example(child.IapArchived), at),),
    ChildAction.ARRANGE: (lambda move, at: child_move.arrange(move, example(child.FormerFamilyContact), at),),
    ChildAction.CANCEL: (lambda move, at: child_move.cancel(move, example(child.CancelChildMove), at),),
}


def after(stand: Stand, outcome: Outcome[Any], state: StrEnum) -> Stand:
    """As the engine carries it out: duties end, then others begin."""
    ended = {*outcome.meets, *outcome.drops}
    left = {(kind, owner) for kind, owner in stand.open if kind not in ended}
    begun = {(one.kind, str(one.owner)) for one in outcome.opens}
    assert not {kind for kind, _ in left} & {kind for kind, _ in begun}, "owed twice"
    return Stand(state, outcome.content, frozenset(left | begun))


FINAL = frozenset(
    {FamilyMoveState.CLOSED, FamilyMoveState.CANCELLED, ChildMoveState.CLOSED, ChildMoveState.CANCELLED}
)


def _told_of_its_end(before: StrEnum, after: StrEnum, role: Any, author: Any, outcome: Outcome[Any]) -> None:
    """Nothing ends silently: who did not do it is told; both, where the hub did."""
    if after in FINAL and before not in FINAL:
        told = {to for to, _ in outcome.tells}
        assert {NEW, PREVIOUS} - told <= ({author} if role is not Hand.HUB else set()), (before, role)


ONLY_TOLD = frozenset({"corrections"})
"""What no rule asks for again."""


@dataclass
class Heard:
    """What was mailed on the way."""

    sent: set[str] = field(default_factory=set)
    unheard: set[StrEnum] = field(default_factory=set)
    """What a centre did and the other one was not told of."""

    def of(self, outcome: Outcome[Any], action: StrEnum | None = None, author: Any = None) -> None:
        told = {to for to, _ in outcome.tells}
        assert told <= {NEW, PREVIOUS}
        self.sent |= {notice for _, notice in outcome.tells}
        if action is not None and {NEW, PREVIOUS} - {author} - told:
            self.unheard.add(action)


def _is_said(value: object) -> bool:
    return bool(value) if isinstance(value, list) else value is not None


def walked(
    first: Stand, steps: Any, rules: Any, at: tuple[Scene, dict[Any, Any]], heard: Heard
) -> Iterator[Stand]:
    """Every stand that steps lead to; stands alike in state, duties and what is known are one."""
    scene, parties = at
    scenes = {author: replace(scene, author=author) for author in parties.values()}
    seen: set[object] = set()
    waiting = [first]
    while waiting:
        stand = waiting.pop()
        known = frozenset(name for name, value in vars(stand.content).items() if _is_said(value))
        alike = (stand.state, stand.open, known - ONLY_TOLD)
        if alike in seen:
            continue
        seen.add(alike)
        yield stand
        for (state, action), may in steps.listed.items():
            if state != stand.state:
                continue
            for role in may:
                author = parties[role]
                for rule in rules[action]:
                    try:
                        outcome = rule(stand.content, scenes[author])
                    except Refusal:
                        continue
                    step = steps.take(state, action, role, outcome.to)
                    _told_of_its_end(stand.state, step.state, role, author, outcome)
                    heard.of(outcome, None if role is Hand.HUB else action, author)
                    waiting.append(after(stand, outcome, step.state))


def test_a_familys_move_is_owed_by_somebody_in_every_state() -> None:
    at = replace(scene(today=TODAY), calendars=LATVIA)
    begun = opening.begin(example(family.BeginFamilyMove), replace(at, author=NEW), COURTS)
    first = after(Stand(FamilyMoveState.AGREED, begun.content, frozenset()), begun, FamilyMoveState.AGREED)
    assert FAMILY.keys() == {action for _, action in STEPS.listed}
    parties = {FamilyMoveRole.NEW: NEW, FamilyMoveRole.PREVIOUS: PREVIOUS, Hand.HUB: PREVIOUS}
    ownerless, reached, heard = [], set(), Heard()
    heard.of(begun)
    for stand in walked(first, STEPS, FAMILY, (at, parties), heard):
        state = FamilyMoveState(stand.state)
        reached.add(state)
        owed = {(one.kind, str(one.owner)) for one in awaited(stand.content, state, at)}
        final = state in FINAL
        if (owed != stand.open and not final) or final is bool(stand.open):
            ownerless.append((state, owed ^ stand.open, stand.open))
    assert ownerless == []
    assert reached == set(FamilyMoveState)
    assert heard.unheard == {verb.action for verb in MOVES.verbs if verb.untold}
    of_a_day_taken_away = {"notice_corrected_undated"}  # held by tests/transfers/family/test_correcting.py
    assert heard.sent | NOTICES | of_a_day_taken_away == MOVES.notices


def test_a_childs_move_is_owed_by_somebody_in_every_state() -> None:
    roles = {NEW: ChildMoveRole.NEW, PREVIOUS: ChildMoveRole.PREVIOUS}
    at = replace(scene(today=TODAY), roles=roles)
    begun = child_move.begin(example(child.BeginChildMove), replace(at, author=NEW), COURTS)
    first = after(Stand(ChildMoveState.PLANNED, begun.content, frozenset()), begun, ChildMoveState.PLANNED)
    assert CHILDS.keys() == {action for _, action in child_move.STEPS.listed}
    parties = {ChildMoveRole.NEW: NEW, ChildMoveRole.PREVIOUS: PREVIOUS, Hand.HUB: PREVIOUS}
    ownerless, reached, heard = [], set(), Heard()
    heard.of(begun)
    for stand in walked(first, child_move.STEPS, CHILDS, (at, parties), heard):
        state = ChildMoveState(stand.state)
        reached.add(state)
        owed = {(one.kind, str(one.owner)) for one in child_move.awaited(stand.content, state, at)}
        final = state in FINAL
        if not owed <= stand.open or final is bool(stand.open):
            ownerless.append((state, owed - stand.open, stand.open))
    assert ownerless == []
    assert reached == set(ChildMoveState)
    assert heard.unheard == {verb.action for verb in CHILD_MOVES.verbs if verb.untold}
    assert heard.sent == CHILD_MOVES.notices
