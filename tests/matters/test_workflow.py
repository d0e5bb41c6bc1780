"""Every workflow's table is whole: what is not listed is refused, and every notice has its sentences."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import product
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from hub.matters.workflow import StepNotAllowed, Workflow
from hub.wording.catalogue import CATALOGUE, LANGUAGES
from hub.workflows import WORKFLOWS
from saikne.wording import known
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.vocabulary import DutyKind
from saikne_schemas.vocabulary import Workflow as Kind
from saikne_schemas.workflows import VIEWS


def called(workflow: Workflow[Any]) -> str:
    return workflow.kind.value


def actions(workflow: Workflow[Any]) -> list[StrEnum]:
    return sorted({action for _, action in workflow.steps.listed})


every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS, ids=called)


@every_workflow
def test_every_step_that_is_not_listed_is_refused(workflow: Workflow[Any]) -> None:
    refused = 0
    for state, action, role in product(workflow.states, actions(workflow), workflow.roles):
        if workflow.steps.leads(state, action, role):
            continue
        with pytest.raises(StepNotAllowed) as wrong:
            workflow.steps.require(state, action, role)
        assert wrong.value.facts == {"state": state.value, "action": action.value, "role": role.value}
        refused += 1
    assert refused > 0


@every_workflow
def test_every_state_is_reached_and_every_action_is_somebodys(workflow: Workflow[Any]) -> None:
    reached = {state for may in workflow.steps.listed.values() for after in may.values() for state in after}
    assert set(workflow.states) == reached | {workflow.opening.state}
    assert all(workflow.steps.listed.values())


@every_workflow
def test_steps_and_states_are_those_of_its_own_table_and_not_of_one_that_uses_the_same_words(
    workflow: Workflow[Any],
) -> None:
    steps = {type(verb.action) for verb in workflow.verbs if isinstance(verb.action, StrEnum)}
    assert steps == {type(action) for action in actions(workflow)}
    reached = {type(state) for may in workflow.steps.listed.values() for to in may.values() for state in to}
    assert {type(workflow.opening.state)} == reached == {workflow.states}


@every_workflow
def test_a_workflow_is_published_under_one_path_and_its_statements_have_examples(
    workflow: Workflow[Any],
) -> None:
    statements = [workflow.opening.statement, *(verb.statement for verb in workflow.verbs)]
    assert workflow.opening.statement.goes_to == workflow.view.lies_at
    assert all(
        verb.statement.goes_to.startswith(workflow.view.lies_at + "/{matter}/") for verb in workflow.verbs
    )
    assert {*statements, workflow.view} <= EXAMPLES.keys()
    assert VIEWS[workflow.kind] is workflow.view
    assert workflow.view.model_fields["content"].annotation is workflow.content
    names = [get_args(one.model_fields["schema_"].annotation)[0] for one in statements]
    assert len(set(names)) == len(names)


@every_workflow
def test_people_have_words_for_every_notice_state_and_role(workflow: Workflow[Any]) -> None:
    name = workflow.kind.value
    for language in LANGUAGES:
        assert {f"mail.{name}.{notice}" for notice in workflow.notices} <= CATALOGUE.identifiers(language)
    said = {f"{name}.state.{state}" for state in workflow.states}
    said |= {f"{name}.role.{role}" for role in workflow.roles}
    assert not [identifier for identifier in said if not known(identifier)]
    assert not [field for field in workflow.content.model_fields if not known(f"{name}.{field}")]


def closed_lists(kind: Any, place: str) -> Iterator[tuple[str, type[StrEnum]]]:
    """Every closed list that stands somewhere in what is shown, with its place."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        yield ("duty" if kind is DutyKind else place), kind
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for field, described in kind.model_fields.items():
            yield from closed_lists(described.annotation, f"{place}.{field}")
    else:
        for inner in get_args(kind):
            yield from closed_lists(inner, place)


@every_workflow
def test_people_have_words_for_every_value_that_a_matter_shows(workflow: Workflow[Any]) -> None:
    said = [
        f"{place}.{value}"
        for place, values in closed_lists(workflow.content, workflow.kind.value)
        for value in values
    ]
    assert not [identifier for identifier in said if not known(identifier)]


def test_every_workflow_but_the_request_for_copies_is_described_once() -> None:
    assert [workflow.kind for workflow in WORKFLOWS] == list(VIEWS)


@pytest.mark.parametrize("kind", DutyKind)
def test_every_duty_has_its_words(kind: DutyKind) -> None:
    assert known(f"duty.{kind.value}")
    assert all(f"duty.{kind.value}" in CATALOGUE.identifiers(language) for language in LANGUAGES)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_matter_has_its_word(kind: Kind) -> None:
    assert known(f"workflow.{kind.value}")
