"""Centres of three families agree on contact of siblings, each files it, and nobody speaks for another."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from saikne import Hub, HubRefusal, compose
from saikne_schemas.child_vocabulary import (
    ContactDeclined,
    ContactDifficulty,
    ContactEnded,
    ContactKind,
    ContactSupport,
    Regularity,
)
from saikne_schemas.matters import DutyView, MatterStatement
from saikne_schemas.sibling_contacts import (
    AgreeContact,
    Arrangement,
    ChangeContact,
    ContactCentre,
    DeclineContact,
    DifficultyFound,
    EndContact,
    ProposeContact,
    RecordedInCase,
    SiblingContactView,
)
from tests.journeys.by_command import done, refused, told
from tests.journeys.play import Play

TODAY = date.today()  # noqa: DTZ011  # agreed on by the hub's clock a moment later: see `agreed_on`
OURS, THEIRS, THIRD = ["A-1"], ["B-1", "B-2"], ["C-1"]


def arrangement(kind: ContactKind = ContactKind.VISIT) -> Arrangement:
    return Arrangement(kinds=[kind], regularity=Regularity.MONTHLY, support=[ContactSupport.ORGANISATIONAL])


def proposal(play: Play, **changes: Any) -> ProposeContact:
    """Between the requester and the holder; `third` takes in the stranger."""
    sides = [(play.requester, OURS), (play.holder, THEIRS)]
    if changes.pop("third", False):
        sides.append((play.stranger, THIRD))
    fields = {
        "proposer": play.requester.credentials.centre,
        "centres": [ContactCentre(centre=hub.credentials.centre, children=own) for hub, own in sides],
        "reasons": [ContactDifficulty.DISTANCE],
        "arrangement": arrangement(),
    }
    return compose(ProposeContact, **{**fields, **changes})


async def view_of(hub: Hub, matter: UUID) -> SiblingContactView:
    return await hub.matter(SiblingContactView, matter)


async def proposed(play: Play, **changes: Any) -> UUID:
    return (await play.requester.tell(proposal(play, **changes))).matter


async def agree(hub: Hub, matter: UUID) -> str:
    proposal = (await view_of(hub, matter)).content.proposal
    assert proposal is not None
    return (await hub.tell(compose(AgreeContact, matter=matter, proposal=proposal))).state


async def agreed(play: Play) -> UUID:
    matter = await proposed(play)
    await agree(play.holder, matter)
    return matter


async def changing(play: Play) -> UUID:
    matter = await agreed(play)
    await play.requester.tell(compose(ChangeContact, matter=matter, arrangement=arrangement()))
    return matter


async def declined(play: Play) -> UUID:
    matter = await proposed(play)
    await play.holder.tell((await statements_about(play.holder, matter, THEIRS))["decline"])
    return matter


async def ended(play: Play) -> UUID:
    matter = await agreed(play)
    await play.holder.tell((await statements_about(play.holder, matter, THEIRS))["end"])
    return matter


async def statements_about(hub: Hub, matter: UUID, children: list[str]) -> dict[str, MatterStatement]:
    content = (await view_of(hub, matter)).content
    proposal, day = content.proposal or uuid4(), content.agreed_on or TODAY
    return {
        "agree": compose(AgreeContact, matter=matter, proposal=proposal),
        "decline": compose(
            DeclineContact, matter=matter, proposal=proposal, reason=ContactDeclined.FAMILY_MEANS
        ),
        "change": compose(ChangeContact, matter=matter, arrangement=arrangement(ContactKind.PHONE)),
        "find": compose(
            DifficultyFound,
            matter=matter,
            found_on=day - timedelta(days=1),
            reasons=[ContactDifficulty.SCHEDULES],
            support=[ContactSupport.INFORMATIVE],
        ),
        "record": compose(RecordedInCase, matter=matter, recorded_on=day, children=children),
        "end": compose(EndContact, matter=matter, ended_on=day, reason=ContactEnded.LEFT_CARE),
    }


async def to_file(hub: Hub, matter: UUID) -> list[DutyView]:
    return [duty for duty in (await view_of(hub, matter)).duties if duty.kind == "record_contact"]


async def test_three_centres_agree_and_each_files_it_for_itself(play: Play) -> None:
    matter = await proposed(play, third=True)
    assert await agree(play.stranger, matter) == "proposed"
    assert await agree(play.holder, matter) == "agreed"
    await play.mailed_about(matter, play.requester, "vienojušies")
    day = (await view_of(play.requester, matter)).content.agreed_on
    assert day is not None
    centres = ((play.requester, OURS), (play.holder, THEIRS), (play.stranger, THIRD))
    for place, (hub, own) in enumerate(centres, 1):
        (owed,) = await to_file(hub, matter)
        assert (owed.kind, owed.owner, owed.ended_at) == ("record_contact", hub.credentials.centre, None)
        await hub.tell(compose(RecordedInCase, matter=matter, recorded_on=day, children=own))
        (owed,) = await to_file(hub, matter)
        assert owed.ending == "met"
        still = await play.sql(
            "SELECT owner_id FROM hub.duty WHERE matter_id = $1 AND ended_at IS NULL AND stake = 'owes'",
            matter,
        )
        assert {row[0] for row in still} == {one.credentials.centre for one, _ in centres[place:]}
    recorded = (await view_of(play.holder, matter)).content.recorded
    assert len(recorded) == 3


async def test_what_is_changed_holds_when_all_have_agreed_to_it_and_not_before(play: Play) -> None:
    matter = await agreed(play)
    change = compose(ChangeContact, matter=matter, arrangement=arrangement(ContactKind.VIDEO))
    assert (await play.holder.tell(change)).state == "changing"
    content = (await view_of(play.requester, matter)).content
    assert content.arrangement is not None
    assert (content.arrangement.kinds, content.proposal) == ([ContactKind.VISIT], change.id)
    assert await agree(play.requester, matter) == "agreed"
    view = await view_of(play.requester, matter)
    assert view.content.arrangement is not None
    assert view.content.arrangement.kinds == [ContactKind.VIDEO]
    assert sorted(f"{duty.kind} {duty.ending}" for duty in view.duties) == [
        *("answer_proposal met", "answer_proposal met"),
        *("record_contact None", "record_contact withdrawn"),
    ]


async def test_a_declined_change_leaves_what_was_agreed(play: Play) -> None:
    matter = await changing(play)
    statements = await statements_about(play.holder, matter, THEIRS)
    assert (await play.holder.tell(statements["decline"])).state == "agreed"
    view = await view_of(play.holder, matter)
    assert view.content.arrangement is not None
    assert view.content.declined is ContactDeclined.FAMILY_MEANS
    assert [duty.ending for duty in view.duties if duty.kind == "record_contact"] == [None]
    assert {duty.ending for duty in view.duties if duty.kind == "answer_proposal"} == {"met"}


STATES = {
    "proposed": proposed,
    "agreed": agreed,
    "changing": changing,
    "declined": declined,
    "ended": ended,
}
IN_FORCE = {"change", "find", "record", "end"}
ALLOWED = {
    "proposed": {"agree", "decline", "change", "find"},
    "agreed": IN_FORCE,
    "changing": IN_FORCE | {"agree", "decline"},
    "declined": set(),
    "ended": set(),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["proposer", "party", "stranger", "overseer"])
async def test_only_listed_steps_are_taken_by_a_party(play: Play, state: str, role: str) -> None:
    at_first = await STATES[state](play)
    hubs = {"proposer": play.requester, "party": play.holder, "stranger": play.stranger}
    hub, own = hubs.get(role, play.overseer), OURS if role == "proposer" else THEIRS
    wrong = {"stranger": (404, "matters.not-found"), "overseer": (403, "access.scope-missing")}
    for action in ("agree", "decline", "change", "find", "record", "end"):
        allowed = role not in wrong and action in ALLOWED[state]
        matter = await STATES[state](play) if allowed else at_first
        statement = (await statements_about(play.requester, matter, own))[action]
        if allowed and not (action == "agree" and role == "proposer"):  # what stands proposed is its own
            assert (await hub.tell(statement)).matter == matter
            continue
        with pytest.raises(HubRefusal) as refusal:
            await hub.tell(statement)
        code = "siblings.agreed-already" if allowed else "matters.step-not-allowed"
        assert (refusal.value.status, refusal.value.code) == wrong.get(role, (409, code)), action
    assert (await play.requester.matter_line(at_first)).state == state


async def test_what_was_changed_meanwhile_is_not_agreed_to(play: Play) -> None:
    matter = await proposed(play)
    agreeing = (await statements_about(play.holder, matter, THEIRS))["agree"]
    await play.requester.tell(compose(ChangeContact, matter=matter, arrangement=arrangement()))
    before = await view_of(play.holder, matter)
    with pytest.raises(HubRefusal, match=r"siblings\.other-proposal"):
        await play.holder.tell(agreeing)
    assert await view_of(play.holder, matter) == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"children": ["B-1"]}, "siblings.children-differ"),
        ({"recorded_on": date(2026, 1, 5)}, "days.before-cause"),
        ({"recorded_on": date(2099, 1, 5)}, "days.in-the-future"),
    ],
)
async def test_an_entry_that_cannot_be_so_is_refused_and_changes_nothing(
    play: Play, changes: dict[str, Any], code: str
) -> None:
    matter = await agreed(play)
    before = await view_of(play.holder, matter)
    statement = (await statements_about(play.holder, matter, THEIRS))["record"]
    with pytest.raises(HubRefusal) as refusal:
        await play.holder.tell(statement.model_copy(update=changes))
    assert refusal.value.code == code
    assert await view_of(play.holder, matter) == before


async def test_nobody_proposes_in_the_name_of_another(play: Play) -> None:
    before = await play.sql("SELECT count(*) FROM hub.matter")
    with pytest.raises(HubRefusal, match=r"matters\.step-not-allowed"):
        await play.holder.tell(proposal(play))
    twice = [*proposal(play).centres, proposal(play).centres[0]]
    with pytest.raises(HubRefusal, match=r"matters\.party-unknown"):
        await play.requester.tell(proposal(play, centres=twice))
    assert await play.sql("SELECT count(*) FROM hub.matter") == before


async def test_a_statement_said_again_is_answered_as_the_first_was(play: Play) -> None:
    statement = proposal(play)
    first = await play.requester.tell(statement)
    agreeing = (await statements_about(play.holder, first.matter, THEIRS))["agree"]
    answered = await play.holder.tell(agreeing)
    assert answered.state == "agreed"
    assert await play.holder.tell(agreeing) == answered
    assert await play.requester.tell(statement) == first
    assert len((await view_of(play.holder, first.matter)).duties) == 2  # to answer, and to file


async def test_contact_is_agreed_on_and_filed_by_commands_alone(play: Play, tmp_path: Path) -> None:
    async def by(hub: Hub, verb: str, *arguments: str) -> Any:
        return await done(play, hub, "siblings", verb, *arguments)

    phone = ("--kind", "phone", "--regularity", "weekly", "--support", "informative")
    who = ("--child", "A-1", "--with", "Ligzda=B-1,B-2", "--reason", "distance", "--reason", "health")
    matter = (await by(play.requester, "propose", *who, *phone, "--decision", "1-6/26/118"))["matter"]
    assert await refused(play, play.holder, "siblings", "text", matter) == (2, "contact.not-agreed")
    assert (await by(play.holder, "agree", matter))["state"] == "agreed"
    visits = ("--kind", "visit", "--regularity", "monthly", "--support", "organisational")
    await by(play.holder, "change", matter, *visits, "--specialist", "mediator")
    await by(play.requester, "decline", matter, "--reason", "family_means")
    day = (await view_of(play.holder, UUID(matter))).content.agreed_on
    on = ("--on", f"{day}")
    trouble = ("--reason", "schedules", "--support", "psychosocial")
    await by(play.holder, "difficulty", matter, *on, *trouble)
    file = tmp_path / "texts.txt"
    texts = await by(play.holder, "text", matter, "--to", str(file))
    assert list(texts["plans"]) == ["B-1", "B-2"]
    assert file.read_text() == "\n".join([texts["case"], *texts["plans"].values()])
    code, printed = await told(play, play.holder, "siblings", "text", matter)
    assert (code, printed) == (0, file.read_text())
    assert "Kinds of contact: telephone." in texts["plans"]["B-2"]
    assert (await by(play.holder, "recorded", matter, *on))["state"] == "agreed"
    code, said = await told(play, play.requester, "matter", matter)
    assert "Agreed: telephone; every week; informative" in said
    assert f"Filed by: Ligzda; {day:%d.%m.%Y}" in said
    assert (await by(play.requester, "end", matter, *on, "--reason", "court_decision"))["state"] == "ended"


async def test_a_centre_with_its_children_is_written_as_the_help_says(play: Play) -> None:
    phone = ("--kind", "phone", "--regularity", "weekly", "--support", "informative")
    who = ("--child", "A-1", "--with", "Ligzda", "--reason", "distance")
    code, said = await told(play, play.requester, "siblings", "propose", *who, *phone)
    assert code == 2
    assert "CENTRE=CHILD,CHILD" in said
