"""When contact of siblings is agreed on, by whom, and who must file it.

Source: method S10, S116-S121. Every centre agrees to the same arrangement, which it names by the statement
that proposed it: nobody agrees to what was changed meanwhile. A change that is not agreed to leaves what was
agreed before. Each centre owes that it files the agreement in its own family's case and children's plans.
"""

from enum import StrEnum
from uuid import UUID

from hub.duties.duty import Basis
from hub.evidence.event import EventKind
from hub.kernel import days
from hub.kernel.days import happened
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.kernel.steps import Steps
from hub.matters.workflow import Opening, Outcome, Owed, Scene, Verb, Workflow, table
from saikne_schemas.child_vocabulary import SiblingContactRole, SiblingContactState
from saikne_schemas.sibling_contacts import (
    AgreeContact,
    Arrangement,
    ArrangementView,
    ChangeContact,
    ContactCentreView,
    DeclineContact,
    DifficultyFound,
    EndContact,
    FoundDifficulty,
    ProposeContact,
    Recorded,
    RecordedInCase,
    SiblingContact,
    SiblingContactView,
)
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.vocabulary import Workflow as Kind


class OtherProposal(Refusal):
    """Another arrangement is proposed by now than the one that the statement names."""

    code = "siblings.other-proposal"


class AgreedAlready(Refusal):
    code = "siblings.agreed-already"


class ChildrenDiffer(Refusal):
    """It is filed in the plans of all own children, and of no others."""

    code = "siblings.children-differ"


class Action(StrEnum):
    AGREE = "agree"
    DECLINE = "decline"
    CHANGE = "change"
    FIND = "find"
    RECORD = "record"
    END = "end"


_STATE, _ROLE = SiblingContactState, SiblingContactRole


def _all(*states: SiblingContactState) -> dict[SiblingContactRole, frozenset[SiblingContactState]]:
    """Every centre may, whoever proposed."""
    return dict.fromkeys(SiblingContactRole, frozenset(states))


STEPS: Steps[SiblingContactState, Action, SiblingContactRole] = table(
    {
        (_STATE.PROPOSED, Action.AGREE): _all(_STATE.PROPOSED, _STATE.AGREED),
        (_STATE.PROPOSED, Action.DECLINE): _all(_STATE.DECLINED),
        (_STATE.PROPOSED, Action.CHANGE): _all(_STATE.PROPOSED),
        (_STATE.PROPOSED, Action.FIND): _all(_STATE.PROPOSED),
        (_STATE.AGREED, Action.CHANGE): _all(_STATE.CHANGING),
        (_STATE.AGREED, Action.FIND): _all(_STATE.AGREED),
        (_STATE.AGREED, Action.RECORD): _all(_STATE.AGREED),
        (_STATE.AGREED, Action.END): _all(_STATE.ENDED),
        (_STATE.CHANGING, Action.AGREE): _all(_STATE.CHANGING, _STATE.AGREED),
        (_STATE.CHANGING, Action.DECLINE): _all(_STATE.AGREED),
        (_STATE.CHANGING, Action.CHANGE): _all(_STATE.CHANGING),
        (_STATE.CHANGING, Action.FIND): _all(_STATE.CHANGING),
        (_STATE.CHANGING, Action.RECORD): _all(_STATE.CHANGING),
        (_STATE.CHANGING, Action.END): _all(_STATE.ENDED),
    }
)
_NOTHING_PROPOSED: dict[str, object] = {"proposed": None, "proposal": None, "agreed_by": []}


def _parties(proposal: ProposeContact) -> list[tuple[UUID, SiblingContactRole]]:
    return [
        (one.centre, _ROLE.PROPOSER if one.centre == proposal.proposer else _ROLE.PARTY)
        for one in proposal.centres
    ]


def _propose(proposal: ProposeContact, scene: Scene) -> Outcome[SiblingContact]:
    contact = SiblingContact(
        centres=[ContactCentreView(centre=one.centre, children=one.children) for one in proposal.centres],
        reasons=proposal.reasons,
        decisions=proposal.decisions,
        proposed=_shown(proposal.arrangement),
        proposal=proposal.id,
        agreed_by=[scene.author],
    )
    return Outcome(contact, opens=_to_answer(contact, scene), tells=_to_others(scene, "proposed"))


def awaited(contact: SiblingContact, _: SiblingContactState, scene: Scene) -> tuple[Owed, ...]:
    """Who has to agree or decline, and who has to file what is agreed."""
    return (*_to_answer(contact, scene), *_to_record(contact, scene))


def _to_answer(contact: SiblingContact, scene: Scene) -> tuple[Owed, ...]:
    """What is proposed, every centre that has not agreed to it; the first to agree is who proposed it."""
    kind, basis = DutyKind.ANSWER_PROPOSAL, Basis.PROPOSED
    silent = [one for one in scene.roles if contact.proposed and one not in contact.agreed_by]
    return tuple(Owed(kind, one, scene.today, basis, (CentreId(contact.agreed_by[0]),)) for one in silent)


def _to_record(contact: SiblingContact, scene: Scene) -> tuple[Owed, ...]:
    """What is agreed, every centre that has not filed it."""
    recorded = {one.centre for one in contact.recorded}
    lacking = [one for one in scene.roles if contact.arrangement and one not in recorded]
    return tuple(Owed(DutyKind.RECORD_CONTACT, one, scene.today, Basis.AGREED) for one in lacking)


def _agree(contact: SiblingContact, said: AgreeContact, scene: Scene) -> Outcome[SiblingContact]:
    """The last one that was missing makes it agreed."""
    _is_proposed(said.proposal, contact)
    if scene.author in contact.agreed_by:
        raise AgreedAlready
    agreed_by = [*contact.agreed_by, scene.author]
    answered = ((DutyKind.ANSWER_PROPOSAL, scene.author),)
    facts = {"agreed": len(agreed_by), "parties": len(scene.roles)}
    if len(agreed_by) < len(scene.roles):
        waiting = contact.model_copy(update={"agreed_by": agreed_by})
        return Outcome(waiting, meets=answered, tells=_to_others(scene, "joined"), facts=facts)
    agreed = contact.model_copy(
        update=_NOTHING_PROPOSED
        | {"arrangement": contact.proposed, "agreed_on": scene.today, "declined": None, "recorded": []}
    )
    return Outcome(
        agreed,
        to=_STATE.AGREED,
        meets=answered,
        drops=(DutyKind.RECORD_CONTACT,),  # of what was agreed before: this takes its place
        opens=_to_record(agreed, scene),
        tells=tuple((one, "agreed") for one in scene.roles),
        facts=facts,
    )


def _decline(contact: SiblingContact, said: DeclineContact, scene: Scene) -> Outcome[SiblingContact]:
    _is_proposed(said.proposal, contact)
    declined = contact.model_copy(update=_NOTHING_PROPOSED | {"declined": said.reason})
    return Outcome(
        declined,
        meets=((DutyKind.ANSWER_PROPOSAL, scene.author),),
        drops=(DutyKind.ANSWER_PROPOSAL,),  # nobody else has to answer any more
        tells=_to_others(scene, "declined"),
        facts={"reason": said.reason.value},
    )


def _change(contact: SiblingContact, said: ChangeContact, scene: Scene) -> Outcome[SiblingContact]:
    proposed = {"proposed": _shown(said.arrangement), "proposal": said.id, "agreed_by": [scene.author]}
    changed = contact.model_copy(update=proposed)
    return Outcome(
        changed,
        drops=(DutyKind.ANSWER_PROPOSAL,),
        opens=_to_answer(changed, scene),
        tells=_to_others(scene, "changed"),
    )


def _find(contact: SiblingContact, said: DifficultyFound, scene: Scene) -> Outcome[SiblingContact]:
    """One a day and centre: told again, it is corrected."""
    happened(said.found_on, scene.today)
    found = FoundDifficulty(
        centre=scene.author, found_on=said.found_on, reasons=said.reasons, support=said.support
    )
    others = [
        one for one in contact.difficulties if (one.centre, one.found_on) != (found.centre, found.found_on)
    ]
    known = sorted([*others, found], key=lambda one: (one.found_on, str(one.centre)))
    return Outcome(
        contact.model_copy(update={"difficulties": known}), tells=_to_others(scene, "difficulty_found")
    )


def _record(contact: SiblingContact, said: RecordedInCase, scene: Scene) -> Outcome[SiblingContact]:
    happened(said.recorded_on, scene.today, after=contact.agreed_on)
    (own,) = (one.children for one in contact.centres if one.centre == scene.author)
    if set(said.children) != set(own):
        raise ChildrenDiffer(children=list(own))
    recorded = [one for one in contact.recorded if one.centre != scene.author]
    recorded.append(Recorded(centre=scene.author, recorded_on=said.recorded_on))
    return Outcome(
        contact.model_copy(update={"recorded": recorded}),
        meets=((DutyKind.RECORD_CONTACT, scene.author),),
        done_on=said.recorded_on,
    )


def _end(contact: SiblingContact, said: EndContact, scene: Scene) -> Outcome[SiblingContact]:
    happened(said.ended_on, scene.today, after=contact.agreed_on)
    ended = contact.model_copy(update=_NOTHING_PROPOSED | {"ended": said.reason, "ended_on": said.ended_on})
    return Outcome(
        ended,
        drops=(DutyKind.RECORD_CONTACT, DutyKind.ANSWER_PROPOSAL),
        tells=_to_others(scene, "ended"),
        facts={"reason": said.reason.value},
    )


def _shown(arrangement: Arrangement) -> ArrangementView:
    return ArrangementView(
        kinds=arrangement.kinds,
        regularity=arrangement.regularity,
        support=arrangement.support,
        specialists=arrangement.specialists,
    )


def _is_proposed(proposal: UUID, contact: SiblingContact) -> None:
    if proposal != contact.proposal:
        raise OtherProposal


def _to_others(scene: Scene, notice: str) -> tuple[tuple[CentreId, str], ...]:
    return tuple((one, notice) for one in scene.roles if one != scene.author)


_EVENT = EventKind
SIBLING_CONTACTS: Workflow[SiblingContact] = Workflow(
    kind=Kind.SIBLING_CONTACT,
    content=SiblingContact,
    view=SiblingContactView,
    states=SiblingContactState,
    roles=SiblingContactRole,
    steps=STEPS,
    at_rest=frozenset({_STATE.AGREED}),
    awaited=awaited,
    forgets_in=frozenset({_STATE.DECLINED, _STATE.ENDED}),
    opening=Opening(
        statement=ProposeContact,
        operation="proposeSiblingContact",
        event=_EVENT.SIBLING_CONTACT_PROPOSED,
        state=_STATE.PROPOSED,
        parties=_parties,
        rule=_propose,
        by=_ROLE.PROPOSER,
    ),
    verbs=(
        Verb(
            statement=AgreeContact,
            operation="agreeSiblingContact",
            event=_EVENT.SIBLING_CONTACT_AGREED,
            action=Action.AGREE,
            rule=_agree,
            refuses=(OtherProposal, AgreedAlready),
        ),
        Verb(
            statement=DeclineContact,
            operation="declineSiblingContact",
            event=_EVENT.SIBLING_CONTACT_DECLINED,
            action=Action.DECLINE,
            rule=_decline,
            refuses=(OtherProposal,),
        ),
        Verb(
            statement=ChangeContact,
            operation="changeSiblingContact",
            event=_EVENT.SIBLING_CONTACT_CHANGED,
            action=Action.CHANGE,
            rule=_change,
        ),
        Verb(
            statement=DifficultyFound,
            operation="findSiblingContactDifficulty",
            event=_EVENT.SIBLING_CONTACT_DIFFICULTY_FOUND,
            action=Action.FIND,
            rule=_find,
            refuses=days.DONE,
        ),
        Verb(
            statement=RecordedInCase,
            operation="recordSiblingContact",
            event=_EVENT.SIBLING_CONTACT_RECORDED,
            action=Action.RECORD,
            rule=_record,
            refuses=(*days.DONE, ChildrenDiffer),
            untold="each centre files it in its own family's case (S120, S121)",
        ),
        Verb(
            statement=EndContact,
            operation="endSiblingContact",
            event=_EVENT.SIBLING_CONTACT_ENDED,
            action=Action.END,
            rule=_end,
            refuses=days.DONE,
        ),
    ),
    notices=frozenset({"proposed", "joined", "agreed", "declined", "changed", "difficulty_found", "ended"}),
)
