"""How rows are written where every call writes some: all of them in one statement, past SQLAlchemy.

The tables say names and types; the statement is made once and kept. Through SQLAlchemy the same costs three
times as much processor time here, and one execution a row in the database. Rows that are written together do
not see each other: what a policy looks for has to be there before.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count

import asyncpg
from sqlalchemy import JSON, Table

from hub.plumbing.database import Tx, fetch

Values = Mapping[str, object]


class AlreadyThere(Exception):  # noqa: N818  # a finding, not an error
    """A row with this identity exists; the transaction is lost and the caller starts another."""


class Json(str):
    """A document that is text already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """New rows of one table, at least one; all of them name the same columns."""

    table: Table
    values: Sequence[Values]


async def insert(tx: Tx, *parts: Rows) -> None:
    """Add rows of one or several tables. Raises `AlreadyThere`, and the driver's other errors."""
    await insert_and_ask(tx, parts, "")


async def insert_and_ask(
    tx: Tx, parts: Sequence[Rows], question: str, *given: object
) -> list[asyncpg.Record]:
    """Add rows, maybe none, and ask something in the same statement; `given` are the question's $1, $2..."""
    shapes = tuple((part.table, tuple(part.values[0]), len(part.values)) for part in parts)
    values = [
        _text(row[column]) if column in documents else row[column]
        for part, (_, columns, _) in zip(parts, shapes, strict=True)
        for documents in [_documents(part.table)]
        for row in part.values
        for column in columns
    ]
    try:
        return await fetch(tx, _statement(shapes, question, len(given)), *given, *values)
    except asyncpg.UniqueViolationError as broken:
        raise AlreadyThere from broken


def _text(document: object) -> str:
    return document if isinstance(document, Json) else json.dumps(document)


@lru_cache
def _documents(table: Table) -> frozenset[str]:
    """The columns that hold JSON: the driver takes it as text."""
    return frozenset(column.name for column in table.columns if isinstance(column.type, JSON))


@lru_cache(maxsize=1024)
def _statement(shapes: tuple[tuple[Table, tuple[str, ...], int], ...], question: str, given: int) -> str:
    places = (f"${number}" for number in count(given + 1))
    inserts = []
    for table, columns, rows in shapes:
        lines = ", ".join(f"({', '.join(next(places) for _ in columns)})" for _ in range(rows))
        names = ", ".join(f'"{table.columns[column].name}"' for column in columns)
        inserts.append(f'INSERT INTO "{table.schema}"."{table.name}" ({names}) VALUES {lines}')  # noqa: S608  # our own names
    *before, last = [*inserts, question] if question else inserts
    if not before:
        return last
    return "WITH " + ", ".join(f"part{number} AS ({one})" for number, one in enumerate(before)) + f" {last}"
