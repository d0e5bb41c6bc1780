"""Whom a command speaks for: this centre, or one outside of the hub that it deals with.

Source: method S57, S74, S88-S90. `saikne outside says … VERB …` sets it for the verb behind it: what that
states is then said in the outside centre's place, with the day, how it came, and the files that prove it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from saikne_schemas.vocabulary import SideRole

if TYPE_CHECKING:
    from saikne.hub import Hub
    from saikne_schemas.statements import CameBy, ForOutside
    from saikne_schemas.wire import WireDocument

    Statement = TypeVar("Statement", bound=WireDocument)


@dataclass
class OutsideWord:
    """What is known of what an outside centre did, before anything is sent."""

    centre: str
    """Its number or its name."""
    on: date
    came_by: "CameBy"
    proofs: list[Path]
    found: UUID | None = None
    made: "ForOutside | None" = None
    """As statements bear it, once the proofs are with the hub."""


_word: ContextVar[OutsideWord | None] = ContextVar("speaking for", default=None)


@contextmanager
def speaking_for(word: OutsideWord) -> Iterator[None]:
    before = _word.set(word)
    try:
        yield
    finally:
        _word.reset(before)


def spoken_for() -> OutsideWord | None:
    return _word.get()


def its_day() -> date:
    """On which day it was done where none is typed: the outside centre's, or today."""
    from saikne.command.given import today_in_riga

    word = _word.get()
    return today_in_riga() if word is None else word.on


def whose(hub: "Hub") -> UUID:
    """Whose deed is stated: this centre's own, or that of the outside one."""
    word = _word.get()
    return hub.credentials.centre if word is None or word.found is None else word.found


def side_of(own: SideRole) -> SideRole:
    """The side that is spoken for; `own` is this centre's."""
    other = {SideRole.HOLDER: SideRole.REQUESTER, SideRole.REQUESTER: SideRole.HOLDER}
    return own if _word.get() is None else other[own]


def command_of(verb: str, about: object, outside: UUID | None = None) -> str:
    """How a verb is typed: for `outside` or the outside centre that is spoken for, behind `outside says`."""
    word = _word.get()
    centre = outside or (word.found if word else None)
    return f"saikne outside says --centre {centre} {verb} {about}" if centre else f"saikne {verb} {about}"


def in_its_place(statement: "Statement") -> "Statement":
    """The statement, in the place of the outside centre if that is spoken for."""
    word = _word.get()
    if word is None or word.made is None or "for_outside" not in type(statement).model_fields:
        return statement
    return statement.model_copy(update={"for_outside": word.made})
