"""How rows are read: what they hold is said beside their table, and put on the rows as they come.

    class PlanRow(TableRow, of=open_plan):
        family: str
        closed_on: date | None

`PlanRow.first(tx, select(open_plan))` copies nothing and looks at nothing: to mypy alone it is a `PlanRow`. A
class may leave columns out; `of` is a second table's beside those it inherits, and a label is named as well
(`TakenRow` in `hub/agis/tables.py`). A test compares every class with its columns.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Self, cast

from sqlalchemy import Column, Executable, Table

from hub.plumbing.database import Tx, fetch


class TableRow:
    """Nobody makes one."""

    held: ClassVar[Mapping[str, Column[Any]]] = MappingProxyType({})
    """The column behind each name."""

    def __init_subclass__(cls, *, of: Table, **labels: Column[Any]) -> None:
        cls.held = {**of.columns, **cls.held, **labels}

    @classmethod
    async def first(cls, tx: Tx, query: Executable) -> Self | None:
        return cast("Self | None", (await tx.execute(query)).first())

    @classmethod
    async def every(cls, tx: Tx, query: Executable) -> Sequence[Self]:
        return cast("Sequence[Self]", (await tx.execute(query)).all())

    @classmethod
    async def said(cls, tx: Tx, statement: str, *values: object) -> Sequence[Self]:
        """The same of a statement in PostgreSQL's own words, for what every look asks (`database.fetch`)."""
        return cast("Sequence[Self]", await fetch(tx, statement, *values))
