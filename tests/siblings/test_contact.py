"""Contact of siblings: all agree to the same arrangement, and each files it for itself."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from hub.duties.duty import Basis
from hub.kernel.days import DateBeforeCause, DateInTheFuture
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Outcome, Scene
from hub.siblings.contact import (
    SIBLING_CONTACTS,
    Action,
    AgreedAlready,
    ChildrenDiffer,
    OtherProposal,
)
from saikne_schemas.child_vocabulary import SiblingContactRole, SiblingContactState
from saikne_schemas.matters import MatterStatement
from saikne_schemas.sibling_contacts import (
    AgreeContact,
    ChangeContact,
    DeclineContact,
    DifficultyFound,
    EndContact,
    ProposeContact,
    RecordedInCase,
    SiblingContact,
)
from saikne_schemas.vocabulary import DutyKind

OURS, SECOND, THIRD = (CentreId(uuid4()) for _ in range(3))
CENTRES = {OURS: ["A-1"], SECOND: ["B-1", "B-2"], THIRD: ["C-1"]}
TODAY = date(2026, 3, 23)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
MONTHLY = {"kinds": ["visit"], "regularity": "monthly", "support": ["organisational"]}
WEEKLY = {**MONTHLY, "kinds": ["phone"], "regularity": "weekly"}
NO_CALENDARS: Any = None
"""No rule of siblings' contact counts working days."""


def scene(author: CentreId = OURS) -> Scene:
    party, proposer = SiblingContactRole.PARTY, SiblingContactRole.PROPOSER
    roles = {OURS: proposer, SECOND: party, THIRD: party}
    return Scene(
        now=datetime(2026, 3, 23, 9, tzinfo=UTC),
        today=TODAY,
        author=author,
        roles=roles,
        calendars=NO_CALENDARS,
        policies={},
    )


def said(kind: type[MatterStatement], **fields: Any) -> Any:
    (schema,) = kind.model_fields["schema_"].annotation.__args__  # type: ignore[union-attr]
    given = {"matter": str(uuid4())} if kind is not ProposeContact else {}
    written = json.dumps({"schema": schema, "id": str(uuid4()), **given, **fields}, default=str)
    return kind.model_validate_json(written)


def proposal(**changes: Any) -> ProposeContact:
    centres = [{"centre": one, "children": children} for one, children in CENTRES.items()]
    fields = {"proposer": OURS, "centres": centres, "reasons": ["distance"], "arrangement": MONTHLY}
    statement: ProposeContact = said(ProposeContact, **{**fields, **changes})
    return statement


def opened() -> Outcome[SiblingContact]:
    rule: Any = SIBLING_CONTACTS.opening.rule
    outcome: Outcome[SiblingContact] = rule(proposal(), scene())
    return outcome


def proposed() -> SiblingContact:
    return opened().content


def then(contact: SiblingContact, author: CentreId, statement: MatterStatement) -> Outcome[SiblingContact]:
    (verb,) = (one for one in SIBLING_CONTACTS.verbs if one.statement is type(statement))
    rule: Any = verb.rule
    outcome: Outcome[SiblingContact] = rule(contact, statement, scene(author))
    return outcome


def agreeing(contact: SiblingContact) -> AgreeContact:
    statement: AgreeContact = said(AgreeContact, proposal=contact.proposal)
    return statement


def agreed() -> SiblingContact:
    contact = proposed()
    for one in (SECOND, THIRD):
        contact = then(contact, one, agreeing(contact)).content
    return contact


def test_a_proposal_is_agreed_to_by_its_author_and_told_to_all_others() -> None:
    outcome = opened()
    assert (outcome.content.agreed_by, outcome.content.arrangement) == ([OURS], None)
    assert outcome.tells == ((SECOND, "proposed"), (THIRD, "proposed"))
    assert [(one.kind, one.owner) for one in outcome.opens] == [
        (DutyKind.ANSWER_PROPOSAL, one) for one in (SECOND, THIRD)
    ]


def test_the_last_one_to_agree_makes_it_agreed_and_each_centre_owes_its_own_entry() -> None:
    contact = proposed()
    first = then(contact, SECOND, agreeing(contact))
    assert (first.to, first.content.arrangement, first.opens) == (None, None, ())
    assert first.facts == {"agreed": 2, "parties": 3}
    last = then(first.content, THIRD, agreeing(contact))
    assert (last.to, last.content.arrangement) == (SiblingContactState.AGREED, contact.proposed)
    assert (last.content.proposal, last.content.agreed_by, last.content.agreed_on) == (None, [], TODAY)
    assert [(one.kind, one.owner, one.starts_on, one.basis) for one in last.opens] == [
        (DutyKind.RECORD_CONTACT, one, TODAY, Basis.AGREED) for one in (OURS, SECOND, THIRD)
    ]


def test_nobody_agrees_twice_or_to_what_was_changed_meanwhile() -> None:
    contact = proposed()
    with pytest.raises(AgreedAlready):
        then(contact, OURS, agreeing(contact))
    changed = then(contact, THIRD, said(ChangeContact, arrangement=WEEKLY)).content
    assert changed.agreed_by == [THIRD]
    with pytest.raises(OtherProposal):
        then(changed, SECOND, agreeing(contact))
    with pytest.raises(OtherProposal):
        then(changed, SECOND, said(DeclineContact, proposal=contact.proposal, reason="family_means"))
    with pytest.raises(OtherProposal):
        then(agreed(), SECOND, agreeing(contact))


def test_a_change_that_is_declined_leaves_what_was_agreed() -> None:
    before = agreed()
    changed = then(before, SECOND, said(ChangeContact, arrangement=WEEKLY)).content
    assert changed.arrangement == before.arrangement
    declining = said(DeclineContact, proposal=changed.proposal, reason="family_means")
    outcome = then(changed, THIRD, declining)
    assert outcome.content.arrangement == before.arrangement
    assert (outcome.content.proposed, outcome.content.proposal) == (None, None)
    assert (outcome.meets, outcome.opens) == (((DutyKind.ANSWER_PROPOSAL, THIRD),), ())
    assert outcome.drops == (DutyKind.ANSWER_PROPOSAL,)
    assert outcome.tells == ((OURS, "declined"), (SECOND, "declined"))


def test_a_change_that_is_agreed_to_is_filed_anew_by_all() -> None:
    contact = then(agreed(), OURS, said(RecordedInCase, recorded_on=TODAY, children=["A-1"])).content
    contact = then(contact, SECOND, said(ChangeContact, arrangement=WEEKLY)).content
    contact = then(contact, OURS, agreeing(contact)).content
    outcome = then(contact, THIRD, agreeing(contact))
    assert outcome.content.arrangement is not None
    assert outcome.content.arrangement.regularity == "weekly"
    assert outcome.content.recorded == []
    assert outcome.drops == (DutyKind.RECORD_CONTACT,)
    assert [one.owner for one in outcome.opens] == [OURS, SECOND, THIRD]


def test_an_entry_meets_its_own_centres_duty_and_no_others() -> None:
    outcome = then(agreed(), SECOND, said(RecordedInCase, recorded_on=TODAY, children=["B-2", "B-1"]))
    assert outcome.meets == ((DutyKind.RECORD_CONTACT, SECOND),)
    assert [(one.centre, one.recorded_on) for one in outcome.content.recorded] == [(SECOND, TODAY)]


@pytest.mark.parametrize("children", [["B-1"], ["B-1", "B-2", "A-1"], ["A-1"]])
def test_an_entry_is_made_for_every_own_child_and_no_other(children: list[str]) -> None:
    with pytest.raises(ChildrenDiffer) as wrong:
        then(agreed(), SECOND, said(RecordedInCase, recorded_on=TODAY, children=children))
    assert wrong.value.facts == {"children": ["B-1", "B-2"]}


@pytest.mark.parametrize(("day", "refusal"), [(YESTERDAY, DateBeforeCause), (TOMORROW, DateInTheFuture)])
def test_nothing_is_filed_or_ended_before_it_was_agreed_on_or_tomorrow(
    day: date, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        then(agreed(), OURS, said(RecordedInCase, recorded_on=day, children=["A-1"]))
    with pytest.raises(refusal):
        then(agreed(), OURS, said(EndContact, ended_on=day, reason="left_care"))


def test_difficulties_stand_in_order_and_one_of_the_same_centre_and_day_is_corrected() -> None:
    def found(day: date, reason: str) -> DifficultyFound:
        statement: DifficultyFound = said(
            DifficultyFound, found_on=day, reasons=[reason], support=["informative"]
        )
        return statement

    contact = then(proposed(), SECOND, found(TODAY, "health")).content
    contact = then(contact, OURS, found(YESTERDAY, "conflict")).content
    outcome = then(contact, SECOND, found(TODAY, "distance"))
    assert [(one.centre, one.found_on, one.reasons) for one in outcome.content.difficulties] == [
        (OURS, YESTERDAY, ["conflict"]),
        (SECOND, TODAY, ["distance"]),
    ]
    with pytest.raises(DateInTheFuture):
        then(contact, SECOND, found(TOMORROW, "distance"))


def test_with_the_end_nothing_is_owed_and_nothing_is_proposed() -> None:
    contact = then(agreed(), SECOND, said(ChangeContact, arrangement=WEEKLY)).content
    outcome = then(contact, THIRD, said(EndContact, ended_on=TODAY, reason="children_together"))
    assert outcome.drops == (DutyKind.RECORD_CONTACT, DutyKind.ANSWER_PROPOSAL)
    assert (outcome.content.proposed, outcome.content.ended_on) == (None, TODAY)


def test_what_is_agreed_ends_for_all_by_anybodys_word() -> None:
    for state, role in product(
        (SiblingContactState.AGREED, SiblingContactState.CHANGING), SiblingContactRole
    ):
        assert SIBLING_CONTACTS.steps.leads(state, Action.END, role) == {SiblingContactState.ENDED}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"reasons": ["none", "distance"]}, "none stands alone"),
        ({"reasons": ["distance", "distance"]}, "each is named once"),
        ({"proposer": uuid4()}, "the proposer is one of the centres"),
        ({"centres": [{"centre": OURS, "children": ["A-1"]}]}, "at least 2"),
    ],
)
def test_a_proposal_that_contradicts_itself_is_malformed(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        proposal(**changes)
