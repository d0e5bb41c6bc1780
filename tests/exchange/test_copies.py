"""The page of requests for copies: what holds of every statement that stands on it."""

import json
from typing import Any

import pytest

from hub.exchange import store
from hub.exchange.casework.answering import NOTHING
from hub.exchange.casework.case import OtherRound
from hub.exchange.casework.copies import COPIES, ENGINE, dispatching, revealing
from hub.exchange.casework.handing_over import Shown
from hub.exchange.steps import STEPS, Role
from hub.kernel.ids import OVERSIGHT, CentreId
from hub.kernel.steps import Step
from hub.matters.casework.records import Sent
from hub.matters.workflow import Verb
from hub.wording.catalogue import CATALOGUE, LANGUAGES
from saikne_schemas.examples import EXAMPLES
from tests.exchange.bureau import DUE, RECEIVED, Bureau, as_signed, noon, request_for_copies

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
        await store.move(desk.tx, exchange, Step(state), desk.now)
    async with bureau.desk(noon(DUE), author) as desk:
        with pytest.raises(OtherRound):
            await ENGINE.advance(desk, verb, exchange, Sent(author, as_signed(said, desk.now), said))


def test_people_have_words_for_every_notice() -> None:
    for language in LANGUAGES:
        assert {f"mail.{notice}" for notice in COPIES.notices} <= CATALOGUE.identifiers(language)
