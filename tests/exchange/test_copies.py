"""The page of requests for copies: what holds of every statement that stands on it."""

import ast
import inspect
import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.exchange.casework import (
    answering,
    asking,
    closing,
    extending,
    handing_over,
    misdirected,
    paper,
    refusing,
    supplementing,
    time_passing,
)
from hub.exchange.casework.answering import NOTHING
from hub.exchange.casework.case import OtherRound
from hub.exchange.casework.copies import COPIES, ENGINE, dispatching, revealing
from hub.exchange.casework.handing_over import Shown
from hub.exchange.steps import STEPS, Role
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.matters.casework.records import Sent
from hub.matters.workflow import Knowing, Verb
from hub.wording.catalogue import CATALOGUE
from saikne_schemas.examples import EXAMPLES
from tests.exchange.bureau import DUE, RECEIVED, Bureau, as_signed, left_in, noon, request_for_copies

VERBS = (*COPIES.verbs, dispatching(NOTHING), revealing(Shown()))
OF_A_ROUND = [verb for verb in VERBS if "round" in verb.statement.model_fields]


@pytest.mark.parametrize("verb", OF_A_ROUND, ids=lambda verb: verb.operation)
@pytest.mark.parametrize("number", [1, 1_000_000])
async def test_another_round_than_the_newest_is_refused_whatever_its_number(
    bureau: Bureau, requester: CentreId, holder: CentreId, verb: Verb[Any, Any, Any], number: int
) -> None:
    exchange = await bureau.ask(RECEIVED, request_for_copies(requester, holder))
    example = EXAMPLES[verb.statement] | {"exchange": str(exchange), "round": number}
    said = verb.statement.model_validate_json(json.dumps(example))
    action = verb.action if not callable(verb.action) else verb.action(said)
    state, role = next(
        (state, role) for (state, listed), roles in STEPS.listed.items() if listed is action for role in roles
    )
    author = requester if role is Role.REQUESTER else holder
    async with bureau.desk(noon(DUE), requester, holder, OVERSIGHT) as desk:
        await left_in(desk, exchange, state)
    async with bureau.desk(noon(DUE), author) as desk:
        with pytest.raises(OtherRound):
            await ENGINE.advance(desk, verb, exchange, Sent(author, as_signed(said, desk.now), said))


def test_every_statement_is_told_to_the_other_side_or_says_why_not() -> None:
    """By what its rule says, or what that calls in its own file; a reason beside what is told is none."""
    telling = {verb.operation for verb in VERBS if "tells=" in _written(verb.rule)}
    assert telling == {verb.operation for verb in VERBS if not verb.untold}


def _written(rule: Any) -> str:
    """A rule's own text, with that of the functions beside it which it calls."""
    if isinstance(rule, Knowing):
        (rule,) = (cell.cell_contents for cell in rule.told.__closure__ or ())
    rule = rule.func if isinstance(rule, partial) else rule
    text, beside = inspect.getsource(rule), vars(inspect.getmodule(rule))
    return text + "".join(inspect.getsource(beside[name]) for name in re.findall(r"\b(_\w+)\(", text))


SAYING = (
    *(answering, asking, closing, extending, handing_over, misdirected),
    *(paper, refusing, supplementing, time_passing),
)


def test_every_notice_that_a_rule_sends_is_among_those_of_the_page() -> None:
    sent: set[Any] = set()
    for module in SAYING:
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[1], ast.Constant):
                sent.add(node.elts[1].value)
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[-1], ast.Constant):
                sent.add(node.args[-1].value)
    assert sent >= COPIES.notices
    assert not {one for one in sent - COPIES.notices if f"mail.{one}" in CATALOGUE.identifiers("lv")}
