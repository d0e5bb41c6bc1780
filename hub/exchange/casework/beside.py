"""What a statement writes beside the exchange's own row: to its newest answer, its archive, its password.

A rule names them, and the engine does them in their order, in the transaction of the statement.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial

from hub.exchange import store
from hub.exchange.casework.case import Case, Desk
from hub.exchange.record import Record
from hub.kernel.clock import iso
from hub.matters import store as matters
from hub.matters.workflow import Held, Moment, Outcome
from hub.passwords import casework as passwords
from hub.passwords.handover import ErasedBecause
from hub.plumbing.aside import aside
from hub.plumbing.promises import promise
from hub.plumbing.rows import Rows, insert
from hub.signing.statement import SignedStatement

Write = Callable[[Desk, Case, Moment], Awaitable[None]]
Effect = Outcome[Record, Write]
"""What a statement does to an exchange; `beside` is of `Write`."""

RECEIPT = "saikne-receipt+jws"


async def write(desk: Desk, held: Held[Case], writes: Iterable[Write], moment: Moment) -> None:
    for one in writes:
        await one(desk, held.content, moment)


def erase_payload(*, later: bool = False) -> Write:
    """The archive and its documents go; `later`: they are kept for a while."""

    async def erase(desk: Desk, case: Case, _: Moment) -> None:
        after = desk.payload_time if later else None
        await promise(desk.tx, "exchange.erase_payload", case.handover.payload(), after=after)

    return erase


def erase_password(because: ErasedBecause) -> Write:
    async def erase(desk: Desk, case: Case, moment: Moment) -> None:
        await passwords.erase(desk.tx, case.handover, because, moment.now)

    return erase


def change_answer(**columns: object) -> Write:
    """Of the newest round."""

    async def change(desk: Desk, case: Case, _: Moment) -> None:
        await store.change_answer(desk.tx, case.identity, case.record.round, **columns)

    return change


def insert_rows(*rows: Rows) -> Write:
    async def put(desk: Desk, _case: Case, _moment: Moment) -> None:
        await insert(desk.tx, *rows)

    return put


def countersign(answer: store.AnswerRow, about: Mapping[str, object]) -> Write:
    """The receipt; `about` says what was confirmed, as its way lets it be named."""

    async def sign(desk: Desk, case: Case, moment: Moment) -> None:
        assert moment.signed is not None  # noqa: S101  # only a statement confirms
        receipt = await _countersigned(desk, case, moment.signed, answer, about)
        await store.change_answer(desk.tx, case.identity, answer.round, receipt=receipt)

    return sign


async def _countersigned(
    desk: Desk,
    case: Case,
    confirmation: SignedStatement,
    answer: store.AnswerRow,
    about: Mapping[str, object],
) -> str:
    """Every statement of the exchange by digest, and the confirmation itself, under the hub's signature."""
    told = await matters.statements(desk.tx, case.identity)
    content = {
        "exchange": str(case.identity),
        "requester": str(case.requester),
        "holder": str(case.holder),
        "round": answer.round,
        "dispatched_at": iso(answer.dispatched_at),
        **about,
        "statements": [
            {"kind": one.kind, "author": str(one.author_id), "sha256": one.sha256.hex()} for one in told
        ],
        "confirmation": {
            "body": confirmation.body.decode(),
            "signature_base": confirmation.signature_base.decode(),
            "signature": confirmation.signature.hex(),
            "public_key": confirmation.public_jwk,
        },
        "confirmed_at": iso(desk.now),
    }
    payload = json.dumps(content, sort_keys=True).encode()
    return await aside(partial(desk.keyring.sign_jws, RECEIPT, payload))
