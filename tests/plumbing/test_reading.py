"""What is said of rows, against the tables they come from."""

from collections.abc import Iterator
from datetime import date, datetime
from types import NoneType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import ARRAY, JSON, Column, Date, MetaData, Table, Text
from sqlalchemy.types import TypeEngine

from hub.plumbing.reading import TableRow
from tests.test_architecture import every_module


def kinds(kind: type[TableRow]) -> Iterator[type[TableRow]]:
    for below in kind.__subclasses__():
        yield below
        yield from kinds(below)


def stored(type_: TypeEngine[Any]) -> object:
    """What the database gives for it; of a document, whatever stands in it."""
    if isinstance(type_, ARRAY):
        return list, stored(type_.item_type)
    return object if isinstance(type_, JSON) else type_.python_type


def plain(hint: Any) -> object:
    """Without a name of our own, without what stands in a document."""
    if get_origin(hint) is list:
        return list, plain(get_args(hint)[0])
    return getattr(hint, "__supertype__", hint)


def fits(hint: Any, column: Column[Any]) -> bool:
    wanted = stored(column.type)
    if hint is object is wanted:
        return True
    parts = set(get_args(hint)) if NoneType in get_args(hint) else {hint}
    said = {plain(part) for part in parts - {NoneType}}
    return (wanted is object or said == {wanted}) and (NoneType in parts) == bool(column.nullable)


class Said(TableRow, of=Table("said", MetaData(), Column("day", Date, nullable=False), Column("why", Text))):
    day: date
    why: str | None


@pytest.mark.parametrize(
    ("name", "hint"), [("day", datetime), ("day", date | None), ("why", str), ("why", bytes | None)]
)
def test_another_type_than_the_columns_is_seen(name: str, hint: Any) -> None:
    assert fits(get_type_hints(Said)[name], Said.held[name])
    assert not fits(hint, Said.held[name])


def test_what_is_said_of_rows_is_what_their_tables_hold() -> None:
    every_module()
    hints = {
        (kind, name): hint
        for kind in kinds(TableRow)
        for name, hint in get_type_hints(kind).items()
        if get_origin(hint) is not ClassVar
    }
    assert hints
    wrong = [
        f"{kind.__module__}.{kind.__name__}.{name}"
        for (kind, name), hint in hints.items()
        if name not in kind.held or not fits(hint, kind.held[name])
    ]
    assert wrong == []
