"""How rows are written where every call writes some: one statement for all of them, past SQLAlchemy.

The table says names and types; the statement is made once and kept. Through SQLAlchemy the same costs three
times as much processor time here, and one execution a row in the database.
"""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Table

from hub.plumbing.database import Tx, fetch

Values = Mapping[str, Any]


async def insert(tx: Tx, table: Table, rows: Sequence[Values]) -> None:
    """Add rows that name the same columns. Raises the driver's errors, `asyncpg.PostgresError`."""
    columns = tuple(rows[0])
    documents = _documents(table)
    values = [
        json.dumps(row[column]) if column in documents else row[column] for row in rows for column in columns
    ]
    await fetch(tx, _statement(table, columns, len(rows)), *values)


@lru_cache
def _documents(table: Table) -> frozenset[str]:
    """The columns that hold JSON: the driver takes it as text."""
    return frozenset(column.name for column in table.columns if isinstance(column.type, JSON))


@lru_cache
def _statement(table: Table, columns: tuple[str, ...], count: int) -> str:
    width = len(columns)
    places = ", ".join(
        "(" + ", ".join(f"${row * width + place + 1}" for place in range(width)) + ")" for row in range(count)
    )
    names = ", ".join(f'"{table.columns[column].name}"' for column in columns)
    return f'INSERT INTO "{table.schema}"."{table.name}" ({names}) VALUES {places}'  # noqa: S608  # our own names
