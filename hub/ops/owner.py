"""An operator's deed at the database: one transaction of the tables' owner, bad news told as sentences."""

from typing import TYPE_CHECKING, TypeVar

from hub.kernel.ids import OVERSIGHT, REGISTRY, CentreId
from hub.ops.bad_news import told

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from hub.plumbing.database import Tx

Answer = TypeVar("Answer")


def as_owner(parties: "Iterable[CentreId]", deed: "Callable[[Tx], Awaitable[Answer]]", speech: str) -> Answer:
    """Do it, acting for these centres and the common tenants."""
    from hub.ops.database import owner_transaction, run

    async def do() -> Answer:
        async with owner_transaction([*parties, OVERSIGHT, REGISTRY]) as tx:
            return await deed(tx)

    with told(speech):
        return run(do())
