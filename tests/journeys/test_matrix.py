"""Every state by every action by every role over HTTP: the table decides, and a refusal moves nothing."""

import json
from collections.abc import Awaitable, Callable
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from hub.exchange.owed import NEXT_STEP
from hub.exchange.steps import STEPS, Action, Role
from saikne import Hub, compose
from saikne_schemas.manifests import Dispute, Withdrawal
from saikne_schemas.paper import WrongRecipient
from saikne_schemas.refusals import Refuse
from saikne_schemas.vocabulary import (
    DeliveryChannel,
    DisputeReason,
    DutyKind,
    PasswordChannel,
    RefuseReason,
    WithdrawReason,
)
from saikne_schemas.vocabulary import ExchangeState as State
from tests.journeys.play import Answered, ByHand, Play, pdf, until

BY_VOICE = (DeliveryChannel.HUB, PasswordChannel.VOICE)
CALLERS = ("requester", "holder", "stranger", "overseer")
DIGEST = "0" * 64
PROOF = {"id": str(uuid4()), "sha256": DIGEST}
SPOKEN: dict[Action, tuple[str, dict[str, Any]]] = {
    Action.DISCARD: ("discard", {"round": 1}),
    Action.DISPATCH: ("dispatch", {"round": 1}),
    Action.REVEAL: (
        "reveal",
        {"round": 1, "spoken_by": {"name": "Solvita Krēsliņa", "position": "sociālā darbiniece"}},
    ),
    Action.HAND_OVER_AGAIN: ("hand-over-again", {"round": 1}),
    Action.PROLONG: ("prolong", {"round": 1}),
    Action.CONFIRM: (
        "confirm",
        {
            "round": 1,
            "arrived": True,
            "opens": True,
            "complete": True,
            "archive_sha256": DIGEST,
            "documents": [{"no": 1, "sha256": DIGEST, "bytes": 1}],
        },
    ),
    Action.DISPUTE: ("dispute", {"round": 1, "reason": "unreadable"}),
    Action.WITHDRAW: ("withdraw", {"reason": "duplicate"}),
    Action.TAKE_BACK: ("take-back", {"reason": "wrong_child"}),
    Action.CORRECT_ITEM: (
        "correct-item",
        {"round": 1, "item_number": "RR123456785LV", "reason": "mistyped"},
    ),
    Action.REFUSE: ("refuse", {"reason": "not_our_family"}),
    Action.DISPUTE_REFUSAL: ("dispute-refusal", {"refusal": str(uuid4()), "reason": "is_yours"}),
    Action.ACCEPT_REFUSAL: ("accept-refusal", {"refusal": str(uuid4())}),
    Action.SUPPLEMENT: ("supplement", {"forms": ["other_child"], "reason": "found_missing"}),
    Action.TELL_RECEIVED: ("request-received", {}),
    Action.PROPOSE_EXTENSION: ("propose-extension", {"until": "2099-01-05", "reason": "volume"}),
    Action.ACCEPT_EXTENSION: ("accept-extension", {"proposal": str(uuid4())}),
    Action.DECLINE_EXTENSION: ("decline-extension", {"proposal": str(uuid4())}),
    Action.ANSWER_ON_PAPER: (
        "paper-answer",
        {
            "way": "in_person",
            "documents": [
                {
                    "no": 1,
                    "form": "iap",
                    "subject": "AG-7741-B1",
                    "pages": 3,
                    "original": "paper",
                    "derivative": "original",
                }
            ],
        },
    ),
    Action.HAND_OVER_IN_PERSON: (
        "handed-over",
        {
            "round": 1,
            "to": {"name": "Ilze Kalniņa", "position": "vadītāja"},
            "authority": "office_holder",
            "handed_over_on": "2026-11-20",
            "proofs": [PROOF],
        },
    ),
    Action.POST: (
        "posted",
        {"round": 1, "item_number": "RR123456785LV", "posted_on": "2026-11-20", "proofs": [PROOF]},
    ),
    Action.TELL_POST_DELIVERED: ("post-outcome", {"round": 1, "outcome": "delivered", "on": "2026-11-20"}),
    Action.TELL_POST_RETURNED: ("post-outcome", {"round": 1, "outcome": "returned", "on": "2026-11-20"}),
    Action.CONFIRM_PAPER: (
        "paper-receipt",
        {"round": 1, "arrived": True, "readable": True, "complete": True},
    ),
    Action.TELL_WRONG_RECIPIENT: ("wrong-recipient", {"round": 1}),
    Action.RESOLVE: ("resolve", {"round": 1, "reason": "recovered"}),
}
TOLD_BY_TIME = {Action.LAPSE, Action.ABANDON}
"""Nobody can say these: they have no address."""
BEYOND_THE_TABLE = {
    Action.REVEAL: 200,
    Action.HAND_OVER_AGAIN: "passwords.spoken-not-sent",
    Action.CONFIRM: "exchange.receipt-differs",
    Action.SEAL: "exchange.document-not-as-declared",
    Action.TAKE_BACK: "exchange.nothing-offered",
    Action.CORRECT_ITEM: "exchange.other-way",
    Action.DISPUTE_REFUSAL: "exchange.other-refusal",
    Action.ACCEPT_REFUSAL: "exchange.other-refusal",
    Action.TELL_RECEIVED: "exchange.received-in-the-hub",
    Action.PROPOSE_EXTENSION: "exchange.extension-too-long",
    Action.ACCEPT_EXTENSION: "exchange.extension-not-proposed",
    Action.DECLINE_EXTENSION: "exchange.extension-not-proposed",
    Action.ANSWER_ON_PAPER: "exchange.departs-from-wish",
    Action.HAND_OVER_IN_PERSON: "exchange.other-way",
    Action.POST: "exchange.other-way",
    Action.TELL_POST_DELIVERED: "exchange.other-way",
    Action.TELL_POST_RETURNED: "exchange.other-way",
    Action.CONFIRM_PAPER: "exchange.other-way",
}
"""Where the table says yes, the next question is asked: that its answer comes proves the step was allowed."""


@pytest.fixture(scope="module")
async def in_state(play: Play) -> Callable[[State], Awaitable[UUID]]:
    """A new exchange that has come to a state; its password is to be read out, so nothing moves by itself."""

    async def bring(state: State) -> UUID:
        exchange = await play.ask(BY_VOICE)
        if state is State.REFUSED:
            no = compose(Refuse, exchange=exchange, reason=RefuseReason.NOT_OUR_FAMILY)
            await play.holder.tell(no)
        elif state in (State.REQUESTED, State.WITHDRAWN):
            if state is State.WITHDRAWN:
                await play.requester.tell(
                    compose(Withdrawal, exchange=exchange, reason=WithdrawReason.DUPLICATE)
                )
        else:
            await answered(play, exchange, state)
        assert await play.state(exchange) == state.value
        await until(lambda: due_jobs(play, exchange), lambda count: count == 0)
        await somebody_owes_the_next_step(play, exchange)
        return exchange

    return bring


async def somebody_owes_the_next_step(play: Play, exchange: UUID) -> None:
    """In every state that is no end; at an end nobody owes anything, but to decide on a refusal."""
    state = State(await play.state(exchange))
    rows = await play.sql(
        "SELECT kind FROM hub.duty WHERE matter_id = $1 AND stake = 'owes' AND ended_at IS NULL", exchange
    )
    owed = {DutyKind(row[0]) for row in rows}
    if state not in NEXT_STEP:
        assert owed <= ({DutyKind.DECIDE_REFUSAL} if state is State.REFUSED else set()), (state, owed)
        return
    assert owed & NEXT_STEP[state], (state, owed)


async def answered(play: Play, exchange: UUID, state: State) -> None:
    one = await play.prepare(exchange)
    await play.send(one)
    if state is State.PREPARING:
        return
    await play.dispatch(one)
    if state is State.DISPUTED:
        dispute = compose(Dispute, exchange=exchange, round=1, reason=DisputeReason.UNREADABLE)
        await play.requester.tell(dispute)
    elif state is State.LAPSED:
        await play.time_passes("passwords.lapse", exchange)
        await until(lambda: play.state(exchange), lambda now: now == "lapsed")
    elif state is State.CONFIRMED:
        await confirmed(play, one)
    elif state is State.FROZEN:
        await play.holder.tell(compose(WrongRecipient, exchange=exchange, round=1))


async def confirmed(play: Play, one: Answered) -> None:
    view = await play.requester.exchange(one.exchange)
    assert view.answer is not None
    body = statement(Action.CONFIRM, one.exchange) | {
        "archive_sha256": view.answer.archive_sha256,
        "documents": [{"no": d.no, "sha256": d.sha256, "bytes": d.bytes} for d in view.answer.documents],
    }
    caller = await play.by_hand(play.requester)
    answer = await caller.post(f"/v1/exchanges/{one.exchange}/confirm", json.dumps(body).encode())
    assert answer.status_code == 200, answer.text


async def due_jobs(play: Play, exchange: UUID) -> int:
    rows = await play.sql(
        "SELECT count(*) FROM queue.pgqueuer WHERE execute_after <= now() + interval '1 minute'"
        " AND convert_from(payload, 'UTF8')::json->>'exchange' = $1",
        str(exchange),
    )
    return int(rows[0][0])


def statement(action: Action, exchange: UUID) -> dict[str, Any]:
    path, fields = SPOKEN[action]
    return {
        "schema": f"saikne.{_KIND.get(path, path)}/1",
        "id": str(uuid4()),
        "exchange": str(exchange),
        **fields,
    }


_KIND = {
    "confirm": "confirmation",
    "withdraw": "withdrawal",
    "take-back": "offer-taken-back",
    "correct-item": "item-corrected",
}


async def attempt(caller: ByHand, action: Action, exchange: UUID) -> httpx.Response:
    path = f"/v1/exchanges/{exchange}"
    if action is Action.COLLECT:
        return await caller.get(f"{path}/archive", Range="bytes=0-0")
    if action is Action.SEAL:
        return await caller.put(f"{path}/rounds/1/documents/1", pdf("never declared"))
    if action is Action.ANSWER:
        document = {
            "no": 1,
            "form": "iap",
            "subject": "AG-7741-B1",
            "media_type": "application/pdf",
            "bytes": 100,
            "sha256": DIGEST,
            "original": "electronic",
            "derivative": "original",
        }
        body = {
            "schema": "saikne.answer/1",
            "id": str(uuid4()),
            "exchange": str(exchange),
            "documents": [document],
        }
        return await caller.post(f"{path}/answer", json.dumps(body).encode())
    body = statement(action, exchange)
    return await caller.post(f"{path}/{SPOKEN[action][0]}", json.dumps(body).encode())


def outcome_of(answer: httpx.Response) -> str | int:
    return answer.status_code if answer.is_success else str(answer.json()["code"])


def caller_hubs(play: Play) -> dict[str, Hub]:
    return {name: getattr(play, name) for name in CALLERS}


@pytest.mark.parametrize("state", list(State))
async def test_what_the_table_does_not_list_is_refused_and_moves_nothing(
    play: Play, in_state: Callable[[State], Awaitable[UUID]], state: State
) -> None:
    exchange = await in_state(state)
    before = await play.traces(exchange)
    promised, objects = await play.promised(exchange), play.objects(exchange)
    tried = 0
    for (name, hub), action in product(caller_hubs(play).items(), set(Action) - TOLD_BY_TIME):
        if any(STEPS.leads(state, action, role) for role in Role if role.value == name):
            continue
        answer = await attempt(await play.by_hand(hub), action, exchange)
        wanted = {
            "stranger": (404, "exchange.not-found"),
            "overseer": (403, "access.scope-missing"),
        }.get(name, (409, "exchange.step-not-allowed"))
        assert (answer.status_code, outcome_of(answer)) == wanted, (state, action, name)
        tried += 1
    assert tried >= 4 * 25 - 12
    assert await play.traces(exchange) == before
    assert await play.promised(exchange) <= promised
    assert play.objects(exchange) == objects


@pytest.mark.parametrize(
    ("state", "action", "role"),
    [
        (state, action, role)
        for (state, action), role in product(STEPS.listed, (Role.REQUESTER, Role.HOLDER))
        if STEPS.leads(state, action, role)
    ],
)
async def test_what_the_table_lists_is_done(
    play: Play, in_state: Callable[[State], Awaitable[UUID]], state: State, action: Action, role: Role
) -> None:
    if (state, action) == (State.PREPARING, Action.SEAL):
        exchange = await play.ask(BY_VOICE)
        await play.holder.tell((await play.prepare(exchange)).manifest)
    else:
        exchange = await in_state(state)
    (after,) = STEPS.leads(state, action, role)
    caller = await play.by_hand(caller_hubs(play)[role.value])
    answer = await attempt(caller, action, exchange)
    wanted = BEYOND_THE_TABLE.get(action, 206 if action is Action.COLLECT else 200)
    if (state, action) == (State.DISPUTED, Action.REFUSE):
        wanted = "exchange.sent-before"
    assert outcome_of(answer) == wanted, answer.text
    if answer.status_code == 200:
        assert await play.state(exchange) == after.value
    await somebody_owes_the_next_step(play, exchange)
