"""Every state, every action, every role: what the table lists, and nothing else."""

from itertools import product

import pytest

from hub.exchange.steps import STEPS, Action, Role, StepNotAllowed
from saikne_schemas.vocabulary import ExchangeState as State

LISTED = """
requested   answer           holder     preparing
requested   withdraw         requester  withdrawn
requested   take_back        holder     withdrawn
preparing   take_back        holder     withdrawn
preparing   seal             holder     preparing
preparing   discard          holder     requested
preparing   abandon          hub        requested
preparing   dispatch         holder     dispatched
preparing   withdraw         requester  withdrawn
dispatched  reveal           holder     dispatched
dispatched  hand_over_again  requester  dispatched
dispatched  prolong  requester  dispatched
dispatched  collect          requester  dispatched
dispatched  confirm          requester  confirmed
dispatched  dispute          requester  disputed
dispatched  lapse            hub        lapsed
lapsed      confirm          requester  confirmed
lapsed      dispute          requester  disputed
lapsed      collect          requester  lapsed
lapsed      answer           holder     preparing
disputed    answer           holder     preparing
disputed    withdraw         requester  withdrawn
confirmed   collect          requester  confirmed
requested   refuse  holder  refused
preparing   refuse  holder  refused
disputed    refuse  holder  refused
refused     dispute_refusal  requester  disputed
refused     accept_refusal  requester  refused
requested   supplement       requester  requested
preparing   supplement       requester  requested
confirmed   supplement       requester  requested
requested   tell_received  holder  requested
requested   propose_extension  holder  requested
requested   accept_extension  requester  requested
requested   decline_extension  requester  requested
preparing   propose_extension  holder  preparing
preparing   accept_extension  requester  preparing
preparing   decline_extension  requester  preparing
disputed    propose_extension  holder  disputed
disputed    accept_extension  requester  disputed
disputed    decline_extension  requester  disputed
requested   answer_on_paper  holder  preparing
lapsed      answer_on_paper  holder  preparing
disputed    answer_on_paper  holder  preparing
preparing   hand_over_in_person  holder  dispatched
preparing   post  holder  dispatched
dispatched  correct_item  holder  dispatched
dispatched  tell_post_delivered  holder  dispatched
dispatched  tell_post_returned  holder  disputed
dispatched  confirm_paper  requester  confirmed
dispatched  tell_wrong_recipient  requester  frozen
dispatched  tell_wrong_recipient  holder  frozen
lapsed      tell_wrong_recipient  requester  frozen
lapsed      tell_wrong_recipient  holder  frozen
confirmed   tell_wrong_recipient  requester  frozen
confirmed   tell_wrong_recipient  holder  frozen
frozen      resolve  holder  disputed
"""
ALLOWED = {
    (State(state), Action(action), Role(role)): State(after)
    for state, action, role, after in (line.split() for line in LISTED.split("\n") if line)
}


def test_the_table_lists_these_steps_and_no_others() -> None:
    every = product(State, Action, Role)
    assert {one: after for one in every if (after := STEPS.leads(*one))} == {
        one: {after} for one, after in ALLOWED.items()
    }


def test_what_is_not_listed_is_refused_with_what_was_asked() -> None:
    with pytest.raises(StepNotAllowed) as refused:
        STEPS.take(State.REQUESTED, Action.CONFIRM, Role.HOLDER)
    assert refused.value.code == "exchange.step-not-allowed"
    assert refused.value.facts == {"state": "requested", "action": "confirm", "role": "holder"}


def test_every_state_can_be_reached_from_a_request() -> None:
    reached = {State.REQUESTED}
    while more := {after for (state, _, _), after in ALLOWED.items() if state in reached} - reached:
        reached |= more
    assert reached == set(State)


def test_nothing_but_a_supplement_a_wrong_recipient_or_a_dispute_leads_out_of_an_end() -> None:
    ends = {State.CONFIRMED, State.WITHDRAWN, State.REFUSED}
    leading = {(state, action): after for (state, action, _), after in ALLOWED.items() if state in ends}
    assert leading.pop((State.CONFIRMED, Action.SUPPLEMENT)) is State.REQUESTED
    assert leading.pop((State.REFUSED, Action.DISPUTE_REFUSAL)) is State.DISPUTED
    assert leading.pop((State.CONFIRMED, Action.TELL_WRONG_RECIPIENT)) is State.FROZEN
    assert {before for (before, _), after in leading.items() if after is not before} == set()


@pytest.mark.parametrize("state", sorted(set(State) - {State.CONFIRMED, State.WITHDRAWN}))
def test_an_open_exchange_can_always_come_to_an_end(state: State) -> None:
    steps: dict[State, set[State]] = {}
    for (before, _, _), after in ALLOWED.items():
        steps.setdefault(before, set()).add(after)
    reached = {state}
    while more := {after for one in reached for after in steps.get(one, set())} - reached:
        reached |= more
    assert State.CONFIRMED in reached
