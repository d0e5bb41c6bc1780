"""One more request or move about the same family or child: what is open is shown, and why is said.

Source: method S57, S73, S77, S108. Which ones are open knows the hub. Without a reason it refuses; with one
the same is stated again, naming them.
"""

from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID, uuid4

import typer

from saikne.command.connection import said_once
from saikne.command.speech import Console, each_fact
from saikne.problems import HubRefusal
from saikne_schemas.correction_words import DespiteReason

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from saikne_schemas.wire import WireDocument

    Statement = TypeVar("Statement", bound=WireDocument)
Answer = TypeVar("Answer")

AGAIN = frozenset(
    {"exchange.asked-already", "transfers.child-moves-already", "transfers.family-moves-already"}
)
Again = Annotated[DespiteReason | None, typer.Option("--despite")]


async def begun(
    console: Console,
    send: "Callable[[Statement], Awaitable[Answer]]",
    statement: "Statement",
    why: DespiteReason | None,
    *,
    instead: str | None = None,
    matter: UUID | None = None,
) -> Answer:
    """The hub's answer to what begins something; `instead` says what may be done with what is open."""
    from saikne_schemas.beside import Despite

    try:
        return await said_once(send, statement)
    except HubRefusal as refused:
        if refused.code not in AGAIN:
            raise
        if instead is not None:
            for one in refused.facts["already"]:
                console.warn(instead, one=one, matter=matter)
        if why is None:
            raise
        for line in each_fact(refused):
            console.line(line)
        despite = Despite(already=[UUID(one) for one in refused.facts["already"]], reason=why)
    again = statement.model_copy(update={"id": uuid4(), "despite": despite})
    return await said_once(send, again)
