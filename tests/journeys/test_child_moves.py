"""A child's way to a family of another centre, told through the hub: what is done, and what is not."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne import Hub, HubRefusal, compose
from saikne_schemas.child_moves import (
    AcquaintanceHeld,
    BeginChildMove,
    CancelChildMove,
    ChildMoveView,
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
    ContactKind,
    FamilyTold,
    MeetingParticipant,
    Regularity,
)
from saikne_schemas.matters import MatterStatement
from saikne_schemas.moments import for_people
from saikne_schemas.vocabulary import CopiesGivenUp, DutyKind, Workflow
from tests.journeys.by_command import done, refused, told
from tests.journeys.family_moves import IEVA
from tests.journeys.play import CHILD, Play
from tests.journeys.test_offer import ALL_TOLD, offer, sent

TODAY = date.today()  # noqa: DTZ011  # the days of the story lie before it, far enough from any midnight
PLACED_ON, VISITED_ON = TODAY - timedelta(days=2), TODAY - timedelta(days=3)
FROM = TODAY + timedelta(days=7)


@dataclass
class Move:
    """The two centres of a child's move, with what they exchanged about the child."""

    play: Play
    information: UUID
    plan: UUID

    @property
    def new(self) -> Hub:
        return self.play.requester

    @property
    def previous(self) -> Hub:
        return self.play.holder

    def beginning(self, **changes: Any) -> BeginChildMove:
        fields: dict[str, Any] = {
            "new": self.new.credentials.centre,
            "previous": self.previous.credentials.centre,
            "child": CHILD,
        }
        return compose(BeginChildMove, **{**fields, **changes})

    def about(self, matter: UUID) -> dict[str, MatterStatement]:
        reason = ChildMoveCancelled.FAMILY_WITHDREW
        return {
            "inform": compose(
                InformedBefore,
                matter=matter,
                exchange=self.information,
                family_told=FamilyTold.FAMILY_WITH_CENTRE,
                told_on=VISITED_ON,
            ),
            "meet": compose(
                MeetingHeld,
                matter=matter,
                held_on=VISITED_ON,
                participants=[MeetingParticipant.FORMER_FAMILY, MeetingParticipant.CHILDS_COURT],
            ),
            "acquaint": compose(AcquaintanceHeld, matter=matter, visits=[VISITED_ON]),
            "place": compose(ChildPlaced, matter=matter, placed_on=PLACED_ON),
            "ask": compose(IapAsked, matter=matter, exchange=self.plan),
            "give up": compose(
                GiveUpIap, matter=matter, reason=CopiesGivenUp.CENTRE_CLOSED, given_up_by=IEVA
            ),
            "archive": compose(
                IapArchived, matter=matter, archived_on=PLACED_ON, archive_reference="ARH-26/1"
            ),
            "arrange": compose(
                FormerFamilyContact,
                matter=matter,
                kinds=[ContactKind.VISIT, ContactKind.PHONE],
                regularity=Regularity.MONTHLY,
                begins_on=FROM,
            ),
            "cancel": compose(CancelChildMove, matter=matter, reason=reason),
        }

    async def begun(self, *actions: str) -> UUID:
        """A new move, and what its centres have done about it."""
        matter = (await self.previous.tell(self.beginning())).matter
        for action in actions:
            by_previous = action in ALLOWED["planned", "previous"] - {"meet"} or action == "archive"
            await (self.previous if by_previous else self.new).tell(self.about(matter)[action])
        return matter


@pytest.fixture(scope="module")
async def move(play: Play) -> Move:
    information = (await play.holder.tell(offer(play))).exchange
    await sent(play, information, *ALL_TOLD)
    return Move(play, information, (await play.finish(await play.answer(await play.ask()))).exchange)


STATES = {
    "planned": (),
    "placed": ("place",),
    "closed": ("place", "ask", "archive", "arrange"),
    "cancelled": ("cancel",),
}
ALLOWED = {
    ("planned", "previous"): {"inform", "meet", "acquaint", "cancel"},
    ("planned", "new"): {"meet", "place", "cancel"},
    ("placed", "previous"): {"inform", "meet", "acquaint", "archive"},
    ("placed", "new"): {"meet", "ask", "give up", "arrange", "cancel"},
}


async def test_a_child_moves_and_what_follows_is_done_side_by_side(play: Play, move: Move) -> None:
    begun = await move.previous.tell(move.beginning(territory="LV-102", planned_on=TODAY))
    assert (begun.workflow, begun.state, begun.warnings) == (Workflow.CHILD_MOVE, "planned", [])
    matter = begun.matter
    statements = move.about(matter)
    for action in ("inform", "meet", "acquaint"):
        assert (await move.previous.tell(statements[action])).state == "planned"
    accepted = await move.new.tell(statements["place"])
    assert (accepted.state, accepted.warnings) == ("placed", [])
    assert (await move.new.tell(statements["ask"])).state == "placed"
    assert (await move.previous.tell(statements["archive"])).state == "placed"
    assert (await move.new.tell(statements["arrange"])).state == "closed"

    view = await move.new.matter(ChildMoveView, matter)
    said = view.content
    assert (view.role, said.child, said.court, said.planned_on) == ("new", CHILD, "LV-059", TODAY)
    assert (said.information, said.told_on, said.visits) == (move.information, VISITED_ON, [VISITED_ON])
    assert (said.placed_on, said.plan_asked, said.archived_on) == (PLACED_ON, move.plan, PLACED_ON)
    assert said.former_family is not None
    assert said.former_family.begins_on == FROM
    assert {(duty.kind.value, duty.ending) for duty in view.duties} == {
        ("inform_before", "met"),
        ("acquaintance", "met"),
        ("request_copies", "met"),
        ("archive_iap", "met"),
        ("former_family", "met"),
        ("place_child", "met"),
    }
    mail = await play.mailed_about(matter, move.previous, "ievietots")
    assert CHILD not in mail.text + mail.subject


async def test_the_move_owes_ten_days_for_the_plan_and_nothing_of_a_familys_move(move: Move) -> None:
    matter = await move.begun("place")
    owed = {duty.kind: duty for duty in (await move.previous.matter(ChildMoveView, matter)).duties}
    assert {kind for kind, duty in owed.items() if duty.stake == "owes"} == {
        DutyKind.INFORM_BEFORE,
        DutyKind.ACQUAINTANCE,
        DutyKind.ARCHIVE_IAP,
    }
    archiving = owed[DutyKind.ARCHIVE_IAP]
    assert (archiving.working_days, archiving.by_method, archiving.starts_on) == (10, False, PLACED_ON)
    assert (archiving.basis, archiving.stake) == ("child_placed", "owes")
    owed = {duty.kind: duty for duty in (await move.new.matter(ChildMoveView, matter)).duties}
    assert {kind for kind, duty in owed.items() if duty.stake == "owes" and duty.ended_at is None} == {
        DutyKind.REQUEST_COPIES,
        DutyKind.FORMER_FAMILY,
    }
    assert not owed.keys() & {
        DutyKind.REGISTER,
        DutyKind.COURT_NOTICE,
        DutyKind.TALK,
        DutyKind.DECIDE_LATE_NOTICE,
    }


async def test_a_placement_without_information_is_taken_and_what_was_done_may_be_recorded_after_it(
    move: Move,
) -> None:
    matter = await move.begun()
    accepted = await move.new.tell(move.about(matter)["place"])
    assert accepted.warnings == ["child_placed_without_information", "child_placed_without_acquaintance"]
    await move.previous.tell(move.about(matter)["inform"])
    for hub, action in ((move.new, "ask"), (move.new, "arrange"), (move.previous, "archive")):
        await hub.tell(move.about(matter)[action])
    view = await move.previous.matter(ChildMoveView, matter)
    assert view.state == "closed"
    endings = {duty.kind: duty.ending for duty in view.duties}
    assert endings[DutyKind.INFORM_BEFORE] == "met"
    assert endings[DutyKind.ACQUAINTANCE] == "withdrawn"


async def test_a_cancelled_move_leaves_no_duty_open(move: Move) -> None:
    matter = await move.begun("place")
    assert (await move.new.tell(move.about(matter)["cancel"])).state == "cancelled"
    for hub in (move.new, move.previous):
        view = await hub.matter(ChildMoveView, matter)
        assert view.content.cancelled is ChildMoveCancelled.FAMILY_WITHDREW
        left = [duty for duty in view.duties if duty.kind != DutyKind.PLACE_CHILD]
        assert {duty.ending for duty in left} == {"withdrawn"}


@pytest.mark.parametrize("state", STATES)
async def test_only_listed_steps_are_taken_by_their_role(play: Play, move: Move, state: str) -> None:
    matter = await move.begun(*STATES[state])
    hubs = {"new": move.new, "previous": move.previous, "stranger": play.stranger, "overseer": play.overseer}
    wrong = {"stranger": (404, "matters.not-found"), "overseer": (403, "access.scope-missing")}
    taken: list[tuple[str, str]] = []
    for role, hub in hubs.items():
        for action, statement in move.about(matter).items():
            if action in ALLOWED.get((state, role), set()):
                taken.append((role, action))
                continue
            with pytest.raises(HubRefusal) as refusal:
                await hub.tell(statement)
            expected = wrong.get(role, (409, "matters.step-not-allowed"))
            assert (refusal.value.status, refusal.value.code) == expected, (role, action)
    for role, action in taken:  # refusals have changed nothing: each is still as possible as it was
        at_first = await move.begun(*STATES[state])
        assert (await hubs[role].tell(move.about(at_first)[action])).matter == at_first
    assert (await move.new.matter_line(matter)).state == state
    assert len(await move.new.matter_statements(matter)) == 1 + len(STATES[state])


WRONG: list[tuple[str, str, dict[str, Any], str]] = [
    ("planned", "inform", {"exchange": uuid4()}, "transfers.exchange-does-not-fit"),
    ("planned", "inform", {"told_on": TODAY + timedelta(days=3)}, "days.in-the-future"),
    ("placed", "inform", {"told_on": TODAY - timedelta(days=1)}, "transfers.date-after-placement"),
    ("planned", "place", {"placed_on": TODAY + timedelta(days=3)}, "days.in-the-future"),
    ("visited", "place", {"placed_on": VISITED_ON - timedelta(days=1)}, "days.before-cause"),
    ("placed", "ask", {"exchange": uuid4()}, "transfers.exchange-does-not-fit"),
    ("placed", "archive", {"archived_on": VISITED_ON}, "days.before-cause"),
    ("placed", "arrange", {"begins_on": VISITED_ON}, "days.before-cause"),
]


@pytest.mark.parametrize(("state", "action", "changes", "code"), WRONG)
async def test_what_cannot_be_so_is_refused_and_changes_nothing(
    move: Move, state: str, action: str, changes: dict[str, Any], code: str
) -> None:
    matter = await move.begun(*{**STATES, "visited": ("acquaint",)}[state])
    before = await move.new.matter(ChildMoveView, matter)
    hub = move.previous if action in {"inform", "archive"} else move.new
    statement = move.about(matter)[action].model_copy(update=changes)
    with pytest.raises(HubRefusal) as refusal:
        await hub.tell(statement)
    assert refusal.value.code == code
    assert await move.new.matter(ChildMoveView, matter) == before


async def test_the_plan_is_asked_for_by_no_exchange_of_another_kind(move: Move) -> None:
    matter = await move.begun("place")
    asking = move.about(matter)["ask"].model_copy(update={"exchange": move.information})
    with pytest.raises(HubRefusal, match=r"transfers\.exchange-does-not-fit"):
        await move.new.tell(asking)


async def test_information_that_has_not_been_sent_informs_nobody(play: Play, move: Move) -> None:
    matter, unsent = await move.begun(), (await play.holder.tell(offer(play))).exchange
    with pytest.raises(HubRefusal, match=r"transfers\.information-not-sent"):
        await move.previous.tell(move.about(matter)["inform"].model_copy(update={"exchange": unsent}))


async def test_a_territory_that_there_is_not_is_refused_and_nothing_begins(play: Play, move: Move) -> None:
    before = await play.sql("SELECT count(*) FROM hub.matter")
    with pytest.raises(HubRefusal, match=r"transfers\.territory-unknown"):
        await move.new.tell(move.beginning(territory="LV-999"))
    assert await play.sql("SELECT count(*) FROM hub.matter") == before


async def test_a_statement_said_again_is_answered_as_the_first_was(move: Move) -> None:
    beginning = move.beginning()
    first = await move.new.tell(beginning)
    placing = move.about(first.matter)["place"]
    answered = await move.new.tell(placing)
    assert answered.warnings
    assert await move.new.tell(placing) == answered
    assert await move.new.tell(beginning) == first
    with pytest.raises(HubRefusal, match=r"matters\.identity-reused"):
        await move.new.tell(placing.model_copy(update={"placed_on": VISITED_ON}))


async def test_a_move_is_told_by_the_commands_of_two_centres_alone(play: Play, move: Move) -> None:
    async def by(hub: Hub, verb: str, *arguments: str) -> Any:
        return await done(play, hub, "child-move", verb, *arguments)

    days = {"visited": VISITED_ON.isoformat(), "placed": PLACED_ON.isoformat()}
    beginning = ("begin", "--child", CHILD, "--new", "Zemgale", "--despite", "other_family")
    begun = await by(move.previous, *beginning, "--territory", "LV-RIX")
    matter = begun["matter"]
    informing = ("--exchange", str(move.information), "--family-told", "family_in_person")
    await by(move.previous, "informed", matter, *informing, "--on", days["visited"])
    who = ("--participant", "new_family", "--participant", "specialists")
    await by(move.new, "meeting", matter, "--on", days["visited"], *who)
    code, said = await told(play, move.new, "child-move", "placed", matter, "--on", days["placed"])
    assert code == 0
    assert f"saikne child-move request-iap {matter}" in said
    assert "no visit of the new family before the placement is recorded" in said
    await by(move.previous, "acquaintance", matter, "--visit", days["visited"])
    await by(move.new, "iap-asked", matter, "--exchange", str(move.plan))
    archiving = ("--on", days["placed"], "--reference", "ARH-26/1")
    await by(move.previous, "iap-archived", matter, *archiving)
    ties = ("--kind", "visit", "--kind", "phone", "--regularity", "monthly", "--from", FROM.isoformat())
    assert (await by(move.new, "contact", matter, *ties))["state"] == "closed"
    code, said = await told(play, move.new, "matter", matter)
    for line in (
        f"Meetings before the move: {for_people(VISITED_ON)}; new family, specialists",
        f"Contact with the former family: visits, telephone; every month; {for_people(FROM)}",
        "Orphans' court (code): LV-RIX",
    ):
        assert line in said
    cancelling = ("child-move", "cancel", matter, "--reason", "recorded_by_mistake")
    assert await refused(play, move.new, *cancelling) == (1, "matters.step-not-allowed")


async def test_beginning_names_one_other_centre(play: Play, move: Move) -> None:
    for named in ((), ("--new", "Zemgale", "--previous", "Ligzda")):
        code, said = await told(play, move.previous, "child-move", "begin", "--child", CHILD, *named)
        assert code == 2
        assert "not both" in said
