"""One reader of every step table: what is listed is done, and nothing else makes a step."""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from hub.kernel.steps import Step, StepNotAllowed, Steps

ROOT = Path(__file__).parents[2]


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    LOCKED = "locked"


class Act(StrEnum):
    PUSH = "push"
    TURN = "turn"


class Hand(StrEnum):
    GUEST = "guest"
    OWNER = "owner"


class NotSo(StepNotAllowed):
    code = "tests.not-so"


DOORS: Steps[Door, Act, Hand] = Steps(
    {
        (Door.OPEN, Act.PUSH): {Hand.GUEST: Door.SHUT, Hand.OWNER: Door.SHUT},
        (Door.SHUT, Act.PUSH): {
            Hand.GUEST: frozenset({Door.OPEN, Door.SHUT}),
            Hand.OWNER: frozenset({Door.OPEN, Door.LOCKED}),
        },
        (Door.SHUT, Act.TURN): {Hand.OWNER: Door.LOCKED},
    },
    NotSo,
)


@pytest.mark.parametrize(
    ("state", "action", "role", "to", "after"),
    [
        (Door.OPEN, Act.PUSH, Hand.GUEST, None, Door.SHUT),
        (Door.OPEN, Act.PUSH, Hand.GUEST, Door.SHUT, Door.SHUT),
        (Door.OPEN, Act.PUSH, Hand.GUEST, Door.LOCKED, None),
        (Door.OPEN, Act.TURN, Hand.OWNER, None, None),
        (Door.SHUT, Act.TURN, Hand.GUEST, None, None),
        (Door.SHUT, Act.TURN, Hand.GUEST, Door.LOCKED, None),
        (Door.SHUT, Act.PUSH, Hand.GUEST, None, Door.SHUT),
        (Door.SHUT, Act.PUSH, Hand.GUEST, Door.OPEN, Door.OPEN),
        (Door.SHUT, Act.PUSH, Hand.OWNER, None, None),
        (Door.SHUT, Act.PUSH, Hand.OWNER, Door.LOCKED, Door.LOCKED),
        (Door.LOCKED, Act.PUSH, Hand.OWNER, None, None),
    ],
)
def test_a_step_goes_where_the_table_lets_it(
    state: Door, action: Act, role: Hand, to: Door | None, after: Door | None
) -> None:
    if after is not None:
        assert DOORS.take(state, action, role, to) == Step(after)
        return
    with pytest.raises(NotSo) as refused:
        DOORS.take(state, action, role, to)
    assert refused.value.facts == {"state": state.value, "action": action.value, "role": role.value}


def test_whoever_may_do_it_is_not_refused_before_it_is_known_where_it_leads() -> None:
    DOORS.require(Door.SHUT, Act.PUSH, Hand.OWNER)
    with pytest.raises(NotSo):
        DOORS.require(Door.SHUT, Act.TURN, Hand.GUEST)


ROOMS = ("exchange", "matters", "agis", "reconciliation")


def calls(folder: str) -> Iterator[tuple[str, str, ast.Call]]:
    for path in (ROOT / "hub" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
                yield str(path.relative_to(ROOT)), called, node


def test_only_a_table_makes_a_step() -> None:
    """So a store that takes steps writes no state that no table was asked about."""
    makers = {where for where, called, _ in calls(".") if called in {"Step", "Registered"}}
    assert makers == {"hub/kernel/steps.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_what_is_there_changes_its_state_by_a_step_only(room: str) -> None:
    """Whatever changes a row names no state of its own; what begins may."""
    naming = [
        f"{where}:{node.lineno}"
        for where, called, node in calls(room)
        if called in {"change", "change_answer", "close", "move"}
        and any(one.arg == "state" for one in node.keywords)
    ]
    in_sql = [
        str(path)
        for path in (ROOT / "hub" / room).rglob("*.py")
        if re.search(r"SET state = '", path.read_text())
    ]
    assert naming + in_sql == []
