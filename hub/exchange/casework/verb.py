"""A statement about an exchange, as its workflow describes it: what it writes beside is done in one way."""

from collections.abc import Callable
from typing import TypeVar

from hub.evidence.event import EventKind
from hub.exchange.casework.beside import Effect, Write, write
from hub.exchange.casework.case import Case
from hub.exchange.record import Record
from hub.exchange.steps import Action
from hub.matters.workflow import Moment, News, Ruled, Verb
from saikne_schemas.statements import Statement

S = TypeVar("S", bound=Statement)


def verb(
    *,
    statement: type[S],
    operation: str,
    event: EventKind | Callable[[S], EventKind],
    action: Action | Callable[[S], Action],
    rule: Ruled[Callable[[Case, S, Moment], Effect]],
    refuses: tuple[News, ...] = (),
    untold: str = "",
) -> Verb[S, Case, Moment, Record, Write]:
    """A statement about an exchange; what it writes beside it is done by `write`."""
    return Verb(
        statement=statement,
        operation=operation,
        event=event,
        action=action,
        rule=rule,
        refuses=refuses,
        beside=write,
        untold=untold,
    )
