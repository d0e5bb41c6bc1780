"""How a statement joins a record: evidence on every party's chain, the hub's countersignature, a row.

Source: design.md 1, 2 and 6. The statement is kept as it came. What it means is decided by the verb that
takes it; which table keeps it, by whoever calls.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from hub.evidence.event import EventKind, Fact
from hub.evidence.store import record
from hub.kernel.clock import iso
from hub.kernel.ids import CentreId
from hub.plumbing.aside import aside
from hub.plumbing.database import Row, Tx
from hub.plumbing.measures import STATEMENTS
from hub.plumbing.rows import Rows, insert, insert_and_ask
from hub.signing.keyring import Keyring
from hub.signing.statement import SignedStatement
from saikne_schemas.views import StatementView

ACCEPTANCE = "saikne-acceptance+jws"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement that the rules allow, and what it did."""

    about: UUID
    author: CentreId
    identity: UUID
    kind: str
    """Which statement it is: the `schema` in it."""
    event: EventKind
    state: str
    """Of what it is about, afterwards."""
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Book:
    """Where statements of one kind of record are kept, open at this moment's page."""

    tx: Tx
    keyring: Keyring
    now: datetime
    table: Any
    """As the room's `store` describes it."""
    column: str
    """Where it names what a statement is about."""
    about: str
    """What that is: the word in acceptances."""
    beside: Mapping[str, Any] = field(default_factory=dict)
    """More columns of the statement's row."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked when nobody else can write about the parties any more."""

    sql: str
    given: tuple[object, ...]
    hear: Callable[[Sequence[Row]], None]
    """Refuses by what is found."""


async def keep(
    book: Book,
    said: Said,
    statement: SignedStatement,
    parties: Iterable[CentreId],
    *,
    first: Sequence[Rows] = (),
    then: Sequence[Rows] = (),
    asks: Question | None = None,
) -> str:
    """Write evidence, countersign, store; the acceptance. The last act of every verb.

    `first` is written with the evidence, `then` with the statement, and `asks` is asked with that: fewer
    ways to the database. Whoever writes evidence holds the chains until the end: a row that others hold too
    is taken before. Raises `AlreadyThere` where the statement, or what is written beside it, was taken at
    this very moment.
    """
    named: dict[str, Fact] = {
        "id": str(said.identity),
        "kind": said.kind,
        "sha256": statement.sha256.hex(),
    }
    facts: dict[str, Fact] = {
        "statement": named,
        "author": str(said.author),
        "state": said.state,
        **said.facts,
    }
    links = await record(book.tx, said.event, parties, said.about, facts, *first)
    mine = links[said.author]
    payload: dict[str, Any] = {
        book.about: str(said.about),
        "statement": named | {"key": statement.key_id, "signature": statement.signature.hex()},
        "author": str(said.author),
        "state": said.state,
        "accepted_at": iso(book.now),
        "evidence": {"seq": mine.seq, "hash": mine.hash.hex()},
        **said.facts,
    }
    content = json.dumps(payload, sort_keys=True).encode()
    acceptance = await aside(partial(book.keyring.sign_jws, ACCEPTANCE, content))
    last = [*then, _row(book, said, statement, acceptance)]
    if asks is None:
        await insert(book.tx, *last)
    else:
        asks.hear(await insert_and_ask(book.tx, last, asks.sql, *asks.given))
    STATEMENTS.labels(said.kind).inc()
    return acceptance


def _row(book: Book, said: Said, statement: SignedStatement, acceptance: str) -> Rows:
    """The statement as it came and was answered."""
    row = {
        book.column: said.about,
        "author_id": said.author,
        "id": said.identity,
        "kind": said.kind,
        "body": statement.body,
        "sha256": statement.sha256,
        "signature_base": statement.signature_base,
        "signature": statement.signature,
        "alg": statement.alg,
        "public_key": statement.public_jwk,
        "received_at": book.now,
        "state": said.state,
        "acceptance": acceptance,
        **book.beside,
    }
    return Rows(book.table, [row])


def kept_statement(row: Any) -> StatementView:
    """A statement's row, of any record, with everything that verifies it without the hub."""
    return StatementView(
        id=row.id,
        kind=row.kind,
        author=row.author_id,
        received_at=row.received_at,
        manifest=b64encode(row.body).decode(),
        signature_base=b64encode(row.signature_base).decode(),
        signature=b64encode(row.signature).decode(),
        public_key=row.public_key,
        acceptance=row.acceptance,
    )
