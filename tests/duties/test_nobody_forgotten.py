"""In every state that is neither final nor at rest somebody owes the next step by a day (design.md 9).

Every workflow is walked through its step table: from each situation that was reached every statement is tried
by every centre, and what the rules open and end is kept in a ledger. A pair of state and action that no try
takes, or a state that nobody reaches, fails the test as well: what was not tried proves nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

import pytest

from hub.agreements.agreement import AGREEMENTS
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import AnyVerb, Knowing, Outcome, Scene, Workflow
from hub.plans.casework.dispatching import NOTHING, dispatching
from hub.plans.casework.plans import SUPPORT_PLANS
from hub.plans.sending import Prepared, lapsed, mailed, undelivered
from hub.plans.steps import Action, Hand
from hub.plans.talks import nears
from hub.sealing.archive import document_name
from hub.siblings.contact import SIBLING_CONTACTS
from hub.training.casework.ceilings import CEILINGS
from hub.training.casework.trainings import TRAININGS
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.plan_lists import ConfirmedHow, PlanUndelivered
from saikne_schemas.plan_sendings import PlanDispatch, PlanPasswordAgain, PlanProlong
from saikne_schemas.plan_talks import TalkHeld, TalkNeeded
from saikne_schemas.plans import ActivityAdded, ActivityEnded, PlanClosed, PlanConfirmed, PlanSent
from saikne_schemas.sibling_contacts import (
    AgreeContact,
    DeclineContact,
    EndContact,
    ProposeContact,
    RecordedInCase,
)
from saikne_schemas.vocabulary import DutyKind

PLANS = replace(SUPPORT_PLANS, verbs=(*SUPPORT_PLANS.verbs, dispatching(NOTHING)))
"""With what the hub sends, which needs more than being taken."""
WALKED: tuple[Workflow[Any], ...] = (AGREEMENTS, TRAININGS, SIBLING_CONTACTS, PLANS, CEILINGS)
AT_MOST = 6000
"""Situations of one workflow; the walk ends long before."""
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOON.date()
CALENDARS = seed_calendars()
Owner = tuple[DutyKind, CentreId]
Fields = Mapping[str, Any]


CENTRES: Any = EXAMPLES[ProposeContact]["centres"]
ONLY_TOLD: Mapping[str, Any] = {
    **dict.fromkeys(("proposal", "services", "reports", "plan_sha256", "talks", "next_talk"), True),
    **dict.fromkeys(("confirmed_how", "corrections_needed"), True),
    **dict.fromkeys(("address", "archive_channel", "password_channel", "archive_sha256"), True),
    "activities": {"__all__": {"sent_on", "agreed_how", "marked_on"}},
    "sending": {"mailed_on", "undelivered", "answer_by", "prolonged"},
}
"""What no rule asks for again."""


@dataclass(frozen=True)
class Situation:
    state: StrEnum
    content: Any
    open: frozenset[Owner]
    """What is owed, and by whom."""

    @property
    def key(self) -> tuple[StrEnum, str, frozenset[Owner]]:
        """Of a plan that is closed its rules ask nothing but why."""
        if over := getattr(self.content, "closed_because", None):
            return self.state, str(over), self.open
        return self.state, self.content.model_dump_json(exclude=dict(ONLY_TOLD)), self.open


def _confirmations(plan: Any, _: CentreId) -> Iterator[Fields]:
    day = {"confirmed_on": TODAY} if plan.sent_on == TODAY else {}
    yield day
    yield {"corrections_needed": True, "agreed": False, **day}
    days = [{"no": one.no, "on": TODAY} for one in plan.activities]
    for signed in (days, days[1:], days[:1]):
        yield {
            "how": ConfirmedHow.IN_PERSON,
            **dict.fromkeys(("received", "corrections_needed", "agreed")),
            "signed": signed,
            "confirmed_on": TODAY,
        }


def _sendings(plan: Any, _: CentreId) -> Iterator[Fields]:
    """A supplement is younger than the example's day."""
    example: Any = EXAMPLES[PlanSent]
    supplemented = any(str(one.added_on) > example["sent_on"] for one in plan.activities)
    yield {"sent_on": TODAY} if supplemented else {}


def _marks(plan: Any, _: CentreId) -> Iterator[Fields]:
    """The last one, and the one before: enough for some to be left and for none."""
    for one in plan.activities[-2:]:
        yield {"no": one.no, "mark": "no_longer_relevant", "on": TODAY}


def _additions(plan: Any, _: CentreId) -> Iterator[Fields]:
    if len(plan.activities) < MOST_ACTIVITIES:
        example: Any = EXAMPLES[ActivityAdded]["activity"]
        yield {"activity": {**example, "no": len(plan.activities) + 1}}


def _to_what_is_proposed(contact: Any, _: CentreId) -> Iterator[Fields]:
    if contact.proposal is not None:
        yield {"proposal": contact.proposal}


def _own_children(contact: Any, author: CentreId) -> Iterator[Fields]:
    for one in contact.centres:
        if one.centre == author:
            yield {"children": list(one.children), "recorded_on": TODAY}


def _of_the_last_sending(plan: Any, _: CentreId) -> Iterator[Fields]:
    if plan.sending is not None and plan.sending.prolonged == 0:
        yield {"number": plan.sending.number}


def _prepared() -> Prepared:
    said: Any = EXAMPLES[PlanDispatch]
    sealed = [
        (one["no"], document_name(one["no"], one["media_type"]), one["bytes"], bytes.fromhex(one["sha256"]))
        for one in said["documents"]
    ]
    return Prepared(1, bytes.fromhex(said["recipient_sha256"]), sealed)


KNOWN: Mapping[type[Any], Any] = {PlanDispatch: _prepared()}
"""What is looked up for a statement, where nothing would not do."""
BY_THE_HUB: Mapping[StrEnum, tuple[tuple[StrEnum, Callable[[Any, Scene], Outcome[Any]]], ...]] = {
    SUPPORT_PLANS.kind: (
        (Action.MAIL, mailed),
        (Action.FAIL, partial(undelivered, PlanUndelivered.ARCHIVE)),
        (Action.LAPSE, lapsed),
    )
}
"""What moves a record without a statement; only where it has begun."""
MOST_ACTIVITIES = 4
FAR = {"by": date(2027, 2, 1)}
"""A talk that is not owed yet: `tests/plans/test_talks.py` has those that are."""
YEAR_OVER = {"reason": "year_over", "closed_on": TODAY, "exit_talk_on": None}
VARIANTS: Mapping[type[Any], Callable[[Any, CentreId], Iterator[Fields]]] = {
    PlanConfirmed: _confirmations,
    PlanSent: _sendings,
    PlanClosed: lambda _plan, _author: iter([{"closed_on": TODAY}, YEAR_OVER]),
    TalkHeld: lambda _plan, _author: iter([{}]),
    TalkNeeded: lambda _plan, _author: iter([FAR]),
    PlanProlong: _of_the_last_sending,
    PlanPasswordAgain: _of_the_last_sending,
    ActivityEnded: _marks,
    ActivityAdded: _additions,
    AgreeContact: _to_what_is_proposed,
    DeclineContact: _to_what_is_proposed,
    RecordedInCase: _own_children,
    EndContact: lambda _contact, _author: iter([{"ended_on": TODAY}]),
}
"""What a statement says in a situation where its published example does not fit, or not alone."""


THIRD = {"centre": "6e1f4a90-3c2b-4d7e-8a55-0b9c1d2e3f40", "children": ["BM-0177"]}
OF_THREE: Fields = {"centres": [*CENTRES, THIRD]}
"""That one centre more has agreed is told before all have."""


def of(kind: type[Any], changes: Fields) -> Any:
    said = {name: value for name, value in {**EXAMPLES[kind], **changes}.items() if value is not None}
    return kind.model_validate_json(json.dumps(said, default=str))


def scene(author: CentreId, roles: Mapping[CentreId, StrEnum]) -> Scene:
    policies = dict.fromkeys(roles, Policy.STATUTORY)
    return Scene(now=NOON, today=TODAY, author=author, roles=roles, calendars=CALENDARS, policies=policies)


def ruled(rule: Any, *asked: Any) -> Outcome[Any]:
    known = next((KNOWN[type(one)] for one in asked if type(one) in KNOWN), None)
    outcome: Outcome[Any] = (rule.told(known) if isinstance(rule, Knowing) else rule)(*asked)
    return outcome


def owed_after(before: frozenset[Owner], outcome: Outcome[Any]) -> frozenset[Owner]:
    """As the engine does it: what ends, ends first."""
    ended = (*outcome.meets, *outcome.drops)
    left = {one for one in before if one not in ended and one[0] not in ended}
    for owed in outcome.opens:
        assert (owed.kind, owed.owner) not in left, f"{owed.kind} is opened twice"
        left.add((owed.kind, owed.owner))
    return frozenset(left)


class Walk:
    """All situations of one workflow that its statements lead to."""

    def __init__(self, workflow: Workflow[Any], changes: Fields | None = None) -> None:
        """With other parties than in the published example only the first steps are tried."""
        self.workflow = workflow
        opening = workflow.opening
        manifest = of(opening.statement, changes or {})
        self.roles = {CentreId(one): role for one, role in opening.parties(manifest)}
        self.taken: set[tuple[StrEnum, StrEnum]] = set()
        self.silent: set[tuple[StrEnum, StrEnum]] = set()
        """What ends it, and in which role a party is that is not told."""
        self.unheard: set[str] = set()
        """Statements of which somebody else was not told, by their operation."""
        self.sent: set[str] = set()
        first = [
            Situation(opening.state, outcome.content, owed_after(frozenset(), outcome))
            for one, role in self.roles.items()
            if opening.by in {None, role}
            for outcome in [self.told(ruled(opening.rule, manifest, scene(one, self.roles)))]
        ]
        self.reached = {one.key: one for one in first}
        waiting = list(self.reached.values())
        while waiting and len(self.reached) < AT_MOST:
            for after in self.next(waiting.pop()):
                if after.key not in self.reached and changes is None:
                    self.reached[after.key] = after
                    waiting.append(after)
        assert not waiting, f"{workflow.kind} was not walked to its end"

    def next(self, here: Situation) -> Iterator[Situation]:
        for verb in self.workflow.verbs:
            for author in self.roles:
                yield from self.tried(here, verb, author)
        yield from self.happening(here)

    def happening(self, here: Situation) -> Iterator[Situation]:
        """What the hub does by itself, in the place of the first party."""
        in_place_of = next(iter(self.roles))
        for action, rule in BY_THE_HUB.get(self.workflow.kind, ()):
            if here.content.sending is None or not self.workflow.steps.leads(here.state, action, Hand.HUB):
                continue
            outcome = self.told(rule(here.content, scene(in_place_of, self.roles)))
            step = self.workflow.steps.take(here.state, action, Hand.HUB, outcome.to)
            self.taken.add((here.state, action))
            yield Situation(step.state, outcome.content, owed_after(here.open, outcome))

    def told(self, outcome: Outcome[Any]) -> Outcome[Any]:
        """Notices go to parties, and to nobody else."""
        assert {to for to, _ in outcome.tells} <= self.roles.keys()
        self.sent |= {notice for _, notice in outcome.tells}
        return outcome

    def tried(self, here: Situation, verb: AnyVerb[Any, Any, Any], author: CentreId) -> Iterator[Situation]:
        variants = VARIANTS.get(verb.statement)
        for changes in variants(here.content, author) if variants else ({},):
            manifest = of(verb.statement, changes)
            action = verb.action if isinstance(verb.action, StrEnum) else verb.action(manifest)
            at = (here.state, action, self.roles[author])
            try:
                self.workflow.steps.require(*at)
                outcome = ruled(verb.rule, here.content, manifest, scene(author, self.roles))
                step = self.workflow.steps.take(*at, outcome.to)
            except Refusal:
                continue
            self.taken.add((here.state, action))
            untold = self.roles.keys() - {author} - {to for to, _ in self.told(outcome).tells}
            self.unheard |= {verb.operation} if untold else set()
            if step.state in final(self.workflow):
                self.silent |= {(action, self.roles[one]) for one in untold}
            yield Situation(step.state, outcome.content, owed_after(here.open, outcome))


@pytest.fixture(scope="module", params=WALKED, ids=lambda workflow: str(workflow.kind))
def walk(request: pytest.FixtureRequest) -> Walk:
    return Walk(request.param)


def final(workflow: Workflow[Any]) -> set[StrEnum]:
    """No step leads on."""
    return set(workflow.states) - {state for state, _ in workflow.steps.listed}


def test_every_step_of_the_table_was_taken_and_every_state_reached(walk: Walk) -> None:
    listed = set(walk.workflow.steps.listed)
    assert listed - walk.taken == set()
    assert set(walk.workflow.states) - {one.state for one in walk.reached.values()} == set()


def test_somebody_owes_the_next_step(walk: Walk) -> None:
    nobody = final(walk.workflow) | walk.workflow.at_rest
    forgotten = {one.state for one in walk.reached.values() if one.state not in nobody and not one.open}
    assert forgotten == set()


def test_nothing_is_owed_where_nothing_is_left_to_do(walk: Walk) -> None:
    over = final(walk.workflow)
    assert {(one.state, one.open) for one in walk.reached.values() if one.state in over and one.open} == set()


def test_nothing_ends_silently(walk: Walk) -> None:
    assert walk.silent == set()


def test_every_statement_is_told_to_the_other_parties_or_says_why_not(walk: Walk) -> None:
    """A reason beside what is told is none: both sets are the same."""
    alone = len(walk.roles) == 1
    assert walk.unheard == {verb.operation for verb in walk.workflow.verbs if verb.untold and not alone}


def test_every_notice_of_the_workflow_is_sent_by_some_step_and_no_other_one(walk: Walk) -> None:
    if walk.workflow is PLANS:  # no step: time brings it
        plan = next(one.content for one in walk.reached.values())
        walk.told(nears(plan, scene(next(iter(walk.roles)), walk.roles)))
    of_three = Walk(SIBLING_CONTACTS, OF_THREE).sent if walk.workflow is SIBLING_CONTACTS else set()
    assert walk.sent | of_three == walk.workflow.notices


def test_what_is_made_up_for_is_what_the_steps_have_opened(walk: Walk) -> None:
    """So that what an older version has left open gets its owners, and nothing is owed twice."""
    author = next(iter(walk.roles))
    differing = {
        (one.state, one.open ^ owed)
        for one in walk.reached.values()
        for owed in [_awaited(walk.workflow, one, scene(author, walk.roles))]
        if one.state not in final(walk.workflow) and owed != one.open
    }
    assert differing == set()


def _awaited(workflow: Workflow[Any], here: Situation, at: Scene) -> frozenset[Owner]:
    return frozenset((one.kind, one.owner) for one in workflow.awaited(here.content, here.state, at))


def test_every_owner_is_a_party(walk: Walk) -> None:
    owners = {owner for one in walk.reached.values() for _, owner in one.open}
    assert owners <= set(walk.roles)


def test_today_is_a_day_that_the_calendars_know() -> None:
    assert CALENDARS.statutory.reason(date(TODAY.year, 12, 24))
