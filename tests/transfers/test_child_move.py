"""A child moves: told and met before, asked for, archived and kept in touch after; nothing is invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.kernel.ids import CentreId
from hub.matters.workflow import Outcome, Scene
from hub.transfers import child_move as rules
from hub.transfers import childs_copies as copies
from hub.transfers.child_move import Action, AfterPlacement, InformationNotSent
from hub.transfers.courts import TerritoryUnknown, from_the_start
from hub.transfers.fitting_exchange import ExchangeDoesNotFit, NamedExchange
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMove,
    ChildPlaced,
    FormerFamilyContact,
    GiveUpIap,
    IapArchived,
    IapAsked,
    InformedBefore,
    MeetingHeld,
)
from saikne_schemas.child_vocabulary import (
    ChildMoveCancelled,
    ChildMoveRole,
    ChildMoveState,
    ContactKind,
    FamilyTold,
    MeetingParticipant,
    Regularity,
)
from saikne_schemas.manifests import AuthorisedPerson
from saikne_schemas.matters import CopiesEnd
from saikne_schemas.vocabulary import CopiesEnded, CopiesGivenUp, DutyKind, ExchangeKind, ExchangeState

NEW, PREVIOUS = CentreId(uuid4()), CentreId(uuid4())
TODAY = date(2026, 3, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
BEFORE = {DutyKind.INFORM_BEFORE, DutyKind.ACQUAINTANCE}
AFTER = {DutyKind.REQUEST_COPIES, DutyKind.ARCHIVE_IAP, DutyKind.FORMER_FAMILY}
HEAD = AuthorisedPerson(name="Ieva Priede", position="vadītāja")
NO_CALENDARS: Any = None
"""No rule of a child's move counts working days."""


def scene(author: CentreId = NEW) -> Scene:
    roles = {NEW: ChildMoveRole.NEW, PREVIOUS: ChildMoveRole.PREVIOUS}
    return Scene(
        now=datetime(2026, 3, 23, 9, tzinfo=UTC),
        today=TODAY,
        author=author,
        roles=roles,
        calendars=NO_CALENDARS,
        policies={},
    )


def said(kind: Any, **fields: Any) -> Any:
    (schema,) = kind.model_fields["schema_"].annotation.__args__
    return kind(schema=schema, id=uuid4(), **fields)


def about(kind: Any, **fields: Any) -> Any:
    return said(kind, matter=uuid4(), **fields)


def exchange(kind: ExchangeKind, state: ExchangeState = ExchangeState.CONFIRMED) -> NamedExchange:
    return NamedExchange(kind, NEW, PREVIOUS, None, ("B-1",), state)


PLAN, TOLD = exchange(ExchangeKind.CHILD_IAP), exchange(ExchangeKind.CHILD_INFORMATION)
ASKED = exchange(ExchangeKind.CHILD_IAP, ExchangeState.REQUESTED)
PLANNED = ChildMove(child="B-1")
PLACED = ChildMove(child="B-1", placed_on=YESTERDAY)


def informing(on: date = TODAY) -> Any:
    return about(InformedBefore, exchange=uuid4(), family_told=FamilyTold.FAMILY_IN_PERSON, told_on=on)


def meeting(on: date = TODAY, *who: MeetingParticipant) -> Any:
    return about(MeetingHeld, held_on=on, participants=[*who] or [MeetingParticipant.BOTH_CENTRES])


def visits(*days: date) -> Any:
    return about(AcquaintanceHeld, visits=[*days])


def placing(on: date = TODAY) -> Any:
    return about(ChildPlaced, placed_on=on)


def archiving(on: date = TODAY) -> Any:
    return about(IapArchived, archived_on=on, archive_reference="ARH-1")


def ties(on: date = TODAY) -> Any:
    return about(FormerFamilyContact, kinds=[ContactKind.VISIT], regularity=Regularity.MONTHLY, begins_on=on)


def begun(territory: str | None = "LV-102", today: date = TODAY) -> Outcome[ChildMove]:
    fields = {"new": NEW, "previous": PREVIOUS, "child": "B-1", "planned_on": TOMORROW}
    beginning = said(BeginChildMove, **fields, territory=territory)
    return rules.begin(beginning, replace(scene(), today=today), from_the_start())


def test_with_the_plan_the_previous_centre_owes_to_tell_and_to_let_meet() -> None:
    outcome = begun()
    assert outcome.content == ChildMove(child="B-1", court="LV-059", planned_on=TOMORROW)
    assert {(one.kind, one.owner, one.awaited_by) for one in outcome.opens} == {
        (DutyKind.INFORM_BEFORE, PREVIOUS, (NEW,)),
        (DutyKind.ACQUAINTANCE, PREVIOUS, (NEW,)),
        (DutyKind.PLACE_CHILD, NEW, (PREVIOUS,)),
    }
    assert {(one.kind, one.starts_on, one.basis) for one in outcome.opens} == {
        (DutyKind.INFORM_BEFORE, TODAY, Basis.MOVE_AGREED),
        (DutyKind.ACQUAINTANCE, TODAY, Basis.MOVE_AGREED),
        (DutyKind.PLACE_CHILD, TOMORROW, Basis.PLACEMENT_PLANNED),
    }
    assert outcome.tells == ((PREVIOUS, "begun"),)


def test_telling_names_the_exchange_that_went_to_the_new_centre() -> None:
    statement = informing()
    outcome = rules.inform(PLANNED, statement, scene(PREVIOUS), TOLD)
    assert (outcome.content.information, outcome.content.told_on) == (statement.exchange, TODAY)
    assert (outcome.meets, outcome.tells) == ((DutyKind.INFORM_BEFORE,), ((NEW, "informed"),))


@pytest.mark.parametrize("known", [None, PLAN, exchange(ExchangeKind.FAMILY_CASE)])
def test_another_exchange_tells_nothing_of_the_child(known: NamedExchange | None) -> None:
    with pytest.raises(ExchangeDoesNotFit):
        rules.inform(PLANNED, informing(), scene(PREVIOUS), known)


@pytest.mark.parametrize("state", [ExchangeState.DISPATCHED, ExchangeState.CONFIRMED])
def test_what_is_on_its_way_or_confirmed_has_been_told(state: ExchangeState) -> None:
    told = exchange(ExchangeKind.CHILD_INFORMATION, state)
    assert rules.inform(PLANNED, informing(), scene(PREVIOUS), told).meets == (DutyKind.INFORM_BEFORE,)


NOT_TOLD = [ExchangeState.REQUESTED, ExchangeState.PREPARING, ExchangeState.DISPUTED, ExchangeState.LAPSED]


@pytest.mark.parametrize("state", NOT_TOLD)
def test_what_has_not_been_sent_or_may_not_have_come_has_not_been_told(state: ExchangeState) -> None:
    with pytest.raises(InformationNotSent):
        rules.inform(PLANNED, informing(), scene(PREVIOUS), exchange(ExchangeKind.CHILD_INFORMATION, state))


def test_meetings_stand_in_order_and_one_of_the_same_day_is_corrected() -> None:
    move = rules.meet(PLANNED, meeting(TODAY), scene()).content
    move = rules.meet(move, meeting(YESTERDAY), scene(PREVIOUS)).content
    outcome = rules.meet(move, meeting(TODAY, MeetingParticipant.CHILDS_COURT), scene(PREVIOUS))
    assert [(one.held_on, one.participants) for one in outcome.content.meetings] == [
        (YESTERDAY, [MeetingParticipant.BOTH_CENTRES]),
        (TODAY, [MeetingParticipant.CHILDS_COURT]),
    ]
    assert outcome.tells == ((NEW, "met"),)


def test_visits_are_gathered_and_meet_the_duty() -> None:
    move = rules.acquaint(PLANNED, visits(TODAY), scene(PREVIOUS)).content
    outcome = rules.acquaint(move, visits(YESTERDAY, TODAY), scene(PREVIOUS))
    assert outcome.content.visits == [YESTERDAY, TODAY]
    assert outcome.meets == (DutyKind.ACQUAINTANCE,)


def test_the_court_is_the_one_that_serves_the_territory_on_the_scenes_day() -> None:
    """Since the reform of July 2021 another court serves it; before, the directory knows none."""
    assert begun("LV-102").content.court == "LV-059"
    assert begun(None).content.court is None
    for territory, today in (("LV-102", date(2021, 6, 30)), ("LV-999", TODAY)):
        with pytest.raises(TerritoryUnknown):
            begun(territory, today)


EARLIER: list[Callable[[ChildMove, date], Outcome[ChildMove]]] = [
    lambda move, day: rules.inform(move, informing(day), scene(PREVIOUS), TOLD),
    lambda move, day: rules.meet(move, meeting(day), scene()),
    lambda move, day: rules.acquaint(move, visits(day), scene(PREVIOUS)),
]


@pytest.mark.parametrize("happened", EARLIER, ids=["inform", "meet", "acquaint"])
def test_what_belongs_before_the_placement_may_be_recorded_later_but_not_have_happened_later(
    happened: Callable[[ChildMove, date], Outcome[ChildMove]],
) -> None:
    assert happened(PLACED, YESTERDAY).content.placed_on == YESTERDAY
    with pytest.raises(AfterPlacement) as late:
        happened(PLACED, TODAY)
    assert late.value.facts == {"given": "2026-03-23", "placed_on": "2026-03-22"}
    with pytest.raises(DateInTheFuture):
        happened(PLANNED, TOMORROW)


@pytest.mark.parametrize("happened", EARLIER, ids=["inform", "meet", "acquaint"])
def test_a_child_is_not_placed_before_what_happened_before_it(
    happened: Callable[[ChildMove, date], Outcome[ChildMove]],
) -> None:
    move = happened(PLANNED, TODAY).content
    with pytest.raises(DateBeforeCause):
        rules.place(move, placing(YESTERDAY), scene())
    assert rules.place(move, placing(TODAY), scene()).content.placed_on == TODAY


def test_nobody_is_placed_tomorrow() -> None:
    with pytest.raises(DateInTheFuture):
        rules.place(PLANNED, placing(TOMORROW), scene())


def test_with_the_placement_each_centre_owes_its_part() -> None:
    outcome = rules.place(PLANNED, placing(YESTERDAY), scene())
    assert {(one.kind, one.owner, one.awaited_by) for one in outcome.opens} == {
        (DutyKind.REQUEST_COPIES, NEW, ()),
        (DutyKind.ARCHIVE_IAP, PREVIOUS, (NEW,)),
        (DutyKind.FORMER_FAMILY, NEW, ()),
    }
    assert {(one.starts_on, one.basis) for one in outcome.opens} == {(YESTERDAY, Basis.CHILD_PLACED)}
    assert (outcome.meets, outcome.drops) == ((DutyKind.PLACE_CHILD,), ())
    assert outcome.done_on == YESTERDAY


INFORMED, MET = {"told_on": TODAY}, {"visits": [TODAY]}


@pytest.mark.parametrize(
    ("before", "warnings"),
    [
        ({**INFORMED, **MET}, ()),
        (MET, ("child_placed_without_information",)),
        (INFORMED, ("child_placed_without_acquaintance",)),
        ({}, ("child_placed_without_information", "child_placed_without_acquaintance")),
    ],
)
def test_a_placement_without_what_should_precede_it_is_taken_and_said(
    before: dict[str, Any], warnings: tuple[str, ...]
) -> None:
    assert rules.place(PLANNED.model_copy(update=before), placing(), scene()).warnings == warnings


AFTERWARDS: dict[Action, Callable[[ChildMove], Outcome[ChildMove]]] = {
    Action.ASK: lambda move: copies.ask(move, about(IapAsked, exchange=uuid4()), scene(NEW), PLAN),
    Action.ARCHIVE: lambda move: rules.archive(move, archiving(), scene(PREVIOUS)),
    Action.ARRANGE: lambda move: rules.arrange(move, ties(), scene(NEW)),
}


@pytest.mark.parametrize("order", [*permutations(AFTERWARDS)])
def test_the_last_of_the_three_closes_whatever_their_order(order: tuple[Action, ...]) -> None:
    move = PLACED
    met: set[object] = set()
    for place, action in enumerate(order, 1):
        outcome = AFTERWARDS[action](move)
        assert outcome.to is (ChildMoveState.CLOSED if place == 3 else None)
        move, met = outcome.content, met | {*outcome.meets}
        dropped = set(outcome.drops) - {DutyKind.RECEIVE_COPIES}
        assert dropped == (BEFORE if place == 3 else set())
        assert ((NEW, "closed") in outcome.tells) is (place == 3)
    assert met == AFTER


def test_a_plan_is_asked_for_in_an_exchange_of_this_child() -> None:
    for known in (None, TOLD, exchange(ExchangeKind.CHILD_IAP, ExchangeState.WITHDRAWN)):
        with pytest.raises(ExchangeDoesNotFit):
            copies.ask(PLACED, about(IapAsked, exchange=uuid4()), scene(NEW), known)


def test_archived_is_what_was_archived_after_the_placement() -> None:
    with pytest.raises(DateBeforeCause):
        rules.archive(PLACED, archiving(YESTERDAY - timedelta(days=1)), scene(PREVIOUS))
    with pytest.raises(DateInTheFuture):
        rules.archive(PLACED, archiving(TOMORROW), scene(PREVIOUS))


def test_ties_may_begin_later_but_not_before_the_child_has_left() -> None:
    assert rules.arrange(PLACED, ties(TOMORROW), scene()).content.former_family is not None
    with pytest.raises(DateBeforeCause):
        rules.arrange(PLACED, ties(YESTERDAY - timedelta(days=1)), scene())


def test_a_cancelled_move_leaves_nothing_owed() -> None:
    cancelling = about(CancelChildMove, reason=ChildMoveCancelled.FAMILY_WITHDREW)
    outcome = rules.cancel(PLACED, cancelling, scene(PREVIOUS))
    assert set(outcome.drops) == BEFORE | {DutyKind.PLACE_CHILD, DutyKind.RECEIVE_COPIES} | AFTER
    assert outcome.tells == ((NEW, "cancelled"),)


def test_a_childs_move_never_owes_what_only_a_familys_move_does() -> None:
    """No register, no court, no talk, no choice about the day (method S115)."""
    outcomes = [begun(), rules.place(PLANNED, placing(), scene())]
    outcomes += [happened(PLANNED, TODAY) for happened in EARLIER]
    outcomes += [happened(PLACED) for happened in AFTERWARDS.values()]
    opened = {one.kind for outcome in outcomes for one in outcome.opens}
    assert opened == BEFORE | {DutyKind.PLACE_CHILD} | AFTER


def closing(end: CopiesEnd | None = None) -> ChildMove:
    """Everything but the plan's copy is done, and that is asked for."""
    done = {"plan_asked": uuid4(), "plan_end": end, "archived_on": TODAY}
    contact = rules.arrange(PLACED, ties(), scene()).content.former_family
    return PLACED.model_copy(update={**done, "former_family": contact})


def test_asking_for_the_plan_does_not_close_the_move() -> None:
    last = closing().model_copy(update={"plan_asked": None})
    outcome = copies.ask(last, about(IapAsked, exchange=uuid4()), scene(NEW), ASKED)
    assert (outcome.to, outcome.meets) == (None, (DutyKind.REQUEST_COPIES,))
    assert [one.kind for one in outcome.opens] == [DutyKind.RECEIVE_COPIES]


@pytest.mark.parametrize("how", [CopiesEnded.CONFIRMED, CopiesEnded.REFUSED])
def test_the_plans_end_closes_it_and_what_was_no_end_opens_it_again(how: CopiesEnded) -> None:
    came = exchange(ExchangeKind.CHILD_IAP, ExchangeState(how.value))
    closed = copies.heard(closing(), scene(NEW), came)
    assert (closed.to, closed.meets) == (ChildMoveState.CLOSED, (DutyKind.RECEIVE_COPIES,))
    assert {(NEW, "closed"), (PREVIOUS, "closed")} <= set(closed.tells)
    under_way = exchange(ExchangeKind.CHILD_IAP, ExchangeState.DISPUTED)
    again = copies.heard(closed.content, scene(NEW), under_way)
    assert (again.to, again.content.plan_end) == (ChildMoveState.PLACED, None)
    assert [one.kind for one in again.opens] == [DutyKind.RECEIVE_COPIES]


def test_a_withdrawn_request_for_the_plan_is_to_be_made_again() -> None:
    gone = exchange(ExchangeKind.CHILD_IAP, ExchangeState.WITHDRAWN)
    outcome = copies.heard(closing(), scene(NEW), gone)
    assert (outcome.to, outcome.content.plan_asked) == (ChildMoveState.PLACED, None)
    assert [one.kind for one in outcome.opens] == [DutyKind.REQUEST_COPIES]
    given_up = about(GiveUpIap, reason=CopiesGivenUp.NOT_KEPT, given_up_by=HEAD)
    ended = copies.give_up(outcome.content, given_up, scene(NEW), None)
    assert (ended.to, ended.drops[:2]) == (ChildMoveState.CLOSED, rules.COPIES)
