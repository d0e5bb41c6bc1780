"""What is asked of the database, counted where it leaves."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from hub.plumbing.database import Tx, _driver


@contextmanager
def counted(tx: Tx) -> Iterator[list[str]]:
    """The statements that a transaction sends, through SQLAlchemy and past it."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(tx.sync_connection, "before_cursor_execute", note)
    with _driver(tx).query_logger(lambda record: said.append(record.query)):
        yield said
    event.remove(tx.sync_connection, "before_cursor_execute", note)


def of_its_own(statement: str) -> bool:
    """Not what the driver asks about types, once a connection."""
    return not any(word in statement for word in ("typeinfo_tree", "set_config"))
