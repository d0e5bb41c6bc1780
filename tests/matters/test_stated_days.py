"""Every day that a statement names is judged by its kind, by the statement's own rule."""

import copy
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from hub.kernel.days import FIRST_DEED, FIRST_PAPER, YEARS_AHEAD
from hub.kernel.ids import CentreId
from hub.kernel.refusal import Refusal
from hub.matters.workflow import Knowing, Scene
from hub.transfers.courts import from_the_start
from hub.transfers.fitting_exchange import NamedExchange
from hub.workdays.calendars import Policy
from hub.workdays.seed import seed_calendars
from hub.workflows import WORKFLOWS
from saikne_schemas.examples import EXAMPLES
from saikne_schemas.export import name_of
from saikne_schemas.vocabulary import ExchangeKind, ExchangeState, Workflow
from tests.kernel.stated_days import STATED, Kind, Stated, days_on_the_wire

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
ONE, ANOTHER = (CentreId(UUID(f"0d3f6f0a-3f53-4f0e-9d0c-9a0a5b2f1c7{n}")) for n in (1, 2))
CALENDARS = seed_calendars()
VERBS = {name_of(verb.statement): (workflow, verb) for workflow in WORKFLOWS for verb in workflow.verbs}
OPENINGS = {name_of(workflow.opening.statement): workflow for workflow in WORKFLOWS}
ELSEWHERE = {
    "answer",
    "enrolment",
    "handed-over",
    "paper-answer",
    "person-key",
    "post-outcome",
    "posted",
    "propose-extension",
    "refuse",
    "registration-outcomes",
}
"""Not about a matter: `exchange`, `centres`, `people` and `agis` try theirs."""


def test_no_day_on_the_wire_stands_outside_the_table() -> None:
    assert days_on_the_wire() == STATED.keys()


def example(kind: type[Any]) -> dict[str, Any]:
    return copy.deepcopy(EXAMPLES[kind])


def put(written: Any, path: list[str], value: str) -> None:
    """Of a list the first entry."""
    while isinstance(written, list) and not isinstance(written[0], str):
        written = written[0]
    name, *rest = path
    if rest:
        put(written[name], rest, value)
    else:
        written[name] = [value] if isinstance(written.get(name), list) else value


def got(value: Any, path: str) -> date:
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else value[step]
    return date.fromisoformat(value)


def judged(document: str, manifest: dict[str, Any], content: dict[str, Any] | None) -> str | None:
    """The code with which the rule refuses it; None if it does not."""
    workflow = OPENINGS[document] if content is None else VERBS[document][0]
    model = workflow.opening.statement if content is None else VERBS[document][1].statement
    try:
        said = model.model_validate_json(json.dumps(manifest))
        if content is None:
            told(workflow.opening.rule, workflow, document)(said, scene(workflow))
        else:
            whole = workflow.content.model_validate_json(json.dumps(content))
            told(VERBS[document][1].rule, workflow, document)(whole, said, scene(workflow))
    except ValidationError:
        return "manifest.malformed"
    except Refusal as refusal:
        return refusal.code
    return None


def told(rule: Any, workflow: Any, document: str) -> Any:
    """With what it wants to know."""
    known: Any = None
    if workflow.kind in {Workflow.FAMILY_MOVE, Workflow.CHILD_MOVE}:
        known = from_the_start()
    if document == "informed-before":
        new, previous = list(scene(workflow).roles)
        child = example(workflow.view)["content"]["child"]
        known = NamedExchange(
            ExchangeKind.CHILD_INFORMATION, new, previous, None, (child,), ExchangeState.DISPATCHED
        )
    return rule.told(known) if isinstance(rule, Knowing) else rule


def scene(workflow: Any) -> Scene:
    author = ONE
    roles: dict[CentreId, Any] = dict(zip((ONE, ANOTHER), workflow.roles, strict=False))
    if workflow.kind is Workflow.SIBLING_CONTACT:
        content = example(workflow.view)["content"]
        roles = {CentreId(UUID(one["centre"])): next(iter(workflow.roles)) for one in content["centres"]}
        author = next(iter(roles))
    now = datetime(2026, 11, 20, 9, tzinfo=UTC)
    policies = dict.fromkeys(roles, Policy.STATUTORY)
    return Scene(now=now, today=TODAY, author=author, roles=roles, calendars=CALENDARS, policies=policies)


def bad_days(stated: Stated, causes: dict[str, Any]) -> list[tuple[date, str]]:
    """Days that must not be taken, each with its code."""
    if stated.kind is Kind.PLANNED:
        bad = [(FIRST_DEED - DAY, stated.old), (date(TODAY.year + YEARS_AHEAD + 1, 1, 1), stated.far)]
    else:
        first = FIRST_PAPER if stated.kind is Kind.PAPER else FIRST_DEED
        bad = [(TODAY + DAY, "days.in-the-future"), (TODAY + 90 * DAY, "days.in-the-future")]
        bad.append((first - DAY, stated.old))
    if stated.after is not None:
        bad.append((got(causes, stated.after) - DAY, stated.early))
    return bad


MATTERS = {place: kind for place, kind in STATED.items() if place.split(".")[0] in {**VERBS, **OPENINGS}}


@pytest.mark.parametrize(
    "place", [place for place, stated in MATTERS.items() if stated.kind is not Kind.TOLD]
)
def test_a_day_that_cannot_be_is_refused_by_the_rule_itself(place: str) -> None:
    document, *path = place.split(".")
    stated = STATED[place]
    if document in OPENINGS:
        manifest, content = example(OPENINGS[document].opening.statement), None
    else:
        workflow, verb = VERBS[document]
        manifest, content = (
            example(verb.statement),
            example(workflow.view)["content"] | AS_IT_WAS.get(document, {}),
        )
    manifest |= FULLER.get(place, {})
    assert judged(document, manifest, content) is None
    causes = {"self": manifest, **(content or {})}
    wrong = {}
    for day, code in bad_days(stated, causes):
        tried = copy.deepcopy(manifest)
        moment = path[-1].endswith("_at")
        put(tried, path, f"{day}T12:00:00Z" if moment else day.isoformat())
        if (told := judged(document, tried, content)) != code:
            wrong[day.isoformat()] = (told, code)
    assert wrong == {}


def test_every_statement_with_a_day_is_tried_somewhere() -> None:
    told = {place.split(".")[0] for place, stated in STATED.items() if stated.kind is not Kind.TOLD}
    assert told - VERBS.keys() - OPENINGS.keys() == ELSEWHERE


_ACTIVITY = {"no": 1, "category": "teamwork", "parties": ["family"], "added_on": "2026-03-02"}
FULLER: dict[str, dict[str, Any]] = {
    "agreement.valid_to": {"valid_to": "2027-02-28"},
    "activity-added.activity.added_on": {"activity": _ACTIVITY | {"no": 3, "ends_on": "2027-02-28"}},
    "support-plan.activities.added_on": {"activities": [_ACTIVITY | {"ends_on": "2027-02-28"}]},
    "child-move.planned_on": {"planned_on": "2026-12-01"},
    "plan-closed.exit_talk_on": {"exit_talk_on": "2026-10-28"},
    "plan-confirmed.signed.on": {
        "how": "in_person",
        "received": None,
        "corrections_needed": None,
        "agreed": None,
        "signed": [{"no": 1, "on": "2026-03-05"}],
    },
}
"""What the example leaves out."""
_PENDING = [
    {
        "no": 1,
        "added_on": "2026-03-02",
        "category": "teamwork",
        "parties": ["family"],
        "ends_on": "2026-09-30",
    }
]
AS_IT_WAS: dict[str, dict[str, Any]] = {
    "date-objection": {"dated_by": "previous_silent", "objections_until": "2026-11-24"},
    "plan-confirmed": {"activities": _PENDING},
    "plan-sent": {"activities": _PENDING},
    "registration-corrected": {"registered": {"registered_on": "2026-04-02"}},
}
"""How the matter stood before the statement, where its example shows it afterwards."""
